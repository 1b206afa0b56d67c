/** Payment files that fit the sandbox: a clean one that settles as it is, and one that is wrong in many ways. */
import { isoCurrency } from '../../src/shared/money/index';
import {
  type CsvStyle,
  type FileGroup,
  type FilePayment,
  type Pain001,
  type Pain001Version,
  writeCsv,
  writePain001,
} from './payment-files';
import type { SandboxDescription, SandboxSupplier, SandboxToken } from './types';

export type SampleOptions = {
  readonly version?: Pain001Version;
  /** Payments in the file, spread over all tokens; 24 when left out. */
  readonly count?: number;
  readonly messageId?: string;
  /** `YYYY-MM-DD`; today when left out. */
  readonly executionDate?: string;
  /** Which own account pays; 0 when left out. */
  readonly account?: number;
  /** Currencies that are paid, of the tokens' own order; all when left out. */
  readonly currencies?: readonly string[];
  /** Code that stands for offshore yuan in the file: `CNY` as ISO messages have it, or `CNH`. */
  readonly offshoreYuan?: 'CNY' | 'CNH';
};

const today = (): string => new Date().toISOString().slice(0, 10);

const enrolledSuppliers = (description: SandboxDescription): readonly SandboxSupplier[] =>
  description.suppliers.filter((one) => Object.values(one.standing).every((state) => state === 'enrolled'));

const creditorOf = (supplier: SandboxSupplier): FilePayment['creditor'] => ({
  name: supplier.name,
  account: supplier.externalId,
  bic: supplier.bic,
  lei: supplier.lei,
  postalAddress: supplier.postalAddress,
});

