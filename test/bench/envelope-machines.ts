/**
 * Two machines of one company for benchmarks, each the whole main side on real parts: an online one without an account's
 * key, and an offline one that signs. The envelope comes from people whose keys are the fixtures', so that no chain runs.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksumAddress } from '../../src/main/envelopes/address';
import { encodeEnvelope, envelopeDigest } from '../../src/main/envelopes/codec';
import { type Canonical, canonicalJson } from '../../src/shared/canonical';
import type { AppEvent } from '../../src/shared/contract';
import type { DirectoryFile } from '../../src/shared/model/directory';
import type { EnvelopeContent } from '../../src/shared/model/envelope';
import { type Address, contractOfToken, type Hash32, networkOfToken } from '../../src/shared/model/ids';
import type { PolicyFile, Role } from '../../src/shared/model/people';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../support/app-harness';
import {
  approveAct,
  createAct,
  makeContent,
  makeEnvelope,
  makePolicy,
  TOKENS,
} from '../support/envelope-fixture';
import { APPROVER, MAKER } from '../support/test-people';
import type { Watch } from './watch';

export const PASSPHRASE = 'gravel-Umbrella 71 sundial thermos';
/** Test vectors of BIP-39: never anybody's. */
const WORDS = {
  online: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  offline: 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
} as const;
const ACCOUNTS = 3;
const HOUR_MS = 60 * 60_000;

export type BenchMachine = {
  readonly app: AppHarness;
  readonly folder: AppFolder;
  /** A fresh path in this machine's folder. */
  readonly newPath: (extension: string) => string;
  /** What became of it: `new`, `merged`. */
  readonly takeIn: (path: string) => Promise<string>;
  /** Path of the file. */
  readonly takeOut: (digest: Hash32) => Promise<string>;
};

const verification = { state: 'own' as const, sources: [], note: null };

/** What the offline machine knows: everything that the envelope names, also each of its creditors. */
const directoryOf = (content: EnvelopeContent): DirectoryFile => ({
  format: 'nostro-directory',
  version: 1,
  networks: content.networks.map(({ id, name, nativeSymbol, nativeDecimals }) => ({
    id,
    name,
    // Nothing listens there; the machine that knows it opens no socket anyway.
    endpoints: ['http://127.0.0.1:9/'],
    finality: { kind: 'depth', blocks: 3 },
    fees: 'eip1559',
    nativeCurrency: { symbol: nativeSymbol, decimals: nativeDecimals },
    startBlock: '0',
    isSandbox: false,
    verification,
  })),
  tokens: content.tokens.map((token) => ({
    networkId: networkOfToken(token.id),
    address: checksumAddress(contractOfToken(token.id)),
    currency: token.currency,
    issuer: { name: token.issuer.name, bic: null, memberId: null, lei: null, country: 'DE' },
    locked: false,
    lockReason: null,
    referenceSuffix: token.reference === 'suffix',
    verification,
    approved: {
      probedAt: token.block.time,
      blockNumber: token.block.number,
      blockHash: token.block.hash,
      codeHash: token.codeHash,
      implementation: token.implementation,
      implementationCodeHash: token.implementationCodeHash,
      proxyKind: 'none',
      name: token.name,
      symbol: token.symbol,
      decimals: token.decimals,
      currency: token.currency,
      interfaces: token.reference === 'memo' ? ['memo'] : [],
    },
  })),
  accounts: content.accounts.map(({ name, address, entity }) => ({
    name,
    address,
    entity,
    externalIds: [],
  })),
  counterparties: content.lines.map(({ creditor }) => ({
    name: creditor.name,
    lei: creditor.lei,
    bic: null,
    address: { street: null, building: null, postCode: null, town: null, country: creditor.country },
    accounts: [{ address: creditor.address, externalIds: [], enrolments: [] }],
    note: null,
  })),
});

