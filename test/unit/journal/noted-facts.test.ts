import { expect, it } from 'vitest';
import { type Envelopes, envelopesHandlers } from '../../../src/main/envelopes';
import type { EnvelopeFinding } from '../../../src/shared/contract';
import type { Hash32, Instant } from '../../../src/shared/model/ids';

it('notes of a check how many findings refuse, and nothing of what they say', async () => {
  const finding = (verdict: EnvelopeFinding['verdict']): EnvelopeFinding =>
    ({ verdict, code: 'digest' }) as EnvelopeFinding;
  const findings = (['refused', 'passed', 'warning', 'refused', 'unchecked'] as const).map(finding);
  const result = { findings, checkedAt: '2026-11-26T10:00:00.000Z' as Instant };
  const noted: unknown[] = [];
  const handlers = envelopesHandlers({ check: async () => result } as unknown as Envelopes, (...facts) =>
    noted.push(facts),
  );
  expect(await handlers['envelopes.check']({ digest: `0x${'a'.repeat(64)}` as Hash32 })).toEqual(result);
  expect(noted).toEqual([[{ refused: 2 }]]);
});
