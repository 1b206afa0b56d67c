/**
 * The rules of a policy (docs/policy.md): what a right one is, when it is in force, how many approvals a batch needs, who
 * may do what. Pure: signatures are verified before (./files).
 */
import { getAddress } from 'viem';
import { AppError } from '../../shared/errors';
import type { Address } from '../../shared/model/ids';
import { nameSkeleton } from '../../shared/model/look-alike';
import { type PolicyApproval, type PolicyContent, Role } from '../../shared/model/people';
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  parseDecimal,
  toPlainString,
  ZERO,
} from '../../shared/money';

/** A sum in one currency: `units / 10^decimals`. */
export type PolicySum = { readonly currency: string; readonly units: string; readonly decimals: number };

type Details = Readonly<Record<string, string | number>>;

const invalid = (reason: string, details: Details = {}): AppError =>
  new AppError('policy/invalid', { reason, ...details });

/** Names that look or sound the same have one form; a name of signs alone stands for itself. */
const lookOf = (name: string): string => nameSkeleton(name) || name;

const amountOf = (text: string): Decimal => {
  const read = parseDecimal(text, { maxDecimals: 18, maxIntegerDigits: 30 });
  if (!read.ok) throw invalid('amount', { above: text });
  return read.value;
};

const isMoment = (instant: string): boolean => {
  const ms = Date.parse(instant);
  const full = instant.includes('.') ? instant : instant.replace('Z', '.000Z');
  return !Number.isNaN(ms) && new Date(ms).toISOString() === full;
};

export const approversOf = (policy: PolicyContent): readonly PolicyContent['people'][number][] =>
  policy.people.filter(({ roles }) => roles.includes('approver'));

/** The roles that a policy gives to a key; none without a policy. */
export const rolesOf = (policy: PolicyContent | null, key: Address): readonly Role[] =>
  policy?.people.find((person) => person.key === key)?.roles ?? [];

/** Whether a policy names this key with a role. */
export const entitled = (policy: PolicyContent, key: Address, role: Role): boolean =>
  rolesOf(policy, key).includes(role);

/** Signatures that bring a policy into force: of approvers of its forerunner, or of its own for number 1. */
export const signaturesNeeded = (forerunner: PolicyContent | null, content: PolicyContent): number =>
  Math.max(forerunner?.changeApprovals ?? 1, content.changeApprovals);

/** Whether an approval counts: by an approver of the forerunner, under the name that it bears there. */
export const counts = (
  forerunner: PolicyContent | null,
  content: PolicyContent,
  { by }: Pick<PolicyApproval, 'by'>,
): boolean => approversOf(forerunner ?? content).some(({ key, name }) => key === by.key && name === by.name);

/**
 * Whether enough have signed (shared/model/people). `forerunner`: `null` for number 1. The approvals' signatures must have
 * been verified.
 */
export const isInForce = (
  forerunner: PolicyContent | null,
  { content, approvals }: { readonly content: PolicyContent; readonly approvals: readonly PolicyApproval[] },
): boolean => {
  // SECURITY: a key counts once, however many signatures of it there are.
  const signers = new Set(
    approvals
      .filter((approval) => counts(forerunner, content, approval))
      .map(({ by }) => by.key.toLowerCase()),
  );
  return signers.size >= signaturesNeeded(forerunner, content);
};

type Row = { readonly above: Decimal; readonly approvals: number };

/** Rows by currency, highest first: a list of envelopes asks for the same table many times. */
const tables = new WeakMap<PolicyContent, ReadonlyMap<string, readonly Row[]>>();

const tableOf = (policy: PolicyContent): ReadonlyMap<string, readonly Row[]> => {
  const known = tables.get(policy);
  if (known) return known;
  const rows = new Map<string, Row[]>();
  for (const { currency, above, approvals } of policy.table) {
    const own = rows.get(currency) ?? [];
    own.push({ above: amountOf(above), approvals });
    rows.set(currency, own);
  }
  for (const own of rows.values()) own.sort((a, b) => compareDecimals(b.above, a.above));
  tables.set(policy, rows);
  return rows;
};

/**
 * Approvals that a batch with these sums needs: of the rows of a currency the one with the highest `above` that the sum
 * exceeds, otherwise the default; of the currencies the highest need. Sums of one currency add up. Exact.
 */
export const approvalsNeeded = (policy: PolicyContent, sums: readonly PolicySum[]): number => {
  const totals = new Map<string, Decimal>();
  for (const { currency, units, decimals } of sums)
    totals.set(currency, addDecimals(totals.get(currency) ?? ZERO, { units: BigInt(units), decimals }));
  const needs = [...totals].map(
    ([currency, sum]) =>
      tableOf(policy)
        .get(currency)
        ?.find(({ above }) => compareDecimals(sum, above) > 0)?.approvals ?? policy.defaultApprovals,
  );
  return needs.length === 0 ? policy.defaultApprovals : Math.max(...needs);
};

