import { Button, Modal } from '@mantine/core';
import { IconBuildingBank } from '@tabler/icons-react';
import { useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { settings } from '../../../../assets/locales/en/settings';
import type { KeyInfo } from '../../../shared/contract';
import type { OwnAccount } from '../../../shared/model/directory';
import { client } from '../../client';
import {
  Address,
  Badge,
  type Column,
  ConfirmAction,
  DataTable,
  EmptyState,
  ErrorState,
  KeyValue,
  markStale,
  Notice,
  PassphraseField,
  SidePanel,
  SplitView,
  showToast,
  useAction,
  useQuery,
} from '../../ui';
import { AccountForm } from './AccountForm';
import styles from './settings.module.css';

const t = settings.accounts;

export const AccountsTab = () => {
  const query = useQuery(
    async () => {
      const [accounts, vault] = await Promise.all([
        client['directory.accounts']({}),
        client['vault.keys']({}),
      ]);
      return { ...accounts, ...vault };
    },
    { key: 'accounts', topics: ['directory'] },
  );
  const [selected, setSelected] = useState<string | null>(null);
  const [editing, setEditing] = useState<'new' | 'watch' | 'edit' | null>(null);
  const [isDeriving, setIsDeriving] = useState(false);
  const accounts = query.data?.accounts ?? [];
  const keys = query.data?.keys ?? [];
  const current = accounts.find(({ id }) => id === selected) ?? null;
  const unused = keys.filter(({ keyId }) => !accounts.some((account) => account.keyId === keyId));
  const columns: readonly Column<OwnAccount>[] = [
    {
      id: 'name',
      header: t.name,
      width: 'minmax(140px, 1fr)',
      sortValue: ({ name }) => name,
      render: ({ name }) => name,
    },
    {
      id: 'key',
      header: t.key,
      width: '150px',
      sortValue: ({ keyId }) => (keyId === null ? 1 : 0),
      render: ({ keyId }) =>
        keyId === null ? (
          <Badge tone="neutral" icon="locked" title={t.keyElsewhere}>
            {t.keyElsewhereShort}
          </Badge>
        ) : (
          <span>{t.keyHere}</span>
        ),
    },
    {
      id: 'entity',
      isOptional: true,
      header: t.entity,
      width: 'minmax(160px, 1fr)',
      sortValue: ({ entity }) => entity.name,
      render: ({ entity }) => <span>{entity.name}</span>,
    },
    {
      id: 'address',
      header: t.address,
      width: '190px',
      render: ({ address }) => <Address address={address} />,
    },
    {
      id: 'ids',
      isOptional: true,
      header: t.ids,
      width: 'minmax(200px, 1fr)',
      render: ({ externalIds }) => (
        <span className="tabular">{externalIds.map(({ value }) => value).join(', ')}</span>
      ),
    },
  ];
  const detail =
    editing !== null ? (
      <AccountForm
        key={editing === 'edit' ? selected : editing}
        account={editing === 'edit' ? current : null}
        isWatched={editing === 'watch' || (editing === 'edit' && current?.keyId === null)}
        keys={editing === 'new' ? unused : keys}
        onClose={() => setEditing(null)}
        onSaved={(id) => {
          setEditing(null);
          setSelected(id);
        }}
      />
    ) : current === null ? null : (
      <AccountDetail
        account={current}
        keyInfo={keys.find(({ keyId }) => keyId === current.keyId)}
        onClose={() => setSelected(null)}
        onEdit={() => setEditing('edit')}
      />
    );
  return (
    <SplitView detail={detail}>
      <div className={styles.bar}>
        <Button variant="default" onClick={() => setIsDeriving(true)}>
          {t.derive}
        </Button>
        <Button variant="default" onClick={() => setEditing('watch')}>
          {t.watch}
        </Button>
        <Button
          onClick={() => setEditing('new')}
          disabled={unused.length === 0}
          title={unused.length === 0 ? t.allUsed : undefined}
        >
          {t.add}
        </Button>
      </div>
      {unused.length === 0 ? null : (
        <Notice tone="info" title={t.unused}>
          {t.unusedText}
          {unused.map((key) => (
            <div key={key.keyId}>
              <Address address={key.address} /> <span className={styles.two}>{key.path ?? t.imported}</span>
            </div>
          ))}
        </Notice>
      )}
      <DataTable
        label={t.label}
        columns={columns}
        rows={accounts}
        rowKey={({ id }) => id}
        selectedKey={selected}
        onOpen={({ id }) => {
          setEditing(null);
          setSelected(id);
        }}
        isLoading={query.isLoading}
        error={query.error}
        onRetry={query.reload}
        empty={<EmptyState icon={IconBuildingBank} title={t.empty} text={t.emptyText} />}
      />
      <DeriveDialog isOpen={isDeriving} onClose={() => setIsDeriving(false)} />
    </SplitView>
  );
};

const DeriveDialog = ({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) => {
  const [passphrase, setPassphrase] = useState('');
  const derive = useAction(async () => {
    const typed = passphrase;
    setPassphrase('');
    const key = await client['vault.deriveKey']({ passphrase: typed });
    markStale('directory');
    showToast('success', t.derived, key.path ?? key.address);
    onClose();
  });
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t.deriveTitle}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void derive.run();
        }}
      >
        <div>{t.deriveText}</div>
        <PassphraseField label={common.passphrase} value={passphrase} onChange={setPassphrase} autoFocus />
        {derive.error ? <ErrorState error={derive.error} /> : null}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={derive.isRunning} disabled={passphrase === ''}>
            {t.deriveButton}
          </Button>
        </div>
      </form>
    </Modal>
  );
};

type AccountDetailProps = {
  readonly account: OwnAccount;
  readonly keyInfo: KeyInfo | undefined;
  readonly onClose: () => void;
  readonly onEdit: () => void;
};

const AccountDetail = ({ account, keyInfo, onClose, onEdit }: AccountDetailProps) => {
  const [isRemoving, setIsRemoving] = useState(false);
  const remove = useAction(async () => {
    await client['directory.removeAccount']({ id: account.id });
    onClose();
  });
  return (
    <SidePanel
      title={account.name}
      subtitle={account.entity.name}
      onClose={onClose}
      footer={
        <>
          <Button variant="default" onClick={() => setIsRemoving(true)}>
            {t.remove}
          </Button>
          <Button onClick={onEdit}>{settings.networks.edit}</Button>
        </>
      }
    >
      <KeyValue
        layout="stacked"
        facts={[
          { label: t.address, value: <Address address={account.address} variant="full" /> },
          { label: t.entity, value: account.entity.name },
          { label: t.lei, value: account.entity.lei },
          {
            label: t.ids,
            value:
              account.externalIds.length === 0
                ? null
                : account.externalIds.map(({ value }) => (
                    <div key={value} className="tabular">
                      {value}
                    </div>
                  )),
          },
          account.keyId === null
            ? {
                label: t.key,
                value: (
                  <Notice tone="info" title={t.keyElsewhere}>
                    {t.keyElsewhereText}
                  </Notice>
                ),
              }
            : { label: t.keyPath, value: keyInfo === undefined ? null : (keyInfo.path ?? t.imported) },
        ]}
      />
      <ConfirmAction
        isOpen={isRemoving}
        onClose={() => setIsRemoving(false)}
        title={t.removeTitle(account.name)}
        text={account.keyId === null ? t.removeWatchedText : t.removeText}
        canUndo
        button={t.removeTitle(account.name)}
        onConfirm={() => void remove.run()}
        isRunning={remove.isRunning}
        error={remove.error}
        isDangerous
      />
    </SidePanel>
  );
};
