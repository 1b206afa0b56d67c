/** Machines of several people over real stores: policies and cards travel between them as bytes. */
import { afterEach, describe, expect, it } from 'vitest';
import { createPeopleStore } from '../../../src/main/ledger/stores/people-store';
import { peopleHandlers } from '../../../src/main/people';
import { digestOfPolicy } from '../../../src/main/people/files';
import { peopleContract } from '../../../src/shared/contract/people';
import type { Hash32 } from '../../../src/shared/model/ids';
import type { PolicyContent } from '../../../src/shared/model/people';
import {
  AT,
  ann,
  approvalOf,
  as,
  ben,
  cem,
  codeOf,
  consentWith,
  dia,
  eve,
  type Machine,
  makePerson,
  makePolicy,
  PASSPHRASE,
  policyBytes,
  rule,
  startMachine,
  successorOf,
  type TestPerson,
} from '../../support/people';

const machines: Machine[] = [];
const start = async (person: TestPerson): Promise<Machine> => {
  const machine = await startMachine(person);
  machines.push(machine);
  return machine;
};
afterEach(() => {
  for (const machine of machines.splice(0)) machine.close();
});

const draftOf = ({ people, defaultApprovals, table, changeApprovals, company }: PolicyContent) => ({
  companyName: company.name,
  people,
  defaultApprovals,
  table,
  changeApprovals,
});
const first = makePolicy();
const digest = digestOfPolicy(first);
/** A machine on which the first policy is in force. */
const adopted = async (person: TestPerson): Promise<Machine> => {
  const machine = await start(person);
  await machine.people.intakePolicy(policyBytes(first, ben, cem));
  await machine.approve(digest);
  expect((await machine.people.inForce())?.digest).toBe(digest);
  return machine;
};
const intake = (machine: Machine, bytes: Uint8Array) => codeOf(machine.people.intakePolicy(bytes));

