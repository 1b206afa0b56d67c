/** One chunk of signing, the same in a worker thread and in the vault process itself. */
import type { Hash32, Hex } from '../../shared/model/ids';
import type { UnsignedTransaction } from '../../shared/model/signing';
import { signDigests } from './batch-signer';
import { signDigest } from './secp256k1';
import { prepareTransaction } from './transaction';

export type SigningJob = {
  /** Index into the list of keys. */
  readonly key: number;
  readonly transaction: UnsignedTransaction;
};

export type SignedJob = { readonly raw: Hex; readonly hash: Hash32 };

/** Parent → worker. The first message brings the keys; each `chunk` is answered by one {@link WorkerReply}. */
export type WorkerMessage =
  | { readonly kind: 'keys'; readonly keys: readonly Uint8Array[] }
  | { readonly kind: 'chunk'; readonly start: number; readonly jobs: readonly SigningJob[] };

export type WorkerReply =
  | { readonly kind: 'signed'; readonly start: number; readonly signed: readonly SignedJob[] }
  | { readonly kind: 'failed'; readonly message: string };

const keyAt = (keys: readonly Uint8Array[], index: number): Uint8Array => {
  const key = keys[index];
  if (!key) throw new Error('no such key');
  return key;
};

/** `isMany`: worth the tables of the batch signer. The bytes are the same either way. */
export const signJobs = (
  jobs: readonly SigningJob[],
  keys: readonly Uint8Array[],
  isMany: boolean,
): SignedJob[] => {
  const prepared = jobs.map((job) => prepareTransaction(job.transaction));
  const toSign = prepared.map(({ digest }, index) => ({
    digest,
    privateKey: keyAt(keys, (jobs[index] as SigningJob).key),
  }));
  const signatures = isMany
    ? signDigests(toSign)
    : toSign.map(({ digest, privateKey }) => signDigest(digest, privateKey));
  return prepared.map(({ finish }, index) => finish(signatures[index] as (typeof signatures)[number]));
};
