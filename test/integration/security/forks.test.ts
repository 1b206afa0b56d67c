/**
 * One batch, two envelopes; one envelope, twice; one company, an older table. Through three whole machines: whatever is
 * carried back and forth, a payment is signed once, sent once, and approved by the table that is in force.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BatchId, CurrencyCode, type FileId, type Hash32 } from '../../../src/shared/model/ids';
import { createMachines, type Machine, type Machines, MINUTE, PASSPHRASE } from '../envelopes/machines';

let world: Machines;
beforeAll(async () => {
  world = await createMachines();
  await world.shareDirectory();
  await world.sharePolicy();
}, 3 * MINUTE);
afterAll(() => world.stop(), MINUTE);

const kinds = async (machine: Machine, digest: Hash32): Promise<string[]> =>
  (await machine.app.main['envelopes.get']({ digest })).summary.acts.map(({ kind }) => kind);
const slotsOf = async (machine: Machine, digest: Hash32): Promise<string[]> =>
  (await machine.app.main['envelopes.lines']({ digest, search: '', offset: 0, limit: 50 })).lines.map(
    ({ paymentId, debtorAddress, nonce }) => `${paymentId} ${debtorAddress} ${nonce}`,
  );
const refusals = async (machine: Machine, digest: Hash32): Promise<string[]> =>
  (await machine.app.main['envelopes.check']({ digest })).findings
    .filter(({ verdict }) => verdict === 'refused')
    .map(({ code }) => code);

/** Made, approved, and brought to the machine that signs. */
const bringToSigner = async (batchId: BatchId): Promise<Hash32> => {
  const { maker, approver, signer } = world;
  const { digest } = await maker.app.main['envelopes.create']({ batchId });
  await world.hand(maker, approver, digest);
  await world.answer(approver, digest, 'approve');
  await world.hand(approver, signer, digest);
  return digest;
};

describe('a signed envelope', () => {
  it(
    'that comes twice and is sent by everything at once is sent once',
    async () => {
      const { maker, approver, signer, sandbox } = world;
      const batchId = await world.makeBatch('ONCE', 5);
      const digest = await bringToSigner(batchId);
      expect(await world.answer(signer, digest, 'sign')).toBe(5);
      const debtors = new Map<string, number>();
      for (const slot of await slotsOf(signer, digest)) {
        const debtor = slot.split(' ')[1] ?? '';
        debtors.set(debtor, (debtors.get(debtor) ?? 0) + 1);
      }
      const sentBy = async (debtor: string): Promise<number> =>
        Number((await sandbox.rpc.call('eth_getTransactionCount', debtor, 'latest')) as Hex);
      const before = new Map<string, number>();
      for (const debtor of debtors.keys()) before.set(debtor, await sentBy(debtor));

      const file = await world.takeOut(signer, digest);
      const send = () => maker.app.main['envelopes.send']({ digest });
      const copies = [];
      for (let copy = 0; copy < 3; copy += 1) {
        maker.app.chooseNext(file);
        copies.push((await maker.app.main['files.choose']({ purpose: 'exchange' })).file);
      }
      const [taken, ...again] = await Promise.all(
        copies.map((copy) => maker.app.main['envelopes.importFile']({ fileId: copy?.fileId as FileId })),
      );
      expect(taken).toMatchObject({ outcome: 'merged' });
      for (const one of again) expect(one).toMatchObject({ outcome: 'unchanged' });
      const answers = await Promise.allSettled([1, 2, 3, 4].map(send));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      // Also the copy that came before has no effect any more, nor does anybody else send it.
      for (const machine of [maker, approver]) {
        await world.takeIn(machine, file);
        await expect(machine.app.main['envelopes.send']({ digest })).rejects.toMatchObject({
          code: machine === maker ? 'envelope/wrong-state' : 'policy/role-missing',
        });
      }
      await maker.restart();
      await expect(maker.app.main['envelopes.send']({ digest })).rejects.toMatchObject({
        code: 'envelope/wrong-state',
      });
      await world.settled(batchId, 5);
      for (const [debtor, count] of debtors)
        expect(await sentBy(debtor)).toBe((before.get(debtor) ?? 0) + count);
    },
    4 * MINUTE,
  );
});

