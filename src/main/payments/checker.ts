import { randomUUID } from 'node:crypto';
import type { Address } from '../../shared/model/ids';
import type { CheckCode } from '../../shared/model/payment-checks';
import type { RawPayment } from '../../shared/model/payment-file';
import type { ImportIssue } from '../../shared/model/payments';
import type { AddressTwin } from '../directory';
import type { AccountRef, ResolvedAccount } from '../ledger/stores/directory-store';
import type { Collisions } from '../ledger/stores/payments-store';
import {
  type AccountLookup,
  type CheckContext,
  type CheckResult,
  checkPayment,
  isCnhClass,
  lookupOf,
} from './check';
import type { createHolds } from './holds';
import type { PaymentsDeps } from './ports';

/** Accounts whose holders are remembered during one check; beyond it the memory starts afresh. */
const REMEMBERED = 20_000;

/** The treasurer's day, not Greenwich's: a date of today must not be past in the evening of New York. */
const localDate = (now: Date): string =>
  [
    String(now.getFullYear()),
    String(now.getMonth() + 1).padStart(2, '0'),
    String(now.getDate()).padStart(2, '0'),
  ].join('-');

/** Everything one check of payments needs: lookups of the directory, the judging, what it collides with. */
export const createChecker = (deps: PaymentsDeps) => {
  const { store, directory, newId, clock } = deps;

  const openContext = async (): Promise<CheckContext> => {
    const tokens = await directory.tokens();
    return {
      tokens,
      contracts: new Set(tokens.map((token) => token.address.toLowerCase())),
      today: localDate(clock.now()),
      newId,
      newUetr: randomUUID,
    };
  };

  type Looked = { readonly lookup: AccountLookup; readonly found: ResolvedAccount | null };
  const NOBODY: Looked = { lookup: { refs: [], networkId: null, fault: null }, found: null };

  /**
   * What the directory said during one check. It may be remembered: a change of the directory or a new batch makes the
   * check worthless, and the gate refuses it (`payments/import-expired`).
   */
  const openMemory = () => ({
    accounts: new Map<string, ResolvedAccount | null>(),
    twins: new Map<Address, readonly AddressTwin[]>(),
  });
  type Memory = ReturnType<typeof openMemory>;

  /** Finds the accounts of many payments in one question. */
  const lookUp = async (memory: Memory, lookups: readonly AccountLookup[]): Promise<Looked[]> => {
    if (memory.accounts.size > REMEMBERED) memory.accounts.clear();
    const keyOf = (ref: AccountRef): string => `${ref.by}/${ref.value}`;
    const refs = lookups.flatMap((lookup) => lookup.refs);
    const missing = new Map(
      refs.filter((ref) => !memory.accounts.has(keyOf(ref))).map((ref) => [keyOf(ref), ref]),
    );
    if (missing.size > 0) {
      const answers = await directory.resolveAccounts([...missing.values()]);
      [...missing.keys()].forEach((key, index) => {
        memory.accounts.set(key, answers[index] ?? null);
      });
    }
    return lookups.map((lookup) => ({
      lookup,
      found:
        lookup.refs.map((ref) => memory.accounts.get(keyOf(ref))).find((account) => account != null) ?? null,
    }));
  };

  const findTwins = async (memory: Memory, addresses: readonly Address[]): Promise<Memory['twins']> => {
    if (memory.twins.size > REMEMBERED) memory.twins.clear();
    const missing = [...new Set(addresses.filter((address) => !memory.twins.has(address)))];
    if (missing.length === 0) return memory.twins;
    const twins = await directory.lookAlikes(missing);
    for (const address of missing)
      memory.twins.set(
        address,
        twins.filter((twin) => twin.address === address),
      );
    return memory.twins;
  };

  const collisionIssues = (raw: RawPayment, collisions: Collisions): ImportIssue[] => {
    const issue = (code: CheckCode, severity: 'error' | 'warning', expected: string): ImportIssue => ({
      severity,
      code,
      line: raw.line,
      path: `${raw.path}/PmtId/EndToEndId`.slice(0, 400),
      element: 'EndToEndId',
      value: raw.endToEndId.slice(0, 140),
      expected,
      paymentIndex: raw.index,
    });
    if (collisions.endToEndUsedBy !== null)
      return [
        issue('id/used-before', 'error', `an id that payment ${collisions.endToEndUsedBy.paymentId} has not`),
      ];
    return collisions.endToEndRejected
      ? [issue('id/rejected-before', 'warning', 'used by a payment that was rejected before it was signed')]
      : [];
  };

  /**
   * Judges payments, keeps them under the import and returns what was found. `tokenId` is given by forms only.
   */
  const checkSlice = async (
    importId: string,
    context: CheckContext,
    memory: Memory,
    raws: readonly RawPayment[],
    tokenId: CheckContext['tokens'][number]['id'] | null,
    holds: ReturnType<typeof createHolds>,
  ): Promise<{ issues: ImportIssue[]; incomplete: number[] }> => {
    const looked = await lookUp(
      memory,
      raws.flatMap((raw) => [
        lookupOf(raw.debtor.account, directory.readAddress),
        lookupOf(raw.creditorAccount, directory.readAddress),
      ]),
    );
    const addressOf = (account: Looked): Address | null => {
      if (account.found?.owner === 'counterparty') return account.found.address;
      const ref = account.lookup.refs.find((candidate) => candidate.by === 'address');
      return ref?.by === 'address' && account.found === null ? ref.value : null;
    };
    const creditorOf = (index: number): Looked => looked[index * 2 + 1] ?? NOBODY;
    const twins = await findTwins(
      memory,
      raws.map((_raw, index) => addressOf(creditorOf(index))).filter((address) => address !== null),
    );

    const results: CheckResult[] = [];
    for (const [index, raw] of raws.entries()) {
      const creditor = creditorOf(index);
      const address = creditor.found === null ? addressOf(creditor) : null;
      results.push(
        checkPayment(
          {
            raw,
            tokenId,
            debtor: looked[index * 2] ?? NOBODY,
            creditor,
            twins: address === null ? [] : (twins.get(address) ?? []),
          },
          context,
        ),
      );
    }
    const collisions = await store.stageLines(
      importId,
      raws.map((raw, index) => ({
        index: raw.index,
        line: raw.line,
        paymentInfoId: raw.paymentInfoId,
        instructionId: raw.instructionId,
        endToEndId: raw.endToEndId,
        creditorName: raw.creditor.name.slice(0, 140),
        creditorAccount: raw.creditorAccount.value.slice(0, 140),
        amountText: raw.amount.text.slice(0, 60),
        currency: raw.amount.currency,
        draft: results[index]?.draft ?? null,
      })),
    );
    const issues: ImportIssue[] = [];
    const incomplete: number[] = [];
    for (const [index, raw] of raws.entries()) {
      const result = results[index];
      const collided = collisions[index];
      if (!result || !collided) continue;
      issues.push(...result.issues, ...collisionIssues(raw, collided));
      if (result.draft === null) incomplete.push(raw.index);
      else
        holds.note({
          raw,
          draft: result.draft,
          collisions: collided,
          twins: twins.get(result.draft.creditorAddress) ?? [],
          isCnh: result.token !== null && isCnhClass(result.token),
        });
    }
    return { issues, incomplete };
  };

  return { openContext, openMemory, checkSlice };
};
