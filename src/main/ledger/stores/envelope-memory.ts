/**
 * What this machine's accounts signed, for ever: one payment per account and nonce, one nonce per payment.
 *
 * SECURITY: rows are only added. A payment is known by its id, and by its end-to-end id, token, units and creditor: the
 * same payment under another id, in another batch, is the same payment.
 */
import { AppError } from '../../../shared/errors';
import type { Hash32, Instant } from '../../../shared/model/ids';
import type { MemoryConflict, SignedMemory } from '../../envelopes/ports';
import type { Db } from '../driver';

type MemoryRow = { payment_id: string; payment_key: string; digest: Hash32 };

export const createSignedMemory = (db: Db) => {
  const conflictOf = (one: SignedMemory, line: number): MemoryConflict | null => {
    const atNonce = db
      .prepare(
        'SELECT payment_id, payment_key, digest FROM signed_memory WHERE chain_id = ? AND sender = ? AND nonce = ?',
      )
      .get<MemoryRow>(one.chainId, one.sender.toLowerCase(), one.nonce);
    if (atNonce) {
      // Signed before with this very nonce: a replacement, or the same envelope again. At most one of all can be included.
      const isSame = atNonce.payment_id === one.paymentId && atNonce.payment_key === one.paymentKey;
      return isSame ? null : { line, kind: 'same-nonce-other-payment', digest: atNonce.digest };
    }
    // Two payments of one envelope may be alike on purpose: whoever signed it saw both.
    const elsewhere =
      db
        .prepare('SELECT payment_id, payment_key, digest FROM signed_memory WHERE payment_id = ? LIMIT 1')
        .get<MemoryRow>(one.paymentId) ??
      db
        .prepare(
          `SELECT payment_id, payment_key, digest FROM signed_memory WHERE payment_key = ? AND digest <> ? LIMIT 1`,
        )
        .get<MemoryRow>(one.paymentKey, one.digest);
    return elsewhere ? { line, kind: 'same-payment-other-nonce', digest: elsewhere.digest } : null;
  };

  const insert = (one: SignedMemory, at: Instant): void => {
    db.prepare(
      `INSERT INTO signed_memory (chain_id, sender, nonce, payment_id, payment_key, digest, signed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chain_id, sender, nonce) DO NOTHING`,
    ).run(one.chainId, one.sender.toLowerCase(), one.nonce, one.paymentId, one.paymentKey, one.digest, at);
  };

  return {
    conflicts: (memory: readonly SignedMemory[]): MemoryConflict[] =>
      memory.flatMap((one, line) => conflictOf(one, line) ?? []),

    /** Throws `envelope/already-signed`; what was written before is the caller's transaction's to take back. */
    remember: (memory: readonly SignedMemory[], at: Instant): void => {
      for (const [line, one] of memory.entries()) {
        const conflict = conflictOf(one, line);
        if (conflict)
          throw new AppError('envelope/already-signed', {
            line,
            kind: conflict.kind,
            digest: conflict.digest,
          });
        insert(one, at);
      }
    },

    /** What was signed and comes back. A row that contradicts one that is here is left out: that one is refused anyway. */
    restore: (memory: readonly SignedMemory[], at: Instant): void => {
      for (const [line, one] of memory.entries()) if (conflictOf(one, line) === null) insert(one, at);
    },
  };
};
