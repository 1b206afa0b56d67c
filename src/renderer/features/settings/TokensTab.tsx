import { Button, Textarea } from '@mantine/core';
import { IconCoin } from '@tabler/icons-react';
import { useState } from 'react';
import { settings } from '../../../../assets/locales/en/settings';
import type { Network, Token, TokenState } from '../../../shared/model/directory';
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
  Notice,
  replaceRoute,
  SidePanel,
  SplitView,
  type StateIcon,
  showToast,
  type Tone,
  useAction,
  useIsOfflineMachine,
  useQuery,
  useRoute,
} from '../../ui';
import { AddToken } from './AddToken';
import { OfflineSource } from './OfflineSource';
import { ProbeComparison, ProbeFacts } from './ProbeFacts';
import styles from './settings.module.css';

const t = settings.tokens;

const STATES: Record<TokenState, { readonly tone: Tone; readonly icon: StateIcon }> = {
  active: { tone: 'good', icon: 'settled' },
  locked: { tone: 'warn', icon: 'locked' },
  changed: { tone: 'bad', icon: 'warning' },
  unprobed: { tone: 'neutral', icon: 'pending' },
};

const TokenBadge = ({ state }: { readonly state: TokenState }) => (
  <Badge {...STATES[state]}>{t.states[state]}</Badge>
);

export const TokensTab = () => {
  const isOffline = useIsOfflineMachine();
  const { id: selected } = useRoute();
  const [isAdding, setIsAdding] = useState(false);
  const query = useQuery(
    async () => {
      const [tokens, networks] = await Promise.all([
        client['directory.tokens']({}),
        client['directory.networks']({}),
      ]);
      return { ...tokens, ...networks };
    },
    { key: 'tokens', topics: ['directory'] },
  );
  const tokens = query.data?.tokens ?? [];
  const networks = query.data?.networks ?? [];
  const networkName = (id: string): string => networks.find((network) => network.id === id)?.name ?? id;
  const current = tokens.find(({ id }) => id === selected) ?? null;
  const select = (id: string | null): void => {
    setIsAdding(false);
    replaceRoute('settings', { view: 'tokens', id });
  };
  const columns: readonly Column<Token>[] = [
    {
      id: 'currency',
      header: t.currency,
      width: '76px',
      sortValue: ({ currency }) => currency,
      render: ({ currency }) => currency,
    },
    {
      id: 'token',
      header: t.token,
      width: 'minmax(130px, 1fr)',
      sortValue: ({ name }) => name,
      render: ({ name }) => <span title={name}>{name}</span>,
    },
    {
      id: 'issuer',
      isOptional: true,
      header: t.issuer,
      width: 'minmax(140px, 1fr)',
      sortValue: ({ issuer }) => issuer.name,
      render: ({ issuer }) => <span title={issuer.name}>{issuer.name}</span>,
    },
    {
      id: 'network',
      isOptional: true,
      header: t.network,
      width: 'minmax(110px, 0.7fr)',
      sortValue: ({ networkId }) => networkName(networkId),
      render: ({ networkId }) => <span>{networkName(networkId)}</span>,
    },
    {
      id: 'decimals',
      isOptional: true,
      header: t.decimals,
      width: '68px',
      align: 'right',
      render: ({ decimals }) => decimals,
    },
    {
      id: 'state',
      header: t.state,
      width: '130px',
      sortValue: ({ state }) => state,
      render: ({ state }) => <TokenBadge state={state} />,
    },
  ];
  const detail = isAdding ? (
    <AddToken
      networks={networks}
      onClose={() => setIsAdding(false)}
      onAdded={(id) => {
        setIsAdding(false);
        select(id);
      }}
    />
  ) : current === null ? null : (
    <TokenDetail key={current.id} token={current} networks={networks} onClose={() => select(null)} />
  );
  return (
    <SplitView detail={detail}>
      {isOffline ? (
        <OfflineSource />
      ) : (
        <div className={styles.bar}>
          <Button
            onClick={() => setIsAdding(true)}
            disabled={networks.length === 0}
            title={networks.length === 0 ? t.networkFirst : undefined}
          >
            {t.add}
          </Button>
        </div>
      )}
      <DataTable
        label={t.label}
        columns={columns}
        rows={tokens}
        rowKey={({ id }) => id}
        selectedKey={selected}
        onOpen={({ id }) => select(id)}
        isLoading={query.isLoading}
        error={query.error}
        onRetry={query.reload}
        empty={
          <EmptyState
            icon={IconCoin}
            title={t.empty}
            text={networks.length === 0 ? t.networkFirst : t.emptyText}
          />
        }
      />
    </SplitView>
  );
};

type TokenDetailProps = {
  readonly token: Token;
  readonly networks: readonly Network[];
  readonly onClose: () => void;
};

