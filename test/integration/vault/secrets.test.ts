import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { serialize } from 'node:v8';
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { HDKey, hdKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecipient } from '../../../src/main/platform/sealed-box';
import { PERSON_PATH } from '../../../src/main/vault/mnemonic';
import { Hash32 } from '../../../src/shared/model/ids';
import { digestInput } from '../../../src/shared/model/signing';
import { signingContent, signingItem } from '../../support/signing-content';
import {
  createVaultFixture,
  OTHER_PASSPHRASE,
  PASSPHRASE,
  type VaultFixture,
  wordsOnPage,
} from '../../support/vault-fixture';

const BIP39_PASSPHRASE = 'an extra recovery passphrase';
const IMPORTED = createHash('sha256').update('an imported key').digest();
const MISTYPED = 'gravel-Umbrella 71 sundial thermoz';

/** Every way in which a secret might stand in a stream of bytes. */
const encodings = (secret: Buffer): Record<string, Buffer> => {
  const hex = secret.toString('hex');
  return {
    raw: secret,
    hex: Buffer.from(hex),
    HEX: Buffer.from(hex.toUpperCase()),
    base64: Buffer.from(secret.toString('base64').replace(/=+$/, '')),
    base64url: Buffer.from(secret.toString('base64url')),
    utf16: Buffer.from(hex, 'utf16le'),
    decimalList: Buffer.from([...secret].join(',')),
    spacedList: Buffer.from([...secret].join(', ')),
    decimal: Buffer.from(BigInt(`0x${hex}`).toString(10)),
    reversed: Buffer.from([...secret].reverse()),
    percent: Buffer.from(hex.replace(/../g, '%$&')),
  };
};

const textEncodings = (text: string): Record<string, Buffer> => ({
  ...encodings(Buffer.from(text)),
  utf16: Buffer.from(text, 'utf16le'),
  json: Buffer.from(JSON.stringify(text).slice(1, -1)),
  uri: Buffer.from(encodeURIComponent(text)),
});

let fixture: VaultFixture;
const secrets = new Map<string, Record<string, Buffer>>();
let page: Uint8Array;

/** Everything a run does: create, sign, import, change, lock, unlock, and fail in between. */
beforeAll(async () => {
  fixture = await createVaultFixture();
  const vault = fixture.start();
  const ignore = () => undefined;
  await vault.assessPassphrase({ passphrase: PASSPHRASE, context: ['Example Treasury'] });
  const { pendingId, confirmPositions } = await vault.prepare({
    words: 24,
    bip39Passphrase: BIP39_PASSPHRASE,
  });
  page = await vault.recoveryPage(pendingId);
  const words = wordsOnPage(page);
  const answers = confirmPositions.map((position) => ({ position, word: words[position - 1] as string }));
  await vault.confirm({ pendingId, answers: [], passphrase: PASSPHRASE }).catch(ignore);
  await vault.confirm({ pendingId, answers, passphrase: PASSPHRASE });
  await vault.prepare({ words: 12, bip39Passphrase: null }).catch(ignore);
  await vault
    .restore({ mnemonic: words.join(' '), bip39Passphrase: null, passphrase: PASSPHRASE, accounts: 1 })
    .catch(ignore);
  await vault.importPrivateKey({ privateKey: IMPORTED.toString('hex'), passphrase: PASSPHRASE });
  await vault
    .importPrivateKey({ privateKey: IMPORTED.toString('hex'), passphrase: PASSPHRASE })
    .catch(ignore);
  await vault
    .importPrivateKey({ privateKey: `${IMPORTED.toString('hex')}0`, passphrase: PASSPHRASE })
    .catch(ignore);
  await vault
    .importKeystore({ json: '{"version":3}', keystorePassword: MISTYPED, passphrase: PASSPHRASE })
    .catch(ignore);
  const database = createRecipient();
  const databaseKey = database.open(await vault.sealDatabaseKey(database.publicKey));
  const journal = createRecipient();
  const journalKey = journal.open(await vault.sealJournalKey(journal.publicKey));
  await vault.sealDatabaseKey(new Uint8Array(32)).catch(ignore);

  const { keys } = await vault.keys();
  const [hd, imported] = keys;
  if (!hd || !imported) throw new Error('two keys expected');
  const content = signingContent(
    Array.from({ length: 400 }, (_, i) => signingItem(i, i % 2 ? hd : imported)),
  );
  const digest = Hash32.parse(`0x${createHash('sha256').update(digestInput(content)).digest('hex')}`);
  await vault.signBatch({ content, digest, passphrase: PASSPHRASE });
  await vault.signBatch({ content, digest, passphrase: MISTYPED }).catch(ignore);
  await vault.signBatch({ content: { bad: true } as never, digest, passphrase: PASSPHRASE }).catch(ignore);
  const { key } = await vault.personKey();
  const statement = { type: 'card', name: 'Ann', key, at: '2026-03-04T05:06:07.000Z' } as const;
  await vault.signStatement({ statement, passphrase: PASSPHRASE });
  await vault.signStatement({ statement, passphrase: MISTYPED }).catch(ignore);
  await vault.signStatement({ statement: { ...statement, name: '' }, passphrase: PASSPHRASE }).catch(ignore);
  await vault.setMode({ mode: 'offline', passphrase: MISTYPED }).catch(ignore);
  await vault.setMode({ mode: 'offline', passphrase: PASSPHRASE });
  await vault.changePassphrase({ current: PASSPHRASE, next: OTHER_PASSPHRASE });
  await vault.lock();
  await vault.unlock(MISTYPED).catch(ignore);
  await vault.unlock(OTHER_PASSPHRASE);
  await vault.recordReplicaHead({ count: 1n, headHash: `0x${'00'.repeat(32)}` as Hash32 });
  await vault.lock();

  const phrase = words.join(' ');
  const entropy = mnemonicToEntropy(phrase, wordlist);
  expect(entropyToMnemonic(entropy, wordlist)).toBe(phrase);
  const seed = mnemonicToSeedSync(phrase, BIP39_PASSPHRASE);
  const root = HDKey.fromMasterSeed(seed);
  const privateKey = root.derive("m/44'/60'/0'/0/0").privateKey as Uint8Array;
  expect(hdKeyToAccount(root).address).toBe(hd.address);
  for (const [name, bytes] of Object.entries({
    entropy,
    seed,
    'root key': root.privateKey as Uint8Array,
    'account key': privateKey,
    'person key': root.derive(PERSON_PATH).privateKey as Uint8Array,
    'imported key': IMPORTED,
    'database key': databaseKey,
    'journal key': journalKey,
  })) {
    secrets.set(name, encodings(Buffer.from(bytes)));
  }
  for (const [name, text] of Object.entries({
    'recovery phrase': phrase,
    'part of the phrase': words.slice(3, 6).join(' '),
    passphrase: PASSPHRASE,
    'next passphrase': OTHER_PASSPHRASE,
    'mistyped passphrase': MISTYPED,
    'recovery passphrase': BIP39_PASSPHRASE,
  })) {
    secrets.set(name, textEncodings(text));
  }
}, 120_000);
afterAll(() => fixture.dispose());

