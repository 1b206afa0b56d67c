/** Where passphrase and recovery words must not be, after everything that needs them was done. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { samplePain001 } from '../../sandbox/index';
import { expect, test } from '../fixtures';
import { ask } from '../pages/bridge';
import { PASSPHRASE } from '../pages/onboarding';
import { approveBatch, importBatch, openTreasury } from '../pages/treasury';
import { lock, unlock } from '../pages/unlock';

/** Every form in which a text could lie in a file. */
const formsOf = (text: string): readonly Buffer[] => {
  const utf8 = Buffer.from(text, 'utf8');
  return [
    utf8,
    Buffer.from(text, 'utf16le'),
    Buffer.from(utf8.toString('hex')),
    Buffer.from(utf8.toString('hex').toUpperCase()),
    Buffer.from(utf8.toString('base64').replace(/=+$/, '').slice(0, -2)),
    Buffer.from(utf8.toString('base64url').slice(0, -2)),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(JSON.stringify([...utf8])).subarray(1, -1),
  ];
};

const listFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

const takeHeap = async (page: Page): Promise<string> => {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
};

test('passphrase and recovery words are in no file and do not stay in the page', async ({
  start,
  sandbox,
  desk,
  folder,
}) => {
  const app = await start({ sandboxFile: desk.directoryFile });
  const { page } = app;
  const words = await openTreasury(app, desk);
  const file = path.join(folder, 'payments.xml');
  writeFileSync(file, samplePain001(sandbox.description, { count: 2 }));
  const batch = await importBatch(app, file);
  await approveBatch(app, batch);
  await expect(batch.status).toContainText('ACSC', { timeout: 60_000 });
  await lock(page);
  await unlock(page);
  const { keys } = await ask(page, 'vault.keys', {});
  expect(keys).toHaveLength(1);

  const phrase = words.join(' ');
  const heap = await takeHeap(page);
  expect(heap.length).toBeGreaterThan(100_000);
  // Three words of a phrase were typed by the person to confirm them; the phrase itself never came here.
  expect(heap).not.toContain(phrase);
  expect(heap).not.toContain(JSON.stringify(words).slice(1, -1));

  await app.quit();
  // The control: a scan that finds what is there.
  writeFileSync(path.join(folder, 'control.bin'), Buffer.concat([Buffer.alloc(100), ...formsOf(PASSPHRASE)]));
  const secrets = [PASSPHRASE, phrase, words.join(','), words.slice(0, 4).join(' ')];
  const found: string[] = [];
  for (const name of listFiles(folder)) {
    const bytes = readFileSync(name);
    for (const secret of secrets) {
      if (formsOf(secret).some((form) => bytes.includes(form))) found.push(path.relative(folder, name));
    }
  }
  expect([...new Set(found)]).toEqual(['control.bin']);
  const log = listFiles(folder).filter((name) => name.endsWith('.log'));
  expect(log.length).toBeGreaterThan(0);
});
