import { ledger as words } from '../../../../assets/locales/en/ledger';
import type { SyncState } from '../../../shared/contract';
import { client } from '../../client';
import { AsOf, formatCount, useLocale, useQuery } from '../../ui';
import styles from './LedgerScreen.module.css';

const describeSync = (state: SyncState, locale: string): string => {
  const count = (block: bigint | null): string => (block === null ? '0' : formatCount(Number(block), locale));
  if (state.state === 'offline') return words.sync.offline;
  if (state.state === 'error') return words.sync.error;
  if (state.syncedTo === null) return words.sync.never;
  return state.state === 'syncing'
    ? words.sync.syncing(count(state.syncedTo), count(state.head))
    : words.sync.idle(count(state.syncedTo));
};

/** How far each network was read, and when. */
export const SyncLine = () => {
  const locale = useLocale();
  const sync = useQuery(() => client['ledger.sync']({}), { key: 'sync', topics: ['ledger', 'networks'] });
  const networks = useQuery(() => client['directory.networks']({}), {
    key: 'networks',
    topics: ['directory'],
  });
  const states = sync.data?.networks ?? [];
  // A shipped network that was never read has nothing to say here.
  const read = states.filter(({ syncedTo }) => syncedTo !== null);
  if (read.length === 0) return <>{words.subtitle}</>;
  return (
    <>
      {read.map((state) => (
        <span key={state.networkId} className={styles.sync}>
          {networks.data?.networks.find(({ id }) => id === state.networkId)?.name ?? state.networkId}:{' '}
          <AsOf instant={state.asOf} prefix={describeSync(state, locale)} />
        </span>
      ))}
    </>
  );
};
