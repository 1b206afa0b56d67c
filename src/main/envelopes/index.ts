/**
 * Envelopes: payment batches on their way through the roles create, check, approve, sign, combine, send (docs/envelope.md).
 *
 * Hides: the file format, its canonical form and signatures, who may do what and when, what is checked, how copies are made
 * one, how a batch becomes an envelope and signatures become an outbox.
 *
 * Invariants: an envelope's content never changes and its digest names it; what people added is only ever added to;
 * nothing that a window says permits anything (approving and signing are the approval window's, with the passphrase);
 * what was signed here is remembered for ever; an envelope is sent where it was made, once, wholly or not at all.
 *
 * Callers: session.ts builds it and binds `envelopes.*`; exchange reads and takes bytes through it; settlement asks it for
 * replacements.
 */
import type { EnvelopeSummary, Intake, MainHandlers } from '../../shared/contract';
import type { KeyInfo } from '../../shared/contract/vault';
import { AppError } from '../../shared/errors';
import type { BatchId, FileId, Hash32, Instant } from '../../shared/model/ids';
import type { NoteFacts } from '../journal';
import type { ReplacementPlan } from '../settlement';
import { type BuildDeps, createBuilder } from './build';
import type { EnvelopeCheck } from './check';
import type { ApprovalsNeeded } from './check-people';
import { encodeChunks } from './codec';
import { createIntake, type IntakeDeps } from './intake';
import type { EnvelopeOpener } from './opener';
import type { EnvelopeHead } from './ports';
import { findReplacement } from './replacement';
import type { Review } from './review';
import { createSending, type SendingDeps } from './sending';
import { isOpenState, toDetail, toLineView, toSummary, type Viewer } from './views';

export { createEnvelopeCheck } from './check';
export { createEnvelopeOpener } from './opener';
export type { EnvelopeStore, PolicyInForce } from './ports';
export { createReview } from './review';

export type EnvelopesDeps = BuildDeps &
  Omit<SendingDeps, 'builder'> & {
    readonly opener: EnvelopeOpener;
    readonly takePeopleFile: IntakeDeps['takePeopleFile'];
    readonly approvalsNeeded: ApprovalsNeeded;
    readonly vaultKeys: () => Promise<readonly KeyInfo[]>;
    readonly check: EnvelopeCheck;
    readonly review: Review;
    readonly pathOf: (fileId: FileId) => string;
    /** Asks for a place and writes; `null` when the person gave it up. */
    readonly saveFile: (
      suggestedName: string,
      extension: string,
      chunks: AsyncIterable<Uint8Array>,
    ) => Promise<string | null>;
    readonly isOffline: boolean;
  };

const LINES_AT_ONCE = 250;
/** Envelopes that can still change, at most: years of a busy company's. */
const MAX_LIVE = 5_000;

type ListInput = {
  readonly filter: 'inbox' | 'open' | 'all';
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
};