/** A UUID of version 4 made of a number, the same at every run. */
const uetrOf = (seed: number): string => {
  const hex = (BigInt(seed + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n)
    .toString(16)
    .padStart(32, '0')
    .slice(-32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** Between about 1,000 and 90,000, with cents: what suppliers' invoices look like. */
const amountOf = (index: number): string => {
  const cents = 100_000n + ((BigInt(index) * 7_919_377n + 123_457n) % 8_900_000n);
  return `${cents / 100n}.${(cents % 100n).toString().padStart(2, '0')}`;
};

const currencyIn = (token: SandboxToken, options: SampleOptions, fallback: 'CNY' | 'CNH'): string =>
  token.currency === 'CNH' ? (options.offshoreYuan ?? fallback) : isoCurrency(token.currency);

/** The payments of the clean sample, one group per token; later samples with other message ids do not repeat them. */
export const sampleGroups = (
  description: SandboxDescription,
  options: SampleOptions = {},
  offshoreYuan: 'CNY' | 'CNH' = 'CNY',
): readonly FileGroup[] => {
  const count = options.count ?? 24;
  const messageId = options.messageId ?? 'LARKFIELD-SAMPLE-1';
  const account = description.treasury.accounts[options.account ?? 0];
  const suppliers = enrolledSuppliers(description);
  if (!account || suppliers.length === 0) throw new Error('the sandbox has no such account or no supplier');
  const salt =
    Array.from(messageId).reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) % 100_003;
  const groups: FileGroup[] = [];
  const chosen = [...description.tokens.entries()].filter(
    ([, { currency }]) => options.currencies === undefined || options.currencies.includes(currency),
  );
  for (const [turn, [place, token]] of chosen.entries()) {
    const debtorAccount = account.externalIds[place];
    if (!debtorAccount || token.issuer.bic === null) continue;
    const payments: FilePayment[] = [];
    for (let index = turn; index < count; index += chosen.length) {
      const supplier = suppliers[index % suppliers.length];
      if (!supplier) continue;
      payments.push({
        endToEndId: `${messageId}-${String(index + 1).padStart(4, '0')}`,
        amount: amountOf(index + salt),
        currency: currencyIn(token, options, offshoreYuan),
        creditor: creditorOf(supplier),
        uetr: uetrOf(index + salt),
        purpose: 'GDDS',
        remittance: `INV 2026-${String(40_000 + index)}`,
      });
    }
    if (payments.length === 0) continue;
    groups.push({
      id: `${messageId}-${token.currency}`,
      executionDate: options.executionDate ?? today(),
      debtorName: description.company.name,
      debtorLei: description.company.lei,
      debtorAccount,
      debtorBic: token.issuer.bic,
      payments,
    });
  }
  return groups;
};

const messageOf = (
  description: SandboxDescription,
  options: SampleOptions,
  groups: readonly FileGroup[],
): Pain001 => ({
  version: options.version ?? '09',
  messageId: options.messageId ?? 'LARKFIELD-SAMPLE-1',
  createdAt: `${options.executionDate ?? today()}T08:30:00Z`,
  initiatingParty: description.company.name,
  groups,
});

/** A clean pain.001: every payment settles on a fresh sandbox. */
export const samplePain001 = (description: SandboxDescription, options: SampleOptions = {}): string =>
  writePain001(messageOf(description, options, sampleGroups(description, options)));

/** The clean sample as CSV; offshore yuan stands as CNH unless said otherwise. */
export const sampleCsv = (description: SandboxDescription, options: SampleOptions & CsvStyle = {}): string =>
  writeCsv(sampleGroups(description, options, 'CNH'), options);

/** One thing that is wrong in the faulty sample, and which payment it is in (0-based; `null`: the message itself). */
export type PlantedFault = { readonly index: number | null; readonly what: string };

type Change = {
  readonly what: string;
  readonly change: (payment: FilePayment, first: FilePayment) => FilePayment;
};

const FAULTS: readonly Change[] = [
  { what: 'more decimals than the currency has', change: (payment) => ({ ...payment, amount: '1250.005' }) },
  { what: 'amount zero', change: (payment) => ({ ...payment, amount: '0.00' }) },
  { what: 'negative amount', change: (payment) => ({ ...payment, amount: '-15.00' }) },
  { what: 'amount not a decimal', change: (payment) => ({ ...payment, amount: '1,250.00' }) },
  { what: 'end-to-end id missing', change: (payment) => ({ ...payment, endToEndId: '' }) },
  {
    what: 'end-to-end id twice in the file',
    change: (payment, first) => ({ ...payment, endToEndId: first.endToEndId }),
  },
  {
    what: 'IBAN check digits wrong',
    change: (payment) => ({
      ...payment,
      creditor: { ...payment.creditor, account: { kind: 'iban', value: 'DE00999999999999999999' } },
    }),
  },
  {
    what: 'creditor account unknown',
    change: (payment) => ({
      ...payment,
      creditor: { ...payment.creditor, account: { kind: 'other', value: 'NOBODY-KNOWS-ME' } },
    }),
  },
  {
    what: 'currency that the debtor bank has no token of',
    change: (payment) => ({ ...payment, currency: 'JPY' }),
  },
  { what: 'currency that is none', change: (payment) => ({ ...payment, currency: 'ZZZ' }) },
  {
    what: 'character outside the ISO 20022 set',
    change: (payment) => ({ ...payment, remittance: 'Invoice \u{1F4B6} 17' }),
  },
  {
    what: 'address without town and country',
    change: (payment) => ({
      ...payment,
      creditor: { ...payment.creditor, postalAddress: { street: 'Nowhere Road' } },
    }),
  },
];

/** A pain.001 with one fault in each of its first payments and wrong totals at both levels, and the list of them. */
export const faultyPain001 = (
  description: SandboxDescription,
  options: SampleOptions = {},
): { readonly xml: string; readonly faults: readonly PlantedFault[] } => {
  const clean = sampleGroups(description, { messageId: 'LARKFIELD-FAULTY-1', ...options });
  const first = clean[0]?.payments[0];
  if (!first) throw new Error('a faulty sample needs payments');
  const faults: PlantedFault[] = [];
  let index = -1;
  const groups = clean.map((info) => ({
    ...info,
    payments: info.payments.map((payment) => {
      index += 1;
      // The first payment stays right, so that others can repeat it.
      const fault = FAULTS[index - 1];
      if (!fault) return payment;
      faults.push({ index, what: fault.what });
      return fault.change(payment, first);
    }),
  }));
  const unenrolled = description.suppliers.find((one) => one.standing.J === 'not-enrolled');
  const [head, ...rest] = groups;
  if (!head || !unenrolled) throw new Error('the sandbox has no supplier that is not enrolled');
  const stranger: FilePayment = {
    ...first,
    endToEndId: `${options.messageId ?? 'LARKFIELD-FAULTY-1'}-X`,
    creditor: creditorOf(unenrolled),
  };
  const { uetr: _, ...withoutUetr } = stranger;
  faults.push({ index: index + 1, what: 'creditor not enrolled with the bank' });
  const last = { ...head, id: `${head.id}-X`, payments: [withoutUetr], controlSum: '1.00' };
  faults.push({ index: null, what: 'control sum of the last payment information wrong' });
  faults.push({ index: null, what: 'number of transactions of the message wrong' });
  const message = messageOf(description, { messageId: 'LARKFIELD-FAULTY-1', ...options }, [
    head,
    ...rest,
    last,
  ]);
  return { xml: writePain001({ ...message, numberOfTransactions: String(index + 9) }), faults };
};