const startMachine = async (
  mode: keyof typeof WORDS,
  watch: Watch,
  onEvent: (event: AppEvent) => void,
): Promise<BenchMachine> => {
  const folder = makeAppFolder();
  const app = await startApp({ folder, wrapSpawn: watch.wrapSpawn, onEvent });
  await app.main['vault.restore']({
    mnemonic: WORDS[mode],
    bip39Passphrase: null,
    passphrase: PASSPHRASE,
    accounts: mode === 'offline' ? ACCOUNTS : 1,
    mode,
  });
  let files = 0;
  const newPath = (extension: string): string => {
    files += 1;
    return join(folder.path, `file-${files}.${extension}`);
  };
  return {
    app,
    folder,
    newPath,
    takeIn: async (path) => {
      app.chooseNext(path);
      const { file } = await app.main['files.choose']({ purpose: 'exchange' });
      if (!file) throw new Error('no file was chosen');
      const intake = await app.main['envelopes.importFile']({ fileId: file.fileId });
      return intake.format === 'person' ? 'new' : intake.outcome;
    },
    takeOut: async (digest) => {
      const path = newPath('nostro');
      app.saveNext(path);
      const { saved } = await app.main['envelopes.exportFile']({ digest });
      if (saved === null) throw new Error('nothing was saved');
      return path;
    },
  };
};

const keyOf = async ({ app }: BenchMachine): Promise<Address> => (await app.main['people.identity']({})).key;

const adopt = async (machine: BenchMachine, policy: PolicyFile): Promise<void> => {
  const path = machine.newPath('nostro');
  writeFileSync(path, canonicalJson(policy as unknown as Canonical));
  await machine.takeIn(path);
  await machine.app.main['people.reviewPolicy']({ digest: policy.digest });
  await machine.app.approval['approval.approve']({ digest: policy.digest, passphrase: PASSPHRASE });
};

export type BenchMachines = {
  readonly online: BenchMachine;
  readonly offline: BenchMachine;
  readonly digest: Hash32;
  readonly stop: () => Promise<void>;
};

/** Both under one policy, and the approved envelope in the online one's store. */
export const startMachines = async (
  lines: number,
  watch: Watch,
  onEvent: (event: AppEvent) => void,
): Promise<BenchMachines> => {
  const online = await startMachine('online', watch, onEvent);
  const offline = await startMachine('offline', watch, onEvent);
  const person = (name: string, key: Address, ...roles: Role[]) => ({ name, key, roles });
  const policy = makePolicy({
    people: [
      person(MAKER.name, MAKER.address, 'maker'),
      person(APPROVER.name, APPROVER.address, 'approver'),
      person('Sami Signer', await keyOf(offline), 'signer'),
      person('Ada Auditor', await keyOf(online), 'auditor'),
    ],
    table: [],
  });
  await adopt(online, policy);
  await adopt(offline, policy);

  const { keys } = await offline.app.main['vault.keys']({});
  const now = Date.now();
  const content = makeContent({
    lines,
    accounts: ACCOUNTS,
    tokens: TOKENS,
    policy: { number: policy.content.number, digest: policy.digest },
    // The vault has the keys that belong to these addresses; nothing is signed with them here.
    keys: keys.map(({ address }) => ({ address, privateKey: new Uint8Array() })),
    createdAt: new Date(now - HOUR_MS).toISOString(),
    expiresAt: new Date(now + 24 * HOUR_MS).toISOString(),
  });
  const scope = { content, digest: envelopeDigest(content) };
  const envelope = makeEnvelope(content, [
    createAct(scope),
    approveAct(scope, APPROVER, { at: new Date(now - HOUR_MS / 2).toISOString() }),
  ]);

  const book = offline.newPath('json');
  writeFileSync(book, JSON.stringify(directoryOf(content)));
  offline.app.chooseNext(book);
  const { file } = await offline.app.main['files.choose']({ purpose: 'directory' });
  if (!file) throw new Error('no file was chosen');
  await offline.app.main['directory.importFile']({ fileId: file.fileId });

  const prepared = online.newPath('nostro');
  writeFileSync(prepared, encodeEnvelope(envelope));
  await online.takeIn(prepared);
  return {
    online,
    offline,
    digest: scope.digest,
    stop: async () => {
      for (const { app, folder } of [online, offline]) {
        await app.stop();
        folder.remove();
      }
    },
  };
};
