/**
 * A whole main side in a process of its own, for offline-sockets.test.ts to trace: makes a vault in the mode that its
 * arguments name, and does everything that would make an online workspace talk to somebody.
 *
 * Arguments: mode, folder, endpoint, whether the process refuses sockets too. Prints one line of JSON.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowSockets, refuseSockets } from '../../../src/main/platform/socket-guard';
import { AppError } from '../../../src/shared/errors';
import { NetworkId } from '../../../src/shared/model/ids';
import { startApp } from '../../support/app-harness';
import { OFFLINE_PASSPHRASE, OFFLINE_PRIVATE_KEY, signingDirectory } from '../../support/offline-workspace';

const [mode, path, endpoint, isGuarded] = process.argv.slice(2) as [
  'online' | 'offline',
  string,
  string,
  string,
];

const codes: Record<string, string> = {};
/** What a call came to: `ok`, or the code of its refusal. */
const note = async (name: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
    codes[name] = 'ok';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    codes[name] = error.code;
  }
};

const main = async (): Promise<void> => {
  const app = await startApp({
    folder: { path, remove: () => undefined },
    sandboxFile: join(path, 'sandbox.json'),
    confirmConnections: async () => true,
    ...(isGuarded === 'guarded' ? { sockets: { refuse: refuseSockets, allow: allowSockets } } : {}),
  });
  const directoryFile = join(path, 'directory.json');
  // A name to be resolved and an address to be connected to. Both are of nobody.
  const file = signingDirectory([endpoint, 'https://node.invalid/']);
  writeFileSync(directoryFile, JSON.stringify(file));
  writeFileSync(join(path, 'sandbox.json'), JSON.stringify(file));
  writeFileSync(join(path, 'batch.nostro'), '{}');

  app.openFile(join(path, 'batch.nostro'));
  await app.main['vault.importPrivateKey']({
    privateKey: OFFLINE_PRIVATE_KEY,
    passphrase: OFFLINE_PASSPHRASE,
    mode,
  });
  app.chooseNext(directoryFile);
  const { file: chosen } = await app.main['files.choose']({ purpose: 'directory' });
  if (!chosen) throw new Error('no file was chosen');
  await note('import', () => app.main['directory.importFile']({ fileId: chosen.fileId }));
  await app.lock();
  await app.main['vault.unlock']({ passphrase: OFFLINE_PASSPHRASE });

  const { tokens } = await app.main['directory.tokens']({});
  const own = tokens.find(({ symbol }) => symbol === 'EXEUR') ?? tokens[0];
  const [network] = (await app.main['directory.networks']({})).networks.filter(
    ({ name }) => name === 'Bank chain',
  );
  if (!own || !network) throw new Error('the directory was not read');
  await note('network', () =>
    app.main['directory.saveNetwork']({
      ...network,
      id: NetworkId.parse('eip155:424243'),
      name: 'Other chain',
    }),
  );
  await note('probe', () =>
    app.main['directory.probeToken']({ networkId: network.id, address: own.address }),
  );
  await note('sandbox', () => app.main['app.addSandbox']({}));
  await note('position', () => app.main['position.get']({}));
  await note('replica', () => app.main['ledger.syncNow']({}));
  await note('payments', () => app.main['payments.batches']({ search: '', offset: 0, limit: 10 }));
  const { files } = await app.main['workspace.openedFiles']({});
  for (const opened of files)
    await note('envelope', () => app.main['envelopes.importFile']({ fileId: opened.fileId }));
  await note('frame', () => app.main['exchange.receive']({ text: 'ur:bytes/1-2/aeae' }));

  const snapshot = await app.main['app.snapshot']({});
  const { accounts } = await app.main['directory.accounts']({});
  await app.lock();
  const locked = await app.main['app.snapshot']({});
  await app.stop();
  console.log(
    JSON.stringify({
      codes,
      opened: files.length,
      mode: snapshot.mode,
      modeLocked: locked.mode,
      sandboxAvailable: snapshot.sandboxAvailable,
      networks: snapshot.networks.map(({ name, state }) => `${name} ${state}`),
      tokens: tokens.map(({ symbol, state }) => `${symbol} ${state}`),
      accounts: accounts.map(({ name, keyId }) => `${name} ${keyId === null ? 'watched' : 'key'}`),
    }),
  );
};

void main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
