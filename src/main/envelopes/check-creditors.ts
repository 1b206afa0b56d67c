/**
 * Creditors against this machine's own book: is an address theirs, and does it look like somebody else's?
 *
 * SECURITY: whom the book does not have is refused until the book says otherwise: an invented creditor looks like a new
 * one, and a known name at another address is what a swapped address looks like. Only a machine that keeps no book at all
 * cannot check creditors, and says so.
 */
import type { Counterparty } from '../../shared/model/directory';
import type { EnvelopeLine } from '../../shared/model/envelope';
import type { Address } from '../../shared/model/ids';
import { areNamesFarApart, lookKey, nameKey } from '../../shared/model/look-alike';
import type { AddressTwin } from '../directory';
import type { AccountRef, ResolvedAccount } from '../ledger/stores/directory-store';
import { checksumAddress } from './address';
import type { Findings } from './check-findings';

/** The directory's store, as far as creditors are looked up in it. Answers in the order asked. */
export type CreditorBook = {
  readonly resolveAccounts: (refs: readonly AccountRef[]) => Promise<readonly (ResolvedAccount | null)[]>;
  readonly lookAlikes: (addresses: readonly Address[]) => Promise<readonly AddressTwin[]>;
  readonly counterparties: (query: {
    readonly search: string;
    readonly offset: number;
    readonly limit: number;
  }) => Promise<{ readonly total: number }>;
  readonly findCounterparties: (
    keys: readonly {
      readonly name: string;
      readonly lei: string | null;
      readonly addresses: readonly string[];
    }[],
  ) => Promise<readonly (Counterparty | null)[]>;
};

type Creditor = EnvelopeLine['creditor'];
type Verdict = 'refused' | 'unchecked' | 'warning';
type Result = {
  readonly code: 'creditor-known' | 'look-alike';
  readonly verdict: Verdict;
  readonly text: string;
};

const factOf = ({ name, address }: Creditor, other: string): string => `${name} · ${address} · ${other}`;

/** Somebody of this name and LEI holds the address, as far as the book knows. */
const compareHolder = (creditor: Creditor, name: string, lei: string | null): Verdict | null => {
  if (creditor.lei !== null && lei !== null && creditor.lei !== lei) return 'refused';
  if (nameKey(creditor.name) === nameKey(name)) return null;
  return areNamesFarApart(creditor.name, name) ? 'refused' : 'warning';
};

export const createCreditorCheck = (book: CreditorBook, findings: Findings) => {
  const known = new Map<string, readonly Result[]>();
  /** Ends of addresses in this envelope: two that look alike in one batch. */
  const looks = new Map<string, string>();
  const keyOf = ({ address, name, lei }: Creditor): string =>
    JSON.stringify([address.toLowerCase(), name, lei]);

  let hasBook: boolean | null = null;
  const judge = async (creditors: readonly Creditor[]): Promise<void> => {
    hasBook ??= (await book.counterparties({ search: '', offset: 0, limit: 1 })).total > 0;
    const addresses = creditors.map(({ address }) => checksumAddress(address));
    const holders = await book.resolveAccounts(addresses.map((value) => ({ by: 'address', value })));
    const namesakes = await book.findCounterparties(
      creditors.map(({ name, lei }) => ({ name, lei, addresses: [] })),
    );
    const twins = await book.lookAlikes(addresses);
    for (const [index, creditor] of creditors.entries()) {
      const results: Result[] = [];
      const holder = holders[index] ?? null;
      if (holder) {
        const party = holder.owner === 'own' ? holder.account.entity : holder.counterparty;
        const verdict = compareHolder(creditor, party.name, party.lei);
        if (verdict) results.push({ code: 'creditor-known', verdict, text: factOf(creditor, party.name) });
      } else {
        const namesake = namesakes[index] ?? null;
        results.push({
          code: 'creditor-known',
          verdict: hasBook ? 'refused' : 'unchecked',
          text: factOf(creditor, namesake?.accounts[0]?.address ?? ''),
        });
      }
      const own = addresses[index]?.toLowerCase();
      const twin = twins.find(({ address }) => address.toLowerCase() === own);
      if (twin)
        results.push({
          code: 'look-alike',
          verdict: holder ? 'warning' : 'refused',
          text: factOf(creditor, `${twin.otherName} ${twin.other}`),
        });
      const look = looks.get(lookKey(creditor.address)) ?? creditor.address;
      looks.set(lookKey(creditor.address), look);
      if (!twin && look.toLowerCase() !== creditor.address.toLowerCase())
        results.push({ code: 'look-alike', verdict: 'warning', text: factOf(creditor, look) });
      known.set(keyOf(creditor), results);
    }
  };

  return {
    /** @param from index of the first of `lines` */
    check: async (lines: readonly EnvelopeLine[], from: number): Promise<void> => {
      const fresh = new Map<string, Creditor>();
      for (const { action, creditor } of lines)
        if (action === 'pay' && !known.has(keyOf(creditor))) fresh.set(keyOf(creditor), creditor);
      if (fresh.size > 0) await judge([...fresh.values()]);
      for (const [offset, { action, creditor }] of lines.entries()) {
        if (action !== 'pay') continue;
        findings.look('creditor-known');
        findings.look('look-alike');
        for (const { code, verdict, text } of known.get(keyOf(creditor)) ?? [])
          findings.note(verdict, code, { line: from + offset, text });
      }
    },
    /** Different creditors so far. */
    count: (): number => known.size,
  };
};
