import { IconTransferOut } from '@tabler/icons-react';
import { useMemo } from 'react';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeLineView } from '../../../../shared/contract';
import type { Hash32 } from '../../../../shared/model/ids';
import { client } from '../../../client';
import {
  Address,
  Badge,
  type Column,
  DataTable,
  EmptyState,
  formatCount,
  KeyValue,
  Money,
  SearchField,
  SidePanel,
  StatusBadge,
  Toolbar,
  useLocale,
  usePagedRows,
} from '../../../ui';
import styles from '../envelopes.module.css';

const l = words.lines;
const ALIGNED_DECIMALS = 2;

/** Where a line stands: its status once it was sent, before that whether it is signed. */
export const LineState = ({ line }: { readonly line: EnvelopeLineView }) => {
  if (line.status !== null) return <StatusBadge status={line.status} isShort />;
  return line.isSigned ? (
    <Badge tone="good" icon="approved">
      {l.signed}
    </Badge>
  ) : (
    <Badge tone="neutral" icon="pending">
      {l.unsigned}
    </Badge>
  );
};

const Creditor = ({ line }: { readonly line: EnvelopeLineView }) => (
  <span className={styles.stack}>
    <span className={styles.strong} title={line.creditorName}>
      {line.action === 'cancel' ? <span className={styles.cancels}>{l.cancels}</span> : null}
      <bdi>{line.creditorName}</bdi>
    </span>
    <Address address={line.creditorAddress} variant="full" hideCopy />
  </span>
);

export type LinesProps = {
  readonly digest: Hash32;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly selected: number | null;
  readonly onOpen: (line: EnvelopeLineView) => void;
  readonly jumpTo: { readonly index: number } | null;
};

/** Every payment of the envelope, with its whole account. */
export const Lines = ({ digest, search, onSearch, selected, onOpen, jumpTo }: LinesProps) => {
  const locale = useLocale();
  const rows = usePagedRows<EnvelopeLineView>(
    async (offset, limit) => {
      const { total, lines } = await client['envelopes.lines']({ digest, search, offset, limit });
      return { total, rows: lines };
    },
    { key: `${digest} ${search}`, topics: ['envelopes', 'payments'], pageSize: 100 },
  );
  const columns = useMemo(
    (): readonly Column<EnvelopeLineView>[] => [
      {
        id: 'index',
        header: l.columns.index,
        width: '40px',
        align: 'right',
        isOptional: true,
        render: (line) => <span className="tabular">{formatCount(line.index + 1, locale)}</span>,
      },
      {
        id: 'creditor',
        header: l.columns.creditor,
        width: 'minmax(388px, 1.6fr)',
        render: (line) => <Creditor line={line} />,
      },
      {
        id: 'endToEndId',
        header: l.columns.endToEndId,
        width: 'minmax(132px, 1fr)',
        isOptional: true,
        render: ({ endToEndId }) => <span title={endToEndId}>{endToEndId}</span>,
      },
      {
        id: 'token',
        header: l.columns.token,
        width: 'minmax(120px, 0.8fr)',
        isOptional: true,
        render: ({ issuerName, tokenName, networkName }) => (
          <span title={`${tokenName}, ${issuerName}, ${networkName}`}>{issuerName}</span>
        ),
      },
      {
        id: 'amount',
        header: l.columns.amount,
        width: '140px',
        align: 'right',
        render: (line) => (
          <Money
            currency={line.currency}
            units={line.units}
            decimals={line.decimals}
            alignDecimals={ALIGNED_DECIMALS}
          />
        ),
      },
      {
        id: 'status',
        header: l.columns.status,
        width: '132px',
        render: (line) => <LineState line={line} />,
      },
    ],
    [locale],
  );
  return (
    <>
      <Toolbar>
        <SearchField
          value={search}
          onChange={onSearch}
          label={l.search}
          placeholder={l.searchPlaceholder}
          width={260}
        />
        <span className={styles.count}>
          {rows.isLoading || rows.error ? null : words.payments(formatCount(rows.total, locale))}
        </span>
      </Toolbar>
      <DataTable
        label={l.table}
        columns={columns}
        rows={rows}
        rowKey={(line) => String(line.index)}
        rowHeight={52}
        selectedKey={selected === null ? null : String(selected)}
        onOpen={onOpen}
        isLoading={rows.isLoading}
        error={rows.error}
        onRetry={rows.reload}
        jumpTo={jumpTo}
        empty={<EmptyState icon={IconTransferOut} title={l.noMatch} text={l.noMatchText} />}
      />
    </>
  );
};

/** One line beside the table. */
export const LinePanel = ({
  line,
  onClose,
}: {
  readonly line: EnvelopeLineView;
  readonly onClose: () => void;
}) => {
  const locale = useLocale();
  const d = l.detail;
  return (
    <SidePanel
      title={<bdi>{line.creditorName}</bdi>}
      subtitle={<Money currency={line.currency} units={line.units} decimals={line.decimals} size="lg" />}
      onClose={onClose}
      width={340}
    >
      <KeyValue
        layout="stacked"
        facts={[
          { label: d.state, value: <LineState line={line} /> },
          { label: d.lei, value: line.creditorLei },
          { label: d.account, value: <bdi>{line.creditorAccount}</bdi> },
          { label: d.address, value: <Address address={line.creditorAddress} variant="full" /> },
          { label: d.endToEndId, value: <bdi>{line.endToEndId}</bdi> },
          { label: d.token, value: `${line.tokenName}, ${line.issuerName}` },
          { label: d.network, value: line.networkName },
          {
            label: d.debtor,
            value: (
              <>
                <div>{line.debtorName}</div>
                <Address address={line.debtorAddress} variant="full" />
              </>
            ),
          },
          { label: d.nonce, value: formatCount(Number(line.nonce), locale) },
        ]}
      />
    </SidePanel>
  );
};
