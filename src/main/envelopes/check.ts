/**
 * Every check of an envelope that this machine can make, from scratch over what the store holds.
 *
 * Verdicts. `refused`: something is wrong, or this machine knows better; nobody approves or signs it here. `unchecked`:
 * could not be looked at here (no network, no book of counterparties, not compared by voice); a person decides.
 * `warning`: looked at and worth a second look (released holds, facts older than a day, too little money as yet).
 * What concerns signing alone (approvals that are still missing, keys that are elsewhere) is a finding of a machine that
 * signs, and does not keep an approver from approving.
 *
 * The main thread is free between slices of lines; nothing is written.
 */
import { type Canonical, canonicalJson } from '../../shared/canonical';
import type { ApprovalLine, EnvelopeFinding } from '../../shared/contract';
import type { KeyInfo } from '../../shared/contract/vault';
import { AppError } from '../../shared/errors';
import type { Network, OwnAccount, Token } from '../../shared/model/directory';
import type { EnvelopeLine } from '../../shared/model/envelope';
import { type Address, type Hash32, networkOfToken } from '../../shared/model/ids';
import type { Remote } from '../ledger';
import type { Clock } from '../platform/clock';
import { verifyActsInTurns } from './acts';
import { type CreditorBook, createCreditorCheck } from './check-creditors';
import { createFindings, type Findings } from './check-findings';
import { checkOwnJournal } from './check-journal';
import { type OwnFacts, readEnvelopeLine } from './check-lines';
import { checkLive, type LiveChain, outflowKeys } from './check-live';
import {
  type ApprovalsNeeded,
  CLOCK_TOLERANCE_MS,
  factsOfAct,
  hasRole,
  isUnderPolicy,
  readStanding,
  type Standing,
} from './check-people';
import { checkNetworks, checkTokens } from './check-registry';
import { digestLines, encodeChunks } from './codec';
import { deriveTotals } from './derived';
import type { EnvelopeHead, EnvelopeStore, PolicyInForce, StoredEnvelope } from './ports';
import { memoryOf } from './signing';

export type CheckDeps = {
  readonly store: Pick<
    Remote<EnvelopeStore>,
    'lines' | 'memoryConflicts' | 'latestTime' | 'actsBeyondJournal'
  >;
  readonly directory: {
    readonly networks: () => Promise<readonly Network[]>;
    readonly tokens: () => Promise<readonly Token[]>;
    readonly accounts: () => Promise<readonly OwnAccount[]>;
  };
  /** The directory's books, in the ledger process. */
  readonly book: CreditorBook;
  readonly vaultKeys: () => Promise<readonly KeyInfo[]>;
  readonly policyInForce: () => Promise<PolicyInForce | null>;
  readonly approvalsNeeded: ApprovalsNeeded;
  /** This machine's person key. */
  readonly me: () => Promise<Address>;
  /** Opens the bytes of an envelope in a process of its own (./opener). Throws what it found wrong. */
  readonly verifyBytes: (bytes: Uint8Array) => Promise<void>;
  /** `null` on an offline machine. */
  readonly live: LiveChain | null;
  readonly clock: Clock;
};

/** What the check is for: `look` is a person's wish to know, with the eyes of whoever signs where a key is here. */
export type CheckPurpose = 'approve' | 'sign' | 'look';

export type CheckResult = {
  readonly findings: readonly EnvelopeFinding[];
  readonly standing: Standing;
  /** As computed from the lines. */
  readonly digest: Hash32;
  /** As their bytes say them, in order; short where a line has a fault. */
  readonly lines: readonly ApprovalLine[];
  /** What the vault is asked with: the lines as stored, for whoever signs. */
  readonly sources: readonly EnvelopeLine[];
};

export type EnvelopeCheck = (
  stored: StoredEnvelope,
  purpose: CheckPurpose,
  tell?: (done: number, total: number) => void,
) => Promise<CheckResult>;

const PAGE = 200;
const SLICE = 50;
const DAY_MS = 24 * 60 * 60_000;

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Own clock against everything that is evidence of time. */
const checkClock = (head: EnvelopeHead, latest: string | null, nowMs: number, findings: Findings): void => {
  findings.look('clock');
  const ahead = [latest, head.createdAt].filter(
    (time): time is string => time !== null && Date.parse(time) > nowMs + CLOCK_TOLERANCE_MS,
  );
  if (ahead[0] !== undefined) findings.note('refused', 'clock', { text: ahead[0] });
};

const checkAges = (
  head: EnvelopeHead,
  oldestCheck: string | null,
  nowMs: number,
  findings: Findings,
): void => {
  findings.look('expired');
  if (nowMs > Date.parse(head.expiresAt)) findings.note('refused', 'expired', { text: head.expiresAt });
  findings.look('facts-age');
  const times = [
    ...head.networks.map(({ block }) => block.time),
    ...head.tokens.map(({ block }) => block.time),
    ...(oldestCheck === null ? [] : [oldestCheck]),
  ].sort((a, b) => Date.parse(a) - Date.parse(b));
  const [oldest] = times;
  if (oldest !== undefined && nowMs - Date.parse(oldest) > DAY_MS)
    findings.note('warning', 'facts-age', { text: oldest });
};

