import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { english, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRecipient } from '../../../src/main/platform/sealed-box';
import type { Vault } from '../../../src/main/vault';
import { parseEnvelope } from '../../../src/main/vault/envelope';
import { KDF_FLOOR, PREFERRED_KDF } from '../../../src/main/vault/kdf';
import { createVaultStore } from '../../../src/main/vault/store';
import { createThrottle } from '../../../src/main/vault/throttle';
import type { Hash32 } from '../../../src/shared/model/ids';
import {
  createVaultFixture,
  isRunning,
  OTHER_PASSPHRASE,
  PASSPHRASE,
  type VaultFixture,
  wordsOnPage,
} from '../../support/vault-fixture';

const PHRASE = 'test test test test test test test test test test test junk';
const FIRST = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const KEY = `0x${'42'.repeat(32)}` as const;

let fixture: VaultFixture;
let vault: Vault;

beforeEach(async () => {
  fixture = await createVaultFixture();
  vault = fixture.start();
});
afterEach(() => fixture.dispose());

const restore = (over: Vault = vault, accounts = 1) =>
  over.restore({ mnemonic: PHRASE, bip39Passphrase: null, passphrase: PASSPHRASE, accounts });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );
const vaultFile = () => join(fixture.directory, 'vault.nostro');

describe('creating', () => {
  it.each([12, 24] as const)(
    'makes %i words, shows them on a page, asks for some, and opens',
    async (count) => {
      expect(vault.status()).toEqual({ state: 'absent', failedAttempts: 0, waitMs: 0, isPreparing: false });
      const { pendingId, confirmPositions } = await vault.prepare({ words: count, bip39Passphrase: 'extra' });
      expect(vault.status().isPreparing).toBe(true);
      expect(confirmPositions).toHaveLength(count === 12 ? 3 : 4);
      expect(new Set(confirmPositions).size).toBe(confirmPositions.length);
      const words = wordsOnPage(await vault.recoveryPage(pendingId));
      expect(words).toHaveLength(count);
      const answers = confirmPositions.map((position) => ({
        position,
        word: ` ${words[position - 1]?.toUpperCase()} `,
      }));

      const confirm = (over: object) =>
        codeOf(vault.confirm({ pendingId, answers, passphrase: PASSPHRASE, ...over }));
      expect(await confirm({ answers: answers.slice(1) })).toBe('vault/confirmation-mismatch');
      expect(await confirm({ answers: answers.map((answer) => ({ ...answer, word: 'zebra' })) })).toBe(
        'vault/confirmation-mismatch',
      );
      expect(await confirm({ pendingId: 'other' })).toBe('vault/invalid-request');
      expect(await confirm({ passphrase: 'passwordpassword' })).toBe('vault/weak-passphrase');
      expect(readdirSync(fixture.directory)).toEqual([]);

      const { keys, revision } = await vault.confirm({ pendingId, answers, passphrase: PASSPHRASE });
      const expected = mnemonicToAccount(words.join(' '), { passphrase: 'extra', path: "m/44'/60'/0'/0/0" });
      expect(keys).toMatchObject([{ kind: 'hd', path: "m/44'/60'/0'/0/0", address: expected.address }]);
      expect(revision).toBe(1n);
      expect(vault.status()).toMatchObject({ state: 'unlocked', isPreparing: false });
      expect(words.every((word) => english.includes(word))).toBe(true);

      expect(readdirSync(fixture.directory)).toEqual(['vault.nostro']);
      expect(statSync(vaultFile()).mode & 0o777).toBe(0o600);
      // The phrase is gone: it cannot be shown or confirmed again.
      expect(await codeOf(vault.recoveryPage(pendingId))).toBe('vault/invalid-request');
      expect(await codeOf(vault.prepare({ words: 12, bip39Passphrase: null }))).toBe('vault/exists');
      expect(await codeOf(restore())).toBe('vault/exists');
    },
  );

  it('throws a prepared phrase away on request and after too many wrong answers', async () => {
    const first = await vault.prepare({ words: 12, bip39Passphrase: null });
    await vault.abandon();
    expect(await codeOf(vault.recoveryPage(first.pendingId))).toBe('vault/invalid-request');
    const second = await vault.prepare({ words: 12, bip39Passphrase: null });
    const wrong = () =>
      codeOf(vault.confirm({ pendingId: second.pendingId, answers: [], passphrase: PASSPHRASE }));
    for (let i = 0; i < 10; i += 1) expect(await wrong()).toBe('vault/confirmation-mismatch');
    expect(await wrong()).toBe('vault/invalid-request');
  });

  it('rates a passphrase without keeping it', async () => {
    expect(await vault.assessPassphrase({ passphrase: 'short' })).toMatchObject({ reason: 'too-short' });
    expect(await vault.assessPassphrase({ passphrase: PASSPHRASE })).toEqual({
      score: 4,
      isAccepted: true,
      reason: 'ok',
      guesses: 'centuries',
    });
  });
});

