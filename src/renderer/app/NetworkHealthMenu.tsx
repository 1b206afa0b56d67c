import { Popover } from '@mantine/core';
import { useState } from 'react';
import { shell } from '../../../assets/locales/en/shell';
import type { NetworkHealth } from '../../shared/contract';
import { AsOf, formatCount, navigate, useLocale, useSession } from '../ui';
import { runShellAction } from './actions';
import styles from './Layout.module.css';

type State = NetworkHealth['state'];

const summarise = (networks: readonly NetworkHealth[]): { readonly state: State; readonly text: string } => {
  const count = (state: State): number => networks.filter((network) => network.state === state).length;
  if (networks.length === 0) return { state: 'checking', text: shell.noNetworks };
  if (count('wrong-chain') > 0) return { state: 'wrong-chain', text: shell.wrongChain };
  const offline = count('offline');
  if (offline === networks.length) return { state: 'offline', text: shell.allOffline };
  if (offline > 0) return { state: 'offline', text: shell.someOffline(offline, networks.length) };
  if (count('checking') > 0) return { state: 'checking', text: shell.checking };
  return { state: 'online', text: shell.allOnline(networks.length) };
};

export const NetworkHealthMenu = () => {
  const locale = useLocale();
  const networks = useSession((state) => state.snapshot?.networks) ?? [];
  const [isOpen, setIsOpen] = useState(false);
  const { state, text } = summarise(networks);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} width={340} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.health} onClick={() => setIsOpen((open) => !open)}>
          <span className={styles.dot} data-state={state} aria-hidden />
          <span>{text}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={shell.networks}>
        {networks.length === 0 ? <div className={styles.healthState}>{shell.noNetworks}</div> : null}
        <ul className={styles.healthList}>
          {networks.map((network) => (
            <li key={network.networkId} className={styles.healthRow}>
              <span className={styles.dot} data-state={network.state} aria-hidden />
              <span className={styles.healthName}>{network.name}</span>
              <span className={styles.healthState}>
                {shell.healthState[network.state]}
                {network.headBlock === null
                  ? null
                  : ` · ${shell.block(formatCount(Number(network.headBlock), locale))}`}
              </span>
              <span className={styles.healthState}>
                <AsOf instant={network.asOf} />
              </span>
            </li>
          ))}
        </ul>
        <div className={styles.healthFoot}>
          <button
            type="button"
            className="n-link"
            onClick={() => {
              setIsOpen(false);
              runShellAction('sync-now');
            }}
          >
            {shell.syncNow}
          </button>
          <button
            type="button"
            className="n-link"
            onClick={() => {
              setIsOpen(false);
              navigate('settings', { view: 'networks' });
            }}
          >
            {shell.manageNetworks}
          </button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
};
