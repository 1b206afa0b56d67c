import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconTransferOut } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { payments as words } from '../../../../assets/locales/en/payments';
import type { Counterparty, Token } from '../../../shared/model/directory';
import type { Hold, ImportIssue } from '../../../shared/model/payments';
import { currencyDecimals, formatMoney, parseDecimal } from '../../../shared/money';
import { client } from '../../client';
import {
  Address,
  EmptyState,
  ErrorState,
  LoadingState,
  Money,
  markStale,
  Notice,
  navigate,
  Page,
  Section,
  shortenAddress,
  showToast,
  useAction,
  useLocale,
  useQuery,
} from '../../ui';
import { useDirectory } from './directory';
import { HoldList } from './import/HoldList';
import { describeIssue } from './import/IssueList';
import { holdKey } from './import/session';
import styles from './single.module.css';

const s = words.single;
const FOUND_AT_ONCE = 50;

/** Local calendar date, `YYYY-MM-DD`. */
const today = (): string => new Date().toLocaleDateString('sv-SE');

/** Unique enough to propose: date, time and four random characters, in the set that every bank passes on. */
const proposeId = (): string => {
  const stamp = new Date().toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return `PAY-${stamp}-${(random % 1_679_616).toString(36).toUpperCase().padStart(4, '0')}`;
};

/** What is wrong with an amount as typed, in words; `null` when it can be taken to the last digit. */
const findAmountFault = (text: string, decimals: number): string | null => {
  const parsed = parseDecimal(text.trim(), { maxDecimals: decimals });
  if (parsed.ok) return parsed.value.units === 0n ? s.amountFaults.zero : null;
  return parsed.code === 'too-many-decimals'
    ? s.amountFaults['too-many-decimals'](decimals)
    : s.amountFaults[parsed.code];
};

/** Issues of a refusal stand at the field that they name. */
const issueOf = (issues: readonly ImportIssue[], ...elements: readonly string[]): string | undefined => {
  const found = issues.find((issue) => issue.severity === 'error' && elements.includes(issue.element));
  return found && describeIssue(found.code);
};
const FIELD_ELEMENTS = ['amount', 'endToEndId', 'EndToEndId', 'requestedDate', 'purposeCode', 'remittance'];