describe('the first policy', () => {
  it('goes from a draft through its approvers into force on every machine', async () => {
    const maker = await start(ann);
    const drafted = await maker.people.draftPolicy(draftOf(first));
    expect((await maker.people.policies()).drafts).toMatchObject([
      { digest: drafted, state: 'draft', needed: 2, approvals: [], waitsForMe: false },
    ]);
    expect(await maker.people.inForce()).toBeNull();
    // The maker may not sign it, and it is not complete: there is no yes.
    expect((await maker.people.reviewSubject(drafted)).approve).toBeNull();

    const one = await start(ben);
    const travelling = await maker.people.policyBytes(drafted);
    expect(await one.people.intakePolicy(travelling)).toEqual({
      format: 'policy',
      outcome: 'new',
      digest: drafted,
    });
    expect((await one.people.policies()).drafts[0]?.waitsForMe).toBe(true);
    const subject = await one.people.reviewSubject(drafted);
    expect(subject.document).toMatchObject({ act: 'adopt', digest: drafted, policy: { needed: 2 } });
    await one.approve(drafted);
    expect((await one.people.policies()).drafts).toMatchObject([
      { approvals: [{ by: { name: ben.name, key: ben.key }, counts: true }], waitsForMe: false },
    ]);
    expect(await one.people.inForce()).toBeNull();

    const two = await start(cem);
    await two.people.intakePolicy(await one.people.policyBytes(drafted));
    await two.approve(drafted);
    expect((await two.people.policies()).inForce).toMatchObject({ digest: drafted, state: 'in-force' });
    expect(two.time.anchors).toBe(1);

    const complete = await two.people.policyBytes(drafted);
    for (const machine of [maker, one, await start(dia)]) {
      const { outcome } = await machine.people.intakePolicy(complete);
      expect(['new', 'merged']).toContain(outcome);
      // SECURITY: a file alone never brings the first one into force.
      expect(await machine.people.inForce()).toBeNull();
      await machine.approve(drafted);
      expect((await machine.people.inForce())?.digest).toBe(drafted);
      expect(await machine.people.intakePolicy(complete)).toMatchObject({ outcome: 'unchanged' });
    }
  });

  it('needs the passphrase, of approvers and of everybody else', async () => {
    for (const person of [ben, dia]) {
      const machine = await start(person);
      await machine.people.intakePolicy(policyBytes(first, ben, cem));
      expect(await codeOf(machine.approve(digest, 'not this one'))).toBe('vault/wrong-passphrase');
      expect(await machine.people.inForce()).toBeNull();
      await machine.approve(digest);
      expect(await machine.people.inForce()).not.toBeNull();
    }
  });

  it('is not answered when the window closes before anything is kept, nor when it changed under it', async () => {
    const machine = await start(ben);
    await machine.people.intakePolicy(policyBytes(first));
    const { approve } = await machine.people.reviewSubject(digest);
    const closing = {
      ...consentWith(PASSPHRASE),
      beginKeeping: () => {
        throw new Error('closed');
      },
    };
    expect(await codeOf(approve?.(closing) as Promise<unknown>)).toContain('closed');
    expect((await machine.people.policies()).drafts[0]?.approvals).toEqual([]);
    await machine.people.discardDraft(digest);
    expect(await codeOf(approve?.(consentWith(PASSPHRASE)) as Promise<unknown>)).toBe(
      'payments/digest-mismatch',
    );
    expect(await codeOf(machine.people.reviewSubject(digest))).toBe('policy/unknown');
    expect(await codeOf(machine.people.discardDraft(digest))).toBe('policy/unknown');
  });

  it('of another company takes the place of none', async () => {
    const machine = await adopted(ann);
    const other = makePolicy({ company: { id: `0x${'d0'.repeat(32)}` as Hash32, name: 'Example Treasury' } });
    expect(await intake(machine, policyBytes(other, ben, cem))).toBe('policy/foreign');
    expect(await intake(machine, policyBytes(successorOf(other), ben, cem))).toBe('policy/foreign');
  });

  it('is one of several drafts until a person decides', async () => {
    const machine = await start(ben);
    const other = makePolicy({ company: { id: `0x${'d0'.repeat(32)}` as Hash32, name: 'Example Treasury' } });
    await machine.people.intakePolicy(policyBytes(other, ben, cem));
    await machine.people.intakePolicy(policyBytes(first, cem));
    expect((await machine.people.policies()).drafts).toHaveLength(2);
    await machine.approve(digest);
    expect((await machine.people.policies()).drafts).toEqual([]);
    expect((await machine.people.inForce())?.content.company).toEqual(first.company);
  });
});

