import { Button } from '@mantine/core';
import { ledger as words } from '../../../../assets/locales/en/ledger';
import type { Entry } from '../../../shared/contract';
import type { OwnAccount, Token } from '../../../shared/model/directory';
import {
  Address,
  Badge,
  formatCount,
  HashText,
  KeyValue,
  Money,
  navigate,
  SidePanel,
  Time,
  useLocale,
} from '../../ui';
import { nameOfParty } from './party';

export type EntryDetailProps = {
  readonly entry: Entry;
  readonly account: OwnAccount | undefined;
  readonly token: Token | undefined;
  readonly networkName: string;
  readonly onClose: () => void;
};

/** Everything known about one entry. */
export const EntryDetail = ({ entry, account, token, networkName, onClose }: EntryDetailProps) => {
  const locale = useLocale();
  const d = words.detail;
  const { paymentId } = entry;
  return (
    <SidePanel
      title={entry.direction === 'in' ? d.received : d.paid}
      subtitle={
        <Money
          currency={entry.currency}
          units={entry.units}
          decimals={entry.decimals}
          isNegative={entry.direction === 'out'}
          size="lg"
        />
      }
      onClose={onClose}
      width={400}
    >
      <KeyValue
        layout="stacked"
        facts={[
          { label: d.counterparty, value: nameOfParty(entry) },
          { label: d.address, value: <Address address={entry.counterAddress} variant="full" /> },
          { label: d.account, value: account?.name ?? entry.accountId },
          { label: d.token, value: token ? `${token.name} (${token.symbol})` : entry.tokenId },
          { label: d.issuer, value: token?.issuer.name ?? null },
          { label: d.network, value: networkName },
          { label: words.columns.kind, value: words.kinds[entry.kind] },
          { label: d.when, value: <Time instant={entry.blockTime} /> },
          {
            label: d.balance,
            value: <Money currency={entry.currency} units={entry.balanceAfter} decimals={entry.decimals} />,
          },
          {
            label: d.finality,
            value: entry.isFinal ? (
              <Badge tone="good" icon="settled">
                {words.final}
              </Badge>
            ) : (
              <Badge tone="warn" icon="pending">
                {words.notFinal}
              </Badge>
            ),
          },
          { label: d.reference, value: entry.reference },
          { label: d.endToEnd, value: entry.endToEndId },
          { label: d.block, value: formatCount(Number(entry.blockNumber), locale) },
          { label: d.transaction, value: <HashText value={entry.transactionHash} /> },
        ]}
      />
      {paymentId === null ? null : (
        <Button
          variant="default"
          mt="md"
          onClick={() => navigate('payments', { view: 'payment', id: paymentId })}
        >
          {d.openPayment}
        </Button>
      )}
    </SidePanel>
  );
};
