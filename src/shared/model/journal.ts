import { z } from 'zod';
import { type Canonical, canonicalJson } from '../canonical';
import { ERROR_CODES } from '../errors';
import { Hash32, Instant } from './ids';
import { PersonRef } from './people';

/**
 * One entry of the journal: what somebody or the app did. `facts` name what it concerned (ids, counts), never a secret
 * and never file content.
 */
export const JournalEntry = z.strictObject({
  /** From 1, without gaps. */
  seq: z.number().int().min(1),
  at: Instant,
  /** `null`: the app itself, or nobody known yet. */
  who: PersonRef.nullable(),
  /** Where it came from. */
  source: z.enum(['main', 'approval', 'app']),
  /** The contract's method (`envelopes.send`), or the app's own event (`settlement.settled`). */
  event: z.string().min(1).max(80),
  /** Digest of the batch, envelope or policy it concerned. */
  digest: Hash32.nullable(),
  verdict: z.union([z.literal('ok'), z.enum(ERROR_CODES)]),
  facts: z.record(
    z.string().max(40),
    z.union([z.string().max(300), z.number().int(), z.boolean(), z.null()]),
  ),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/** 32 zero bytes: what the first entry follows. */
export const JOURNAL_START = Hash32.parse(`0x${'0'.repeat(64)}`);

/** SHA-256 over this text's UTF-8 is the entry's hash; `previous` is the hash of the entry before it. */
export const journalHashInput = (previous: Hash32, entry: JournalEntry): string =>
  `nostro/journal/v1\n${previous}\n${canonicalJson(entry as unknown as Canonical)}`;
