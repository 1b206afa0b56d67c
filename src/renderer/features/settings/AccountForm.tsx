import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { settings } from '../../../../assets/locales/en/settings';
import type { KeyInfo } from '../../../shared/contract';
import type { ExternalId, OwnAccount } from '../../../shared/model/directory';
import { client } from '../../client';
import { checkAddressText, ErrorState, SidePanel, shortenAddress, showToast, useAction } from '../../ui';
import styles from './settings.module.css';

const t = settings.accounts;

/** An IBAN starts with a country and two check digits; anything else is another number. Main checks the IBAN itself. */
const readExternalId = (line: string): ExternalId => {
  const compact = line.replace(/\s+/g, '').toUpperCase();
  return /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(compact)
    ? { kind: 'iban', value: compact }
    : { kind: 'other', value: line.trim() };
};

export type AccountFormProps = {
  /** `null`: a new one. */
  readonly account: OwnAccount | null;
  /** Its key is on another machine: it is known by its address. */
  readonly isWatched: boolean;
  readonly keys: readonly KeyInfo[];
  readonly onClose: () => void;
  readonly onSaved: (id: string) => void;
};

export const AccountForm = ({ account, isWatched, keys, onClose, onSaved }: AccountFormProps) => {
  const [name, setName] = useState(account?.name ?? '');
  const [keyId, setKeyId] = useState<string | null>(account?.keyId ?? keys[0]?.keyId ?? null);
  const [entity, setEntity] = useState(account?.entity.name ?? '');
  const [lei, setLei] = useState(account?.entity.lei ?? '');
  const [ids, setIds] = useState(account?.externalIds.map(({ value }) => value).join('\n') ?? '');
  const [address, setAddress] = useState(account?.address ?? '');
  const key = isWatched ? undefined : keys.find((each) => each.keyId === keyId);
  const found = checkAddressText(address.trim());
  const save = useAction(async () => {
    if (key === undefined && !isWatched) return;
    const saved = await client['directory.saveAccount']({
      id: account?.id ?? null,
      name: name.trim(),
      keyId: key?.keyId ?? null,
      address: isWatched && account === null ? address.trim() : null,
      entity: { name: entity.trim(), lei: lei.trim() === '' ? null : lei.trim().toUpperCase() },
      externalIds: ids
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(readExternalId),
    });
    showToast('success', t.saved, saved.name);
    onSaved(saved.id);
  });
  return (
    <SidePanel
      title={account === null ? (isWatched ? t.watchTitle : t.addTitle) : t.editTitle}
      onClose={onClose}
      footer={
        <>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button
            onClick={() => void save.run()}
            loading={save.isRunning}
            disabled={
              name.trim() === '' || entity.trim() === '' || (isWatched ? found !== 'ok' : key === undefined)
            }
          >
            {common.save}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <TextInput
          label={t.name}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {isWatched ? (
          <TextInput
            label={t.address}
            description={t.watchText}
            value={address}
            maxLength={80}
            spellCheck={false}
            autoComplete="off"
            classNames={{ input: 'mono' }}
            disabled={account !== null}
            error={address.trim() === '' || found === 'ok' ? undefined : t.addressFaults[found]}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
        ) : (
          <Select
            label={t.key}
            value={keyId}
            onChange={setKeyId}
            disabled={account !== null}
            data={keys.map((each) => ({
              value: each.keyId,
              label: `${shortenAddress(each.address)} · ${each.path ?? t.imported}`,
            }))}
          />
        )}
        <TextInput
          label={t.entity}
          value={entity}
          maxLength={140}
          onChange={(event) => setEntity(event.currentTarget.value)}
        />
        <TextInput
          label={t.lei}
          value={lei}
          maxLength={20}
          spellCheck={false}
          onChange={(event) => setLei(event.currentTarget.value)}
        />
        <Textarea
          label={t.ids}
          description={t.idsText}
          value={ids}
          minRows={3}
          autosize
          spellCheck={false}
          onChange={(event) => setIds(event.currentTarget.value)}
        />
        {save.error ? <ErrorState error={save.error} /> : null}
      </div>
    </SidePanel>
  );
};
