/** Keystore files of others, through the contract. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';

const PASSPHRASE = 'correct horse battery staple lagoon 41';
const CASES = join(
  import.meta.dirname,
  '../../../../shared/cases/crypto/keystore_v3/ethereum_tests_keystore_a.json',
);
const ADDRESS = '0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b';

let folder: AppFolder;
let app: AppHarness;
beforeEach(async () => {
  folder = makeAppFolder();
  app = await startApp({ folder });
});
afterEach(async () => {
  await app.stop();
  folder.remove();
});

const importFile = async (content: unknown, expectedAddress: string | null) => {
  const path = join(folder.path, 'keystore.json');
  writeFileSync(path, JSON.stringify(content));
  app.chooseNext(path);
  const { file } = await app.main['files.choose']({ purpose: 'keystore' });
  return app.main['vault.importKeystore']({
    fileId: file?.fileId ?? '',
    keystorePassword: 'testpassword',
    passphrase: PASSPHRASE,
    expectedAddress,
  });
};

describe.skipIf(!existsSync(CASES))('a keystore that names no address', () => {
  it('is taken for the address that the person gives, and for no other', async () => {
    const cases: { test1: { json: Record<string, unknown> } } = JSON.parse(readFileSync(CASES, 'utf8'));
    const { address: _address, ...content } = cases.test1.json;
    await expect(importFile(content, null)).rejects.toMatchObject({
      code: 'vault/invalid-keystore',
      details: { reason: 'address-missing' },
    });
    await expect(importFile(content, `0x${'11'.repeat(20)}`)).rejects.toMatchObject({
      code: 'vault/keystore-address-mismatch',
    });
    expect((await app.main['app.snapshot']({})).lock).toBe('absent');
    expect(await importFile(content, ADDRESS)).toMatchObject({ kind: 'imported', address: ADDRESS });
    expect((await app.main['app.snapshot']({})).lock).toBe('unlocked');
  });
});