describe('an older approval table', () => {
  it(
    'comes back neither by its file, nor by a copy of the store, nor by an envelope that names it',
    async () => {
      const { maker, approver, signer } = world;
      const exported = async (): Promise<string> => {
        const { inForce } = await approver.app.main['people.policies']({});
        if (!inForce) throw new Error('no policy');
        const path = world.newPath('nostro');
        approver.app.saveNext(path);
        await approver.app.main['people.exportPolicy']({ digest: inForce.digest });
        return path;
      };
      const older = await exported();
      const { digest: underOlder } = await maker.app.main['envelopes.create']({
        batchId: await world.makeBatch('OLDER', 5),
      });
      const stale = await world.takeOut(maker, underOlder);
      await world.takeIn(approver, stale);

      const workspace = join(signer.folder.path, 'workspace');
      const copies = join(signer.folder.path, 'copies');
      const copyStore = (from: string, to: string): void => {
        mkdirSync(to, { recursive: true });
        for (const name of readdirSync(to)) if (name.startsWith('ledger.db')) rmSync(join(to, name));
        for (const name of readdirSync(from))
          if (name.startsWith('ledger.db')) copyFileSync(join(from, name), join(to, name));
      };
      await signer.app.stop();
      copyStore(workspace, join(copies, 'older'));
      await signer.restart();

      const { inForce } = await approver.app.main['people.policies']({});
      if (!inForce) throw new Error('no policy');
      const { company, people, defaultApprovals, changeApprovals } = inForce.content;
      const { digest } = await approver.app.main['people.draftPolicy']({
        companyName: company.name,
        people,
        defaultApprovals,
        changeApprovals,
        table: [{ currency: CurrencyCode.parse('USD'), above: '1.00', approvals: 1 }],
      });
      await approver.app.main['people.reviewPolicy']({ digest });
      await approver.app.approval['approval.approve']({ digest, passphrase: PASSPHRASE });
      const newer = await exported();
      for (const machine of [maker, signer])
        expect(await world.takeIn(machine, newer)).toMatchObject({ outcome: 'installed' });

      // By its file.
      for (const machine of [maker, approver, signer])
        await expect(world.takeIn(machine, older)).rejects.toMatchObject({ code: 'policy/older' });
      // By an envelope.
      await expect(world.takeIn(signer, stale)).rejects.toMatchObject({ code: 'envelope/unknown-policy' });
      await expect(world.answer(approver, underOlder, 'approve')).rejects.toMatchObject({
        code: 'envelope/refused-by-check',
      });
      // By a copy of the store from before.
      await signer.app.stop();
      copyStore(workspace, join(copies, 'newer'));
      copyStore(join(copies, 'older'), workspace);
      await expect(signer.restart()).rejects.toMatchObject({ code: 'ledger/rolled-back' });
      await signer.app.stop();
      copyStore(join(copies, 'newer'), workspace);
      await signer.restart();
      expect((await signer.app.main['people.policies']({})).inForce?.digest).toBe(digest);
    },
    3 * MINUTE,
  );
});

/** Last: the nonces of what was given up stay taken on the machine that signed it. */
describe('an envelope that was given up after it was signed elsewhere', () => {
  let batchId: BatchId;
  let first: Hash32;
  let signedFile: string;

  it(
    'and made again with other nonces is not signed again, nor what took its nonces',
    async () => {
      const { maker, signer } = world;
      batchId = await world.makeBatch('FORK', 5);
      first = await bringToSigner(batchId);
      expect(await world.answer(signer, first, 'sign')).toBe(5);
      signedFile = await world.takeOut(signer, first);

      // The maker does not know yet. Another batch takes the nonces that were given up.
      await maker.app.main['envelopes.withdraw']({ digest: first });
      const otherId = await world.makeBatch('OTHER', 5);
      const other = await bringToSigner(otherId);
      await maker.app.main['payments.preflight']({ batchId });
      const second = await bringToSigner(batchId);
      const [before, after] = [await slotsOf(signer, first), await slotsOf(signer, second)];
      expect(after.map((slot) => slot.split(' ')[0])).toEqual(before.map((slot) => slot.split(' ')[0]));
      expect(before.filter((slot) => after.includes(slot))).toEqual([]);

      for (const [digest, code] of [
        [second, 'already-signed'],
        [other, 'nonces'],
      ] as const) {
        expect(await refusals(signer, digest)).toEqual([code]);
        await expect(world.answer(signer, digest, 'sign')).rejects.toMatchObject({
          code: 'envelope/refused-by-check',
        });
        expect(await kinds(signer, digest)).toEqual(['create', 'approve']);
      }
      // The signer's machine does not forget over a restart either.
      await signer.restart();
      expect(await refusals(signer, second)).toEqual(['already-signed']);
      // They are given up as well: what was signed first is the only one there is.
      for (const digest of [second, other]) await maker.app.main['envelopes.withdraw']({ digest });
      await maker.app.main['payments.rejectBatch']({ batchId: otherId });
    },
    3 * MINUTE,
  );

  it('leaves what was signed of it without effect where it was given up', async () => {
    const { maker } = world;
    await world.takeIn(maker, signedFile);
    expect(await world.stateOf(maker, first)).toBe('withdrawn');
    await expect(maker.app.main['envelopes.send']({ digest: first })).rejects.toMatchObject({
      code: 'envelope/wrong-state',
    });
    const { byStatus } = await maker.app.main['payments.batch']({ batchId });
    expect(Object.keys(byStatus)).not.toContain('ACSP');
  });
});