describe('restoring and importing', () => {
  it('gives the same accounts and ids from the same words', async () => {
    const { keys } = await restore(vault, 3);
    expect(keys.map(({ address }) => address)).toEqual(
      [0, 1, 2].map((index) => mnemonicToAccount(PHRASE, { addressIndex: index }).address),
    );
    const other = await createVaultFixture();
    try {
      const again = await restore(other.start(), 3);
      expect(again.keys.map(({ keyId }) => keyId)).toEqual(keys.map(({ keyId }) => keyId));
    } finally {
      await other.dispose();
    }
  });

  it('refuses wrong words and weak passphrases and writes nothing', async () => {
    const tryWith = (mnemonic: string, passphrase = PASSPHRASE) =>
      codeOf(vault.restore({ mnemonic, bip39Passphrase: null, passphrase, accounts: 1 }));
    expect(await tryWith('test test')).toBe('vault/invalid-mnemonic');
    expect(await tryWith(PHRASE.replace('junk', 'test'))).toBe('vault/invalid-mnemonic');
    expect(await tryWith(PHRASE, 'qwertyuiopasdfghjkl')).toBe('vault/weak-passphrase');
    expect(readdirSync(fixture.directory)).toEqual([]);
  });

  it('derives the next account and imports keys for whoever gives the passphrase', async () => {
    await restore();
    expect((await vault.deriveKey(PASSPHRASE)).address).toBe(
      mnemonicToAccount(PHRASE, { addressIndex: 1 }).address,
    );
    expect(await codeOf(vault.deriveKey(OTHER_PASSPHRASE))).toBe('vault/wrong-passphrase');
    const imported = await vault.importPrivateKey({ privateKey: KEY, passphrase: PASSPHRASE });
    expect(imported).toMatchObject({
      kind: 'imported',
      path: null,
      address: privateKeyToAccount(KEY).address,
    });
    const again = (privateKey: string) =>
      codeOf(vault.importPrivateKey({ privateKey, passphrase: PASSPHRASE }));
    expect(await again(KEY)).toBe('vault/duplicate-key');
    expect(await again('0x1234')).toBe('vault/invalid-private-key');
    expect(await again('00'.repeat(32))).toBe('vault/invalid-private-key');
    await vault.lock();
    expect((await vault.unlock(PASSPHRASE)).keys.map(({ address }) => address)).toEqual([
      FIRST,
      mnemonicToAccount(PHRASE, { addressIndex: 1 }).address,
      imported.address,
    ]);
  });

  it('starts a vault from one private key', async () => {
    const { address } = await vault.importPrivateKey({ privateKey: KEY.slice(2), passphrase: PASSPHRASE });
    expect(address).toBe(privateKeyToAccount(KEY).address);
    expect(vault.status().state).toBe('unlocked');
    expect(await codeOf(vault.deriveKey(PASSPHRASE))).toBe('vault/invalid-request');
    await vault.lock();
    expect(await codeOf(vault.importPrivateKey({ privateKey: KEY, passphrase: PASSPHRASE }))).toBe(
      'vault/locked',
    );
  });
});