describe('the next policy', () => {
  const second = successorOf(first, { table: [rule('EUR', '500', 2)] });
  const nextDigest = digestOfPolicy(second);

  it('comes into force by file once the approvers of the one before have signed it', async () => {
    const machine = await adopted(dia);
    expect(await machine.people.intakePolicy(policyBytes(second))).toMatchObject({ outcome: 'new' });
    expect(await machine.people.intakePolicy(policyBytes(second, ben))).toMatchObject({ outcome: 'merged' });
    expect(await machine.people.intakePolicy(policyBytes(second))).toMatchObject({ outcome: 'unchanged' });
    expect((await machine.people.inForce())?.digest).toBe(digest);
    const anchors = machine.time.anchors;
    expect(await machine.people.intakePolicy(policyBytes(second, cem))).toMatchObject({
      outcome: 'installed',
    });
    expect((await machine.people.inForce())?.digest).toBe(nextDigest);
    expect(machine.time.anchors).toBe(anchors + 1);
    expect(await machine.people.policies()).toMatchObject({
      inForce: { digest: nextDigest, state: 'in-force', approvals: [{ counts: true }, { counts: true }] },
      drafts: [],
      superseded: [{ digest, state: 'superseded' }],
    });
    // The one before is kept for the envelopes that name it.
    expect(await machine.people.policyByDigest(digest)).toEqual(first);
    expect(await machine.people.policyByDigest(nextDigest)).toEqual(second);
    // And all of it after a restart.
    const again = await machine.restart();
    expect((await again.people.inForce())?.digest).toBe(nextDigest);
    expect(await again.people.intakePolicy(policyBytes(second, ben, cem))).toMatchObject({
      outcome: 'unchanged',
    });
  });

  it('is signed in the window, and in force where that was the last signature', async () => {
    const machine = await adopted(ben);
    const drafted = await machine.people.draftPolicy(draftOf(second));
    expect((await machine.people.policies()).drafts).toMatchObject([
      { content: { number: 2, previous: digest, company: first.company }, waitsForMe: true },
    ]);
    await machine.approve(drafted);
    expect((await machine.people.inForce())?.digest).toBe(digest);
    const other = await adopted(cem);
    await other.people.intakePolicy(await machine.people.policyBytes(drafted));
    await other.approve(drafted);
    expect((await other.people.inForce())?.digest).toBe(drafted);
    expect(await machine.people.intakePolicy(await other.people.policyBytes(drafted))).toMatchObject({
      outcome: 'installed',
    });
  });

  it('is never an older one again, whoever signed it', async () => {
    const machine = await adopted(ann);
    await machine.people.intakePolicy(policyBytes(second, ben, cem));
    expect(await intake(machine, policyBytes(first, ben, cem))).toBe('policy/older');
    expect(await codeOf(machine.people.reviewSubject(digest))).toBe('policy/older');
    const laxer = makePolicy({ table: [] });
    expect(await intake(machine, policyBytes(laxer, ben, cem))).toBe('policy/older');
    expect((await machine.people.inForce())?.digest).toBe(nextDigest);
  });

  it('has one number and one forerunner', async () => {
    const machine = await adopted(ann);
    await machine.people.intakePolicy(policyBytes(second, ben, cem));
    // Two successors of the first, both well signed: the second one to come is a fork.
    const fork = successorOf(first, { table: [] });
    expect(await intake(machine, policyBytes(fork, ben, cem))).toBe('policy/fork');
    expect(await intake(machine, policyBytes(successorOf(fork), ben, cem))).toBe('policy/fork');
    expect(await intake(machine, policyBytes(successorOf(successorOf(second)), ben, cem))).toBe('policy/gap');
    const fresh = await start(dia);
    expect(await intake(fresh, policyBytes(second, ben, cem))).toBe('policy/gap');
  });

  it('does not come into force by those whom it names itself', async () => {
    const machine = await adopted(ann);
    const coup = successorOf(first, {
      people: [as(ann, 'maker'), as(eve, 'approver'), as(makePerson('Fay'), 'approver')],
    });
    expect(await machine.people.intakePolicy(policyBytes(coup, eve, makePerson('Fay')))).toMatchObject({
      outcome: 'new',
    });
    expect((await machine.people.policies()).drafts).toMatchObject([
      { approvals: [{ counts: false }, { counts: false }], needed: 2 },
    ]);
    expect((await machine.people.inForce())?.digest).toBe(digest);
    // One who approves neither the old nor the new is not listened to at all.
    expect(await intake(machine, policyBytes(second, eve))).toBe('envelope/actor-not-entitled');
    expect(await intake(machine, policyBytes(second, ann))).toBe('envelope/actor-not-entitled');
  });

  it('is not brought into force by one signer twice, nor by approvals of something else', async () => {
    const machine = await adopted(ann);
    await machine.people.intakePolicy(policyBytes(second, ben));
    await machine.people.intakePolicy(policyBytes(second, ben));
    const third = successorOf(second);
    const replayed = JSON.parse(Buffer.from(policyBytes(second, ben)).toString()) as { approvals: unknown[] };
    const stolen = approvalOf(cem, third);
    replayed.approvals = [...replayed.approvals, stolen].sort((a, b) =>
      JSON.stringify(a).toLowerCase() < JSON.stringify(b).toLowerCase() ? -1 : 1,
    );
    expect(await intake(machine, Buffer.from(JSON.stringify(replayed)))).not.toBe('ok');
    expect((await machine.people.inForce())?.digest).toBe(digest);
  });

  it('is drafted for the same company only, by right rules', async () => {
    const machine = await adopted(ann);
    const draft = (change: object) => codeOf(machine.people.draftPolicy({ ...draftOf(second), ...change }));
    expect(await draft({ companyName: 'Another' })).toBe('policy/invalid');
    expect(await draft({ people: [as(ben, 'approver'), as(makePerson('Ben Fırst'), 'approver')] })).toBe(
      'policy/invalid',
    );
    expect(await draft({ defaultApprovals: 3 })).toBe('policy/invalid');
    expect((await machine.people.policies()).drafts).toEqual([]);
    const lower = first.people.map((person) => ({ ...person, key: person.key.toLowerCase() as never }));
    expect(await draft({ people: lower })).toBe('ok');
    expect((await machine.people.policies()).drafts[0]?.content.people).toEqual(first.people);
    for (let i = 1; i < 20; i += 1) {
      machine.time.now = `2026-03-04T05:07:${String(i).padStart(2, '0')}.000Z`;
      expect(await draft({})).toBe('ok');
    }
    machine.time.now = AT;
    expect(await draft({ defaultApprovals: 2 })).toBe('policy/invalid');
  });

  it('is not signed by a clock that was set back', async () => {
    const machine = await adopted(ben);
    const drafted = await machine.people.draftPolicy(draftOf(second));
    const { approve } = await machine.people.reviewSubject(drafted);
    machine.time.latest = '2036-03-04T05:06:07.000Z';
    expect(await codeOf(machine.people.reviewSubject(drafted))).toBe('clock/set-back');
    expect(await codeOf(approve?.(consentWith(PASSPHRASE)) as Promise<unknown>)).toBe('clock/set-back');
    machine.time.latest = '2026-03-04T05:11:07.000Z';
    await machine.approve(drafted);
  });

  it('is one of two that were about to follow', async () => {
    const machine = await adopted(ben);
    await machine.people.intakePolicy(policyBytes(second, cem));
    const { approve } = await machine.people.reviewSubject(nextDigest);
    const fork = successorOf(first, { defaultApprovals: 2 });
    await machine.people.intakePolicy(policyBytes(fork, ben, cem));
    expect(await codeOf(approve?.(consentWith(PASSPHRASE)) as Promise<unknown>)).toBe(
      'payments/digest-mismatch',
    );
    expect((await machine.people.inForce())?.digest).toBe(digestOfPolicy(fork));
  });
});

