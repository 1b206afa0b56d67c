/** A batch through all roles on three machines, by files: made, approved, signed without a network, sent, settled. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BatchId, Hash32, PaymentId } from '../../../src/shared/model/ids';
import { createMachines, type Machines, MINUTE } from './machines';

let world: Machines;
beforeAll(async () => {
  world = await createMachines();
  await world.shareDirectory();
}, 3 * MINUTE);
afterAll(() => world.stop(), MINUTE);

describe('before the company has a policy', () => {
  it('no envelope is made', async () => {
    const batchId = await world.makeBatch('NOPOLICY', 5);
    await expect(world.maker.app.main['envelopes.create']({ batchId })).rejects.toMatchObject({
      code: 'policy/missing',
    });
    // Nothing was reserved or moved.
    expect((await world.maker.app.main['payments.batch']({ batchId })).byStatus).toEqual({ ACTC: 5 });
  });
});

describe('under a policy', () => {
  let batchId: BatchId;
  let digest: Hash32;

  beforeAll(async () => {
    await world.sharePolicy();
  }, MINUTE);

  it('nobody signs alone any more', async () => {
    batchId = await world.makeBatch('WAY');
    await expect(world.maker.app.main['payments.requestApproval']({ batchId })).rejects.toMatchObject({
      code: 'policy/envelope-needed',
    });
  });

  it('only a maker makes an envelope', async () => {
    await expect(world.approver.app.main['envelopes.create']({ batchId })).rejects.toMatchObject({
      code: 'policy/role-missing',
    });
  });

  it('a batch becomes an envelope, and its nonces stay held over a restart', async () => {
    ({ digest } = await world.maker.app.main['envelopes.create']({ batchId }));
    expect((await world.maker.app.main['payments.batch']({ batchId })).byStatus).toEqual({ PDNG: 24 });
    const before = await world.maker.app.main['envelopes.get']({ digest });
    expect(before.summary).toMatchObject({
      state: 'waits-approval',
      count: 24,
      approvals: { given: 0, needed: 1 },
      abilities: ['compare', 'withdraw'],
      waitsForMe: true,
    });
    await world.maker.restart();
    expect((await world.maker.app.main['payments.batch']({ batchId })).byStatus).toEqual({ PDNG: 24 });
    expect(await world.maker.app.main['envelopes.get']({ digest })).toEqual(before);
    // Its payments cannot be taken out one by one, nor put into another envelope.
    await expect(world.maker.app.main['payments.rejectBatch']({ batchId })).rejects.toMatchObject({
      code: 'payments/wrong-state',
    });
    await expect(world.maker.app.main['envelopes.create']({ batchId })).rejects.toMatchObject({
      code: 'payments/wrong-state',
    });
  });

  it('the approver takes it in once, and finds it in the inbox', async () => {
    const { approver, maker } = world;
    const path = await world.takeOut(maker, digest);
    expect(await world.takeIn(approver, path)).toEqual({ format: 'envelope', outcome: 'new', digest });
    expect(await world.takeIn(approver, path)).toEqual({
      format: 'envelope',
      outcome: 'unchanged',
      digest,
    });
    const { waiting, envelopes } = await approver.app.main['envelopes.list']({
      filter: 'inbox',
      search: '',
      offset: 0,
      limit: 10,
    });
    expect(waiting).toBe(1);
    expect(envelopes.map((one) => one.digest)).toEqual([digest]);
    expect(envelopes[0]?.abilities).toEqual(['compare', 'approve', 'reject']);
    // Handed over, nothing waits for the maker until somebody has answered.
    const { waiting: own } = await maker.app.main['envelopes.list']({
      filter: 'all',
      search: 'WAY',
      offset: 0,
      limit: 10,
    });
    expect(own).toBe(0);
  });

  it('is not signed before it is approved, nor sent before it is signed', async () => {
    await world.hand(world.maker, world.signer, digest);
    await expect(world.answer(world.signer, digest, 'sign')).rejects.toMatchObject({
      code: 'envelope/refused-by-check',
    });
    await expect(world.maker.app.main['envelopes.send']({ digest })).rejects.toMatchObject({
      code: 'envelope/wrong-state',
    });
    await expect(world.answer(world.maker, digest, 'approve')).rejects.toMatchObject({
      code: 'policy/role-missing',
    });
  });

  it(
    'is approved, signed offline and comes back',
    async () => {
      const { maker, approver, signer } = world;
      expect(await world.answer(approver, digest, 'approve')).toBe(0);
      expect(await world.hand(approver, maker, digest)).toMatchObject({ outcome: 'merged' });
      expect(await world.stateOf(maker, digest)).toBe('waits-signature');
      expect(await world.hand(maker, signer, digest)).toMatchObject({ outcome: 'merged' });
      expect(await world.answer(signer, digest, 'sign')).toBe(24);
      expect(await world.hand(signer, maker, digest)).toMatchObject({ outcome: 'merged' });
      const { summary } = await maker.app.main['envelopes.get']({ digest });
      expect(summary).toMatchObject({ state: 'signed', signedLines: 24, waitsForMe: true });
      expect(summary.abilities).toEqual(['send']);
      // What somebody has signed is not given up any more.
      await expect(maker.app.main['envelopes.withdraw']({ digest })).rejects.toMatchObject({
        code: 'envelope/wrong-state',
      });
    },
    MINUTE,
  );

  it(
    'is sent once and followed to final',
    async () => {
      const { maker } = world;
      expect(await maker.app.main['envelopes.send']({ digest })).toEqual({ sent: 24 });
      await expect(maker.app.main['envelopes.send']({ digest })).rejects.toMatchObject({
        code: 'envelope/wrong-state',
      });
      await world.settled(batchId, 24);
      expect(await world.stateOf(maker, digest)).toBe('settled');
      const { lines } = await maker.app.main['envelopes.lines']({ digest, search: '', offset: 0, limit: 50 });
      expect(
        lines.every(({ isSigned, status, stage }) => isSigned && status === 'ACSC' && stage === 'final'),
      ).toBe(true);
    },
    4 * MINUTE,
  );

  it('its sender tells the others where every payment stands', async () => {
    const { maker, approver } = world;
    await maker.app.main['envelopes.report']({ digest });
    const path = await world.takeOut(maker, digest);
    expect(await world.takeIn(approver, path)).toMatchObject({ outcome: 'merged' });
    expect(await world.stateOf(approver, digest)).toBe('settled');
    const { lines, total } = await approver.app.main['envelopes.lines']({
      digest,
      search: '-0003',
      offset: 0,
      limit: 50,
    });
    expect(total).toBe(1);
    expect(lines[0]).toMatchObject({ status: 'ACSC', stage: 'final', isSigned: true });
    // The same report again adds nothing: the file is the same to the byte.
    await maker.app.main['envelopes.report']({ digest });
    expect(readFileSync(await world.takeOut(maker, digest))).toEqual(readFileSync(path));
  });

  it(
    'an envelope that is given up frees its batch for another one',
    async () => {
      const { maker } = world;
      const batch = await world.makeBatch('GIVENUP', 5);
      const first = await maker.app.main['envelopes.create']({ batchId: batch });
      await maker.app.main['envelopes.withdraw']({ digest: first.digest });
      expect((await maker.app.main['payments.batch']({ batchId: batch })).byStatus).toEqual({ ACTC: 5 });
      const second = await maker.app.main['envelopes.create']({ batchId: batch });
      expect(second.digest).not.toBe(first.digest);
      const { envelopes } = await maker.app.main['envelopes.ofBatch']({ batchId: batch });
      expect(envelopes.map(({ digest: one, state }) => [one, state])).toEqual([
        [second.digest, 'waits-approval'],
        [first.digest, 'withdrawn'],
      ]);
      await maker.app.main['envelopes.withdraw']({ digest: second.digest });
    },
    MINUTE,
  );

  it(
    'a waiting payment is sped up through an envelope of its own',
    async () => {
      const { maker, sandbox } = world;
      const batch = await world.makeBatch('STUCK', 5);
      const signed = await world.makeSigned(batch);
      await sandbox.setMining('manual');
      await maker.app.main['envelopes.send']({ digest: signed });
      const { payments } = await maker.app.main['payments.payments']({
        batchId: batch,
        status: null,
        stage: null,
        preflight: null,
        search: '',
        offset: 0,
        limit: 5,
      });
      const paymentId = payments[0]?.id as PaymentId;
      await vi.waitFor(
        async () => {
          const { settlement } = await maker.app.main['payments.payment']({ paymentId });
          if (settlement?.stage !== 'sent') throw new Error(`stage ${settlement?.stage}`);
        },
        { timeout: MINUTE, interval: 200 },
      );
      const { envelope } = await maker.app.main['settlement.speedUp']({ paymentId });
      if (!envelope) throw new Error('no envelope was made');
      // Asked again: the same one.
      expect(await maker.app.main['settlement.speedUp']({ paymentId })).toEqual({ envelope });
      await world.hand(maker, world.approver, envelope);
      await world.answer(world.approver, envelope, 'approve');
      await world.hand(world.approver, world.signer, envelope);
      expect(await world.answer(world.signer, envelope, 'sign')).toBe(1);
      await world.hand(world.signer, maker, envelope);
      expect(await maker.app.main['envelopes.send']({ digest: envelope })).toEqual({ sent: 1 });
      await sandbox.setMining('mixed', 1);
      await world.settled(batch, 5);
      const { settlement } = await maker.app.main['payments.payment']({ paymentId });
      expect(settlement?.replacements.length).toBe(1);
      expect(await world.stateOf(maker, envelope)).toBe('settled');
    },
    5 * MINUTE,
  );
});
