/**
 * One machine on which envelopes are checked, approved and signed: the real store and directory, the real desk, and a vault
 * that holds the fixture's keys in memory and refuses what the real one refuses (by its own request checks).
 */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { createClockGuard, createDesk } from '../../../src/main/approval';
import { checksumAddress } from '../../../src/main/envelopes/address';
import { createEnvelopeCheck } from '../../../src/main/envelopes/check';
import type { LiveChain } from '../../../src/main/envelopes/check-live';
import { readFormat } from '../../../src/main/envelopes/codec';
import { openRead } from '../../../src/main/envelopes/open';
import type { PolicyInForce } from '../../../src/main/envelopes/ports';
import { createReview } from '../../../src/main/envelopes/review';
import { createDirectoryStore } from '../../../src/main/ledger/stores/directory-store';
import { createEnvelopeStore } from '../../../src/main/ledger/stores/envelope-store';
import { approvalsNeeded } from '../../../src/main/people/policy';
import { voiceWords } from '../../../src/main/vault';
import { signDigests } from '../../../src/main/vault/batch-signer';
import { checkRequest } from '../../../src/main/vault/request-check';
import { checkStatement, hashStatement } from '../../../src/main/vault/statement';
import type { AppEvent } from '../../../src/shared/contract';
import { AppError, type ErrorCode } from '../../../src/shared/errors';
import { encodeTransaction } from '../../../src/shared/evm/transaction';
import type { Counterparty, Network, OwnAccount, Token } from '../../../src/shared/model/directory';
import type { Act, Envelope, EnvelopeContent } from '../../../src/shared/model/envelope';
import {
  AccountId,
  CounterpartyId,
  contractOfToken,
  Hash32,
  type Hex,
  type Instant,
  KeyId,
  networkOfToken,
} from '../../../src/shared/model/ids';
import { JOURNAL_START } from '../../../src/shared/model/journal';
import type { PolicyFile } from '../../../src/shared/model/people';
import {
  accountKey,
  makePolicy,
  signHash,
  type TestKey,
  type TestPerson,
  transactionHash,
} from '../../support/envelope-fixture';
import { openTestStore, type TestStore } from '../../support/open-store';
import { remoteOf } from '../../support/remote';

export const PASSPHRASE = 'gravel-Umbrella 71 sundial thermos';
const VERIFICATION = { state: 'own' as const, sources: [], note: null };

const numbered = (prefix: string, index: number): string =>
  `${prefix}_${index.toString(36).padStart(24, '0')}`;

/** The directory of somebody who knows everything that an envelope names, and has approved it. */
export const directoryOf = (content: EnvelopeContent) => {
  const networks = content.networks.map(
    ({ id, name, nativeSymbol, nativeDecimals }): Network => ({
      id,
      name,
      endpoints: ['http://127.0.0.1:8545'],
      finality: { kind: 'tag', tag: 'latest' },
      fees: 'eip1559',
      nativeCurrency: { symbol: nativeSymbol, decimals: nativeDecimals },
      startBlock: 0n,
      isSandbox: false,
      verification: VERIFICATION,
    }),
  );
  const tokens = content.tokens.map(
    (token): Token => ({
      id: token.id,
      networkId: networkOfToken(token.id),
      address: checksumAddress(contractOfToken(token.id)),
      name: token.name,
      symbol: token.symbol,
      currency: token.currency,
      decimals: token.decimals,
      issuer: { ...token.issuer, memberId: null, country: null },
      state: 'active',
      lockReason: null,
      approved: {
        probedAt: '2026-02-01T00:00:00.000Z',
        blockNumber: 1n,
        blockHash: token.block.hash,
        codeHash: token.codeHash,
        implementation: token.implementation,
        implementationCodeHash: token.implementationCodeHash,
        proxyKind: 'none',
        name: token.name,
        symbol: token.symbol,
        decimals: token.decimals,
        currency: null,
        interfaces: token.reference === 'memo' ? ['memo'] : [],
      },
      observed: null,
      referenceSuffix: token.reference === 'suffix',
      verification: VERIFICATION,
    }),
  );
  const accounts = content.accounts.map(
    ({ name, entity, address }, index): OwnAccount => ({
      id: AccountId.parse(numbered('acc', index)),
      name,
      kind: 'key',
      keyId: null,
      address,
      entity,
      externalIds: [],
    }),
  );
  const counterparties = content.lines.map(
    ({ creditor }, index): Counterparty => ({
      id: CounterpartyId.parse(numbered('cpy', index)),
      name: creditor.name,
      lei: creditor.lei,
      bic: null,
      address: { street: null, building: null, postCode: null, town: null, country: null },
      accounts: [{ address: creditor.address, externalIds: [], enrolments: [] }],
      note: null,
      updatedAt: '2026-02-01T00:00:00.000Z',
    }),
  );
  return { networks, tokens, accounts, counterparties };
};
export type TestDirectory = ReturnType<typeof directoryOf>;

export type MachineOptions = {
  readonly person: TestPerson;
  readonly policy?: PolicyFile | null;
  /** Keys of accounts in this vault; none on a watch-only machine. */
  readonly keys?: readonly TestKey[];
  readonly live?: LiveChain | null;
  /** ISO time. Default: in the middle of the fixture's life. */
  readonly now?: string;
  /** A store that is there already; without it a new one. */
  readonly opened?: Pick<TestStore, 'db' | 'close'>;
};

/** Envelopes' fixture stands at 10:00 on 2026-03-02 and ends two days later. */
export const DURING = '2026-03-02T13:00:00.000Z';

