/** Envelopes at rest: whole or not there, only ever added to; and what was signed is remembered for ever. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnvelopeStore, SignedMemory } from '../../../src/main/envelopes/ports';
import { memoryOf } from '../../../src/main/envelopes/signing';
import { toJson } from '../../../src/main/ledger/json';
import { createEnvelopeStore } from '../../../src/main/ledger/stores/envelope-store';
import { createSettlementStore } from '../../../src/main/ledger/stores/settlement-store';
import type { Act } from '../../../src/shared/model/envelope';
import type { Address, BatchId, Hash32, NetworkId, PaymentId } from '../../../src/shared/model/ids';
import {
  envelopeFixture,
  type FixtureAct,
  type FixtureOptions,
  rejectAct,
} from '../../support/envelope-fixture';
import { openTestStore, type TestStore } from '../../support/open-store';

const AT = '2026-03-02T12:45:00.000Z';
const BATCH = 'bat_0123456789abcdef' as BatchId;

let opened: TestStore;
let store: EnvelopeStore;
const setUp = (driver?: 'better-sqlite3-multiple-ciphers' | 'libsql'): void => {
  opened = openTestStore(driver === undefined ? {} : { driver });
  store = createEnvelopeStore(opened.db);
};
afterEach(() => opened.close());

const headOf = ({ content }: ReturnType<typeof envelopeFixture>) => {
  const { lines: _, ...head } = content;
  return head;
};
const put = (
  fixture: ReturnType<typeof envelopeFixture>,
  options: {
    readonly batchId?: BatchId | null;
    readonly acts?: readonly Act[];
    readonly finish?: boolean;
  } = {},
): void => {
  const { content, digest, envelope } = fixture;
  const batchId = options.batchId ?? null;
  store.begin({ digest, head: headOf(fixture), lineCount: content.lines.length, batchId, at: AT });
  store.addLines(digest, 0, content.lines.slice(0, 3));
  store.addLines(digest, 3, content.lines.slice(3));
  if (options.finish !== false) store.finish(digest, options.acts ?? envelope.acts, AT);
};
const fixtureOf = (acts: readonly FixtureAct[] = [], options: FixtureOptions = {}) =>
  envelopeFixture(options, acts);
const memoryOfAll = (fixture: ReturnType<typeof envelopeFixture>): SignedMemory[] =>
  fixture.content.lines.flatMap((line) => memoryOf(headOf(fixture), line, fixture.digest) ?? []);

/** A batch here whose payments are the envelope's, waiting with the nonces that it plans. */
const insertBatch = (
  fixture: ReturnType<typeof envelopeFixture>,
): ReturnType<typeof createSettlementStore> => {
  const { content } = fixture;
  const settlement = createSettlementStore(opened.db);
  opened.db
    .prepare(
      `INSERT INTO batches (id, source, created_at, updated_at, released_holds, dropped_lines, search)
       VALUES (?, ?, ?, ?, '[]', 0, '')`,
    )
    .run(BATCH, toJson({ kind: 'form' }), AT, AT);
  for (const [index, line] of content.lines.entries()) {
    const token = content.tokens[line.token];
    const account = content.accounts[line.account];
    opened.db
      .prepare(
        `INSERT INTO payments (id, batch_id, position, status, end_to_end_id, reference, requested_date, debtor_account_id,
           debtor_address, debtor_name, token_id, currency, units, decimals, creditor_name, creditor_account,
           creditor_address, creditor_key, creditor_look, document, doc_hash, search, updated_at)
         VALUES (?, ?, ?, 'ACTC', ?, ?, ?, ?, ?, 'C', ?, ?, ?, ?, 'S', 'S', ?, '', '', '{}', ?, '', ?)`,
      )
      .run(
        line.paymentId,
        BATCH,
        index,
        line.endToEndId,
        line.reference,
        line.requestedDate,
        `acc_${String(line.account).padStart(16, '0')}`,
        account?.address ?? '',
        token?.id ?? '',
        token?.currency ?? '',
        line.units,
        token?.decimals ?? 0,
        line.creditor.address,
        line.docHash,
        AT,
      );
  }
  settlement.submitBatch(BATCH, AT);
  settlement.reserveNonces(
    BATCH,
    content.accounts.flatMap(({ address, nonces }) =>
      nonces.map(({ network, first, count }) => ({
        networkId: network as NetworkId,
        sender: address.toLowerCase() as Address,
        count,
        chainPending: BigInt(first),
      })),
    ),
  );
  return settlement;
};
const statuses = (): Record<string, number> =>
  Object.fromEntries(
    opened.db
      .prepare('SELECT status, count(*) AS count FROM payments GROUP BY status')
      .all<{ status: string; count: bigint }>()
      .map(({ status, count }) => [status, Number(count)]),
  );