describe('locking', () => {
  it('ends the process, and nothing answers until the passphrase is given again', async () => {
    await restore();
    const pid = vault.pid() as number;
    expect(isRunning(pid)).toBe(true);
    const states: string[] = [];
    vault.onStateChanged((state) => states.push(state));
    const start = performance.now();
    await vault.lock();
    expect(isRunning(pid)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(states).toEqual(['locked']);
    for (const call of [
      () => vault.keys(),
      () => vault.sealDatabaseKey(createRecipient().publicKey),
      () => vault.deriveKey(PASSPHRASE),
      () => vault.changePassphrase({ current: PASSPHRASE, next: OTHER_PASSPHRASE }),
      () => vault.signBatch({ content: {} as never, digest: '0x' as never, passphrase: PASSPHRASE }),
    ]) {
      expect(await codeOf(call())).toBe('vault/locked');
    }
    expect(vault.pid()).toBeUndefined();
    expect((await vault.unlock(PASSPHRASE)).keys[0]?.address).toBe(FIRST);
    expect(states).toEqual(['locked', 'unlocked']);
  });

  it('answers calls that were under way with locked', async () => {
    await restore();
    const running = codeOf(vault.deriveKey(PASSPHRASE));
    await vault.lock();
    expect(await running).toBe('vault/locked');
  });

  it('shows locked when the process dies on its own, and opens again', async () => {
    await restore();
    const states: string[] = [];
    vault.onStateChanged((state) => states.push(state));
    process.kill(vault.pid() as number, 'SIGKILL');
    await vi.waitFor(() => expect(vault.status().state).toBe('locked'), { timeout: 2000 });
    expect(states).toEqual(['locked']);
    expect((await vault.unlock(PASSPHRASE)).keys).toHaveLength(1);
  });
});

describe('unlocking', () => {
  it('knows a missing vault, a wrong passphrase and a changed one', async () => {
    expect(await codeOf(vault.unlock(PASSPHRASE))).toBe('vault/missing');
    await restore();
    expect(await codeOf(vault.changePassphrase({ current: OTHER_PASSPHRASE, next: OTHER_PASSPHRASE }))).toBe(
      'vault/wrong-passphrase',
    );
    expect(await codeOf(vault.changePassphrase({ current: PASSPHRASE, next: 'aaaaaaaaaaaaaaaaaa' }))).toBe(
      'vault/weak-passphrase',
    );
    await vault.changePassphrase({ current: PASSPHRASE, next: OTHER_PASSPHRASE });
    await vault.lock();
    expect(await codeOf(vault.unlock(PASSPHRASE))).toBe('vault/wrong-passphrase');
    expect(await codeOf(vault.unlock(''))).toBe('vault/wrong-passphrase');
    expect((await vault.unlock(OTHER_PASSPHRASE)).keys[0]?.address).toBe(FIRST);
    expect(vault.status().failedAttempts).toBe(0);
  });

  it('makes guesses wait, across restarts, and then lets the right passphrase in', async () => {
    await restore();
    await vault.lock();
    // Eight at once: three are tried one after the other, the others wait.
    const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(vault.unlock('not this one'))));
    expect(codes).toEqual([...Array(3).fill('vault/wrong-passphrase'), ...Array(5).fill('vault/throttled')]);
    await vault.lock();
    const restarted = fixture.start();
    expect(restarted.status().failedAttempts).toBe(3);
    await vi.waitFor(() => expect(restarted.status().waitMs).toBe(0), { timeout: 5000 });
    expect(await codeOf(restarted.unlock('nor this'))).toBe('vault/wrong-passphrase');
    await restarted.lock();
    const again = fixture.start();
    await expect(again.unlock(PASSPHRASE)).rejects.toMatchObject({
      code: 'vault/throttled',
      details: { waitMs: expect.any(Number) },
    });
    await vi.waitFor(() => expect(again.status().waitMs).toBe(0), { timeout: 5000 });
    expect((await again.unlock(PASSPHRASE)).keys).toHaveLength(1);
    expect(again.status()).toMatchObject({ failedAttempts: 0, waitMs: 0 });
  });

  it('refuses a damaged or newer file, leaves it as it is, and counts no attempt', async () => {
    await restore();
    await vault.lock();
    const good = readFileSync(vaultFile());
    const newer = Buffer.from(good);
    newer.writeUInt16BE(2, 8);
    const flipped = Buffer.from(good);
    flipped[300] = (flipped[300] as number) ^ 4;
    for (const [bytes, code] of [
      [flipped, 'vault/corrupt'],
      [good.subarray(0, 1000), 'vault/corrupt'],
      [Buffer.alloc(0), 'vault/corrupt'],
      [Buffer.alloc(3_000_000), 'vault/corrupt'],
      [newer, 'vault/newer-version'],
    ] as const) {
      writeFileSync(vaultFile(), bytes);
      expect(await codeOf(vault.unlock(PASSPHRASE))).toBe(code);
      expect(readFileSync(vaultFile()).equals(bytes)).toBe(true);
      expect(vault.status().failedAttempts).toBe(0);
    }
    writeFileSync(vaultFile(), good);
    expect((await vault.unlock(PASSPHRASE)).keys).toHaveLength(1);
  });

  it('raises weak parameters of an older file', async () => {
    const store = createVaultStore(fixture.directory, createThrottle(fixture.directory), KDF_FLOOR);
    await store.create(PASSPHRASE, {
      databaseKey: new Uint8Array(32).fill(1),
      journalKey: new Uint8Array(32).fill(2),
      replicaHead: null,
      journalHead: null,
      mode: 'online',
      personKey: new Uint8Array(32).fill(3),
      seed: null,
      imported: [{ privateKey: new Uint8Array(32).fill(0x42), createdAt: 0 }],
    });
    expect(parseEnvelope(readFileSync(vaultFile())).kdf).toEqual(KDF_FLOOR);
    expect((await vault.unlock(PASSPHRASE)).revision).toBe(2n);
    expect(parseEnvelope(readFileSync(vaultFile())).kdf).toEqual(PREFERRED_KDF);
    await vault.lock();
    expect((await vault.unlock(PASSPHRASE)).keys[0]?.address).toBe(privateKeyToAccount(KEY).address);
  });
});