const TokenDetail = ({ token, networks, onClose }: TokenDetailProps) => {
  const [dialog, setDialog] = useState<'lock' | 'unlock' | 'remove' | null>(null);
  const [reason, setReason] = useState('');
  const network = networks.find(({ id }) => id === token.networkId);
  const isOpen = token.state === 'active';
  const setLock = useAction(async (isLocked: boolean) => {
    await client['directory.setTokenLock']({
      id: token.id,
      isLocked,
      reason: isLocked && reason.trim() !== '' ? reason.trim() : null,
    });
    setDialog(null);
  });
  const remove = useAction(async () => {
    await client['directory.removeToken']({ id: token.id });
    onClose();
  });
  const approve = useAction(async () => {
    if (token.observed === null) return;
    const { decimals, implementation } = token.observed;
    await client['directory.approveTokenChange']({ id: token.id, seen: { decimals, implementation } });
    showToast('success', t.approved, token.name);
  });
  const isChanged = token.state === 'changed' && token.observed !== null && token.approved !== null;
  return (
    <SidePanel
      width={isChanged ? 560 : 420}
      title={token.name}
      subtitle={<TokenBadge state={token.state} />}
      onClose={onClose}
      footer={
        <>
          <Button variant="default" onClick={() => setDialog('remove')}>
            {t.remove}
          </Button>
          {isChanged ? (
            <Button onClick={() => void approve.run()} loading={approve.isRunning}>
              {t.approveChange(token.symbol)}
            </Button>
          ) : (
            <Button variant="default" onClick={() => setDialog(isOpen ? 'lock' : 'unlock')}>
              {isOpen ? t.lock : t.unlock}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.stack}>
        {token.state === 'locked' ? (
          <Notice tone="warn" title={t.lockedTitle}>
            {token.lockReason}
          </Notice>
        ) : null}
        {token.state === 'unprobed' ? <Notice tone="info">{t.unprobedText}</Notice> : null}
        {isChanged && token.approved && token.observed ? (
          <>
            <Notice tone="bad" title={t.changedTitle}>
              {t.changedText}
            </Notice>
            <ProbeComparison approved={token.approved} observed={token.observed} />
            {approve.error ? <ErrorState error={approve.error} /> : null}
          </>
        ) : null}
        <KeyValue
          layout="stacked"
          facts={[
            { label: t.currency, value: token.currency },
            { label: t.issuer, value: token.issuer.name },
            { label: t.bic, value: token.issuer.bic },
            { label: t.lei, value: token.issuer.lei },
            { label: t.network, value: network?.name ?? token.networkId },
            { label: t.address, value: <Address address={token.address} variant="full" /> },
            {
              label: t.reference,
              value: token.approved?.interfaces.includes('memo')
                ? t.referenceMemo
                : token.referenceSuffix
                  ? t.referenceOn
                  : t.referenceOff,
            },
            { label: settings.networks.verification, value: settings.verification[token.verification.state] },
            {
              label: t.sources,
              value:
                token.verification.sources.length === 0
                  ? null
                  : token.verification.sources.map((source) => <div key={source}>{source}</div>),
            },
            { label: settings.networks.note, value: token.verification.note },
          ]}
        />
        {token.approved === null || isChanged ? null : <ProbeFacts probe={token.approved} />}
      </div>
      <ConfirmAction
        isOpen={dialog === 'lock'}
        onClose={() => setDialog(null)}
        title={t.lockTitle(token.name)}
        text={
          <div className={styles.stack}>
            {t.lockText}
            <Textarea
              label={t.lockReason}
              value={reason}
              maxLength={1000}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </div>
        }
        canUndo
        button={t.lockTitle(token.symbol)}
        onConfirm={() => void setLock.run(true)}
        isRunning={setLock.isRunning}
        error={setLock.error}
      />
      <ConfirmAction
        isOpen={dialog === 'unlock'}
        onClose={() => setDialog(null)}
        title={t.unlockTitle(token.name)}
        text={
          <div className={styles.stack}>
            {t.unlockText}
            <Notice tone="warn">{token.lockReason ?? t.unprobedText}</Notice>
          </div>
        }
        facts={[
          { label: t.issuer, value: token.issuer.name },
          { label: t.network, value: network?.name ?? token.networkId },
          { label: t.address, value: <Address address={token.address} variant="full" hideCopy /> },
        ]}
        canUndo
        button={t.unlockTitle(token.symbol)}
        onConfirm={() => void setLock.run(false)}
        isRunning={setLock.isRunning}
        error={setLock.error}
      />
      <ConfirmAction
        isOpen={dialog === 'remove'}
        onClose={() => setDialog(null)}
        title={t.removeTitle(token.name)}
        text={t.removeText}
        canUndo={false}
        undoText="It can be added again."
        button={t.removeTitle(token.symbol)}
        onConfirm={() => void remove.run()}
        isRunning={remove.isRunning}
        error={remove.error}
        isDangerous
      />
    </SidePanel>
  );
};