const findIn = (bytes: Buffer): string[] =>
  [...secrets].flatMap(([name, forms]) =>
    Object.entries(forms)
      .filter(([, form]) => bytes.includes(form))
      .map(([form]) => `${name} as ${form}`),
  );

/** A message in the forms in which it travels and in which somebody might log it. */
const bytesOf = (message: unknown): Buffer =>
  Buffer.concat([
    serialize(message),
    Buffer.from(inspect(message, { depth: null, maxArrayLength: null, maxStringLength: null })),
    Buffer.from(
      JSON.stringify(message, (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? [...value] : value,
      ) ?? '',
    ),
  ]);

describe('secrets', () => {
  it('are found by the scanner where they are', () => {
    expect(findIn(bytesOf({ value: new Uint8Array(IMPORTED) }))).toContain('imported key as raw');
    expect(findIn(bytesOf({ value: `0x${IMPORTED.toString('hex')}` }))).toContain('imported key as hex');
    expect(findIn(bytesOf({ error: `bad: ${PASSPHRASE}` }))).toContain('passphrase as raw');
    expect(findIn(bytesOf({ list: [...IMPORTED] }))).toContain('imported key as decimalList');
    for (const [name, forms] of secrets) {
      for (const [form, bytes] of Object.entries(forms)) {
        expect(findIn(Buffer.concat([Buffer.from('xx'), bytes, Buffer.from('yy')]))).toContain(
          `${name} as ${form}`,
        );
      }
    }
  });

  it('never leave the vault process in a message, an error, an output or a log', () => {
    const messages = fixture.received.filter(
      // The one answer that carries words: the page for the window without scripts.
      (message) =>
        !(
          message.kind === 'done' &&
          message.ok &&
          message.value instanceof Uint8Array &&
          message.value.length === page.length
        ),
    );
    expect(fixture.received.length - messages.length).toBe(1);
    expect(messages.length).toBeGreaterThan(20);
    expect(messages.flatMap((message) => findIn(bytesOf(message)))).toEqual([]);
    expect(findIn(Buffer.concat(fixture.output))).toEqual([]);
    expect(findIn(Buffer.from(fixture.internal.join('\n')))).toEqual([]);
  });

  it('reach the vault process only where they were typed in', () => {
    const typed =
      /^(passphrase|next passphrase|mistyped passphrase|recovery passphrase|recovery phrase|part of the phrase|imported key) as /;
    const found = fixture.sent.flatMap((message) => findIn(bytesOf(message)));
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((name) => !typed.test(name))).toEqual([]);
  });

  it('do not stand in any file', () => {
    const names = readdirSync(fixture.directory);
    expect(names).toContain('vault.nostro');
    for (const name of names) expect(findIn(readFileSync(join(fixture.directory, name)))).toEqual([]);
  });

  it('have no place in a vault once its process is gone', () => {
    for (const pid of fixture.pids) expect(() => process.kill(pid, 0)).toThrow();
  });
});
