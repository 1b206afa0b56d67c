import { AppError } from '../../shared/errors';
import type { AccountId, CounterpartyId, IsoDate, TokenId } from '../../shared/model/ids';
import { BatchId, ImportId } from '../../shared/model/ids';
import type { CheckCode } from '../../shared/model/payment-checks';
import type { IssueCode, RawPayment } from '../../shared/model/payment-file';
import type { Hold, ImportIssue } from '../../shared/model/payments';
import { currencyDecimals, type Decimal, parseDecimal } from '../../shared/money';
import { createChecker } from './checker';
import { createHolds } from './holds';
import type { PaymentsDeps } from './ports';

export type SinglePayment = {
  readonly debtorAccountId: AccountId;
  readonly tokenId: TokenId;
  readonly counterpartyId: CounterpartyId;
  readonly creditorAddress: string;
  readonly amount: string;
  readonly endToEndId: string;
  readonly requestedDate: IsoDate;
  readonly purposeCode: string | null;
  readonly remittance: string | null;
  readonly releaseHolds: readonly Hold['kind'][];
};

export type SingleOutcome =
  | { readonly outcome: 'created'; readonly batchId: BatchId }
  | { readonly outcome: 'refused'; readonly issues: ImportIssue[]; readonly holds: Hold[] };

