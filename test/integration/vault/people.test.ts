import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mnemonicToSeedSync } from '@scure/bip39';
import { hashTypedData, recoverAddress } from 'viem';
import { HDKey, privateKeyToAccount } from 'viem/accounts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Vault } from '../../../src/main/vault';
import { type EnvelopeKeys, sealEnvelope } from '../../../src/main/vault/envelope';
import { deriveKek, KDF_FLOOR, PREFERRED_KDF } from '../../../src/main/vault/kdf';
import { PERSON_PATH } from '../../../src/main/vault/mnemonic';
import {
  EIP712_DOMAIN,
  EIP712_TYPES,
  type PersonStatement,
  type UnsignedAct,
} from '../../../src/shared/model/envelope';
import type { Address, Hash32 } from '../../../src/shared/model/ids';
import {
  createVaultFixture,
  OTHER_PASSPHRASE,
  PASSPHRASE,
  type VaultFixture,
} from '../../support/vault-fixture';
import { encodeContentsV1 } from '../../support/vault-v1';

const PHRASE = 'test test test test test test test test test test test junk';
const KEY = `0x${'42'.repeat(32)}` as const;
const AT = '2026-03-04T05:06:07.000Z';
/** The libraries' type for hex. */
const hex = (text: string) => text as `0x${string}`;
const hash32 = (byte: string) => `0x${byte.repeat(32)}` as Hash32;

let fixture: VaultFixture;
let vault: Vault;

beforeEach(async () => {
  fixture = await createVaultFixture();
  vault = fixture.start();
});
afterEach(() => fixture.dispose());

const restore = (mode?: 'online' | 'offline') =>
  vault.restore({
    mnemonic: PHRASE,
    bip39Passphrase: null,
    passphrase: PASSPHRASE,
    accounts: 1,
    ...(mode && { mode }),
  });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );
const vaultFile = () => join(fixture.directory, 'vault.nostro');
const reopen = async () => {
  await vault.lock();
  vault = fixture.start();
  return vault.unlock(PASSPHRASE);
};

const policyOf = (key: Address): PersonStatement => ({
  type: 'policy',
  company: hash32('0c'),
  digest: hash32('0d'),
  number: 2,
  by: { name: 'Ann', key },
  at: AT,
});
const actOf = (key: Address, kind: 'create' | 'approve'): PersonStatement => ({
  type: 'act',
  company: hash32('0c'),
  digest: hash32('0d'),
  policy: 1,
  act: {
    kind,
    by: { name: 'Ann', key },
    at: AT,
    body: kind === 'create' ? null : { voice: true, expiresAt: AT },
    journal: { count: 0, head: hash32('00') },
  } as UnsignedAct,
});

describe('the person key', () => {
  it('comes back with the recovery phrase, and is no account', async () => {
    const { keys } = await restore();
    const { key } = await vault.personKey();
    const derived = HDKey.fromMasterSeed(mnemonicToSeedSync(PHRASE)).derive(PERSON_PATH);
    const privateKey = `0x${Buffer.from(derived.privateKey as Uint8Array).toString('hex')}` as const;
    expect(key).toBe(privateKeyToAccount(privateKey).address);
    expect(keys.map(({ address }) => address)).not.toContain(key);
    expect(await codeOf(vault.importPrivateKey({ privateKey, passphrase: PASSPHRASE }))).toBe(
      'vault/duplicate-key',
    );
    await vault.lock();
    expect(await codeOf(vault.personKey())).toBe('vault/locked');
  });

  it('is a random one, kept, where there is no phrase', async () => {
    await vault.importPrivateKey({ privateKey: KEY, passphrase: PASSPHRASE, mode: 'offline' });
    const { key } = await vault.personKey();
    expect(key).not.toBe(privateKeyToAccount(KEY).address);
    expect((await reopen()).mode).toBe('offline');
    expect(await vault.personKey()).toEqual({ key });
    const other = await createVaultFixture();
    try {
      const another = other.start();
      await another.importPrivateKey({ privateKey: KEY, passphrase: PASSPHRASE });
      expect((await another.personKey()).key).not.toBe(key);
    } finally {
      await other.dispose();
    }
  });

  it('signs statements, for the passphrase where they bind', async () => {
    await restore();
    const { key } = await vault.personKey();
    const statement = policyOf(key);
    const { signature } = await vault.signStatement({ statement, passphrase: PASSPHRASE });
    const hash = hashTypedData({
      domain: { ...EIP712_DOMAIN, salt: hex(hash32('0c')) },
      types: EIP712_TYPES,
      primaryType: 'PolicyApproval',
      message: { digest: hex(hash32('0d')), number: 2n, name: 'Ann', key: hex(key), at: AT },
    });
    expect(await recoverAddress({ hash, signature: hex(signature) })).toBe(key);

    expect(
      (await vault.signStatement({ statement: actOf(key, 'create'), passphrase: null })).signature,
    ).toMatch(/^0x[0-9a-f]{128}0[01]$/);
    expect(vault.status().failedAttempts).toBe(0);
    const sign = (asked: PersonStatement, passphrase: string | null) =>
      codeOf(vault.signStatement({ statement: asked, passphrase }));
    expect(await sign(policyOf(privateKeyToAccount(KEY).address as Address), PASSPHRASE)).toBe(
      'vault/invalid-request',
    );
    expect(await sign({ digest: hash32('0d') } as never, PASSPHRASE)).toBe('vault/invalid-request');
    expect(await sign(actOf(key, 'approve'), null)).toBe('vault/wrong-passphrase');
    expect(await sign(statement, OTHER_PASSPHRASE)).toBe('vault/wrong-passphrase');
    expect(await sign({ type: 'card', name: 'Ann', key, at: AT }, '')).toBe('vault/wrong-passphrase');
    // Three in a row: the next waits, whatever asks.
    expect(
      await Promise.all([sign(statement, PASSPHRASE), codeOf(vault.verifyPassphrase(PASSPHRASE))]),
    ).toEqual(['vault/throttled', 'vault/throttled']);
    expect(await sign(actOf(key, 'create'), null)).toBe('ok');
    await vi.waitFor(() => expect(vault.status().waitMs).toBe(0), { timeout: 10_000 });
    await vault.verifyPassphrase(PASSPHRASE);
    expect(vault.status().failedAttempts).toBe(0);
    expect(await sign(statement, PASSPHRASE)).toBe('ok');
  });
});

