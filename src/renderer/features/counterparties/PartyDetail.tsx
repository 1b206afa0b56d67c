import { Button } from '@mantine/core';
import { IconEdit, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { counterparties as words } from '../../../../assets/locales/en/counterparties';
import type { Counterparty, PostalAddress, Token } from '../../../shared/model/directory';
import type { CounterpartyId } from '../../../shared/model/ids';
import { client } from '../../client';
import {
  Address,
  Badge,
  ConfirmAction,
  CopyButton,
  ErrorState,
  formatDate,
  KeyValue,
  LoadingState,
  Notice,
  SidePanel,
  showToast,
  Time,
  useAction,
  useIsOffline,
  useLocale,
  useQuery,
} from '../../ui';
import styles from './counterparties.module.css';
import type { Saved } from './PartyForm';

const d = words.detail;

const describeAddress = ({ street, building, postCode, town, country }: PostalAddress): string | null => {
  const join = (...parts: readonly (string | null)[]): string =>
    parts.filter((part) => part !== null && part !== '').join(' ');
  const text = [join(street, building), join(postCode, town), country ?? '']
    .filter((part) => part !== '')
    .join(', ');
  return text === '' ? null : text;
};

type AccountProps = {
  readonly account: Counterparty['accounts'][number];
  readonly tokens: readonly Token[];
};

const Account = ({ account, tokens }: AccountProps) => {
  const locale = useLocale();
  return (
    <div className={styles.account}>
      <Address address={account.address} variant="full" />
      {account.externalIds.length === 0 ? null : (
        <>
          <div className={styles.sub}>{d.ids}</div>
          {account.externalIds.map(({ kind, value }) => (
            <div key={`${kind} ${value}`}>
              {kind === 'iban' ? d.iban : d.other} {value}
              <CopyButton value={value} label={value} />
            </div>
          ))}
        </>
      )}
      <div className={styles.sub}>{d.enrolments}</div>
      {account.enrolments.length === 0 ? (
        <div className={styles.muted}>{d.neverAsked}</div>
      ) : (
        <div className={styles.enrolments}>
          {account.enrolments.map(({ tokenId, state, asOf }) => {
            const token = tokens.find(({ id }) => id === tokenId);
            return [
              <span key={`${tokenId} token`} className={styles.token}>
                {token ? `${token.currency} · ${token.issuer.name}` : tokenId}
              </span>,
              state === 'enrolled' ? (
                <Badge key={`${tokenId} state`} tone="good" icon="settled">
                  {d.enrolled}
                </Badge>
              ) : (
                <Badge key={`${tokenId} state`} tone="bad" icon="rejected">
                  {d.notEnrolled}
                </Badge>
              ),
              <span key={`${tokenId} date`} className={styles.muted}>
                {d.asOf(formatDate(asOf, locale))}
              </span>,
            ];
          })}
        </div>
      )}
    </div>
  );
};

export type PartyDetailProps = {
  readonly partyId: string;
  readonly tokens: readonly Token[];
  /** What the last saving found to look alike; shown until compared. */
  readonly lookAlikes: Saved['lookAlikes'];
  readonly onCompared: () => void;
  readonly onEdit: (party: Counterparty) => void;
  readonly onClose: () => void;
};

/** One counterparty: who it is, its accounts in full, what each bank says about them. */
export const PartyDetail = (props: PartyDetailProps) => {
  const { partyId, tokens, lookAlikes, onClose } = props;
  const id = partyId as CounterpartyId;
  const isOffline = useIsOffline();
  const [isRemoving, setIsRemoving] = useState(false);
  const found = useQuery(() => client['directory.counterparty']({ id }), {
    key: partyId,
    topics: ['directory'],
  });
  const checking = useAction(async () => {
    await client['directory.checkEnrolment']({ id });
    found.reload();
    showToast('success', d.checked);
  });
  const removing = useAction(async (name: string) => {
    await client['directory.removeCounterparty']({ id });
    setIsRemoving(false);
    showToast('success', words.removed(name));
    onClose();
  });
  const party = found.data;
  if (party === undefined) {
    return (
      <SidePanel title={words.title} onClose={onClose} width={440}>
        {found.error ? (
          <ErrorState error={found.error} onRetry={found.reload} />
        ) : (
          <LoadingState text={d.loading} />
        )}
      </SidePanel>
    );
  }
  return (
    <SidePanel
      title={party.name}
      subtitle={party.lei === null ? undefined : `${d.lei} ${party.lei}`}
      onClose={onClose}
      width={440}
      footer={
        <>
          <Button variant="default" onClick={() => setIsRemoving(true)}>
            {d.remove}
          </Button>
          <Button
            variant="default"
            leftSection={<IconEdit size={16} aria-hidden />}
            onClick={() => props.onEdit(party)}
          >
            {d.edit}
          </Button>
        </>
      }
    >
      {lookAlikes.length === 0 ? null : (
        <div className={styles.notice}>
          <Notice tone="warn" title={words.lookAlike.title}>
            {words.lookAlike.text}
            {lookAlikes.map(({ address, other, otherName }) => (
              <div key={`${address} ${other}`} className={styles.twin}>
                <Address address={address} variant="full" hideCopy />
                <div>{words.lookAlike.same(otherName)}</div>
                <Address address={other} variant="full" hideCopy />
              </div>
            ))}
            <Button size="xs" variant="default" mt={10} onClick={props.onCompared}>
              {words.lookAlike.understood}
            </Button>
          </Notice>
        </div>
      )}
      <KeyValue
        layout="stacked"
        facts={[
          { label: d.bic, value: party.bic },
          { label: d.address, value: describeAddress(party.address) },
          ...(party.note === null ? [] : [{ label: d.note, value: party.note }]),
          { label: d.updated, value: <Time instant={party.updatedAt} /> },
        ]}
      />
      <h3 className={styles.heading}>{d.accounts}</h3>
      {checking.error ? (
        <div className={styles.notice}>
          <ErrorState error={checking.error} />
        </div>
      ) : null}
      {party.accounts.length === 0 ? <p className={styles.muted}>{d.noAccounts}</p> : null}
      {party.accounts.map((account) => (
        <Account key={account.address} account={account} tokens={tokens} />
      ))}
      {party.accounts.length === 0 ? null : (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={checking.isRunning}
          disabled={isOffline}
          onClick={() => void checking.run()}
        >
          {d.check}
        </Button>
      )}
      <ConfirmAction
        isOpen={isRemoving}
        onClose={() => {
          setIsRemoving(false);
          removing.clearError();
        }}
        title={words.removeTitle}
        text={words.removeText}
        facts={[
          { label: words.columns.name, value: party.name },
          {
            label: d.accounts,
            value: party.accounts.map(({ address }) => (
              <div key={address}>
                <Address address={address} variant="full" hideCopy />
              </div>
            )),
          },
        ]}
        canUndo
        undoText={words.removeUndo}
        button={words.removeButton(party.name)}
        onConfirm={() => void removing.run(party.name)}
        isRunning={removing.isRunning}
        error={removing.error}
        isDangerous
      />
    </SidePanel>
  );
};