/** Characters of ISO 20022 ids that every bank passes on. */
const ID_FORM = /^[A-Za-z0-9/\-?:().,'+ ]+$/;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u;
const PURPOSE_FORM = /^[A-Z0-9]{1,4}$/;

/** A form's fields judged as a file's elements are. */
const readForm = (
  form: SinglePayment,
  currency: string,
  today: string,
): { amount: Decimal; issues: ImportIssue[] } => {
  const issues: ImportIssue[] = [];
  const report = (code: IssueCode | CheckCode, element: string, value: string, expected: string): void => {
    issues.push({
      severity: 'error',
      code,
      line: 0,
      path: element,
      element,
      value: JSON.stringify(value).slice(1, 141),
      expected,
      paymentIndex: 0,
    });
  };
  const decimals = currencyDecimals(currency);
  const parsed = parseDecimal(form.amount.trim(), { maxDecimals: decimals ?? 0 });
  if (decimals === undefined) report('currency/unknown', 'tokenId', currency, 'a currency in use');
  else if (!parsed.ok)
    report(
      parsed.code === 'too-many-decimals' ? 'amount/not-exact' : 'amount/format',
      'amount',
      form.amount,
      `digits with at most ${decimals} decimals after a point`,
    );
  else if (parsed.value.units === 0n) report('amount/not-positive', 'amount', form.amount, 'more than zero');

  if (form.endToEndId.trim() === '')
    report('id/missing', 'endToEndId', form.endToEndId, 'an id that is unique');
  else if (form.endToEndId === 'NOTPROVIDED')
    report('id/not-provided', 'endToEndId', form.endToEndId, 'an id that is unique');
  else if (!ID_FORM.test(form.endToEndId) || form.endToEndId !== form.endToEndId.trim())
    report(
      'value/format',
      'endToEndId',
      form.endToEndId,
      "letters, digits and /-?:().,'+ without blanks at the ends",
    );

  const date = new Date(`${form.requestedDate}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== form.requestedDate)
    report('date/invalid', 'requestedDate', form.requestedDate, 'a date of the calendar');
  else if (form.requestedDate < today)
    report('date/past', 'requestedDate', form.requestedDate, `${today} or later`);
  if (form.remittance !== null && HIDDEN.test(form.remittance))
    report('charset/control', 'remittance', form.remittance, 'no hidden characters');
  if (form.purposeCode !== null && !PURPOSE_FORM.test(form.purposeCode))
    report(
      'value/format',
      'purposeCode',
      form.purposeCode,
      'an ISO 20022 purpose code of up to four characters',
    );
  return { amount: parsed.ok ? parsed.value : { units: 0n, decimals: 0 }, issues };
};

/** One payment by form, through the very checks, tables and gate of an imported one; becomes a batch of one. */
export const createSingles = (deps: PaymentsDeps) => {
  const { store, directory, newId, clock } = deps;
  const checker = createChecker(deps);

  const rawOf = async (form: SinglePayment, amount: Decimal, currency: string): Promise<RawPayment> => {
    const account = (await directory.accounts()).find((candidate) => candidate.id === form.debtorAccountId);
    const counterparty = await directory.counterparty(form.counterpartyId).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'directory/counterparty-unknown') return null;
      throw error;
    });
    const party = { lei: null };
    // SECURITY: the address must be one of the chosen counterparty's own, not merely one that somebody here has.
    const isOfCounterparty =
      counterparty?.accounts.some((candidate) => candidate.address === form.creditorAddress) ?? false;
    const accountOf = (value: string) => ({
      kind: 'address' as const,
      value,
      schemeName: null,
      currency: null,
    });
    return {
      index: 0,
      line: 0,
      path: '',
      paymentInfoId: form.endToEndId,
      instructionId: null,
      endToEndId: form.endToEndId,
      uetr: null,
      requestedDate: form.requestedDate,
      debtor: {
        name: account?.entity.name ?? '',
        ...party,
        account: accountOf(account?.address ?? 'unknown'),
      },
      debtorAgent: { bic: null, memberId: null, name: null, lei: null },
      amount: { currency, text: form.amount, ...amount },
      creditor: { name: counterparty?.name ?? '', ...party, country: null, address: null },
      creditorAccount: accountOf(
        isOfCounterparty || counterparty === null
          ? form.creditorAddress
          : `${form.creditorAddress} (not ${counterparty.name})`,
      ),
      creditorAgent: null,
      purposeCode: form.purposeCode,
      categoryPurpose: null,
      remittance: {
        unstructured:
          form.remittance === null || form.remittance.trim() === '' ? [] : [form.remittance.trim()],
        structuredReference: null,
        documentNumbers: [],
      },
      chargeBearer: null,
    };
  };

  return async (form: SinglePayment): Promise<SingleOutcome> => {
    const context = await checker.openContext();
    const token = context.tokens.find((candidate) => candidate.id === form.tokenId);
    const currency = token?.currency ?? '';
    const { amount, issues } = readForm(form, currency, context.today);
    const raw = await rawOf(form, amount, currency);
    const importId = ImportId.parse(newId('imp'));
    const source = {
      kind: 'form',
      format: 'form',
      fileName: null,
      sha256: null,
      sizeBytes: null,
      messageId: null,
    } as const;
    await store.beginImport(importId, source);
    let isKept = false;
    try {
      const holds = createHolds();
      const result = await checker.checkSlice(
        importId,
        context,
        checker.openMemory(),
        [raw],
        form.tokenId,
        holds,
      );
      const all = [...issues, ...result.issues];
      if (all.some((issue) => issue.severity === 'error') || result.incomplete.length > 0)
        return { outcome: 'refused', issues: all, holds: holds.list() };
      const open = holds.list().filter((hold) => !form.releaseHolds.includes(hold.kind));
      if (open.length > 0) return { outcome: 'refused', issues: all, holds: holds.list() };
      await store.addIssues(importId, all);
      await store.finishImport(
        importId,
        source,
        {
          count: 1,
          sums: [],
          holds: holds.list(),
          original: { createdAt: null, count: 1, controlSum: amount, initiatingParty: null },
          unsentIssues: 0,
          isRefused: false,
        },
        [],
      );
      const batchId = BatchId.parse(newId('bat'));
      await store.createBatch({
        importId,
        batchId,
        at: clock.now().toISOString(),
        drop: [],
        release: holds.list().map(({ kind, paymentIndex }) => ({ kind, paymentIndex })),
      });
      isKept = true;
      return { outcome: 'created', batchId };
    } finally {
      if (!isKept) await store.discardImport(importId);
    }
  };
};