describe('the mode', () => {
  it('is chosen when the vault is made, kept, and changed for the passphrase only', async () => {
    expect((await restore('offline')).mode).toBe('offline');
    expect(await codeOf(vault.setMode({ mode: 'online', passphrase: OTHER_PASSPHRASE }))).toBe(
      'vault/wrong-passphrase',
    );
    expect((await reopen()).mode).toBe('offline');
    expect(await vault.setMode({ mode: 'offline', passphrase: PASSPHRASE })).toEqual({ isChanged: false });
    expect(await vault.setMode({ mode: 'online', passphrase: PASSPHRASE })).toEqual({ isChanged: true });
    expect((await reopen()).mode).toBe('online');
    // Of an open vault it is not changed by what adds a key.
    await vault.importPrivateKey({ privateKey: KEY, passphrase: PASSPHRASE, mode: 'offline' });
    expect((await vault.keys()).mode).toBe('online');
    await vault.lock();
    expect(await codeOf(vault.setMode({ mode: 'offline', passphrase: PASSPHRASE }))).toBe('vault/locked');
  });
});

describe("the journal's head", () => {
  it('is kept beside the replica, and stays where nothing is said of it', async () => {
    expect((await restore()).journalHead).toBeNull();
    const head = { count: 1n, headHash: hash32('ab') };
    const journal = { count: 41, head: hash32('cd') };
    await vault.recordReplicaHead({ ...head, journal });
    await vault.recordReplicaHead({ ...head, count: 2n });
    await vault.recordReplicaHead({ ...head, count: 3n, journal: null });
    expect(await reopen()).toMatchObject({ replicaHead: { count: 3n }, journalHead: journal });
  });
});

describe('a vault file of version 1', () => {
  const write = async (seed: Parameters<typeof encodeContentsV1>[0]['seed'], kdf = PREFERRED_KDF) => {
    const salt = new Uint8Array(16).fill(9);
    const keys: EnvelopeKeys = {
      kdf,
      salt,
      kek: await deriveKek(PASSPHRASE, salt, kdf),
      dataKey: new Uint8Array(32).fill(8),
    };
    const plain = encodeContentsV1({
      revision: 5n,
      databaseKey: new Uint8Array(32).fill(1),
      journalKey: new Uint8Array(32).fill(2),
      replicaHead: { count: 3n, headHash: new Uint8Array(32).fill(4) },
      seed,
      imported: [{ privateKey: new Uint8Array(32).fill(0x42), createdAt: 0 }],
    });
    writeFileSync(vaultFile(), sealEnvelope(keys, plain));
  };

  it('opens without being changed, and is written anew at the next write', async () => {
    await write({ entropy: new Uint8Array(16).fill(7), passphrase: new Uint8Array(), createdAt: [1] });
    const before = readFileSync(vaultFile());
    expect(await vault.unlock(PASSPHRASE)).toMatchObject({ revision: 5n, mode: 'online', journalHead: null });
    expect(readFileSync(vaultFile()).equals(before)).toBe(true);
    const { key } = await vault.personKey();
    await vault.setMode({ mode: 'offline', passphrase: PASSPHRASE });
    const after = await reopen();
    expect(after).toMatchObject({ revision: 6n, mode: 'offline', replicaHead: { count: 3n } });
    expect(after.keys).toHaveLength(2);
    expect(await vault.personKey()).toEqual({ key });
  });

  it.each([
    ['strong', PREFERRED_KDF],
    ['weak', KDF_FLOOR],
  ] as const)(
    'gets a person key that stays at once where it has no phrase (%s parameters)',
    async (_name, kdf) => {
      await write(null, kdf);
      expect((await vault.unlock(PASSPHRASE)).revision).toBe(6n);
      const { key } = await vault.personKey();
      expect(await reopen()).toMatchObject({ revision: 6n, keys: [{ kind: 'imported' }] });
      expect(await vault.personKey()).toEqual({ key });
      expect(existsSync(`${vaultFile()}.bak`)).toBe(false);
    },
  );
});