describe('the store', () => {
  it('lets one successor follow, also where two were about to', async () => {
    const { test } = await adopted(ann);
    const store = createPeopleStore(test.db);
    const put = (content: PolicyContent, install = true) =>
      store.putPolicy({ digest: digestOfPolicy(content), content, approvals: [], install, at: AT });
    const second = successorOf(first);
    const fork = successorOf(makePolicy({ defaultApprovals: 2 }));
    expect(() => put(fork)).toThrow(expect.objectContaining({ code: 'policy/fork' }));
    put(second);
    expect(() => put(successorOf(first, { defaultApprovals: 2 }))).toThrow(
      expect.objectContaining({ code: 'policy/fork' }),
    );
    expect(store.policies().map(({ digest: each }) => each)).toEqual([digest, digestOfPolicy(second)]);
  });

  it('loses no approval', async () => {
    const { test } = await adopted(ann);
    const put = () =>
      createPeopleStore(test.db).putPolicy({
        digest,
        content: first,
        approvals: [approvalOf(ben, first)],
        install: false,
        at: AT,
      });
    expect(put).toThrow(expect.objectContaining({ code: 'envelope/conflict' }));
  });

  it('keeps what was in force and its order, whatever is asked of it', async () => {
    const { test } = await adopted(ann);
    const run = (sql: string) => () => test.db.exec(sql);
    expect(run('DELETE FROM policies')).toThrow(/stays/);
    expect(run('UPDATE policies SET installed_at = NULL')).toThrow(/stays/);
    expect(run("UPDATE policies SET content = '{}'")).toThrow(/does not change/);
    expect(
      run(
        `INSERT INTO policies (digest, number, content, approvals, received_at, installed_at)
         VALUES ('0x', 2, '{}', '[]', '', '')`,
      ),
    ).toThrow(/draft/);
    test.db.exec(
      `INSERT INTO policies (digest, number, content, approvals, received_at) VALUES ('0x', 3, '{}', '[]', '')`,
    );
    expect(run("UPDATE policies SET installed_at = '' WHERE digest = '0x'")).toThrow(/in order/);
  });
});

