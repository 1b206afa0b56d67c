import { Button } from '@mantine/core';
import { IconNetwork } from '@tabler/icons-react';
import { useState } from 'react';
import { settings } from '../../../../assets/locales/en/settings';
import type { NetworkHealth } from '../../../shared/contract';
import type { Network } from '../../../shared/model/directory';
import { client } from '../../client';
import {
  AsOf,
  Badge,
  type Column,
  ConfirmAction,
  DataTable,
  EmptyState,
  KeyValue,
  SidePanel,
  SplitView,
  showToast,
  type Tone,
  useAction,
  useIsOfflineMachine,
  useQuery,
  useSession,
} from '../../ui';
import { NetworkForm } from './NetworkForm';
import { OfflineSource } from './OfflineSource';
import styles from './settings.module.css';

const t = settings.networks;

const TONES: Record<NetworkHealth['state'], Tone> = {
  online: 'good',
  offline: 'warn',
  'wrong-chain': 'bad',
  checking: 'neutral',
};

const describeFinality = ({ finality }: Network): string =>
  finality.kind === 'tag' ? t.finalityTag[finality.tag] : t.finalityDepth(finality.blocks);

const HealthBadge = ({ health }: { readonly health: NetworkHealth | undefined }) => {
  // Main talks only to networks that an active token or a person brought in.
  if (health === undefined) return <Badge tone="neutral">{t.notInUse}</Badge>;
  const { state } = health;
  const tone = TONES[state];
  return (
    <Badge tone={tone} icon={tone === 'good' ? 'settled' : tone === 'neutral' ? 'pending' : 'offline'}>
      {t.health[state]}
    </Badge>
  );
};

export const NetworksTab = () => {
  const isOffline = useIsOfflineMachine();
  const query = useQuery(() => client['directory.networks']({}), { key: 'networks', topics: ['directory'] });
  const healths = useSession((state) => state.snapshot?.networks) ?? [];
  const [selected, setSelected] = useState<string | null>(null);
  const [editing, setEditing] = useState<'new' | 'edit' | null>(null);
  const networks = query.data?.networks ?? [];
  const current = networks.find(({ id }) => id === selected) ?? null;
  const healthOf = (id: string): NetworkHealth | undefined =>
    healths.find(({ networkId }) => networkId === id);
  const columns: readonly Column<Network>[] = [
    {
      id: 'name',
      header: t.name,
      width: 'minmax(150px, 1fr)',
      sortValue: ({ name }) => name,
      render: (network) => (
        <span>
          {network.name} {network.isSandbox ? <span className={styles.two}>· {t.sandbox}</span> : null}
        </span>
      ),
    },
    {
      id: 'chain',
      header: t.chain,
      width: '90px',
      align: 'right',
      render: ({ id }) => id.slice('eip155:'.length),
    },
    {
      id: 'state',
      header: t.state,
      width: '150px',
      render: ({ id }) => <HealthBadge health={healthOf(id)} />,
    },
    { id: 'finality', isOptional: true, header: t.finality, width: '130px', render: describeFinality },
    {
      id: 'verification',
      isOptional: true,
      header: t.verification,
      width: '170px',
      render: ({ verification }) => settings.verification[verification.state],
    },
  ];
  const close = (): void => {
    setSelected(null);
    setEditing(null);
  };
  const detail =
    editing !== null ? (
      <NetworkForm
        key={editing === 'new' ? 'new' : selected}
        network={editing === 'new' ? null : current}
        onClose={() => setEditing(null)}
        onSaved={(id) => {
          setEditing(null);
          setSelected(id);
        }}
      />
    ) : current === null ? null : (
      <NetworkDetail
        network={current}
        health={healthOf(current.id)}
        onClose={close}
        onEdit={() => setEditing('edit')}
      />
    );
  return (
    <SplitView detail={detail}>
      {isOffline ? (
        <OfflineSource />
      ) : (
        <div className={styles.bar}>
          <Button onClick={() => setEditing('new')}>{t.add}</Button>
        </div>
      )}
      <DataTable
        label={t.label}
        columns={columns}
        rows={networks}
        rowKey={({ id }) => id}
        selectedKey={selected}
        onOpen={({ id }) => {
          setEditing(null);
          setSelected(id);
        }}
        isLoading={query.isLoading}
        error={query.error}
        onRetry={query.reload}
        empty={<EmptyState icon={IconNetwork} title={t.empty} text={t.emptyText} />}
      />
    </SplitView>
  );
};

type NetworkDetailProps = {
  readonly network: Network;
  readonly health: NetworkHealth | undefined;
  readonly onClose: () => void;
  readonly onEdit: () => void;
};

const NetworkDetail = ({ network, health, onClose, onEdit }: NetworkDetailProps) => {
  const [isRemoving, setIsRemoving] = useState(false);
  const remove = useAction(async () => {
    await client['directory.removeNetwork']({ id: network.id });
    showToast('success', t.removeTitle(network.name));
    onClose();
  });
  return (
    <SidePanel
      title={network.name}
      subtitle={<HealthBadge health={health} />}
      onClose={onClose}
      footer={
        <>
          <Button variant="default" onClick={() => setIsRemoving(true)}>
            {t.remove}
          </Button>
          <Button onClick={onEdit}>{t.edit}</Button>
        </>
      }
    >
      <KeyValue
        layout="stacked"
        facts={[
          { label: t.chain, value: network.id },
          { label: t.asOf, value: health === undefined ? null : <AsOf instant={health.asOf} hideLabel /> },
          {
            label: t.endpoints,
            value: network.endpoints.map((endpoint) => <div key={endpoint}>{endpoint}</div>),
          },
          { label: t.finality, value: describeFinality(network) },
          { label: t.fees, value: t.feeRules[network.fees] },
          {
            label: t.native,
            value: t.nativeOf(network.nativeCurrency.symbol, network.nativeCurrency.decimals),
          },
          { label: t.startBlock, value: network.startBlock.toString() },
          { label: t.verification, value: settings.verification[network.verification.state] },
          {
            label: t.sources,
            value:
              network.verification.sources.length === 0
                ? null
                : network.verification.sources.map((source) => <div key={source}>{source}</div>),
          },
          { label: t.note, value: network.verification.note },
        ]}
      />
      <ConfirmAction
        isOpen={isRemoving}
        onClose={() => setIsRemoving(false)}
        title={t.removeTitle(network.name)}
        text={t.removeText}
        canUndo={false}
        undoText="It can be added again."
        button={t.removeButton(network.name)}
        onConfirm={() => void remove.run()}
        isRunning={remove.isRunning}
        error={remove.error}
        isDangerous
      />
    </SidePanel>
  );
};
