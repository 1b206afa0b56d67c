/** A made-up company with a policy, a draft that waits, cards, and a journal. */
import { toChecksumAddress } from '../../../src/renderer/ui/address-checksum';
import type { JournalRow, PolicyView } from '../../../src/shared/contract';
import type { Person, PolicyContent } from '../../../src/shared/model/people';
import { address, hash, instant } from './data';

const person = (n: number, name: string, roles: Person['roles']): Person => ({
  name,
  key: toChecksumAddress(address(6000 + n)) as Person['key'],
  roles,
});

export const me = person(1, 'Ines Okafor', ['maker']);
export const people: Person[] = [
  me,
  person(2, 'Tomas Lindqvist', ['approver']),
  person(3, 'Wei Ling Tan', ['approver', 'signer']),
  person(4, 'Marguerite Delacroix-Whitfield', ['approver']),
  person(5, 'Audit desk', ['auditor']),
];

const content = (number: number): PolicyContent => ({
  company: { id: hash(4040), name: 'Meridian Marketplace Ltd' },
  number,
  previous: number === 1 ? null : hash(5000 + number - 1),
  createdAt: instant(1440 * (40 - number * 8)),
  people: number < 4 ? people : [...people, person(6, 'Sanjay Raghunathan', ['approver'])],
  defaultApprovals: 1,
  table: [
    { currency: 'EUR', above: '100000', approvals: 2 },
    { currency: 'USD', above: '100000', approvals: 2 },
    { currency: 'USD', above: number < 4 ? '2500000.00' : '1000000.00', approvals: 3 },
    { currency: 'CNH', above: '750000', approvals: 2 },
  ] as PolicyContent['table'],
  changeApprovals: 2,
});

const ref = ({ name, key }: Person) => ({ name, key });
const at = (n: number): Person => people[n] as Person;

export const inForce: PolicyView = {
  digest: hash(5003),
  content: content(3),
  approvals: [
    { by: ref(at(1)), at: instant(1440 * 15), counts: true },
    { by: ref(at(2)), at: instant(1440 * 14), counts: true },
  ],
  needed: 2,
  state: 'in-force',
  waitsForMe: false,
};

export const draft: PolicyView = {
  digest: hash(5004),
  content: content(4),
  approvals: [
    { by: ref(at(1)), at: instant(60), counts: true },
    { by: ref(me), at: instant(55), counts: false },
  ],
  needed: 2,
  state: 'draft',
  waitsForMe: false,
};

/** A first policy of this machine's person alone. */
export const firstDraft: PolicyView = {
  digest: hash(5001),
  content: {
    ...content(1),
    people: [
      { ...me, roles: ['approver'] },
      { ...(people[1] as Person), roles: ['maker'] },
      ...people.slice(2, 3),
    ],
  },
  approvals: [],
  needed: 2,
  state: 'draft',
  waitsForMe: true,
};

export const cards = [
  { name: 'Sanjay Raghunathan', key: person(6, '', ['approver']).key, at: instant(1440) },
  { name: 'Henrike Vogel', key: person(7, '', ['maker']).key, at: instant(30) },
];

type Seed = readonly [
  event: string,
  who: number | null,
  source: JournalRow['source'],
  verdict: JournalRow['verdict'],
  facts: JournalRow['facts'],
];
const SEEDS: readonly Seed[] = [
  ['vault.unlock', 0, 'main', 'ok', {}],
  ['payments.createBatch', 0, 'main', 'ok', { batchId: 'bat_0001a4f2c9d0', payments: 128 }],
  ['envelopes.create', 0, 'main', 'ok', { batchId: 'bat_0001a4f2c9d0', payments: 128 }],
  ['envelopes.exportFile', 0, 'main', 'ok', { name: 'PAYRUN-2026-11-23.nostro' }],
  ['envelopes.importFile', 0, 'main', 'envelope/bad-signature', { name: 'copy (2).nostro' }],
  ['envelopes.importFile', 0, 'main', 'ok', { name: 'copy.nostro', outcome: 'merged' }],
  ['approval.approve', 0, 'approval', 'policy/own-batch', {}],
  ['envelopes.send', 0, 'main', 'ok', { sent: 128 }],
  ['settlement.settled', null, 'app', 'ok', { paymentId: 'pay_0031f7a2b8c1', block: 1290 }],
  ['vault.unlock', 0, 'main', 'vault/wrong-passphrase', {}],
  ['people.draftPolicy', 0, 'main', 'ok', { number: 4, people: 6 }],
  ['bank.statement-checked', null, 'app', 'ok', { entries: 4200 }],
];

const DIGESTED = /^(envelopes|approval|people)\./;
export const JOURNAL_COUNT = 1284;
/** Newest first, as the journal is read. */
export const journalAt = (index: number): JournalRow => {
  const seq = JOURNAL_COUNT - index;
  const [event, who, source, verdict, facts] = SEEDS[(seq * 5) % SEEDS.length] as Seed;
  return {
    seq,
    at: instant(3 + index * 17),
    who: who === null ? null : ref(at(who)),
    source,
    event,
    digest: DIGESTED.test(event) ? hash(7000 + (seq % 9)) : null,
    verdict,
    facts,
    hash: hash(90_000 + seq),
  };
};