describe('a person and their cards', () => {
  it('has the name that was typed, until a policy says it', async () => {
    const machine = await start(ben);
    expect(await machine.people.identity()).toEqual({
      name: null,
      key: ben.key,
      roles: [],
      companyName: null,
    });
    expect(machine.identified).toEqual([null]);
    expect(await codeOf(machine.people.exportCard(PASSPHRASE))).toBe('person/name-missing');
    await machine.people.setName('Benny');
    expect(machine.identified.at(-1)).toEqual({ name: 'Benny', key: ben.key });
    await machine.people.intakePolicy(policyBytes(first, ben, cem));
    await machine.approve(digest);
    expect(await machine.people.identity()).toEqual({
      name: ben.name,
      key: ben.key,
      roles: ['approver'],
      companyName: 'Example Treasury',
    });
    expect(machine.identified.at(-1)).toEqual({ name: ben.name, key: ben.key });
    expect(await codeOf(machine.people.setName('Ben'))).toBe('policy/name-is-fixed');
    expect(machine.events.every(({ type }) => type === 'people.changed')).toBe(true);
  });

  it('exports a card for the passphrase, that others take in and a policy uses up', async () => {
    const machine = await start(ben);
    await machine.people.setName('Bén First');
    expect(await codeOf(machine.people.exportCard('wrong'))).toBe('vault/wrong-passphrase');
    expect(await machine.people.ownCard()).toBeNull();
    expect(await machine.people.exportCard(PASSPHRASE)).toBe('ben-first.nostro');
    const bytes = machine.saved[0]?.bytes as Uint8Array;
    expect(await machine.people.ownCard()).toEqual(bytes);

    const maker = await start(ann);
    expect(await maker.people.intakeCard(bytes)).toEqual({
      format: 'person',
      name: 'Bén First',
      key: ben.key,
    });
    expect(await maker.people.cards()).toEqual([{ name: 'Bén First', key: ben.key, at: AT }]);
    // A newer one of the same key takes its place, an older one does not.
    machine.time.now = '2026-03-05T00:00:00.000Z';
    await machine.people.setName('Ben First');
    expect(await machine.people.ownCard()).toBeNull();
    await machine.people.exportCard(PASSPHRASE);
    await maker.people.intakeCard(machine.saved[1]?.bytes as Uint8Array);
    expect(await maker.people.intakeCard(bytes)).toMatchObject({ name: 'Ben First' });
    expect((await maker.people.cards()).map(({ name }) => name)).toEqual(['Ben First']);
    await maker.people.intakePolicy(policyBytes(first, ben, cem));
    await maker.approve(digest);
    expect(await maker.people.cards()).toEqual([]);
    expect(await codeOf(maker.people.intakeCard(policyBytes(first)))).toBe('person/invalid-card');
  });
});

describe('the contract', () => {
  it('is kept by every answer', async () => {
    const machine = await adopted(ben);
    const opened: Hash32[] = [];
    const handlers = peopleHandlers(machine.people, { openReview: async (one) => void opened.push(one) });
    const drafted = peopleContract['people.draftPolicy'].output.parse(
      await handlers['people.draftPolicy'](draftOf(successorOf(first))),
    );
    peopleContract['people.identity'].output.parse(await handlers['people.identity']({}));
    peopleContract['people.cards'].output.parse(await handlers['people.cards']({}));
    peopleContract['people.policies'].output.parse(await handlers['people.policies']({}));
    await handlers['people.reviewPolicy'](drafted);
    expect(opened).toEqual([drafted.digest]);
    const saved = await handlers['people.exportPolicy'](drafted);
    expect(saved.saved).toBe(`policy-2-${drafted.digest.slice(2, 10)}.nostro`);
    expect(await handlers['people.discardDraft'](drafted)).toEqual({});
    expect(await codeOf(handlers['people.exportPolicy'](drafted))).toBe('policy/unknown');
  });
});