export const createEnvelopes = (deps: EnvelopesDeps) => {
  const { store, clock, emit } = deps;
  const now = (): Instant => clock.now().toISOString() as Instant;
  const me = async () => (await deps.vault.personKey()).key;
  const builder = createBuilder(deps);
  const sending = createSending({ ...deps, builder });
  const intake = createIntake({ ...deps, me });

  const viewer = async (): Promise<Viewer> => ({
    policy: await deps.policyInForce(),
    approvalsNeeded: deps.approvalsNeeded,
    me: await me(),
    keys: new Set((await deps.vaultKeys()).map(({ address }) => address.toLowerCase())),
    isOffline: deps.isOffline,
    nowMs: clock.now().getTime(),
  });

  const readLive = async (search: string, by: Viewer): Promise<EnvelopeSummary[]> => {
    const { cards } = await store.cards({ live: true, now: now(), search, offset: 0, limit: MAX_LIVE });
    return cards.map((card) => toSummary(card, by));
  };

  const list = async ({ filter, search, offset, limit }: ListInput) => {
    const by = await viewer();
    const live = await readLive('', by);
    const waiting = live.filter(({ waitsForMe }) => waitsForMe).length;
    if (filter === 'all') {
      const { total, cards } = await store.cards({ live: false, now: now(), search, offset, limit });
      return { total, waiting, envelopes: cards.map((card) => toSummary(card, by)) };
    }
    const found = (search === '' ? live : await readLive(search, by)).filter(({ state, waitsForMe }) =>
      filter === 'inbox' ? waitsForMe : isOpenState(state),
    );
    return { total: found.length, waiting, envelopes: found.slice(offset, offset + limit) };
  };

  const pages = async function* (digest: Hash32, lineCount: number) {
    for (let from = 0; from < lineCount; from += LINES_AT_ONCE)
      yield (await store.lines(digest, from, LINES_AT_ONCE)).map(({ line }) => line);
  };

  /** The file as it would be saved, in parts. Throws `envelope/unknown`. */
  const chunks = async (
    digest: Hash32,
  ): Promise<{ head: EnvelopeHead; bytes: AsyncIterable<Uint8Array> }> => {
    const { head, acts, lineCount } = await store.get(digest);
    return { head, bytes: encodeChunks({ head, digest, acts, lines: pages(digest, lineCount) }) };
  };

  /** SECURITY: nonces were promised; a store from before it, put back, would promise them again. */
  const anchored = async (making: Promise<Hash32>): Promise<Hash32> => {
    const digest = await making;
    await deps.keepAnchor();
    return digest;
  };

  const markExported = async (digest: Hash32): Promise<void> => {
    await store.markExported(digest, true);
    emit({ type: 'envelopes.changed' });
  };

  return {
    /** Removes what an end of the process left half written. Called after unlock. */
    start: (): Promise<void> => store.removeUnfinished(),

    list,
    get: async (digest: Hash32) => toDetail(await store.detail(digest), await viewer()),
    ofBatch: async (batchId: BatchId): Promise<EnvelopeSummary[]> => {
      const by = await viewer();
      return (await store.cardsOfBatch(batchId)).map((card) => toSummary(card, by));
    },
    lines: async ({ digest, search, offset, limit }: Omit<ListInput, 'filter'> & { digest: Hash32 }) => {
      const { head } = await store.detail(digest);
      const { total, lines } = await store.searchLines(digest, search, offset, limit);
      return { total, lines: lines.map((line) => toLineView(head, line)) };
    },

    create: (batchId: BatchId): Promise<Hash32> => anchored(builder.create(batchId)),
    /** Throws `envelope/unknown`, `envelope/wrong-state`. */
    withdraw: async (digest: Hash32): Promise<void> => {
      const { batchId } = (await store.detail(digest)).card;
      await store.withdraw(digest, now());
      emit({ type: 'envelopes.changed' });
      if (batchId !== null) emit({ type: 'payments.changed', batchIds: [batchId] });
    },

    exportFile: async (digest: Hash32): Promise<string | null> => {
      const { head, bytes } = await chunks(digest);
      const name = `${head.kind}-${head.createdAt.slice(0, 10)}-${digest.slice(2, 10)}.nostro`;
      const saved = await deps.saveFile(name, 'nostro', bytes);
      if (saved !== null) await markExported(digest);
      return saved;
    },
    /** The whole file, for QR codes. Throws `envelope/unknown`. */
    bytes: async (digest: Hash32): Promise<Uint8Array> => {
      const parts: Uint8Array[] = [];
      for await (const part of (await chunks(digest)).bytes) parts.push(part);
      return Buffer.concat(parts);
    },
    /** To be told when QR codes of it were shown. */
    markExported,

    importFile: (fileId: FileId): Promise<Intake> => intake.take({ path: deps.pathOf(fileId) }),
    importBytes: (bytes: Uint8Array): Promise<Intake> => intake.take({ bytes }),

    check: async (digest: Hash32) => {
      if ((await deps.policyInForce()) === null) throw new AppError('policy/missing');
      const stored = await store.get(digest);
      const startedAt = now();
      const { findings } = await deps.check(stored, 'look', (done, total) =>
        emit({
          type: 'progress',
          task: 'envelope-check',
          batchId: stored.batchId,
          digest,
          done,
          total,
          startedAt,
          isFinished: done >= total,
        }),
      );
      const checkedAt = now();
      await store.saveFindings(digest, findings, checkedAt);
      emit({ type: 'envelopes.changed' });
      return { findings: [...findings], checkedAt };
    },
    review: deps.review.open,

    send: sending.send,
    report: sending.report,

    /** The envelope of a replacement: one that waits for the same, or a new one. */
    replace: async (plan: ReplacementPlan): Promise<Hash32> =>
      (await findReplacement(store, plan, clock.now().getTime())) ?? anchored(builder.replace(plan)),
  };
};

export type Envelopes = ReturnType<typeof createEnvelopes>;

export const envelopesHandlers = (
  envelopes: Envelopes,
  noteFacts: NoteFacts,
): Pick<MainHandlers, Extract<keyof MainHandlers, `envelopes.${string}`>> => ({
  'envelopes.list': envelopes.list,
  'envelopes.get': ({ digest }) => envelopes.get(digest),
  'envelopes.ofBatch': async ({ batchId }) => ({ envelopes: await envelopes.ofBatch(batchId) }),
  'envelopes.lines': envelopes.lines,
  'envelopes.create': async ({ batchId }) => ({ digest: await envelopes.create(batchId) }),
  'envelopes.withdraw': async ({ digest }) => {
    await envelopes.withdraw(digest);
    return {};
  },
  'envelopes.exportFile': async ({ digest }) => ({ saved: await envelopes.exportFile(digest) }),
  'envelopes.importFile': ({ fileId }) => envelopes.importFile(fileId),
  'envelopes.check': async ({ digest }) => {
    const result = await envelopes.check(digest);
    noteFacts({ refused: result.findings.filter(({ verdict }) => verdict === 'refused').length });
    return result;
  },
  'envelopes.review': async ({ digest, act }) => {
    await envelopes.review(digest, act);
    return {};
  },
  'envelopes.send': async ({ digest }) => ({ sent: await envelopes.send(digest) }),
  'envelopes.report': async ({ digest }) => {
    await envelopes.report(digest);
    return {};
  },
});
