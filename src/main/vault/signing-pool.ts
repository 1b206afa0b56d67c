/**
 * Signs a list of transactions on all cores.
 *
 * Invariants: all signatures or none; worker threads live for one batch and get the keys only when it may be signed; a
 * cancelled batch gives nothing out.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../shared/errors';
import {
  type SignedJob,
  type SigningJob,
  signJobs,
  type WorkerMessage,
  type WorkerReply,
} from './signing-job';

const CHUNK = 64;
/** Below this, starting threads takes longer than signing. */
const ALONE_BELOW = 192;
const MAX_WORKERS = 16;

export type SigningOptions = {
  readonly signal: AbortSignal;
  readonly onProgress: (signed: number) => void;
};

const stopIfCancelled = (signal: AbortSignal): void => {
  if (signal.aborted) throw new AppError('cancelled');
};

const signAlone = async (
  jobs: readonly SigningJob[],
  keys: readonly Uint8Array[],
  { signal, onProgress }: SigningOptions,
): Promise<SignedJob[]> => {
  const signed: SignedJob[] = [];
  for (let start = 0; start < jobs.length; start += CHUNK) {
    // Lets a cancel message in between chunks.
    await new Promise((resolve) => setImmediate(resolve));
    stopIfCancelled(signal);
    signed.push(...signJobs(jobs.slice(start, start + CHUNK), keys, false));
    onProgress(signed.length);
  }
  return signed;
};

/** Threads that are up and have built their tables, or do so now, while the passphrase is being checked. */
const startWorkers = (workerFile: string, total: number): Worker[] =>
  Array.from(
    { length: Math.min(availableParallelism(), MAX_WORKERS, Math.ceil(total / CHUNK)) },
    () => new Worker(workerFile),
  );

const signWithWorkers = (
  workers: readonly Worker[],
  jobs: readonly SigningJob[],
  keys: readonly Uint8Array[],
  { signal, onProgress }: SigningOptions,
): Promise<SignedJob[]> => {
  const results = new Array<SignedJob>(jobs.length);
  let next = 0;
  let done = 0;
  return new Promise<SignedJob[]>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new AppError('cancelled')), { once: true });
    const feed = (worker: Worker): void => {
      if (next >= jobs.length) return;
      const message: WorkerMessage = { kind: 'chunk', start: next, jobs: jobs.slice(next, next + CHUNK) };
      next += CHUNK;
      worker.postMessage(message);
    };
    for (const worker of workers) {
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('a signing thread ended early')));
      worker.on('message', (reply: WorkerReply) => {
        if (reply.kind === 'failed') {
          reject(new Error(reply.message));
          return;
        }
        for (const [index, signed] of reply.signed.entries()) results[reply.start + index] = signed;
        done += reply.signed.length;
        onProgress(done);
        if (done === jobs.length) resolve(results);
        else feed(worker);
      });
      const keysMessage: WorkerMessage = { kind: 'keys', keys };
      worker.postMessage(keysMessage);
      // Two chunks each, so that a thread never waits for the next one.
      feed(worker);
      feed(worker);
    }
  });
};

export type SigningPool = {
  /** Signs everything, in order. @throws AppError `cancelled` */
  readonly sign: (
    jobs: readonly SigningJob[],
    keys: readonly Uint8Array[],
    options: SigningOptions,
  ) => Promise<readonly SignedJob[]>;
  /** Ends the threads; resolves when they are gone. */
  readonly close: () => Promise<void>;
};

/** Starts what it takes to sign `total` transactions. No key is handed over before `sign`. */
export const startSigningPool = (workerFile: string, total: number): SigningPool => {
  const workers = total < ALONE_BELOW ? [] : startWorkers(workerFile, total);
  let failure: Error | null = null;
  for (const worker of workers) {
    worker.on('error', (error) => {
      failure ??= error instanceof Error ? error : new Error('a signing thread failed');
    });
  }
  return {
    sign: async (jobs, keys, options) => {
      stopIfCancelled(options.signal);
      if (failure) throw failure;
      options.onProgress(0);
      const signed =
        workers.length === 0
          ? await signAlone(jobs, keys, options)
          : await signWithWorkers(workers, jobs, keys, options);
      stopIfCancelled(options.signal);
      return signed;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};
