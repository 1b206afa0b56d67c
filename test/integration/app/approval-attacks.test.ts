/**
 * The main window has been taken over, on the machine that approves and on the one that signs: it calls whatever it likes,
 * in whatever order. It can ask for the approval window; it cannot answer, and no trick around the answer leaves anything.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalContract, mainContract } from '../../../src/shared/contract';
import type { Hash32 } from '../../../src/shared/model/ids';
import { createMachines, type Machine, type Machines, MINUTE, PASSPHRASE } from '../envelopes/machines';

let world: Machines;
let digest: Hash32;
let other: Hash32;

beforeAll(async () => {
  world = await createMachines();
  await world.shareDirectory();
  await world.sharePolicy();
  const { maker, approver } = world;
  ({ digest } = await maker.app.main['envelopes.create']({ batchId: await world.makeBatch('FIRST', 5) }));
  ({ digest: other } = await maker.app.main['envelopes.create']({
    batchId: await world.makeBatch('SECOND', 5),
  }));
  for (const each of [digest, other]) await world.hand(maker, approver, each);
}, 4 * MINUTE);
afterAll(() => world.stop(), MINUTE);

const kinds = async (machine: Machine, of = digest): Promise<string[]> =>
  (await machine.app.main['envelopes.get']({ digest: of })).summary.acts.map(({ kind }) => kind);
const yes = (of: Hash32) => ({ digest: of, passphrase: PASSPHRASE });

describe('a main window that was taken over', () => {
  it('reaches no method of the approval window, nor that window any of its', async () => {
    const { app } = world.approver;
    await app.main['envelopes.review']({ digest, act: 'approve' });
    for (const method of Object.keys(approvalContract))
      expect(await app.dispatch('main', method, yes(digest))).toMatchObject({
        ok: false,
        error: { code: 'ipc/unknown-method' },
      });
    for (const method of Object.keys(mainContract))
      expect(await app.dispatch('approval', method, {})).toMatchObject({
        ok: false,
        error: { code: 'ipc/unknown-method' },
      });
    await app.approval['approval.close']({});
    expect(await kinds(world.approver)).toEqual(['create']);
  });

  it('adds no act, whatever it calls with whatever it knows', async () => {
    const { app } = world.approver;
    const secrets = { digest, passphrase: PASSPHRASE, act: 'approve' };
    const inputs: readonly unknown[] = [
      {},
      null,
      { digest },
      { digest, act: 'approve' },
      { digest, act: 'sign' },
      { digest, passphrase: PASSPHRASE },
      secrets,
      { ...secrets, voice: true, approve: true },
      { digest: other, act: 'approve' },
      [digest],
      { digest: { toString: 'x' } },
      { digest, act: '__proto__' },
    ];
    // Those that end the session or change what the others are about are looked at on their own.
    const methods = Object.keys(mainContract).filter(
      (method) => !method.startsWith('vault.') && method !== 'workspace.setMode',
    );
    for (const method of methods) for (const input of inputs) await app.dispatch('main', method, input);
    await app.approval['approval.close']({});
    for (const each of [digest, other]) expect(await kinds(world.approver, each)).toEqual(['create']);
  });

  it('cannot swap what the window shows for what it answers', async () => {
    const { app } = world.approver;
    await app.main['envelopes.review']({ digest, act: 'approve' });
    await expect(app.main['envelopes.review']({ digest: other, act: 'approve' })).rejects.toMatchObject({
      code: 'busy',
    });
    await expect(app.main['envelopes.review']({ digest, act: 'compare' })).rejects.toMatchObject({
      code: 'busy',
    });
    await expect(app.approval['approval.approve'](yes(other))).rejects.toMatchObject({
      code: 'payments/digest-mismatch',
    });
    expect((await app.approval['approval.document']({})).digest).toBe(digest);
    // The words are what the other machine tells, never this one.
    const { challenge } = await app.approval['approval.challenge']({});
    await expect(app.approval['approval.wordsFor']({ challenge })).rejects.toMatchObject({
      code: 'envelope/wrong-state',
    });
    await app.approval['approval.close']({});
    expect(await kinds(world.approver)).toEqual(['create']);
  });

  it('wins nothing by closing or locking while a yes is under way', async () => {
    const machine = world.approver;
    for (const end of [
      () => machine.app.closeApprovalWindow(),
      () => machine.app.approval['approval.close']({}),
      () => machine.app.main['vault.lock']({}),
    ]) {
      await machine.app.main['envelopes.review']({ digest, act: 'approve' });
      const answer = machine.app.approval['approval.approve'](yes(digest)).then(
        () => 'approved',
        (error: { code?: string }) => error.code ?? 'unknown',
      );
      await end();
      expect(['cancelled', 'vault/locked', 'ledger/closed', 'child/crashed']).toContain(await answer);
      if (!machine.app.isUnlocked()) await machine.app.main['vault.unlock']({ passphrase: PASSPHRASE });
      await expect(machine.app.approval['approval.document']({})).rejects.toMatchObject({
        code: 'payments/approval-closed',
      });
      expect(await kinds(machine)).toEqual(['create']);
    }
  });
});

describe('comparing by voice between two machines', () => {
  it('agrees on the words of one envelope, and on no other’s', async () => {
    const { maker, approver } = world;
    await approver.app.main['envelopes.review']({ digest, act: 'approve' });
    const { challenge } = await approver.app.approval['approval.challenge']({});
    const told = async (of: Hash32): Promise<string[]> => {
      await maker.app.main['envelopes.review']({ digest: of, act: 'compare' });
      const { words } = await maker.app.approval['approval.wordsFor']({ challenge });
      await maker.app.approval['approval.close']({});
      return words;
    };
    const wrong = await told(other);
    expect(await approver.app.approval['approval.compareWords']({ words: wrong })).toEqual({
      agrees: false,
      attemptsLeft: 4,
    });
    const right = await told(digest);
    expect(await approver.app.approval['approval.compareWords']({ words: right })).toEqual({
      agrees: true,
      attemptsLeft: 4,
    });
    expect(await approver.app.approval['approval.approve'](yes(digest))).toEqual({ signed: 0 });
    const { summary } = await approver.app.main['envelopes.get']({ digest });
    expect(summary.acts.find(({ kind }) => kind === 'approve')).toMatchObject({ voice: true, isMine: true });
  });
});

describe('on the machine that signs', () => {
  it('a window that closes while the vault signs leaves no signature; the next yes signs all of it once', async () => {
    const { approver, signer } = world;
    await world.hand(approver, signer, digest);
    await signer.app.main['envelopes.review']({ digest, act: 'sign' });
    const answer = signer.app.approval['approval.approve'](yes(digest)).then(
      () => 'signed',
      (error: { code?: string }) => error.code ?? 'unknown',
    );
    signer.app.closeApprovalWindow();
    expect(await answer).toBe('cancelled');
    expect(await kinds(signer)).toEqual(['create', 'approve']);

    await signer.app.main['envelopes.review']({ digest, act: 'sign' });
    const answers = await Promise.allSettled(
      Array.from({ length: 4 }, () => signer.app.approval['approval.approve'](yes(digest))),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await kinds(signer)).toEqual(['create', 'approve', 'sign']);
    await expect(signer.app.main['envelopes.review']({ digest, act: 'sign' })).rejects.toMatchObject({
      code: 'envelope/wrong-state',
    });
  });

  it('an envelope without approval is not signed, whoever asks', async () => {
    const { maker, signer } = world;
    await world.hand(maker, signer, other);
    await expect(signer.app.main['envelopes.review']({ digest: other, act: 'sign' })).rejects.toMatchObject({
      code: 'envelope/refused-by-check',
    });
    expect(signer.app.isApprovalOpen()).toBe(false);
  });

  it('a no is final everywhere it arrives', async () => {
    const { approver, signer } = world;
    await approver.app.main['envelopes.review']({ digest: other, act: 'approve' });
    await approver.app.approval['approval.reject']({ ...yes(other), reason: 'Wrong supplier' });
    await expect(
      approver.app.main['envelopes.review']({ digest: other, act: 'approve' }),
    ).rejects.toMatchObject({
      code: 'envelope/wrong-state',
    });
    await world.hand(approver, signer, other);
    expect(await world.stateOf(signer, other)).toBe('rejected');
  });
});