export const createMachine = (options: MachineOptions) => {
  const opened = options.opened ?? openTestStore();
  const store = remoteOf(createEnvelopeStore(opened.db));
  const book = remoteOf(createDirectoryStore(opened.db));
  const events: AppEvent[] = [];
  let time = options.now ?? DURING;
  let policy: PolicyInForce | null =
    options.policy === null ? null : { digest: makePolicy().digest, content: makePolicy().content };
  if (options.policy) policy = { digest: options.policy.digest, content: options.policy.content };
  const clock = { now: () => new Date(time), monotonicMs: () => Date.parse(time) };
  const keys = (options.keys ?? []).map((key, index) => ({
    key,
    info: {
      keyId: KeyId.parse(numbered('key', index)),
      kind: 'hd' as const,
      path: null,
      address: key.address,
      createdAt: DURING,
    },
  }));
  const signings = { batches: 0, statements: 0 };
  const hooks: { beforeSigning: () => Promise<void> | void } = { beforeSigning: () => undefined };

  const requirePassphrase = (passphrase: string | null): void => {
    if (passphrase !== PASSPHRASE) throw new AppError('vault/wrong-passphrase');
  };
  const vault: Parameters<typeof createReview>[0]['vault'] = {
    signStatement: async ({ statement, passphrase }) => {
      const checked = checkStatement(statement, options.person.address);
      if (checked.needsPassphrase) requirePassphrase(passphrase);
      await hooks.beforeSigning();
      signings.statements += 1;
      const hash = `0x${Buffer.from(hashStatement(checked.statement)).toString('hex')}`;
      return { signature: signHash(hash, options.person) };
    },
    signBatch: async ({ content, digest, passphrase }, { signal, onProgress } = {}) => {
      const keyOf = (id: KeyId) => keys.find(({ info }) => info.keyId === id);
      const checked = checkRequest(content, digest, (id) => keyOf(id)?.info.address ?? null);
      requirePassphrase(passphrase);
      await hooks.beforeSigning();
      if (signal?.aborted) throw new AppError('cancelled');
      signings.batches += 1;
      const signatures = signDigests(
        checked.items.map(({ transaction, keyId }) => ({
          digest: transactionHash(transaction),
          privateKey: keyOf(keyId)?.key.privateKey ?? new Uint8Array(32),
        })),
      );
      onProgress?.({ signed: checked.items.length, total: checked.items.length });
      return {
        signed: checked.items.map((item, index) => {
          const signature = signatures[index];
          if (!signature) throw new Error('no signature');
          const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
          const raw = encodeTransaction(item.transaction).sign({
            r: number(signature.r),
            s: number(signature.s),
            yParity: signature.yParity,
          });
          return {
            paymentId: item.paymentId,
            raw: `0x${raw}` as Hex,
            hash: Hash32.parse(`0x${Buffer.from(keccak_256(Buffer.from(raw, 'hex'))).toString('hex')}`),
            from: item.debtorAddress,
            nonce: BigInt(item.transaction.nonce),
          };
        }),
      };
    },
  };

  const policyInForce = async () => policy;
  const vaultKeys = async () => keys.map(({ info }) => info);
  const check = createEnvelopeCheck({
    store,
    directory: { networks: book.networks, tokens: book.tokens, accounts: book.accounts },
    book,
    vaultKeys,
    policyInForce,
    approvalsNeeded,
    me: async () => options.person.address,
    verifyBytes: async (bytes) => void openRead(readFormat(bytes)),
    live: options.live ?? null,
    clock,
  });
  const windows = { opened: 0, closed: 0 };
  const desk = createDesk({
    windows: {
      openApproval: async () => {
        windows.opened += 1;
      },
      closeApproval: () => {
        windows.closed += 1;
      },
    },
    voiceWords,
    requireClock: createClockGuard({ latestTime: store.latestTime, clock }),
    emit: (event) => void events.push(event),
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const anchors = { kept: 0 };
  const review = createReview({
    desk,
    store,
    check,
    policyInForce,
    identity: async () => ({ name: options.person.name, key: options.person.address }),
    journalAnchor: async () => ({ count: 0, head: JOURNAL_START }),
    vault,
    vaultKeys,
    keepAnchor: async () => {
      anchors.kept += 1;
    },
    emit: (event) => void events.push(event),
    emitToApproval: (event) => void events.push(event),
    clock,
  });

  return {
    db: opened.db,
    store,
    book,
    desk,
    review,
    check,
    events,
    windows,
    signings,
    anchors,
    hooks,
    setNow: (now: string) => {
      time = now;
    },
    setPolicy: (next: PolicyFile | null) => {
      policy = next === null ? null : { digest: next.digest, content: next.content };
    },
    fill: (directory: TestDirectory) => book.merge(directory),
    /** Puts an envelope into the store as an intake does, with whatever acts. */
    take: async ({ content, digest, acts }: Pick<Envelope, 'content' | 'digest' | 'acts'>) => {
      const { lines, ...head } = content;
      const at = time as Instant;
      await store.begin({ digest, head, lineCount: lines.length, batchId: null, at });
      for (let from = 0; from < lines.length; from += 500)
        await store.addLines(digest, from, lines.slice(from, from + 500));
      await store.finish(digest, acts, at);
    },
    acts: async (digest: Hash32): Promise<readonly Act[]> => (await store.get(digest)).acts,
    findings: async (digest: Hash32, purpose: 'approve' | 'sign' | 'look' = 'look') =>
      (await check(await store.get(digest), purpose)).findings,
    stop: async () => {
      await desk.stop();
      opened.close();
    },
  };
};
export type Machine = ReturnType<typeof createMachine>;

export const ALL_KEYS = [accountKey(0), accountKey(1)] as const;

export const codeOf = (work: Promise<unknown>): Promise<ErrorCode | 'none' | string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof AppError ? error.code : `not an AppError: ${String(error)}`),
  );