describe('what else the vault keeps', () => {
  it('hands the database and journal keys over sealed, the same every time', async () => {
    await restore();
    const open = async (seal: (publicKey: Uint8Array) => Promise<Uint8Array>): Promise<string> => {
      const recipient = createRecipient();
      return Buffer.from(recipient.open(await seal(recipient.publicKey))).toString('hex');
    };
    const database = await open(vault.sealDatabaseKey);
    const journal = await open(vault.sealJournalKey);
    expect(database).toHaveLength(64);
    expect(journal).not.toBe(database);
    await vault.changePassphrase({ current: PASSPHRASE, next: OTHER_PASSPHRASE });
    await vault.lock();
    await vault.unlock(OTHER_PASSPHRASE);
    expect(await open(vault.sealDatabaseKey)).toBe(database);
    expect(await open(vault.sealJournalKey)).toBe(journal);
  });

  it('remembers the head of the replica, with a growing revision that shows an older copy', async () => {
    const { revision } = await restore();
    const older = readFileSync(vaultFile());
    const head = { count: 12n, headHash: `0x${'ab'.repeat(32)}` as Hash32 };
    expect(await vault.recordReplicaHead(head)).toEqual({ revision: revision + 1n });
    await vault.lock();
    expect(await vault.unlock(PASSPHRASE)).toMatchObject({ revision: revision + 1n, replicaHead: head });
    await vault.lock();
    writeFileSync(vaultFile(), older);
    expect((await vault.unlock(PASSPHRASE)).revision).toBe(revision);
  });

  it('says so when the file cannot be written, and keeps what it had', async () => {
    await restore();
    const before = readFileSync(vaultFile());
    // A folder in the way of the backup's name makes the write fail for root as well.
    mkdirSync(join(fixture.directory, 'vault.nostro.bak', 'x'), { recursive: true });
    expect(
      await codeOf(vault.recordReplicaHead({ count: 1n, headHash: `0x${'00'.repeat(32)}` as Hash32 })),
    ).toBe('vault/unwritable');
    expect(readFileSync(vaultFile()).equals(before)).toBe(true);
    expect(readdirSync(fixture.directory).filter((name) => name.includes('.tmp-'))).toEqual([]);
    expect((await vault.keys()).revision).toBe(1n);
  });
});
