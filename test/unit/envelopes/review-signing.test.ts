/** Signing an envelope: every line by its key, remembered before anything leaves, once, and wholly or not at all. */
import { describe, expect, it } from 'vitest';
import { checkTransactionSignatures } from '../../../src/main/envelopes/signatures';
import type { Act } from '../../../src/shared/model/envelope';
import {
  APPROVER,
  accountKey,
  approveAct,
  createAct,
  makeContent,
  makeEnvelope,
  rejectAct,
} from '../../support/envelope-fixture';
import { codeOf, directoryOf, type MachineOptions } from './review-machine';
import { give, type Scope, scopeOf, signerMachine, yes } from './review-rig';

describe('signing', () => {
  it('signs every line by the key of its account, and remembers it before anything leaves', async () => {
    const machine = signerMachine();
    const scope = scopeOf();
    const digest = await give(machine, scope, [createAct(scope), approveAct(scope)]);
    await machine.review.open(digest, 'sign');
    expect(await machine.desk.approve(yes(digest))).toEqual({ signed: 8 });
    const acts = await machine.acts(digest);
    expect(acts.map(({ kind }) => kind)).toEqual(['create', 'approve', 'sign']);
    checkTransactionSignatures(scope.content, acts);
    const memory = machine.db
      .prepare('SELECT payment_id, digest FROM signed_memory')
      .all<{ payment_id: string; digest: string }>();
    expect(memory).toHaveLength(8);
    expect(new Set(memory.map((row) => row.digest))).toEqual(new Set([digest]));
    expect(machine.anchors.kept).toBe(1);
    // The same once more: it was said.
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe('envelope/wrong-state');
  });

  it('gives the same signatures wherever the same keys sign it', async () => {
    const scope = scopeOf();
    const signatures = [];
    for (const machine of [signerMachine(), signerMachine()]) {
      const digest = await give(machine, scope, [createAct(scope), approveAct(scope)]);
      await machine.review.open(digest, 'sign');
      await machine.desk.approve(yes(digest));
      signatures.push((await machine.acts(digest)).find(({ kind }) => kind === 'sign')?.body);
    }
    expect(signatures[0]).toEqual(signatures[1]);
  });

  it('signs its own lines where other keys are elsewhere', async () => {
    const machine = signerMachine({ keys: [accountKey(1)] });
    const scope = scopeOf();
    const digest = await give(machine, scope, [createAct(scope), approveAct(scope)]);
    await machine.review.open(digest, 'sign');
    expect(await machine.desk.approve(yes(digest))).toEqual({ signed: 4 });
    const act = (await machine.acts(digest)).find(({ kind }) => kind === 'sign');
    const own = scope.content.lines.flatMap(({ account }, line) => (account === 1 ? [line] : []));
    expect(act?.kind === 'sign' ? act.body.signatures.map(({ line }) => line) : []).toEqual(own);
    checkTransactionSignatures(scope.content, await machine.acts(digest));
  });

  it.each<readonly [string, Partial<MachineOptions>, (scope: Scope) => Act[], string]>([
    ['without approval', {}, (scope) => [createAct(scope)], 'envelope/refused-by-check'],
    [
      'by an approver',
      { person: APPROVER },
      (scope) => [createAct(scope), approveAct(scope)],
      'policy/role-missing',
    ],
    [
      'without a key',
      { keys: [] },
      (scope) => [createAct(scope), approveAct(scope)],
      'envelope/refused-by-check',
    ],
    [
      'after the approval ended',
      {},
      (scope) => [createAct(scope), approveAct(scope, APPROVER, { expiresAt: '2026-03-02T12:59:59Z' })],
      'envelope/refused-by-check',
    ],
    [
      'after a no',
      {},
      (scope) => [createAct(scope), approveAct(scope), rejectAct(scope)],
      'envelope/wrong-state',
    ],
  ])('%s opens no window', async (_name, options, acts, code) => {
    const machine = signerMachine(options);
    const scope = scopeOf();
    const digest = await give(machine, scope, acts(scope));
    expect(await codeOf(machine.review.open(digest, 'sign'))).toBe(code);
    expect(machine.signings.batches).toBe(0);
  });

  it('an approval that ends while it is shown is missing when it is answered', async () => {
    const machine = signerMachine();
    const scope = scopeOf();
    const digest = await give(machine, scope, [
      createAct(scope),
      approveAct(scope, APPROVER, { expiresAt: '2026-03-02T13:10:00Z' }),
    ]);
    await machine.review.open(digest, 'sign');
    machine.setNow('2026-03-02T13:10:01Z');
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('envelope/approvals-missing');
    expect(machine.signings.batches).toBe(0);
  });

  it('of two forks of one batch signs the first', async () => {
    const machine = signerMachine();
    const first = scopeOf();
    // The same nonces, other payments: what two copies of one batch become when somebody changes one of them.
    const second = scopeOf(makeContent({ seed: 'fork' }));
    await machine.fill({ ...directoryOf(first.content), counterparties: [] });
    for (const scope of [first, second])
      await machine.take(makeEnvelope(scope.content, [createAct(scope), approveAct(scope)]));
    await machine.review.open(first.digest, 'sign');
    await machine.desk.approve(yes(first.digest));
    expect(await codeOf(machine.review.open(second.digest, 'sign'))).toBe('envelope/refused-by-check');
    expect((await machine.acts(second.digest)).map(({ kind }) => kind)).toEqual(['create', 'approve']);
    expect(machine.signings.batches).toBe(1);
  });

  it('leaves nothing when keeping fails, and signs the same next time', async () => {
    const machine = signerMachine();
    const scope = scopeOf();
    const digest = await give(machine, scope, [createAct(scope), approveAct(scope)]);
    await machine.review.open(digest, 'sign');
    // The disk is full in the middle of the transaction.
    machine.db.exec(
      "CREATE TRIGGER full BEFORE INSERT ON envelope_signatures WHEN NEW.position = 5 BEGIN SELECT RAISE(ABORT, 'disk'); END",
    );
    expect(await codeOf(machine.desk.approve(yes(digest)))).not.toBe('none');
    expect((await machine.acts(digest)).map(({ kind }) => kind)).toEqual(['create', 'approve']);
    expect(machine.db.prepare('SELECT * FROM signed_memory').all()).toEqual([]);
    machine.db.exec('DROP TRIGGER full');
    expect(await machine.desk.approve(yes(digest))).toEqual({ signed: 8 });
  });

  it('cancelled or closed while the vault signs keeps no signature', async () => {
    const machine = signerMachine();
    const scope = scopeOf();
    const digest = await give(machine, scope, [createAct(scope), approveAct(scope)]);
    await machine.review.open(digest, 'sign');
    machine.hooks.beforeSigning = () => machine.desk.cancelSigning();
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('cancelled');
    machine.hooks.beforeSigning = () => machine.desk.close();
    expect(await codeOf(machine.desk.approve(yes(digest)))).toBe('cancelled');
    expect((await machine.acts(digest)).map(({ kind }) => kind)).toEqual(['create', 'approve']);
    expect(machine.db.prepare('SELECT * FROM signed_memory').all()).toEqual([]);
  });
});
