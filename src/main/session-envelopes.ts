/**
 * Wires what two people and an air gap need: people and policy, envelopes, their review, and their exchange by files and
 * codes. A part of the session (session.ts), of the same life.
 */
import type { AppEvent, MainHandlers } from '../shared/contract';
import type { KeyInfo } from '../shared/contract/vault';
import { AppError } from '../shared/errors';
import type { Hash32, NetworkId } from '../shared/model/ids';
import type { PersonRef } from '../shared/model/people';
import type { Desk } from './approval';
import type { Chain } from './chain';
import type { createDirectory } from './directory';
import {
  createEnvelopeCheck,
  createEnvelopeOpener,
  createEnvelopes,
  createReview,
  envelopesHandlers,
} from './envelopes';
import { createExchange, type ExchangeSubject } from './exchange';
import type { Host } from './host';
import type { NoteFacts } from './journal';
import type { LedgerChild } from './ledger';
import { buildTransaction } from './payments/approval-content';
import { createPlanner, type PlannerDeps } from './payments/plan';
import { readAvailable } from './payments/preflight';
import { referenceFormOf } from './payments/transfer-data';
import { approvalsNeeded, createPeople, peopleHandlers } from './people';
import { connectChild } from './platform/child';
import type { ChosenFiles } from './platform/chosen-files';
import type { writeUserFile } from './platform/user-files';
import { type ChainPort, planWaitingFees, type ReplacementPlan, type Settlement } from './settlement';
import type { Vault } from './vault';

export type EnvelopeSessionDeps = {
  readonly host: Host;
  readonly isOnline: boolean;
  readonly vault: Vault;
  readonly vaultKeys: () => Promise<readonly KeyInfo[]>;
  readonly ledger: LedgerChild;
  readonly files: ChosenFiles;
  readonly directory: ReturnType<typeof createDirectory>;
  readonly chain: Pick<Chain, 'network'>;
  readonly chainPort: ChainPort;
  readonly settlement: Pick<Settlement, 'accept' | 'acceptReplacement'>;
  readonly planning: Pick<PlannerDeps, 'network' | 'account' | 'fallbackGas'>;
  readonly desk: Pick<Desk, 'open'>;
  /** Tells the vault how far the store is now; a failure is in the log. */
  readonly keepAnchor: () => Promise<void>;
  readonly identify: (who: PersonRef | null) => void;
  readonly noteFacts: NoteFacts;
  readonly saveBytes: (
    suggestedName: string,
    extension: string,
    chunks: Parameters<typeof writeUserFile>[1],
  ) => Promise<string | null>;
  readonly emit: (event: AppEvent) => void;
  readonly emitToApproval: (event: AppEvent) => void;
};

export const wireEnvelopes = (deps: EnvelopeSessionDeps) => {
  const { host, vault, vaultKeys, ledger, directory, chainPort, desk, keepAnchor, emit } = deps;
  const { clock, log } = host;
  const store = ledger.store('envelopes');
  const settlementStore = ledger.store('settlement');

  const people = createPeople({
    store: ledger.store('people'),
    vault,
    clock,
    latestTime: store.latestTime,
    saveFile: ({ suggestedName, extension, content }) => deps.saveBytes(suggestedName, extension, [content]),
    keepAnchor,
    identify: deps.identify,
    emit,
    log,
    isTestRuntime: host.runtime.isTestRuntime,
  });
  const policyInForce = people.inForce;
  const me = async () => (await vault.personKey()).key;
  const journalHead = () => ledger.store('journal').head();

  const opener = createEnvelopeOpener({
    spawn: host.spawn,
    connect: connectChild,
    onInternal: (method, cause) => log.error('child failed', { child: 'envelope', method, cause }),
  });
  const check = createEnvelopeCheck({
    verifyBytes: async (bytes) => void (await opener.open({ bytes })),
    store,
    directory,
    book: ledger.store('directory'),
    vaultKeys,
    policyInForce,
    approvalsNeeded,
    me,
    live: deps.isOnline
      ? {
          verifyToken: directory.verifyToken,
          nonces: chainPort.nonces,
          available: (token, holder) => readAvailable(chainPort, token, holder),
          nativeBalances: chainPort.nativeBalances,
        }
      : null,
    clock,
  });
  const review = createReview({
    desk,
    store,
    check,
    policyInForce,
    identity: people.identity,
    journalAnchor: journalHead,
    vault,
    vaultKeys,
    keepAnchor,
    emit,
    emitToApproval: deps.emitToApproval,
    clock,
  });
  const envelopes = createEnvelopes({
    store,
    settlement: deps.settlement,
    settlementStore,
    payments: ledger.store('payments'),
    planner: createPlanner({
      store: settlementStore,
      chain: chainPort,
      verifyToken: directory.verifyToken,
      planFees: planWaitingFees,
      ...deps.planning,
    }),
    buildTransaction,
    referenceFormOf,
    verifyToken: directory.verifyToken,
    block: async (networkId: NetworkId, hash: Hash32 | null) => {
      const block = await deps.chain.network(networkId).getBlock(hash === null ? 'latest' : { hash });
      if (!block) throw new AppError('chain/invalid-answer', { method: 'eth_getBlockByHash' });
      const time = new Date(Number(block.timestamp) * 1000).toISOString();
      return { number: block.number.toString(), hash: block.hash, time };
    },
    policyInForce,
    policyByDigest: people.policyByDigest,
    approvalsNeeded,
    vault,
    vaultKeys,
    journalHead,
    chain: chainPort,
    opener,
    takePeopleFile: (format, bytes) =>
      format === 'policy' ? people.intakePolicy(bytes) : people.intakeCard(bytes),
    check,
    review,
    pathOf: deps.files.pathOf,
    saveFile: deps.saveBytes,
    keepAnchor,
    isOffline: !deps.isOnline,
    clock,
    emit,
    log,
  });

  const readBytes = async (subject: ExchangeSubject): Promise<Uint8Array> => {
    if (subject.format === 'policy') return people.policyBytes(subject.digest);
    if (subject.format === 'person') {
      const card = await people.ownCard();
      if (!card) throw new AppError('person/name-missing');
      return card;
    }
    const bytes = await envelopes.bytes(subject.digest);
    await envelopes.markExported(subject.digest);
    return bytes;
  };

  const handlers: Partial<MainHandlers> = {
    ...peopleHandlers(people, {
      openReview: (digest) => desk.open(`adopt/${digest}`, () => people.reviewSubject(digest)),
    }),
    ...envelopesHandlers(envelopes, deps.noteFacts),
    ...createExchange({ intake: envelopes.importBytes, readBytes }),
  };

  return {
    handlers,
    /** Called once the store is open, before commands are taken. */
    start: async (): Promise<void> => {
      await envelopes.start();
      await people.start();
    },
    /** A policy is in force: nobody signs alone. */
    isUnderPolicy: async (): Promise<boolean> => (await policyInForce()) !== null,
    replace: (plan: ReplacementPlan): Promise<Hash32> => envelopes.replace(plan),
  };
};
