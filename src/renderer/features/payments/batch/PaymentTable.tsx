import { Button, Select } from '@mantine/core';
import { IconTransferOut } from '@tabler/icons-react';
import { useMemo } from 'react';
import { common } from '../../../../../assets/locales/en/common';
import { payments as words } from '../../../../../assets/locales/en/payments';
import type { BatchId } from '../../../../shared/model/ids';
import { type Payment, PaymentStatus, SettlementStage } from '../../../../shared/model/payments';
import { client } from '../../../client';
import {
  Address,
  type Column,
  DataTable,
  EmptyState,
  formatCount,
  Money,
  SearchField,
  StatusBadge,
  Toolbar,
  useLocale,
  usePagedRows,
} from '../../../ui';
import type { DirectoryView } from '../directory';
import styles from '../payments.module.css';
import { PaymentStateBadge } from './StageBadge';

const t = words.table;

export type PaymentFilters = {
  readonly search: string;
  readonly status: PaymentStatus | null;
  readonly stage: SettlementStage | null;
  readonly preflight: 'ok' | 'refused' | 'unknown' | null;
};

export const NO_FILTERS: PaymentFilters = { search: '', status: null, stage: null, preflight: null };

const isFiltered = ({ search, status, stage, preflight }: PaymentFilters): boolean =>
  search !== '' || status !== null || stage !== null || preflight !== null;

/** Points of all tokens line up to this many decimals. */
const ALIGNED_DECIMALS = 2;

export type PaymentTableProps = {
  readonly batchId: BatchId;
  readonly filters: PaymentFilters;
  readonly onFilters: (filters: PaymentFilters) => void;
  readonly directory: DirectoryView;
  readonly selectedId: string | null;
  readonly onOpen: (payment: Payment) => void;
  /** Beside an open detail only what tells payments apart. */
  readonly isNarrow: boolean;
  readonly hasSettlement: boolean;
};

export const PaymentTable = (props: PaymentTableProps) => {
  const { batchId, filters, onFilters, directory, isNarrow } = props;
  const locale = useLocale();
  const rows = usePagedRows<Payment>(
    async (offset, limit) => {
      const { total, payments } = await client['payments.payments']({ batchId, ...filters, offset, limit });
      return { total, rows: payments };
    },
    { key: JSON.stringify([batchId, filters]), topics: ['payments'], pageSize: 100 },
  );
  const columns = useMemo((): readonly Column<Payment>[] => {
    return [
      {
        id: 'index',
        header: t.columns.index,
        width: '30px',
        align: 'right',
        isOptional: true,
        render: (payment) => <span className="tabular">{formatCount(payment.index + 1, locale)}</span>,
      },
      {
        id: 'creditor',
        header: t.columns.creditor,
        width: 'minmax(124px, 1.8fr)',
        render: (payment) => <span title={payment.creditorName}>{payment.creditorName}</span>,
      },
      {
        id: 'endToEndId',
        header: t.columns.endToEndId,
        width: 'minmax(132px, 1fr)',
        isOptional: true,
        render: (payment) => <span title={payment.endToEndId}>{payment.endToEndId}</span>,
      },
      {
        id: 'token',
        header: t.columns.token,
        width: 'minmax(130px, 0.8fr)',
        isOptional: true,
        render: (payment) => {
          const token = directory.tokenOf(payment.tokenId);
          const network = token && directory.networkOf(token.networkId)?.name;
          return token === undefined ? null : (
            <span title={`${token.name}, ${token.issuer.name}, ${network ?? token.networkId}`}>
              {token.issuer.name}
            </span>
          );
        },
      },
      {
        id: 'account',
        header: t.columns.account,
        width: '150px',
        isOptional: true,
        render: (payment) => <Address address={payment.creditorAddress} hideCopy />,
      },
      {
        id: 'amount',
        header: t.columns.amount,
        width: '140px',
        align: 'right',
        render: (payment) => (
          <Money
            currency={payment.currency}
            units={payment.units}
            decimals={payment.decimals}
            alignDecimals={ALIGNED_DECIMALS}
          />
        ),
      },
      {
        id: 'status',
        header: t.columns.status,
        width: '148px',
        render: (payment) => <StatusBadge status={payment.status} isShort />,
      },
      {
        id: 'check',
        header: props.hasSettlement ? t.stage : t.columns.check,
        width: '150px',
        render: (payment) => <PaymentStateBadge payment={payment} />,
      },
    ];
  }, [locale, directory, props.hasSettlement]);
  const clear = (
    <Button variant="subtle" onClick={() => onFilters(NO_FILTERS)}>
      {t.clear}
    </Button>
  );
  return (
    <>
      <Toolbar>
        <SearchField
          value={filters.search}
          onChange={(search) => onFilters({ ...filters, search })}
          label={t.search}
          placeholder={isNarrow ? t.searchShort : t.searchPlaceholder}
          width={isNarrow ? 176 : 280}
        />
        <Select
          aria-label={t.status}
          placeholder={t.anyStatus}
          data={PaymentStatus.options.map((value) => ({
            value,
            label: `${common.status[value]} · ${value}`,
          }))}
          value={filters.status}
          onChange={(value) => onFilters({ ...filters, status: value as PaymentFilters['status'] })}
          clearable
          w={isNarrow ? 130 : 190}
        />
        {props.hasSettlement ? (
          <Select
            aria-label={t.stage}
            placeholder={t.anyStage}
            data={SettlementStage.options.map((value) => ({ value, label: words.stages[value] }))}
            value={filters.stage}
            onChange={(value) => onFilters({ ...filters, stage: value as PaymentFilters['stage'] })}
            clearable
            w={isNarrow ? 150 : 190}
          />
        ) : (
          <Select
            aria-label={t.preflight}
            placeholder={t.anyPreflight}
            data={(['ok', 'refused', 'unknown'] as const).map((value) => ({
              value,
              label: words.preflight[value],
            }))}
            value={filters.preflight}
            onChange={(value) => onFilters({ ...filters, preflight: value as PaymentFilters['preflight'] })}
            clearable
            w={isNarrow ? 160 : 180}
          />
        )}
        {isFiltered(filters) ? clear : null}
        {isNarrow ? null : (
          <span className={styles.count}>
            {rows.isLoading || rows.error ? null : words.count(formatCount(rows.total, locale))}
          </span>
        )}
      </Toolbar>
      <DataTable
        label={t.label}
        columns={columns}
        rows={rows}
        rowKey={(payment) => payment.id}
        selectedKey={props.selectedId}
        onOpen={props.onOpen}
        isLoading={rows.isLoading}
        error={rows.error}
        onRetry={rows.reload}
        empty={<EmptyState icon={IconTransferOut} title={t.noMatch} text={t.noMatchText} action={clear} />}
      />
    </>
  );
};