const checkStanding = (
  head: EnvelopeHead,
  policy: PolicyInForce | null,
  standing: Standing,
  signs: boolean,
  findings: Findings,
): void => {
  findings.look('policy');
  const inForce = policy?.content.number ?? '—';
  if (!isUnderPolicy(head, policy))
    findings.note('refused', 'policy', { text: `${head.policy.number} · ${inForce}` });
  findings.look('maker-role');
  if (policy === null || !hasRole(policy.content, head.maker, 'maker'))
    findings.note('refused', 'maker-role', { text: head.maker.name });
  findings.look('rejected');
  if (standing.rejectedBy) findings.note('refused', 'rejected', { text: standing.rejectedBy.name });
  const { given, needed } = standing;
  if (given >= needed) findings.look('approvals', given);
  else if (signs)
    findings.note('refused', 'approvals', { count: needed - given, text: `${given} / ${needed}` });

  const heard = standing.acts.filter(({ voice, problem }) => voice !== null && problem === null);
  const unheard = heard.filter(({ voice }) => !voice);
  if (unheard[0]) findings.note('unchecked', 'voice', { count: unheard.length, text: unheard[0].by.name });
  else findings.look('voice', heard.length);
};

/**
 * Signatures of transactions that are here already. Curve arithmetic of thousands of them takes seconds: the process that
 * opens envelopes does it, over the whole envelope as this store has it.
 */
const checkSignatures = async (
  { head, digest, acts, lineCount }: StoredEnvelope,
  sources: readonly EnvelopeLine[],
  verify: CheckDeps['verifyBytes'],
  findings: Findings,
): Promise<void> => {
  const count = acts.reduce((sum, act) => sum + (act.kind === 'sign' ? act.body.signatures.length : 0), 0);
  // With a line that cannot be read, lines and signatures are out of step; that is refused already.
  if (count === 0 || sources.length !== lineCount) return;
  const parts: Uint8Array[] = [];
  for await (const part of encodeChunks({ head, digest, acts, lines: [sources] })) parts.push(part);
  findings.look('transaction-signatures', count);
  try {
    await verify(Buffer.concat(parts));
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('envelope/')) throw error;
    const line = error.details?.line;
    findings.note('refused', 'transaction-signatures', {
      line: typeof line === 'number' ? line : null,
      text: error.code,
    });
  }
};

