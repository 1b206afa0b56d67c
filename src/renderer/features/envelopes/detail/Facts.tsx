import type { ReactNode } from 'react';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeDetail } from '../../../../shared/contract';
import { Address, AsOf, formatBytes, formatCount, KeyValue, Time, useLocale } from '../../../ui';
import { Hex } from '../Hex';
import styles from './detail.module.css';

const f = words.facts;

const Group = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className={styles.factGroup} aria-label={title}>
    <h3 className={styles.groupTitle}>{title}</h3>
    {children}
  </section>
);

const addressOfToken = (id: string): string => id.slice(id.lastIndexOf(':') + 1);

/** A nonce range in words: figures without grouping, as the network counts them. */
const range = (first: string, count: number, locale: string): string =>
  f.range(first, (BigInt(first) + BigInt(count) - 1n).toString(), formatCount(count, locale));

/** Where everything in the envelope comes from, and when it was read. */
export const Facts = ({ detail }: { readonly detail: EnvelopeDetail }) => {
  const locale = useLocale();
  const { summary, networks, tokens, accounts, releasedHolds, policyNumber } = detail;
  const { source } = summary;
  const networkName = (id: string): string => networks.find((network) => network.id === id)?.name ?? id;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section className={styles.box} aria-label={words.detail.tabs.facts} tabIndex={0}>
      <Group title={f.identity}>
        <KeyValue
          facts={[
            { label: f.digest, value: <Hex value={summary.digest} copyLabel={f.copyDigest} /> },
            { label: words.detail.company, value: <bdi>{summary.company}</bdi> },
            { label: f.policy, value: f.policyNumber(formatCount(policyNumber, locale)) },
            {
              label: f.made,
              value: (
                <>
                  <Time instant={summary.createdAt} />, <bdi>{summary.maker.name}</bdi>{' '}
                  <Address address={summary.maker.key} />
                </>
              ),
            },
            { label: words.detail.expires, value: <Time instant={summary.expiresAt} /> },
            { label: f.received, value: <Time instant={summary.receivedAt} /> },
          ]}
        />
      </Group>
      <Group title={f.source}>
        <KeyValue
          facts={[
            { label: f.file, value: source.fileName ?? words.formSource },
            { label: f.format, value: source.format },
            { label: f.messageId, value: source.messageId },
            {
              label: f.size,
              value: source.sizeBytes === null ? null : formatBytes(source.sizeBytes, locale),
            },
            {
              label: f.fingerprint,
              value:
                source.sha256 === null ? null : <Hex value={source.sha256} copyLabel={f.copyFingerprint} />,
            },
          ]}
        />
      </Group>
      <Group title={f.accounts}>
        {accounts.map((account) => (
          <div key={account.address} className={styles.factRow}>
            <div className={styles.strong}>
              <bdi>{account.entity.name}</bdi>, <bdi>{account.name}</bdi>
            </div>
            <Address address={account.address} variant="full" />
            {account.nonces.map(({ network, first, count }) => (
              <div key={`${network} ${first}`} className={styles.when}>
                {networkName(network)}: {f.nonces.toLowerCase()} {range(first, count, locale)}
              </div>
            ))}
          </div>
        ))}
      </Group>
      <Group title={f.tokens}>
        {tokens.map((token) => (
          <div key={token.id} className={styles.factRow}>
            <div className={styles.strong}>
              {token.currency} · <bdi>{token.name}</bdi>, <bdi>{token.issuer.name}</bdi>
            </div>
            <Address address={addressOfToken(token.id)} variant="full" />
            <div className={styles.when}>
              {f.decimals} {token.decimals} · {f.reference}: {f.references[token.reference]} · {f.block}{' '}
              {formatCount(Number(token.block.number), locale)}
            </div>
          </div>
        ))}
      </Group>
      <Group title={f.networks}>
        {networks.map((network) => (
          <div key={network.id} className={styles.factRow}>
            <div className={styles.strong}>
              <bdi>{network.name}</bdi> <span className={styles.when}>{network.id}</span>
            </div>
            <AsOf
              instant={network.block.time}
              prefix={`${f.block} ${formatCount(Number(network.block.number), locale)}`}
            />
          </div>
        ))}
      </Group>
      {releasedHolds.length === 0 ? null : (
        <Group title={f.holds}>
          <ul className={styles.holds}>
            {releasedHolds.map((hold) => (
              <li key={hold}>
                <bdi>{hold}</bdi>
              </li>
            ))}
          </ul>
        </Group>
      )}
    </section>
  );
};