describe.each(['better-sqlite3-multiple-ciphers', 'libsql'] as const)('an envelope over %s', (driver) => {
  beforeEach(() => setUp(driver));

  it('tells which acts of a person the journal here does not know', () => {
    const fixture = fixtureOf(['approve', 'sign']);
    put(fixture);
    const { digest } = fixture;
    const { by, at } = fixture.envelope.acts.find(({ kind }) => kind === 'sign') ?? {};
    if (!by || !at) throw new Error('nobody signed');
    expect(store.actsBeyondJournal(by.key)).toEqual({ firstAt: null, acts: [{ digest, at }] });
  });

  it('comes back as it went in, also after a restart', () => {
    const fixture = fixtureOf(['approve', 'sign', 'send']);
    put(fixture);
    store = createEnvelopeStore(opened.reopen());
    const { digest, content, envelope } = fixture;
    expect(store.get(digest)).toEqual({
      digest,
      head: headOf(fixture),
      lineCount: content.lines.length,
      acts: envelope.acts,
      batchId: null,
      receivedAt: AT,
      isWithdrawn: false,
      isSent: false,
      isExported: false,
      findings: null,
      checkedAt: null,
    });
    expect(store.lines(digest, 0, 100)).toEqual(content.lines.map((line, index) => ({ index, line })));
    expect(store.lines(digest, 5, 2).map(({ index }) => index)).toEqual([5, 6]);
  });

  it('shows only when it is whole, and what was begun is gone at the next start', () => {
    const fixture = fixtureOf();
    put(fixture, { finish: false });
    expect(store.find(fixture.digest)).toBeNull();
    expect(() => store.get(fixture.digest)).toThrow('envelope/unknown');
    expect(store.cards({ live: false, now: AT, search: '', offset: 0, limit: 10 }).total).toBe(0);
    store.removeUnfinished();
    const left = opened.db.prepare('SELECT count(*) AS count FROM envelope_lines').get<{ count: bigint }>();
    expect(left?.count).toBe(0n);
    put(fixture);
    store.removeUnfinished();
    store.discard(fixture.digest);
    expect(store.get(fixture.digest).lineCount).toBe(8);
  });

  it('is refused when a line is missing', () => {
    const { digest, content, envelope } = fixtureOf();
    const head = headOf(fixtureOf());
    store.begin({ digest, head, lineCount: 8, batchId: null, at: AT });
    store.addLines(digest, 1, content.lines.slice(1));
    expect(() => store.finish(digest, envelope.acts, AT)).toThrow('missing lines');
    expect(store.find(digest)).toBeNull();
  });

  it('never loses an act', () => {
    const fixture = fixtureOf(['approve']);
    put(fixture);
    const before = store.get(fixture.digest).acts;
    expect(() => store.putActs(fixture.digest, before.slice(0, 1), AT)).toThrow('envelope/conflict');
    expect(store.get(fixture.digest).acts).toEqual(before);
    const more = [...before, rejectAct(fixture)];
    store.putActs(fixture.digest, more, AT);
    expect(store.get(fixture.digest).acts).toEqual(more);
  });

  it('is marked as handed out until something is added', () => {
    const fixture = fixtureOf(['approve']);
    put(fixture);
    store.markExported(fixture.digest, true);
    const { acts } = store.get(fixture.digest);
    store.putActs(fixture.digest, acts, AT);
    expect(store.get(fixture.digest).isExported).toBe(true);
    store.putActs(fixture.digest, [...acts, rejectAct(fixture)], AT);
    expect(store.get(fixture.digest).isExported).toBe(false);
    store.putActs(fixture.digest, store.get(fixture.digest).acts, AT, true);
    expect(store.get(fixture.digest).isExported).toBe(true);
  });

  it('tells a list how far it is without its lines', () => {
    const fixture = fixtureOf(['approve', 'sign']);
    put(fixture);
    const { cards, total } = store.cards({ live: true, now: AT, search: 'payments-A', offset: 0, limit: 10 });
    expect(total).toBe(1);
    expect(cards[0]).toMatchObject({ signedLines: 8, isEnded: false, lineCount: 8 });
    expect(cards[0]?.acts.map(({ kind, lines }) => [kind, lines])).toEqual([
      ['create', null],
      ['approve', null],
      ['sign', 8],
    ]);
    expect(JSON.stringify(cards)).not.toContain(fixture.content.lines[0]?.paymentId);
    expect(store.cards({ live: true, now: AT, search: 'nobody', offset: 0, limit: 10 }).total).toBe(0);
  });

  it('is over by the report of its sender', () => {
    const fixture = fixtureOf(['approve', 'sign']);
    put(fixture);
    const final = envelopeFixture({}, ['approve', 'sign', 'send']).envelope.acts.map((act) =>
      act.kind === 'send'
        ? {
            ...act,
            body: {
              lines: act.body.lines.map((line) => ({
                ...line,
                status: 'ACSC' as const,
                stage: 'final' as const,
              })),
            },
          }
        : act,
    );
    store.putActs(fixture.digest, final, AT);
    expect(store.detail(fixture.digest).card.isEnded).toBe(true);
    expect(store.cards({ live: true, now: AT, search: '', offset: 0, limit: 10 }).total).toBe(0);
    const { lines } = store.searchLines(fixture.digest, '', 0, 10);
    expect(lines.every(({ isSigned, status }) => isSigned && status === 'ACSC')).toBe(true);
  });

  it('finds lines by what they say', () => {
    const fixture = fixtureOf();
    put(fixture);
    const { total, lines } = store.searchLines(fixture.digest, 'e2e-A-3', 0, 10);
    expect(total).toBe(1);
    expect(lines[0]).toMatchObject({ index: 3, isSigned: false, status: null, stage: null });
    expect(store.searchLines(fixture.digest, '', 6, 10).lines.map(({ index }) => index)).toEqual([6, 7]);
    expect(store.searchLines(fixture.digest, '%', 0, 10).total).toBe(0);
  });
});

