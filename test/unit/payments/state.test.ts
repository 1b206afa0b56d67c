import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aggregateStatus,
  isCommitted,
  isTerminal,
  nextStatus,
  PAYMENT_EVENTS,
  statusesBefore,
} from '../../../src/shared/model/payment-state';
import { PaymentStatus } from '../../../src/shared/model/payments';

const STATUSES = PaymentStatus.options;

describe('a payment', () => {
  it('goes through its life in one order', () => {
    const way = ['check', 'submit', 'approve', 'send', 'settle'] as const;
    const reached: PaymentStatus[] = ['RCVD'];
    for (const event of way) reached.push(nextStatus(reached.at(-1) ?? 'RCVD', event) ?? 'RJCT');
    expect(reached).toEqual(['RCVD', 'ACTC', 'PDNG', 'ACCP', 'ACSP', 'ACSC']);
  });

  it('can be taken out by a person until it is signed, and only the ledger decides afterwards', () => {
    expect(statusesBefore('reject')).toEqual(['RCVD', 'ACTC', 'PDNG']);
    expect(statusesBefore('fail')).toEqual(['ACCP', 'ACSP']);
    for (const status of STATUSES)
      expect(nextStatus(status, 'reject') !== null && isCommitted(status)).toBe(false);
  });

  it('never leaves its end, and from no history comes back before its signature', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PAYMENT_EVENTS), { maxLength: 30 }), (events) => {
        let status: PaymentStatus = 'RCVD';
        let wasCommitted = false;
        for (const event of events) {
          const next = nextStatus(status, event);
          if (next === null) continue;
          expect(isTerminal(status)).toBe(false);
          if (wasCommitted) expect(['ACSP', 'ACSC', 'RJCT']).toContain(next);
          status = next;
          wasCommitted ||= isCommitted(status);
        }
      }),
    );
  });
});

describe('a batch', () => {
  it.each([
    [{ ACTC: 3 }, 'ACTC'],
    [{ ACSC: 2, ACSP: 1 }, 'ACSP'],
    [{ ACSC: 2, RJCT: 1 }, 'PART'],
    [{ RJCT: 4 }, 'RJCT'],
    [{}, 'RCVD'],
  ] as const)('with %o is %s', (counts, status) => {
    expect(aggregateStatus(counts)).toBe(status);
  });
});
