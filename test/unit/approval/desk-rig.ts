/** A desk with documents of every act, whose answers leave a trace. */
import { createHash } from 'node:crypto';
import { createDesk, type Subject } from '../../../src/main/approval';
import type { AppEvent, ApprovalDocument } from '../../../src/shared/contract';
import { AppError, type ErrorCode } from '../../../src/shared/errors';
import { BatchId, Hash32, type Instant } from '../../../src/shared/model/ids';

export const digestOf = (text: string): Hash32 =>
  Hash32.parse(`0x${createHash('sha256').update(text).digest('hex')}`);
export const BATCH = BatchId.parse(`bat_${'0'.repeat(24)}`);

export const documentOf = (act: ApprovalDocument['act'], digest = digestOf(act)): ApprovalDocument => ({
  kind: 'batch',
  batchId: BATCH,
  act,
  source: null,
  digest,
  words: null,
  envelope: null,
  policy: null,
  count: 0,
  sums: [],
  maxFees: [],
  creditors: 0,
  unchecked: [],
  checked: [],
  builtAt: '2026-07-01T08:00:00.000Z' as Instant,
  preflightAt: null,
});

/** Words of a challenge and a digest: any function of both will do here. */
export const wordsOf = (challenge: string, digest: Hash32): string[] =>
  Array.from({ length: 12 }, (_, index) =>
    createHash('sha256')
      .update(`${challenge}/${digest}/${index}`)
      .digest('hex')
      .replace(/[0-9]/g, '')
      .slice(0, 6),
  );

/** Starts `work` at once, and answers how it ended. */
export const codeOf = (work: () => unknown): Promise<ErrorCode | 'none' | 'other'> =>
  (async () => work())().then(
    () => 'none' as const,
    (error: unknown) => (error instanceof AppError ? error.code : 'other'),
  );

export const gate = () => {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
};

export const setUp = () => {
  const events: AppEvent[] = [];
  const windows: string[] = [];
  const trace: string[] = [];
  let ms = 0;
  let refusesWindow = false;
  let isSetBack = false;
  const desk = createDesk({
    windows: {
      openApproval: async () => {
        if (refusesWindow) throw new Error('no window');
        windows.push('open');
      },
      closeApproval: () => void windows.push('close'),
    },
    voiceWords: wordsOf,
    requireClock: async () => {
      if (isSetBack) throw new AppError('clock/set-back');
    },
    emit: (event) => void events.push(event),
    clock: { now: () => new Date('2026-07-01T08:00:00Z'), monotonicMs: () => ms },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const subject = (act: ApprovalDocument['act'], more: Partial<Subject> = {}): Subject => ({
    document: documentOf(act),
    lines: [],
    approve:
      act === 'compare'
        ? null
        : async ({ beginKeeping, voice }) => {
            beginKeeping();
            trace.push(`yes ${act} voice=${voice}`);
            return { signed: 1 };
          },
    reject:
      act === 'approve' || act === 'sign'
        ? async ({ reason }) => {
            trace.push(`no ${reason}`);
          }
        : null,
    abandon: async () => {
      trace.push('abandoned');
    },
    batchId: BATCH,
    ...more,
  });
  const show = (act: ApprovalDocument['act'], more: Partial<Subject> = {}) =>
    desk.open(`${act}/x`, async () => subject(act, more));
  return {
    desk,
    subject,
    show,
    events,
    windows,
    trace,
    pass: (minutes: number) => {
      ms += minutes * 60_000;
    },
    setBack: (value: boolean) => {
      isSetBack = value;
    },
    refuseWindow: () => {
      refusesWindow = true;
    },
  };
};

export const yes = (digest: Hash32) => ({ digest, passphrase: 'four words are enough' });