describe('a batch in an envelope', () => {
  beforeEach(() => setUp());

  it('waits and keeps its nonces over restarts; without one it goes back', () => {
    const fixture = fixtureOf();
    const settlement = insertBatch(fixture);
    expect(settlement.withdrawAll(AT)).toEqual([BATCH]);
    expect(statuses()).toEqual({ ACTC: 8 });

    settlement.submitBatch(BATCH, AT);
    insertReservations(settlement, fixture);
    put(fixture, { batchId: BATCH });
    expect(settlement.withdrawAll(AT)).toEqual([]);
    expect(statuses()).toEqual({ PDNG: 8 });
    expect(settlement.reservationsOf(BATCH).length).toBeGreaterThan(0);
    expect(() => settlement.withdrawBatch(BATCH, AT)).toThrow('payments/wrong-state');
  });

  it('is not taken in when it does not wait as the envelope has it', () => {
    const fixture = fixtureOf();
    const settlement = insertBatch(fixture);
    settlement.withdrawBatch(BATCH, AT);
    put(fixture, { batchId: BATCH, finish: false });
    expect(() => store.finish(fixture.digest, fixture.envelope.acts, AT)).toThrow('payments/wrong-state');
    settlement.submitBatch(BATCH, AT);
    expect(() => store.finish(fixture.digest, fixture.envelope.acts, AT)).toThrow(
      'settlement/nonce-conflict',
    );
  });

  it('is in one envelope at a time', () => {
    const fixture = fixtureOf();
    insertBatch(fixture);
    put(fixture, { batchId: BATCH });
    const other = fixtureOf([], { expiresAt: '2026-03-04T11:00:00Z' });
    expect(() => put(other, { batchId: BATCH })).toThrow();
    store.withdraw(fixture.digest, AT);
    expect(statuses()).toEqual({ ACTC: 8 });
    expect(() => store.withdraw(fixture.digest, AT)).toThrow('envelope/wrong-state');
  });

  it('is not given up once a signature is known', () => {
    const fixture = fixtureOf(['approve', 'sign']);
    insertBatch(fixture);
    put(fixture, { batchId: BATCH });
    expect(() => store.withdraw(fixture.digest, AT)).toThrow('envelope/wrong-state');
    expect(statuses()).toEqual({ PDNG: 8 });
  });

  it('goes into the outbox whole and once', () => {
    const fixture = fixtureOf(['approve', 'sign']);
    insertBatch(fixture);
    put(fixture, { batchId: BATCH });
    const approval = { digest: fixture.digest, words: null, approvedAt: AT };
    const transactions = fixture.content.lines.map((line, index) => ({
      paymentId: line.paymentId,
      action: 'pay' as const,
      networkId: fixture.content.tokens[line.token]?.id.split('/')[0] as NetworkId,
      sender: (fixture.content.accounts[line.account]?.address.toLowerCase() ?? '') as Address,
      nonce: BigInt(line.transaction.nonce),
      keyId: null,
      gas: 1n,
      fees: { type: 'legacy' as const, gasPrice: 1n },
      hash: `0x${(index + 1).toString(16).padStart(64, '0')}` as Hash32,
      raw: '0x02' as never,
    }));
    expect(() => store.commitSending(fixture.digest, approval, transactions.slice(1))).toThrow(
      'payments/wrong-state',
    );
    expect(statuses()).toEqual({ PDNG: 8 });
    expect(store.get(fixture.digest).isSent).toBe(false);
    store.commitSending(fixture.digest, approval, transactions);
    expect(statuses()).toEqual({ ACCP: 8 });
    expect(store.get(fixture.digest).isSent).toBe(true);
    expect(() => store.commitSending(fixture.digest, approval, transactions)).toThrow('envelope/wrong-state');
    expect(
      createSettlementStore(opened.db)
        .openSlots(BATCH, 0, 20)
        .map(({ keyId }) => keyId),
    ).toEqual(Array.from({ length: 8 }, () => null));
  });
});

