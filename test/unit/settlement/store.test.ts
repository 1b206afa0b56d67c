/** The outbox at rest: all or nothing, one nonce per payment, nothing that is done changes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toJson } from '../../../src/main/ledger/json';
import { createSettlementStore } from '../../../src/main/ledger/stores/settlement-store';
import { updateOf } from '../../../src/main/settlement/records';
import { NEW_SLOT } from '../../../src/main/settlement/slot';
import type { SignedTransaction, SlotUpdate } from '../../../src/main/settlement/types';
import type {
  Address,
  BatchId,
  Hash32,
  Hex,
  Instant,
  NetworkId,
  PaymentId,
} from '../../../src/shared/model/ids';
import { openTestStore, type TestStore } from '../../support/open-store';

const AT = '2026-11-23T00:00:00.000Z' as Instant;
const NETWORK = 'eip155:914001' as NetworkId;
const SENDER = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266' as Address;
const TOKEN = `${NETWORK}/erc20:0x7e0a7e0a7e0a7e0a7e0a7e0a7e0a7e0a7e0a7e0a`;
const ACCOUNT = 'acc_0123456789abcdef';
const BATCH = 'bat_0123456789abcdef' as BatchId;
const APPROVAL = {
  digest: `0x${'aa'.repeat(32)}` as Hash32,
  words: Array.from({ length: 12 }, () => 'abandon'),
  approvedAt: AT,
};

let opened: TestStore;
let store: ReturnType<typeof createSettlementStore>;

const paymentId = (index: number): PaymentId => `pay_${index.toString().padStart(16, '0')}` as PaymentId;
const hash = (index: number): Hash32 => `0x${index.toString(16).padStart(64, '0')}` as Hash32;
const signed = (index: number, change: Partial<SignedTransaction> = {}): SignedTransaction => ({
  paymentId: paymentId(index),
  action: 'pay',
  networkId: NETWORK,
  sender: SENDER,
  nonce: BigInt(index),
  keyId: 'key_0123456789abcdef' as SignedTransaction['keyId'],
  gas: 90_000n,
  fees: { type: 'eip1559', maxFeePerGas: 20n, maxPriorityFeePerGas: 1n },
  hash: hash(index + 1),
  raw: `0x02${index.toString(16).padStart(4, '0')}` as Hex,
  ...change,
});

const insertBatch = (id: BatchId, count: number, first = 0): void => {
  opened.db
    .prepare(
      `INSERT INTO batches (id, source, created_at, updated_at, released_holds, dropped_lines, search) VALUES (?, ?, ?, ?, '[]', 0, '')`,
    )
    .run(id, toJson({ kind: 'form' }), AT, AT);
  for (let index = first; index < first + count; index += 1)
    opened.db
      .prepare(
        `INSERT INTO payments (id, batch_id, position, status, end_to_end_id, reference, requested_date, debtor_account_id,
           debtor_address, debtor_name, token_id, currency, units, decimals, creditor_name, creditor_account,
           creditor_address, creditor_key, creditor_look, document, doc_hash, search, updated_at)
         VALUES (?, ?, ?, 'ACTC', ?, ?, '2026-11-23', ?, ?, 'C', ?, 'USD', ?, 2, 'S', 'S', ?, '', '', '{}', ?, '', ?)`,
      )
      .run(
        paymentId(index),
        id,
        index - first,
        `E${index}`,
        `R${index}`,
        ACCOUNT,
        SENDER,
        TOKEN,
        // Beyond 64 bits: tokens with 18 decimals.
        (10n ** 24n + BigInt(index)).toString(),
        `0x${'c'.repeat(40)}`,
        hash(index),
        AT,
      );
};
const approve = (count = 3): void => {
  store.submitBatch(BATCH, AT);
  store.reserveNonces(BATCH, [{ networkId: NETWORK, sender: SENDER, count, chainPending: 0n }]);
  store.commitApproval(
    BATCH,
    APPROVAL,
    Array.from({ length: count }, (_, index) => signed(index)),
  );
};
const update = (index: number, change: Partial<SlotUpdate['state']>): SlotUpdate => {
  const slot = store.slot(paymentId(index));
  if (!slot) throw new Error('no slot');
  return updateOf({ ...slot, state: { ...slot.state, ...change } }, [], AT);
};

// Both drivers: the shipped one, and the one of the test runtime.
describe.each(['better-sqlite3-multiple-ciphers', 'libsql'] as const)('over %s', (driver) => {
  beforeEach(() => {
    opened = openTestStore({ driver });
    store = createSettlementStore(opened.db);
    insertBatch(BATCH, 3);
  });
  afterEach(() => opened.close());

  describe('an approval', () => {
    it('is there wholly after a restart', () => {
      approve();
      store = createSettlementStore(opened.reopen());
      const slots = store.openSlots(null, 0, 10);
      expect(slots.map(({ nonce, state, attempts }) => [nonce, state, attempts.length])).toEqual(
        [0n, 1n, 2n].map((nonce) => [nonce, NEW_SLOT, 1]),
      );
      expect(store.rawOf([hash(2)])).toEqual([{ hash: hash(2), raw: signed(1).raw }]);
      expect(store.batchFacts(BATCH).isApproved).toBe(true);
      expect(store.reservationsOf(BATCH)).toEqual([]);
      expect(store.pendingOut(ACCOUNT as never, TOKEN as never)).toBe(3n * 10n ** 24n + 3n);
    });

    it.each([
      ['a missing payment', [signed(0), signed(1)], 'payments/wrong-state'],
      ['a payment of another batch', [signed(0), signed(1), signed(7)], 'payments/wrong-state'],
      [
        'a nonce that is not reserved',
        [signed(0), signed(1), signed(2, { nonce: 9n })],
        'settlement/nonce-conflict',
      ],
      ['one nonce twice', [signed(0), signed(1), signed(2, { nonce: 1n })], 'settlement/nonce-conflict'],
      ['a cancellation', [signed(0), signed(1), signed(2, { action: 'cancel' })], 'payments/wrong-state'],
    ] as const)('leaves nothing behind with %s', (_name, transactions, code) => {
      store.submitBatch(BATCH, AT);
      store.reserveNonces(BATCH, [{ networkId: NETWORK, sender: SENDER, count: 3, chainPending: 0n }]);
      expect(() => store.commitApproval(BATCH, APPROVAL, transactions)).toThrowError(code);
      expect(store.openSlots(null, 0, 10)).toEqual([]);
      expect(store.batchFacts(BATCH).isApproved).toBe(false);
      expect(store.paymentFacts(BATCH, 0, 10).map(({ status }) => status)).toEqual(['PDNG', 'PDNG', 'PDNG']);
    });

    it('happens once', () => {
      approve();
      expect(() => store.commitApproval(BATCH, APPROVAL, [signed(0), signed(1), signed(2)])).toThrowError(
        'payments/wrong-state',
      );
    });

    it('given up goes back to where it was, also after a crash', () => {
      store.submitBatch(BATCH, AT);
      store.reserveNonces(BATCH, [{ networkId: NETWORK, sender: SENDER, count: 3, chainPending: 4n }]);
      store = createSettlementStore(opened.reopen());
      expect(store.withdrawAll(AT)).toEqual([BATCH]);
      expect(store.paymentFacts(BATCH, 0, 10).map(({ status }) => status)).toEqual(['ACTC', 'ACTC', 'ACTC']);
      expect(store.reservationsOf(BATCH)).toEqual([]);
      approve();
      expect(store.withdrawAll(AT)).toEqual([]);
      expect(store.openSlots(null, 0, 10)).toHaveLength(3);
    });
  });

  describe('nonces', () => {
    const request = (count: number, chainPending: bigint) => [
      { networkId: NETWORK, sender: SENDER, count, chainPending },
    ];
    it('come after the chain’s, after every signed one, and after those of an open approval', () => {
      const other = 'bat_1123456789abcdef' as BatchId;
      insertBatch(other, 2, 10);
      expect(store.reserveNonces(BATCH, request(3, 5n))[0]?.first).toBe(5n);
      expect(store.reserveNonces(other, request(2, 5n))[0]?.first).toBe(8n);
      store.withdrawBatch(other, AT);
      store.withdrawBatch(BATCH, AT);
      approve();
      expect(store.reserveNonces(other, request(2, 0n))[0]?.first).toBe(3n);
      expect(store.reserveNonces(other, request(2, 9n))[0]?.first).toBe(9n);
    });

    it('that were given back before a later plan are planned first, as far as they reach', () => {
      const later = 'bat_1123456789abcdef' as BatchId;
      const next = 'bat_2123456789abcdef' as BatchId;
      insertBatch(later, 2, 10);
      insertBatch(next, 2, 20);
      expect(store.reserveNonces(BATCH, request(3, 5n))[0]?.first).toBe(5n);
      expect(store.reserveNonces(later, request(2, 5n))[0]?.first).toBe(8n);
      store.withdrawBatch(BATCH, AT);
      expect(store.reserveNonces(next, request(4, 5n))[0]?.first).toBe(10n);
      store.withdrawBatch(next, AT);
      expect(store.reserveNonces(next, request(3, 5n))[0]?.first).toBe(5n);
      expect(store.reserveNonces(BATCH, request(1, 5n))[0]?.first).toBe(10n);
    });
  });

  describe('what is done', () => {
    it('never changes again', () => {
      approve();
      const inclusion = {
        hash: hash(1),
        blockNumber: 5n,
        blockHash: hash(99),
        outcome: 'moved' as const,
        fee: 1n,
        requestHash: null,
      };
      store.saveSlots([update(0, { stage: 'final', isDone: true, inclusion, sentAt: AT, finalAt: AT })]);
      expect(store.slot(paymentId(0))?.state).toMatchObject({ stage: 'final', inclusion });
      expect(store.paymentFactsOf(paymentId(0)).status).toBe('ACSC');
      store.saveSlots([update(0, { stage: 'dropped', isDone: false, inclusion: null })]);
      expect(store.slot(paymentId(0))?.state.stage).toBe('final');
      expect(store.paymentFactsOf(paymentId(0)).status).toBe('ACSC');
      expect(() => store.commitReplacement(signed(0, { hash: hash(50) }), APPROVAL)).toThrowError(
        'settlement/already-final',
      );
      expect(store.pendingOut(ACCOUNT as never, TOKEN as never)).toBe(2n * 10n ** 24n + 3n);
    });

    it('takes a replacement only for the payment’s own nonce', () => {
      approve();
      expect(() => store.commitReplacement(signed(0, { hash: hash(50), nonce: 1n }), APPROVAL)).toThrowError(
        'settlement/nonce-conflict',
      );
      store.commitReplacement(signed(0, { hash: hash(50), action: 'cancel' }), APPROVAL);
      expect(store.slot(paymentId(0))?.attempts.map(({ action }) => action)).toEqual(['pay', 'cancel']);
      expect(store.paymentOfTransaction(hash(50))).toEqual({
        paymentId: paymentId(0),
        endToEndId: 'E0',
        action: 'cancel',
      });
    });
  });
});
