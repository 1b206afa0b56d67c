/** A vault that is gone, and the store that it leaves behind. */
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';

const PASSPHRASE = 'correct horse battery staple lagoon 41';
const WORDS = 'test test test test test test test test test test test junk';

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

const restore = (mnemonic = WORDS) =>
  app.main['vault.restore']({ mnemonic, bip39Passphrase: null, passphrase: PASSPHRASE, accounts: 1 });
const lockState = async () => (await app.main['app.snapshot']({})).lock;

describe('a store without its vault', () => {
  it('stops every way to a new vault before one is made, names the store, and waits for a person', async () => {
    const { keys } = await restore();
    await app.stop();
    const workspace = join(folder.path, 'workspace');
    const aside = join(folder.path, 'aside');
    mkdirSync(aside);
    renameSync(join(workspace, 'vault'), join(aside, 'vault'));
    app = await startApp({ folder });
    expect(await lockState()).toBe('absent');

    const wrongKey = { code: 'ledger/wrong-key', details: { file: join(workspace, 'ledger.db') } };
    await expect(restore()).rejects.toMatchObject(wrongKey);
    await expect(app.main['vault.prepare']({ words: 12, bip39Passphrase: null })).rejects.toMatchObject(
      wrongKey,
    );
    await expect(
      app.main['vault.importPrivateKey']({ privateKey: '11'.repeat(32), passphrase: PASSPHRASE }),
    ).rejects.toMatchObject(wrongKey);
    expect(await lockState()).toBe('absent');

    // The vault that belongs to it, put back, opens it as ever.
    renameSync(join(aside, 'vault'), join(workspace, 'vault'));
    await app.main['vault.unlock']({ passphrase: PASSPHRASE });
    await app.stop();

    // The store moved away: the words give the same keys over empty books.
    renameSync(join(workspace, 'vault'), join(aside, 'vault'));
    for (const name of readdirSync(workspace))
      if (name.startsWith('ledger.db')) renameSync(join(workspace, name), join(aside, name));
    app = await startApp({ folder });
    expect((await restore()).keys.map(({ address }) => address)).toEqual(keys.map(({ address }) => address));
    expect(await lockState()).toBe('unlocked');
  });

  it('is not asked twice by a second click on unlock', async () => {
    await restore();
    await app.lock();
    const unlock = () => app.main['vault.unlock']({ passphrase: PASSPHRASE });
    await Promise.all([unlock(), unlock()]);
    await unlock();
    expect(await lockState()).toBe('unlocked');
    await expect(app.main['position.get']({})).resolves.toMatchObject({ holdings: [] });
  });
});
