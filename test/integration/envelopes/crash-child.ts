/**
 * One machine's part of an envelope's way in a process of its own, to be killed at any moment. Arguments: database file, key
 * as hex, the sandbox's description as JSON (`null` without one), what to do, and with what. Prints one line per step.
 */
import { readFileSync } from 'node:fs';
import { createIntake } from '../../../src/main/envelopes/intake';
import { openStore } from '../../../src/main/ledger/store';
import { approvalsNeeded } from '../../../src/main/people/policy';
import type { Hash32 } from '../../../src/shared/model/ids';
import type { SandboxDescription } from '../../sandbox';
import { APPROVER, makePolicy, SIGNER } from '../../support/envelope-fixture';
import { ALL_KEYS, createMachine, DURING, PASSPHRASE } from '../../unit/envelopes/review-machine';
import { createCrashMachine, openerHere } from './crash-machine';

const [, , file = '', key = '', description = 'null', mode = '', argument = ''] = process.argv;
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** The machine that signs: review, desk and memory; its keys are in this process. */
const onSigner = async (digest: Hash32): Promise<void> => {
  const store = openStore({ file, key: new Uint8Array(Buffer.from(key, 'hex')) });
  const machine = createMachine({
    person: SIGNER,
    keys: ALL_KEYS,
    opened: { db: store.db, close: store.close },
  });
  await machine.store.removeUnfinished();
  say('started');
  await machine.review.open(digest, 'sign');
  await machine.desk.approve({ digest, passphrase: PASSPHRASE });
  say('done');
  await machine.stop();
};

const onApprover = async (path: string): Promise<void> => {
  const store = openStore({ file, key: new Uint8Array(Buffer.from(key, 'hex')) });
  const machine = createMachine({ person: APPROVER, opened: { db: store.db, close: store.close } });
  const policy = makePolicy();
  await machine.store.removeUnfinished();
  say('started');
  const intake = createIntake({
    opener: openerHere,
    store: machine.store,
    policyInForce: async () => ({ digest: policy.digest, content: policy.content }),
    approvalsNeeded,
    me: async () => APPROVER.address,
    vaultKeys: async () => [],
    takePeopleFile: async () => {
      throw new Error('no people here');
    },
    keepAnchor: async () => undefined,
    clock: { now: () => new Date(DURING), monotonicMs: () => 0 },
    emit: () => undefined,
  });
  for (const each of path.split(',')) await intake.take({ bytes: readFileSync(each) });
  say('done');
  await machine.stop();
};

const onMaker = async (digest: Hash32): Promise<void> => {
  const store = openStore({ file, key: new Uint8Array(Buffer.from(key, 'hex')) });
  const machine = await createCrashMachine(store.db, JSON.parse(description) as SandboxDescription);
  await machine.start();
  say('started');
  if (!(await machine.isSent(digest))) await machine.send(digest);
  say('sent');
  await machine.settled();
  say('done');
  await machine.stop();
  store.close();
};

const work: Readonly<Record<string, (given: string) => Promise<void>>> = {
  sign: (given) => onSigner(given as Hash32),
  combine: onApprover,
  send: (given) => onMaker(given as Hash32),
};

(work[mode] ?? (() => Promise.reject(new Error('no such work'))))(argument)
  .then(() => process.exit(0))
  .catch((error: unknown) => {
    say(`failed ${String(error)} ${error instanceof Error ? error.stack : ''}`);
    process.exit(1);
  });