const insertReservations = (
  settlement: ReturnType<typeof createSettlementStore>,
  { content }: ReturnType<typeof envelopeFixture>,
): void => {
  settlement.reserveNonces(
    BATCH,
    content.accounts.flatMap(({ address, nonces }) =>
      nonces.map(({ network, first, count }) => ({
        networkId: network as NetworkId,
        sender: address.toLowerCase() as Address,
        count,
        chainPending: BigInt(first),
      })),
    ),
  );
};

describe('the memory of what was signed', () => {
  beforeEach(() => setUp());
  const sign = (fixture: ReturnType<typeof envelopeFixture>, memory = memoryOfAll(fixture)): void => {
    store.commitSignatures(fixture.digest, fixture.envelope.acts, memory, AT);
  };

  it('is written with the act, wholly or not at all', () => {
    const fixture = fixtureOf(['approve', 'sign']);
    const bare = fixture.envelope.acts.filter(({ kind }) => kind !== 'sign');
    put(fixture, { acts: bare });
    const [first, second] = memoryOfAll(fixture);
    if (!first || !second) throw new Error('no lines');
    // The last one takes a nonce that the first one has.
    const wrong = [
      ...memoryOfAll(fixture),
      { ...second, chainId: first.chainId, sender: first.sender, nonce: first.nonce },
    ];
    expect(() => sign(fixture, wrong)).toThrow('envelope/already-signed');
    expect(store.get(fixture.digest).acts).toEqual(bare);
    expect(opened.db.prepare('SELECT count(*) AS count FROM signed_memory').get()).toEqual({ count: 0n });
    sign(fixture);
    sign(fixture);
    expect(opened.db.prepare('SELECT count(*) AS count FROM signed_memory').get()).toEqual({ count: 8n });
  });

  it('cannot be taken back', () => {
    const fixture = fixtureOf(['approve', 'sign']);
    put(fixture);
    sign(fixture);
    expect(() => opened.db.exec('DELETE FROM signed_memory')).toThrow();
    expect(() => opened.db.exec(`UPDATE signed_memory SET nonce = '1'`)).toThrow();
  });

  it('knows another payment on a used nonce, and a used payment on another nonce', () => {
    const fixture = fixtureOf(['approve', 'sign']);
    put(fixture);
    sign(fixture);
    const [one] = memoryOfAll(fixture);
    if (!one) throw new Error('no lines');
    const digest = `0x${'ef'.repeat(32)}` as Hash32;
    const fork = { ...one, digest };
    const conflicts = (change: Partial<SignedMemory>): unknown[] =>
      store.memoryConflicts([{ ...fork, ...change }]).map(({ kind }) => kind);
    const otherId = 'pay_somebodyelse0' as PaymentId;
    expect(conflicts({})).toEqual([]);
    expect(conflicts({ sender: one.sender.toUpperCase().replace('0X', '0x') as Address })).toEqual([]);
    expect(conflicts({ paymentId: otherId, paymentKey: 'other' })).toEqual(['same-nonce-other-payment']);
    expect(conflicts({ paymentKey: 'other' })).toEqual(['same-nonce-other-payment']);
    expect(conflicts({ nonce: '99999' })).toEqual(['same-payment-other-nonce']);
    expect(conflicts({ nonce: '99999', paymentId: otherId })).toEqual(['same-payment-other-nonce']);
    expect(conflicts({ nonce: '99999', paymentKey: 'other' })).toEqual(['same-payment-other-nonce']);
    expect(conflicts({ nonce: '99999', paymentId: otherId, paymentKey: 'other' })).toEqual([]);
    expect(conflicts({ chainId: '99', paymentId: otherId, paymentKey: 'other' })).toEqual([]);
    expect(store.memoryConflicts([{ ...fork, nonce: '99999' }])[0]?.digest).toBe(fixture.digest);
  });

  it('never holds two payments for a nonce, nor two nonces for a payment, whatever is signed in whatever order', () => {
    const fixture = fixtureOf(['approve', 'sign']);
    put(fixture);
    const row = fc.record({
      chainId: fc.constantFrom('1', '2'),
      sender: fc.constantFrom('0xaa', '0xbb') as fc.Arbitrary<Address>,
      nonce: fc.integer({ min: 0, max: 3 }).map(String),
      payment: fc.integer({ min: 0, max: 5 }),
      digest: fc.constantFrom('0x01', '0x02', '0x03') as fc.Arbitrary<Hash32>,
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const prefix = opened.db
          .prepare('SELECT count(*) AS count FROM signed_memory')
          .get<{ count: bigint }>();
        // Each run signs other payments on other chains: the memory cannot be emptied.
        const tag = String(prefix?.count ?? 0n);
        for (const { payment, ...rest } of rows) {
          const memory: SignedMemory = {
            ...rest,
            chainId: `${tag}/${rest.chainId}`,
            paymentId: `pay_${tag}_${payment}` as PaymentId,
            paymentKey: `key ${tag} ${payment}`,
          };
          try {
            sign(fixture, [memory]);
          } catch (error) {
            expect(String(error)).toContain('envelope/already-signed');
          }
        }
        const twice = opened.db
          .prepare(
            `SELECT payment_id FROM signed_memory GROUP BY payment_id HAVING count(*) > 1
             UNION ALL SELECT payment_key FROM signed_memory GROUP BY payment_key HAVING count(*) > 1
             UNION ALL SELECT nonce FROM signed_memory GROUP BY chain_id, sender, nonce HAVING count(*) > 1`,
          )
          .all();
        expect(twice).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