export const createEnvelopeCheck = (deps: CheckDeps): EnvelopeCheck => {
  const { store, clock } = deps;

  return async (stored, purpose, tell = () => undefined) => {
    const { head, digest, lineCount } = stored;
    const findings = createFindings();
    const nowMs = clock.now().getTime();
    const keyed = new Set((await deps.vaultKeys()).map(({ address }) => address.toLowerCase()));
    const keysHere = head.accounts.filter(({ address }) => keyed.has(address.toLowerCase())).length;
    const signs = purpose === 'sign' || (purpose === 'look' && keysHere > 0);
    const own: OwnFacts = {
      networks: new Map((await deps.directory.networks()).map((network) => [network.id, network])),
      tokens: new Map((await deps.directory.tokens()).map((token) => [token.id, token])),
      accounts: new Map(
        (await deps.directory.accounts()).map((account) => [account.address.toLowerCase(), account]),
      ),
    };

    const [policy, me, latest] = [await deps.policyInForce(), await deps.me(), await store.latestTime()];
    const standing = readStanding({
      head,
      acts: stored.acts.map(factsOfAct),
      policy,
      approvalsNeeded: deps.approvalsNeeded,
      me,
      nowMs,
    });
    checkClock(head, latest, nowMs, findings);
    checkOwnJournal(digest, await store.actsBeyondJournal(me), findings);
    checkStanding(head, policy, standing, signs, findings);
    checkNetworks(head, own.networks, findings);
    checkTokens(head, own.tokens, findings);

    const creditors = createCreditorCheck(deps.book, findings);
    const outflow = { tokens: new Map(), fees: new Map() };
    const paymentIds = new Set<string>();
    const slots = new Set<string>();
    const lines: ApprovalLine[] = [];
    const sources: EnvelopeLine[] = [];
    let oldestCheck: string | null = null;

    const readOne = (index: number, source: EnvelopeLine): void => {
      const result = readEnvelopeLine(head, source, index, own);
      findings.look('bytes');
      findings.look('nonces');
      if (result.fault !== null) {
        findings.note('refused', 'bytes', { line: index, text: result.fault });
        return;
      }
      const { line } = result;
      const token = head.tokens[source.token];
      const account = head.accounts[source.account];
      if (!token || !account) return;
      if (paymentIds.has(line.paymentId))
        findings.note('refused', 'bytes', { line: index, text: 'payment-twice' });
      paymentIds.add(line.paymentId);
      const slot = `${line.chainId}/${line.debtorAddress}/${line.nonce}`;
      if (slots.has(slot)) findings.note('refused', 'nonces', { line: index, text: `${line.nonce}` });
      slots.add(slot);
      findings.look('account-known');
      if (!own.accounts.has(account.address.toLowerCase()))
        findings.note('refused', 'account-known', {
          line: index,
          text: `${account.name} · ${account.address}`,
        });
      if (signs) {
        findings.look('account-key');
        if (!keyed.has(account.address.toLowerCase()))
          // Keys of other machines sign their own lines; without any key there is nothing to sign here.
          findings.note(keysHere > 0 ? 'warning' : 'refused', 'account-key', {
            line: index,
            text: account.name,
          });
      }
      const keys = outflowKeys(token.id, source.account);
      const fee = outflow.fees.get(keys.fee);
      outflow.fees.set(keys.fee, {
        networkId: networkOfToken(token.id),
        account: source.account,
        units: (fee?.units ?? 0n) + line.maxFee,
      });
      if (source.action === 'pay') {
        const sum = outflow.tokens.get(keys.token);
        outflow.tokens.set(keys.token, {
          tokenId: token.id,
          account: source.account,
          units: (sum?.units ?? 0n) + line.units,
        });
        findings.look('preflight-unknown');
        if (source.check === null || source.check.state === 'unknown')
          findings.note('unchecked', 'preflight-unknown', {
            line: index,
            text: source.check?.unanswered.join(', ') || null,
          });
        if (source.check !== null && (oldestCheck === null || source.check.at < oldestCheck))
          oldestCheck = source.check.at;
      }
      lines.push(line);
      sources.push(source);
    };

    const checkMemory = async (from: number, page: readonly EnvelopeLine[]): Promise<void> => {
      const rows = page.map((line) => memoryOf(head, line, digest));
      const known = rows.flatMap((row, offset) => (row ? [{ row, line: from + offset }] : []));
      findings.look('already-signed', known.length);
      for (const conflict of await store.memoryConflicts(known.map(({ row }) => row)))
        findings.note('refused', conflict.kind === 'same-nonce-other-payment' ? 'nonces' : 'already-signed', {
          line: known[conflict.line]?.line ?? null,
          text: conflict.digest,
        });
    };

    const pages = async function* (): AsyncGenerator<readonly EnvelopeLine[]> {
      let expected = 0;
      while (expected < lineCount) {
        const page = await store.lines(digest, expected, PAGE);
        if (page.length === 0) throw new AppError('ledger/corrupt');
        for (const [offset, { index, line }] of page.entries()) {
          if (index !== expected + offset) throw new AppError('ledger/corrupt');
          readOne(index, line);
          if (offset % SLICE === SLICE - 1) await breathe();
        }
        const plain = page.map(({ line }) => line);
        await creditors.check(plain, expected);
        await checkMemory(expected, plain);
        expected += page.length;
        tell(expected, lineCount);
        yield plain;
      }
    };
    const actual = await digestLines(head, pages());
    findings.look('digest');
    if (actual !== digest) findings.note('refused', 'digest', { text: actual });
    // Lines with a fault are told of as such; sums over the others would say nothing.
    if (sources.length === lineCount) {
      findings.look('totals', head.totals.length);
      const added = deriveTotals(sources, head.tokens);
      if (canonicalJson(added as Canonical) !== canonicalJson(head.totals as Canonical))
        findings.note('refused', 'totals');
    }
    const planned = head.accounts.flatMap(({ nonces }) => nonces).reduce((sum, { count }) => sum + count, 0);
    // A nonce that is planned and not used here would hold up everything behind it.
    if (planned !== lineCount) findings.note('refused', 'nonces', { text: `${planned} / ${lineCount}` });

    findings.look('act-signatures', stored.acts.length);
    try {
      await verifyActsInTurns(head, digest, lineCount, stored.acts);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      findings.note('refused', 'act-signatures', { text: error.code });
    }

    await checkSignatures(stored, sources, deps.verifyBytes, findings);
    checkAges(head, oldestCheck, nowMs, findings);
    const releasedFirst = head.releasedHolds.filter((text) => text.startsWith('first-payment')).length;
    findings.look('holds-released', 0);
    if (head.releasedHolds.length > 0)
      findings.note('warning', 'holds-released', {
        count: head.releasedHolds.length,
        text: head.releasedHolds.join(' · '),
      });
    // Only the maker's machine has the payments of the past; what it asked its maker about stands in the holds.
    if (releasedFirst > 0) findings.note('warning', 'first-payment', { count: releasedFirst });
    else if (stored.batchId === null && head.totals.length > 0)
      findings.note('unchecked', 'first-payment', { count: creditors.count() });

    if (!stored.isSent && !stored.isWithdrawn)
      await checkLive(head, outflow, own.tokens, deps.live, findings);
    return { findings: findings.list(), standing, digest: actual, lines, sources };
  };
};

/** What keeps a machine from approving, or from signing. */
export const refusalsOf = (result: CheckResult): readonly EnvelopeFinding[] =>
  result.findings.filter(({ verdict }) => verdict === 'refused');
