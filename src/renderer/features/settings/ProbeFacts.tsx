import { settings } from '../../../../assets/locales/en/settings';
import type { TokenProbe } from '../../../shared/model/directory';
import { Address, Badge, type Fact, HashText, KeyValue, Time } from '../../ui';
import styles from './settings.module.css';

const t = settings.tokens;

export const Interfaces = ({ probe }: { readonly probe: TokenProbe }) =>
  probe.interfaces.length === 0 ? (
    t.noInterfaces
  ) : (
    <span className={styles.chips}>
      {probe.interfaces.map((name) => (
        <Badge key={name} tone="neutral">
          {t.interfaceNames[name]}
        </Badge>
      ))}
    </span>
  );

const Implementation = ({ probe }: { readonly probe: TokenProbe }) =>
  probe.implementation === null ? null : <Address address={probe.implementation} variant="full" />;

/** All that the network said about a token contract. */
export const ProbeFacts = ({ probe }: { readonly probe: TokenProbe }) => (
  <KeyValue
    layout="stacked"
    facts={[
      { label: t.name, value: probe.name },
      { label: t.symbol, value: probe.symbol },
      { label: t.decimals, value: String(probe.decimals) },
      { label: t.proxy, value: t.proxyKinds[probe.proxyKind] },
      { label: t.implementation, value: <Implementation probe={probe} /> },
      { label: t.interfaces, value: <Interfaces probe={probe} /> },
      { label: t.codeHash, value: <HashText value={probe.codeHash} /> },
      {
        label: t.probedAt,
        value: (
          <>
            <Time instant={probe.probedAt} /> {t.block} {probe.blockNumber.toString()}
          </>
        ),
      },
    ]}
  />
);

type Row = Fact & { readonly observed: Fact['value']; readonly isDifferent: boolean };

/** What was approved beside what stands there now; differing lines are marked. */
export const ProbeComparison = ({
  approved,
  observed,
}: {
  readonly approved: TokenProbe;
  readonly observed: TokenProbe;
}) => {
  const row = (
    label: string,
    read: (probe: TokenProbe) => string,
    show?: (probe: TokenProbe) => Fact['value'],
  ): Row => ({
    label,
    value: (show ?? read)(approved),
    observed: (show ?? read)(observed),
    isDifferent: read(approved) !== read(observed),
  });
  const rows: readonly Row[] = [
    row(t.decimals, (probe) => String(probe.decimals)),
    row(t.name, (probe) => probe.name),
    row(t.symbol, (probe) => probe.symbol),
    row(t.proxy, (probe) => probe.proxyKind),
    row(
      t.implementation,
      (probe) => probe.implementation ?? '',
      (probe) => <Implementation probe={probe} />,
    ),
    row(
      t.codeHash,
      (probe) => probe.codeHash,
      (probe) => <HashText value={probe.codeHash} hideCopy />,
    ),
    row(
      t.implementationCodeHash,
      (probe) => probe.implementationCodeHash ?? '',
      (probe) =>
        probe.implementationCodeHash === null ? null : (
          <HashText value={probe.implementationCodeHash} hideCopy />
        ),
    ),
    row(
      t.interfaces,
      (probe) => [...probe.interfaces].sort().join(' '),
      (probe) => probe.interfaces.map((name) => t.interfaceNames[name]).join(', '),
    ),
    row(
      t.probedAt,
      () => '',
      (probe) => <Time instant={probe.probedAt} />,
    ),
  ];
  return (
    <table className={styles.compare}>
      <thead>
        <tr>
          <th />
          <th scope="col">{t.approvedColumn}</th>
          <th scope="col">{t.observedColumn}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, value, observed: now, isDifferent }) => (
          <tr key={label} data-differs={isDifferent || undefined}>
            <th scope="row">{label}</th>
            <td>{value}</td>
            <td>{now}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