export const SinglePaymentScreen = () => {
  const locale = useLocale();
  const directory = useDirectory();
  const position = useQuery(() => client['position.get']({}), { key: 'position', topics: ['ledger'] });
  const [accountId, setAccountId] = useState<string | null>(null);
  const [tokenId, setTokenId] = useState<string | null>(null);
  const [party, setParty] = useState<Counterparty | null>(null);
  const [search, setSearch] = useState('');
  const [asked, setAsked] = useState('');
  const [creditorAddress, setCreditorAddress] = useState<string | null>(null);
  const [amount, setAmount] = useState('');
  const [endToEndId, setEndToEndId] = useState(proposeId);
  const [date, setDate] = useState(today);
  const [purpose, setPurpose] = useState('');
  const [remittance, setRemittance] = useState('');
  const [released, setReleased] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<{ issues: ImportIssue[]; holds: Hold[] } | null>(null);
  const [wasTried, setWasTried] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first wrong field is gone to once per attempt
  useEffect(() => {
    if (attempts > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts, refused]);

  useEffect(() => {
    const timer = setTimeout(() => setAsked(search.trim()), 150);
    return () => clearTimeout(timer);
  }, [search]);
  const isNameOfChosen = party !== null && search === party.name;
  const found = useQuery(
    () =>
      client['directory.counterparties']({
        search: isNameOfChosen ? '' : asked,
        offset: 0,
        limit: FOUND_AT_ONCE,
      }),
    { key: isNameOfChosen ? '' : asked, topics: ['directory'], keepPrevious: true },
  );
  const parties = useMemo(() => {
    const list = found.data?.counterparties ?? [];
    return party === null || list.some(({ id }) => id === party.id) ? list : [party, ...list];
  }, [found.data, party]);

  const { accounts, tokens } = directory;
  const account =
    accounts.find(({ id }) => id === accountId) ?? (accounts.length === 1 ? accounts[0] : undefined);
  const token = tokens.find(({ id }) => id === tokenId);
  const decimals = token === undefined ? 2 : Math.min(token.decimals, currencyDecimals(token.currency) ?? 0);
  const parsed = parseDecimal(amount.trim(), { maxDecimals: decimals });
  const money = token !== undefined && parsed.ok ? { currency: token.currency, ...parsed.value } : null;
  const holding = position.data?.holdings.find(
    (candidate) => candidate.accountId === account?.id && candidate.tokenId === token?.id,
  );
  const amountFault = findAmountFault(amount, decimals);
  const isOverdrawn =
    holding !== undefined &&
    parsed.ok &&
    parsed.value.units * 10n ** BigInt(holding.decimals - parsed.value.decimals) > holding.available;
  const holds = refused?.holds ?? [];
  const heldPlace = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (refused !== null) heldPlace.current?.scrollIntoView({ block: 'nearest' });
  }, [refused]);
  const isHeld = holds.some((hold) => !released.has(holdKey(hold)));
  const missing = (value: unknown): string | undefined =>
    wasTried && (value === null || value === undefined || value === '') ? s.missing : undefined;
  const issues = refused?.issues ?? [];

  const creating = useAction(async () => {
    if (!account || !token || !party || creditorAddress === null) return;
    const answer = await client['payments.createSingle']({
      debtorAccountId: account.id,
      tokenId: token.id,
      counterpartyId: party.id,
      creditorAddress,
      amount: amount.trim(),
      endToEndId,
      requestedDate: date,
      purposeCode: purpose.trim() === '' ? null : purpose.trim(),
      remittance: remittance.trim() === '' ? null : remittance.trim(),
      // SECURITY: only what the person released.
      releaseHolds: [...new Set(holds.filter((hold) => released.has(holdKey(hold))).map(({ kind }) => kind))],
    });
    if (answer.outcome === 'refused') {
      setRefused(answer);
      return;
    }
    markStale('payments');
    navigate('payments', { view: 'batch', id: answer.batchId });
    showToast('success', s.created, words.import.create.createdText);
  });
  const submit = (): void => {
    setWasTried(true);
    setAttempts((count) => count + 1);
    const isComplete =
      account && token && party && creditorAddress !== null && endToEndId !== '' && date !== '';
    if (isComplete && amountFault === null) void creating.run();
  };
  const chooseParty = (id: string | null): void => {
    const next = parties.find((candidate) => candidate.id === id) ?? null;
    setParty(next);
    setReleased(new Set());
    setRefused(null);
    setCreditorAddress(next?.accounts.length === 1 ? (next.accounts[0]?.address ?? null) : null);
  };
  const describeToken = (each: Token): string => {
    const network = directory.networkOf(each.networkId)?.name ?? each.networkId;
    const text = s.tokenOption(each.currency, each.issuer.name, network);
    return each.state === 'active' ? text : `${text} (${s.tokenState[each.state]})`;
  };
  const above = (
    <button type="button" className="n-link" onClick={() => navigate('payments')}>
      {words.import.back}
    </button>
  );
  const frame = { title: s.title, subtitle: s.text, above, width: 'narrow' as const };
  if (directory.isLoading) {
    return (
      <Page {...frame}>
        <LoadingState />
      </Page>
    );
  }
  if (directory.error) {
    return (
      <Page {...frame}>
        <ErrorState error={directory.error} layout="page" onRetry={directory.reload} />
      </Page>
    );
  }
  const hasTokens = tokens.some(({ state }) => state === 'active');
  if (accounts.length === 0 || !hasTokens) {
    const isAccount = accounts.length === 0;
    return (
      <Page {...frame}>
        <EmptyState
          icon={IconTransferOut}
          title={isAccount ? s.noAccounts : s.noTokens}
          text={isAccount ? s.noAccountsText : s.noTokensText}
          action={
            <Button onClick={() => navigate('settings', { view: isAccount ? 'accounts' : 'tokens' })}>
              {isAccount ? s.goToAccounts : s.goToTokens}
            </Button>
          }
        />
      </Page>
    );
  }
  const otherIssues = issues.filter(
    (issue) => issue.severity === 'error' && !FIELD_ELEMENTS.includes(issue.element),
  );
  return (
    <Page {...frame}>
      <form
        ref={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Section>
          <div className={styles.grid}>
            <Select
              label={s.account}
              placeholder={s.accountPlaceholder}
              data={accounts.map(({ id, name, address }) => ({
                value: id,
                label: `${name} · ${shortenAddress(address)}`,
              }))}
              value={account?.id ?? null}
              onChange={setAccountId}
              error={missing(account)}
              required
              withAsterisk={false}
            />
            <Select
              label={s.token}
              placeholder={s.tokenPlaceholder}
              data={tokens.map((each) => ({
                value: each.id,
                label: describeToken(each),
                disabled: each.state !== 'active',
              }))}
              value={tokenId}
              onChange={setTokenId}
              error={missing(token)}
              description={
                holding === undefined ? undefined : (
                  <>
                    {s.availableLabel}{' '}
                    <Money
                      currency={holding.currency}
                      units={holding.available}
                      decimals={holding.decimals}
                      size="sm"
                    />
                  </>
                )
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
            />
            <div className={styles.wide}>
              <Select
                label={s.creditor}
                placeholder={s.creditorPlaceholder}
                data={parties.map(({ id, name, lei }) => ({
                  value: id,
                  label: lei === null ? name : `${name} · ${lei}`,
                }))}
                value={party?.id ?? null}
                onChange={chooseParty}
                searchable
                searchValue={search}
                onSearchChange={setSearch}
                filter={({ options }) => options}
                nothingFoundMessage={s.creditorNone}
                error={missing(party)}
              />
            </div>
            {party === null ? null : (
              <div className={styles.wide}>
                <Select
                  label={s.creditorAccount}
                  data={party.accounts.map(({ address, externalIds }) => ({
                    value: address,
                    label: [shortenAddress(address), ...externalIds.map(({ value }) => value)].join(' · '),
                  }))}
                  value={creditorAddress}
                  onChange={(value) => {
                    setCreditorAddress(value);
                    setReleased(new Set());
                    setRefused(null);
                  }}
                  error={missing(creditorAddress)}
                />
                {creditorAddress === null ? null : (
                  <div className={styles.address}>
                    <Address address={creditorAddress} variant="full" />
                  </div>
                )}
              </div>
            )}
            <TextInput
              label={s.amount}
              description={isOverdrawn ? s.amountFaults['more-than-available'] : s.amountHelp(decimals)}
              leftSection={token === undefined ? undefined : <span>{token.currency}</span>}
              leftSectionWidth={token === undefined ? undefined : 56}
              value={amount}
              onChange={(event) => setAmount(event.currentTarget.value)}
              error={
                (amount !== '' || wasTried ? amountFault : null) ?? issueOf(issues, 'amount') ?? undefined
              }
              inputMode="decimal"
              autoComplete="off"
              maxLength={60}
              classNames={{ input: styles.amount }}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
            />
            <TextInput
              type="date"
              label={s.date}
              description={s.dateHelp}
              value={date}
              onChange={(event) => setDate(event.currentTarget.value)}
              error={missing(date) ?? issueOf(issues, 'requestedDate')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
            />
            <TextInput
              label={s.endToEndId}
              description={s.endToEndHelp}
              value={endToEndId}
              onChange={(event) => setEndToEndId(event.currentTarget.value)}
              error={missing(endToEndId) ?? issueOf(issues, 'endToEndId', 'EndToEndId')}
              maxLength={35}
              spellCheck={false}
              autoComplete="off"
              inputWrapperOrder={['label', 'input', 'description', 'error']}
            />
            <TextInput
              label={s.purpose}
              description={s.purposeHelp}
              value={purpose}
              onChange={(event) => setPurpose(event.currentTarget.value.toUpperCase())}
              error={issueOf(issues, 'purposeCode')}
              maxLength={4}
              autoComplete="off"
              inputWrapperOrder={['label', 'input', 'description', 'error']}
            />
            <div className={styles.wide}>
              <Textarea
                label={s.remittance}
                description={s.remittanceHelp}
                value={remittance}
                onChange={(event) => setRemittance(event.currentTarget.value.replace(/[\r\n]+/g, ' '))}
                error={issueOf(issues, 'remittance')}
                maxLength={140}
                autosize
                minRows={2}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
              />
            </div>
          </div>
        </Section>
        {refused !== null && issues.some(({ severity }) => severity === 'error') ? (
          <Notice tone="bad" title={s.refused}>
            {otherIssues.length === 0 ? null : (
              <ul className={styles.issues}>
                {otherIssues.map((issue) => (
                  <li key={`${issue.code} ${issue.path}`}>
                    {describeIssue(issue.code)}
                    {issue.value === null ? null : ` ${issue.value}`}
                    {issue.expected === null ? null : ` (${issue.expected})`}
                  </li>
                ))}
              </ul>
            )}
          </Notice>
        ) : null}
        {holds.length > 0 ? (
          <div ref={heldPlace}>
            <HoldList holds={holds} released={released} onChange={setReleased} />
          </div>
        ) : null}
        {creating.error ? <ErrorState error={creating.error} /> : null}
        <div className={styles.buttons}>
          <Button variant="default" onClick={() => navigate('payments')}>
            {common.cancel}
          </Button>
          <Button
            type="submit"
            loading={creating.isRunning}
            disabled={isHeld && !issues.some(({ severity }) => severity === 'error')}
          >
            {money !== null && amountFault === null && party !== null
              ? s.create(formatMoney(money, { locale }), party.name)
              : s.createEmpty}
          </Button>
        </div>
      </form>
    </Page>
  );
};
