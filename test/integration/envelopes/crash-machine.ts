/**
 * The machine that sends, on real parts around a store that somebody opened: builder, intake, sending, settlement, the chain
 * module and a sandbox node. People's keys are the fixture's, the accounts' the sandbox treasury's.
 */

import { compareActs } from '../../../src/main/envelopes/acts';
import { createBuilder } from '../../../src/main/envelopes/build';
import { readFormat } from '../../../src/main/envelopes/codec';
import { createIntake } from '../../../src/main/envelopes/intake';
import { openRead } from '../../../src/main/envelopes/open';
import type { EnvelopeOpener } from '../../../src/main/envelopes/opener';
import { createSending } from '../../../src/main/envelopes/sending';
import type { Db } from '../../../src/main/ledger/driver';
import { createEnvelopeStore } from '../../../src/main/ledger/stores/envelope-store';
import { createPaymentsStore } from '../../../src/main/ledger/stores/payments-store';
import { buildTransaction } from '../../../src/main/payments/approval-content';
import { createPlanner } from '../../../src/main/payments/plan';
import { referenceFormOf } from '../../../src/main/payments/transfer-data';
import { approvalsNeeded } from '../../../src/main/people/policy';
import { systemClock } from '../../../src/main/platform/clock';
import { FALLBACK_GAS, planWaitingFees } from '../../../src/main/settlement';
import { hashStatement } from '../../../src/main/vault/statement';
import { AppError } from '../../../src/shared/errors';
import type { EnvelopeContent } from '../../../src/shared/model/envelope';
import type { BatchId, Hash32, TokenId } from '../../../src/shared/model/ids';
import { JOURNAL_START } from '../../../src/shared/model/journal';
import type { SandboxDescription } from '../../sandbox';
import { treasuryKey } from '../../sandbox/keys';
import {
  APPROVER,
  approveAct,
  MAKER,
  makePolicy,
  SIGNER,
  signHash,
  signingAct,
  type TestKey,
} from '../../support/envelope-fixture';
import { remoteOf } from '../../support/remote';
import { createHarness, silentLog } from '../settlement/harness';

/** Reads as the process does, in this one: a process to be killed has no others. */
export const openerHere: EnvelopeOpener = {
  open: async (source, handlers = {}) => {
    if (!('bytes' in source)) throw new Error('bytes only');
    const { content, digest, acts } = openRead(readFormat(source.bytes));
    const { lines, ...head } = content;
    const opening = { digest, head, lineCount: lines.length, sizeBytes: source.bytes.length };
    await handlers.onHead?.(opening);
    for (let from = 0; from < lines.length; from += 20)
      await handlers.onLines?.(from, lines.slice(from, from + 20));
    return { format: 'envelope', acts, ...opening };
  },
};

const accountKeys = (): TestKey[] =>
  [0, 1].map((index) => {
    const account = treasuryKey(index);
    const privateKey = 'getHdKey' in account ? account.getHdKey().privateKey : null;
    if (!privateKey) throw new Error('no key');
    return { privateKey, address: account.address as TestKey['address'] };
  });

export const createCrashMachine = async (db: Db, description: SandboxDescription) => {
  const harness = await createHarness({
    db,
    description,
    network: { finality: { kind: 'tag', tag: 'latest' } },
    pace: { busyMs: 2, idleMs: () => 20, stuckAfterMs: () => 60_000 },
  });
  const file = makePolicy();
  const policy = { digest: file.digest, content: file.content };
  const store = remoteOf(createEnvelopeStore(db));
  const verifyToken = async (id: TokenId) => {
    const token = harness.tokens.get(id);
    if (!token) throw new AppError('directory/token-unknown', { tokenId: id });
    return { token, probe: token.approved };
  };
  const shared = {
    store,
    settlementStore: harness.store,
    payments: remoteOf(createPaymentsStore(db)),
    planner: createPlanner({
      store: harness.store,
      chain: harness.port,
      network: async () => harness.network,
      account: async (id) => {
        const account = harness.accounts.find((one) => one.id === id);
        if (!account) throw new AppError('directory/account-unknown', { accountId: id });
        // The keys are on another machine.
        return { ...account, keyId: null };
      },
      verifyToken,
      planFees: planWaitingFees,
      fallbackGas: FALLBACK_GAS,
    }),
    verifyToken,
    vault: {
      personKey: async () => ({ key: MAKER.address }),
      signStatement: async ({ statement }: { statement: Parameters<typeof hashStatement>[0] }) => ({
        signature: signHash(`0x${Buffer.from(hashStatement(statement)).toString('hex')}`, MAKER),
      }),
    },
    journalHead: async () => ({ count: 0, head: JOURNAL_START }),
    policyInForce: async () => policy,
    approvalsNeeded,
    clock: systemClock,
    emit: () => undefined,
  };
  const builder = createBuilder({
    ...shared,
    buildTransaction,
    referenceFormOf,
    block: async (network, hash) => {
      const block = await harness.chain.network(network).getBlock(hash === null ? 'latest' : { hash });
      if (!block) throw new AppError('chain/invalid-answer');
      return {
        number: block.number.toString(),
        hash: block.hash,
        time: new Date(Number(block.timestamp) * 1000).toISOString(),
      };
    },
  });
  const sending = createSending({
    ...shared,
    builder,
    settlement: harness.settlement,
    chain: harness.port,
    policyByDigest: async (digest) => (digest === policy.digest ? policy.content : null),
    keepAnchor: async () => undefined,
    log: silentLog,
  });
  const intake = createIntake({
    ...shared,
    opener: openerHere,
    me: async () => MAKER.address,
    vaultKeys: async () => [],
    takePeopleFile: async () => {
      throw new Error('no people here');
    },
    keepAnchor: async () => undefined,
  });

  return {
    harness,
    store,
    start: async () => {
      await store.removeUnfinished();
      await harness.settlement.start();
    },
    /** From a batch to an envelope that is approved and signed. */
    prepare: async (batchId: BatchId): Promise<Hash32> => {
      await harness.preflight.run(batchId);
      const digest = await builder.create(batchId);
      const { head, lineCount, acts } = await store.get(digest);
      const lines = (await store.lines(digest, 0, lineCount)).map(({ line }) => line);
      const scope = { content: { ...head, lines: [...lines] } as EnvelopeContent, digest };
      const at = new Date().toISOString();
      const keys = head.accounts.map(({ address }) => {
        const key = accountKeys().find((one) => one.address === address);
        if (!key) throw new Error('no such account');
        return key;
      });
      const more = [approveAct(scope, APPROVER, { at }), signingAct(scope, SIGNER, { at, keys })];
      await store.putActs(digest, [...acts, ...more].sort(compareActs), at);
      return digest;
    },
    send: sending.send,
    isSent: async (digest: Hash32) => (await store.get(digest)).isSent,
    takeIn: (bytes: Uint8Array) => intake.take({ bytes }),
    settled: async (): Promise<void> => {
      while ((await harness.store.openSlots(null, 0, 1)).length > 0)
        await new Promise((resolve) => setTimeout(resolve, 10));
    },
    stop: harness.stop,
  };
};