const checkPeople = ({ people }: PolicyContent): void => {
  const names = new Set<string>();
  const keys = new Set<string>();
  for (const { name, key, roles } of people) {
    if (getAddress(key.toLowerCase()) !== key) throw invalid('key-form', { name });
    if (Role.options.filter((role) => roles.includes(role)).join() !== roles.join())
      throw invalid('roles', { name });
    // SECURITY: two people whose names look the same could not be told apart by whoever approves.
    if (names.has(lookOf(name))) throw invalid('name-twice', { name });
    if (keys.has(key)) throw invalid('key-twice', { name });
    names.add(lookOf(name));
    keys.add(key);
  }
};

const checkTable = (policy: PolicyContent): void => {
  for (const [currency, rows] of tableOf(policy)) {
    const twin = rows.find((row, index) => {
      const next = rows[index + 1];
      return next !== undefined && compareDecimals(row.above, next.above) === 0;
    });
    if (twin) throw invalid('row-twice', { currency, above: toPlainString(twin.above) });
  }
};

/** Every number that it names can be reached: also for a maker who approves, because nobody approves their own batch. */
const checkReach = (policy: PolicyContent): void => {
  const approvers = approversOf(policy);
  const require = (needed: number, available: number, details: Details = {}): void => {
    if (available < needed) throw invalid('too-few-approvers', { needed, available, ...details });
  };
  const most = Math.max(policy.defaultApprovals, ...policy.table.map(({ approvals }) => approvals));
  require(most, approvers.length);
  require(policy.changeApprovals, approvers.length);
  for (const maker of policy.people.filter(({ roles }) => roles.includes('maker')))
    require(most, approvers.filter(({ key }) => key !== maker.key).length, { maker: maker.name });
};

/** What can be said of a policy alone. @throws AppError `policy/invalid` (reason, and what it concerns) */
export const validatePolicy = (content: PolicyContent): void => {
  if (!isMoment(content.createdAt)) throw invalid('no-such-moment');
  if ((content.number === 1) !== (content.previous === null)) throw invalid('forerunner');
  checkPeople(content);
  checkTable(content);
  checkReach(content);
};

/**
 * Whether a policy may follow the one in force; `null`: none is, and it must be the first.
 *
 * @throws AppError `policy/foreign` | `policy/older` | `policy/gap` | `policy/fork` | `policy/invalid`
 */
export const validateSuccession = (
  inForce: { readonly digest: string; readonly content: PolicyContent } | null,
  content: PolicyContent,
): void => {
  const known = inForce?.content.number ?? 0;
  const numbers = { number: content.number, inForce: known };
  if (inForce !== null && content.company.id !== inForce.content.company.id)
    throw new AppError('policy/foreign', { company: content.company.name });
  // SECURITY: an older table never comes back, however well it is signed.
  if (content.number < known) throw new AppError('policy/older', numbers);
  // The caller knows the one in force by its digest: this is another one of the same number.
  if (content.number === known) throw new AppError('policy/fork', numbers);
  if (content.number > known + 1) throw new AppError('policy/gap', numbers);
  if (inForce === null) return;
  if (content.previous !== inForce.digest) throw new AppError('policy/fork', numbers);
  if (content.company.name !== inForce.content.company.name) throw invalid('company-name');
  const needed = signaturesNeeded(inForce.content, content);
  const available = approversOf(inForce.content).length;
  if (available < needed) throw invalid('too-few-approvers', { needed, available });
};

/** Of two approvals by one key the earlier one stays; of two of one time the one whose signature sorts first. */
const earlier = (a: PolicyApproval, b: PolicyApproval): PolicyApproval => {
  const [x, y] = [Date.parse(a.at), Date.parse(b.at)];
  if (x !== y) return x < y ? a : b;
  return a.signature <= b.signature ? a : b;
};

export const byKey = (a: PolicyApproval, b: PolicyApproval): number => {
  const [x, y] = [a.by.key.toLowerCase(), b.by.key.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** The approvals of two copies of one policy: one per key, by key. The order of combining does not matter. */
export const mergeApprovals = (
  ours: readonly PolicyApproval[],
  theirs: readonly PolicyApproval[],
): PolicyApproval[] => {
  const merged = new Map<string, PolicyApproval>();
  for (const approval of [...ours, ...theirs]) {
    const key = approval.by.key.toLowerCase();
    const known = merged.get(key);
    merged.set(key, known ? earlier(known, approval) : approval);
  }
  return [...merged.values()].sort(byKey);
};
