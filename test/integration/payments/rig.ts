/** Directory and payments on real parts: ledger process, file reader process, chain module, sandbox node. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createChain } from '../../../src/main/chain';
import { createDirectory } from '../../../src/main/directory';
import { createFileReader, writeCsv, writePain002 } from '../../../src/main/iso20022';
import { createLedgerChild } from '../../../src/main/ledger';
import { createPayments } from '../../../src/main/payments';
import { connectChild } from '../../../src/main/platform/child';
import { systemClock } from '../../../src/main/platform/clock';
import { createNewId } from '../../../src/main/platform/ids';
import { sealTo } from '../../../src/main/platform/sealed-box';
import type { AppEvent, KeyInfo } from '../../../src/shared/contract';
import { FileId, KeyId } from '../../../src/shared/model/ids';
import type { CsvMapping } from '../../../src/shared/model/payments';
import { type Sandbox, treasuryKey } from '../../sandbox/index';
import { bundleChildren } from '../../support/bundle-children';
import { createSpawnNode } from '../../support/spawn-node';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const openRig = async (sandbox: Sandbox | null) => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-payments-'));
  const spawn = createSpawnNode(await bundleChildren(['ledger.process', 'iso20022.process']));
  const newId = createNewId(systemClock);
  const key = new Uint8Array(randomBytes(32));
  const events: AppEvent[] = [];
  const paths = new Map<string, string>();
  const saved: { name: string; text: string }[] = [];
  const chain = createChain({ clock: systemClock, log });
  const vaultKeys = async (): Promise<KeyInfo[]> =>
    (sandbox?.description.treasury.accounts ?? []).map((account) => ({
      keyId: KeyId.parse(`key_${String(account.index).padStart(10, '0')}`),
      kind: 'hd',
      path: null,
      address: treasuryKey(account.index).address as KeyInfo['address'],
      createdAt: '2026-11-01T00:00:00Z',
    }));

  const start = async () => {
    const ledger = createLedgerChild({ connect: () => connectChild(spawn('ledger')) });
    await ledger.open({
      file: join(folder, 'ledger.db'),
      sealKey: async (recipient) => sealTo(recipient, key),
      sealJournalKey: async (recipient) => sealTo(recipient, key),
    });
    const save = async (input: { suggestedName: string; extension: string; content: Uint8Array }) => {
      saved.push({
        name: `${input.suggestedName}.${input.extension}`,
        text: new TextDecoder().decode(input.content),
      });
      return input.suggestedName;
    };
    const emit = (event: AppEvent) => {
      events.push(event);
    };
    const directory = createDirectory({
      store: ledger.store('directory'),
      chain,
      vaultKeys,
      isOffline: false,
      requireConsent: async () => undefined,
      files: { read: async () => new Uint8Array(), save },
      clock: systemClock,
      newId,
      emit,
      log,
    });
    const payments = createPayments({
      store: ledger.store('payments'),
      directory,
      reader: createFileReader({ spawn, connect: connectChild }),
      writers: { writeCsv, writePain002 },
      fileOf: (fileId) => {
        const path = paths.get(fileId) ?? '';
        return { path, name: basename(path) };
      },
      saveFile: save,
      clock: systemClock,
      newId,
      emit,
      log,
    });
    await payments.start();
    return { ledger, directory, payments };
  };

  let running = await start();
  return {
    get directory() {
      return running.directory;
    },
    get payments() {
      return running.payments;
    },
    events,
    saved,
    addFile: (path: string): FileId => {
      const fileId = FileId.parse(newId('fil'));
      paths.set(fileId, path);
      return fileId;
    },
    writeFile: (name: string, content: string | Uint8Array): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    importPath: (path: string, mapping: CsvMapping | null = null) => {
      const fileId = FileId.parse(newId('fil'));
      paths.set(fileId, path);
      return running.payments.importFile({ fileId, mapping, saveMappingAs: null });
    },
    /** The ledger process dies at once, as with a power cut, and everything starts again. */
    crash: async (): Promise<void> => {
      const { ledger } = running;
      const gone = new Promise<void>((resolve) => ledger.onCrash(() => resolve()));
      process.kill(ledger.pid() ?? 0, 'SIGKILL');
      await gone;
      running = await start();
    },
    close: async (): Promise<void> => {
      await running.ledger.close();
      chain.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type Rig = Awaited<ReturnType<typeof openRig>>;
