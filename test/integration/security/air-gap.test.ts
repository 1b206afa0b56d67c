/**
 * What a removable drive can hand to the machine that signs: links, pipes, devices, folders, files too large, files that
 * change while they are read or after they were chosen. Through the whole app: refused with the reason, nothing kept.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEnvelopeOpener } from '../../../src/main/envelopes';
import { readEnvelopeFile } from '../../../src/main/envelopes/read-file';
import { connectChild } from '../../../src/main/platform/child';
import { createSpawnNode } from '../../../src/main/platform/spawn-node';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import { AppError } from '../../../src/shared/errors';
import { MAX_ENVELOPE_BYTES } from '../../../src/shared/model/envelope';
import type { FileId } from '../../../src/shared/model/ids';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';
import { bundleChildren } from '../../support/bundle-children';
import { envelopeFixture, makePolicy } from '../../support/envelope-fixture';

/** At a release: NOSTRO_FILE_RACES=20000. */
const RACES = Math.max(1_000, Number(process.env.NOSTRO_FILE_RACES ?? 0));
const PASSPHRASE = 'correct horse battery staple lagoon 41';
const [one, other] = [envelopeFixture({ lines: 2 }), envelopeFixture({ lines: 2, seed: 'b' })];

let folder: AppFolder;
let app: AppHarness;
let drive: string;
beforeAll(async () => {
  folder = makeAppFolder();
  drive = join(folder.path, 'drive');
  mkdirSync(drive);
  app = await startApp({ folder });
  await app.main['vault.restore']({
    mnemonic: 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
    bip39Passphrase: null,
    passphrase: PASSPHRASE,
    accounts: 1,
    mode: 'offline',
  });
});
afterAll(async () => {
  await app.stop();
  folder.remove();
});

const put = (name: string, content: string | Uint8Array = one.bytes): string => {
  const path = join(drive, name);
  writeFileSync(path, content);
  return path;
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'taken',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const choose = async (path: string): Promise<FileId> => {
  app.chooseNext(path);
  const { file } = await app.main['files.choose']({ purpose: 'exchange' });
  if (!file) throw new Error('nothing was chosen');
  return file.fileId;
};
const take = (fileId: FileId): Promise<string> => codeOf(app.main['envelopes.importFile']({ fileId }));
/** Nothing of it is here: no envelope, no policy, no card. */
const isEmpty = async (): Promise<boolean> => {
  const page = { search: '', offset: 0, limit: 50 };
  const { total } = await app.main['envelopes.list']({ filter: 'all', ...page });
  const { drafts, inForce } = await app.main['people.policies']({});
  const { cards } = await app.main['people.cards']({});
  return total === 0 && drafts.length === 0 && inForce === null && cards.length === 0;
};

describe('what is no file', () => {
  const things: readonly (readonly [string, string, (path: string) => void])[] = [
    ['a link to a file', 'file/not-regular', (path) => symlinkSync(put('target.nostro'), path)],
    ['a link to a device', 'file/not-regular', (path) => symlinkSync('/dev/zero', path)],
    ['a link to nothing', 'file/not-regular', (path) => symlinkSync(join(drive, 'gone'), path)],
    ['a link to itself', 'file/not-regular', (path) => symlinkSync(path, path)],
    [
      'a link to the vault',
      'file/not-regular',
      (path) => symlinkSync(join(folder.path, 'workspace/vault/vault.nostro'), path),
    ],
    ['a folder', 'file/not-regular', (path) => mkdirSync(path)],
    ['a pipe', 'file/not-regular', (path) => execFileSync('mkfifo', [path])],
    ['nothing', 'file/not-found', () => undefined],
  ];

  it.each(things)('%s is not chosen', async (name, code, make) => {
    const path = join(drive, `${name.replaceAll(' ', '-')}.nostro`);
    make(path);
    expect(await codeOf(choose(path))).toBe(code);
    // Dropped, or opened with the app: nothing is offered.
    const before = app.events.length;
    app.dropFile(path);
    app.openFile(path);
    const told = app.events.slice(before).map(({ event }) => event.type);
    expect(told.filter((type) => type.startsWith('files.'))).toEqual([]);
    expect((await app.main['workspace.openedFiles']({})).files).toEqual([]);
  });

  it.each(things)('%s in the place of a file that was chosen is refused', async (name, code, make) => {
    const path = put(`later-${name.replaceAll(' ', '-')}.nostro`);
    const fileId = await choose(path);
    rmSync(path);
    make(path);
    expect(await take(fileId)).toBe(code);
    expect(await isEmpty()).toBe(true);
  });

  it('devices are refused, and the app goes on', async () => {
    for (const device of ['/dev/zero', '/dev/urandom', '/dev/null', '/dev/tty'])
      expect(await codeOf(choose(device))).toBe('file/not-regular');
  });
});

describe('a file', () => {
  it('that is larger than an envelope can be is refused before it is read', async () => {
    for (const size of [MAX_ENVELOPE_BYTES + 1, 2 ** 40]) {
      const path = put('large.nostro', '');
      truncateSync(path, size);
      expect(await take(await choose(path))).toBe('file/too-large');
    }
    expect(await isEmpty()).toBe(true);
  });

  it('of other bytes is refused for what it is', async () => {
    const policy = canonicalJson(makePolicy() as unknown as Canonical);
    for (const [content, code] of [
      ['', 'envelope/malformed'],
      ['\0'.repeat(1000), 'envelope/malformed'],
      ['{'.repeat(100_000), 'envelope/malformed'],
      ['<Document/>', 'envelope/malformed'],
      [Buffer.from(one.bytes).subarray(0, -1), 'envelope/malformed'],
      [`${Buffer.from(one.bytes)}\n`, 'envelope/not-canonical'],
      [Buffer.from(one.bytes).toString().replace('"units":"', '"units":"1'), 'envelope/digest-mismatch'],
      [`${policy} `, 'envelope/not-canonical'],
      // Right in itself, and of nobody who is known here.
      [one.bytes, 'envelope/unknown-policy'],
    ] as const)
      expect(await take(await choose(put('other.nostro', content)))).toBe(code);
    expect(await isEmpty()).toBe(true);
  });

  it('that was replaced after it was chosen is read as what is there then, and judged by that', async () => {
    const path = put('replaced.nostro');
    const fileId = await choose(path);
    writeFileSync(`${path}.new`, `${Buffer.from(other.bytes)} `);
    renameSync(`${path}.new`, path);
    expect(await take(fileId)).toBe('envelope/not-canonical');
    expect(await isEmpty()).toBe(true);
    // An id that was never given out names no file.
    expect(await take('fil_0123456789abcdefghijklmn' as FileId)).toBe('file/not-found');
  });
});

describe('a file that changes while it is read', () => {
  const opener = async () =>
    createEnvelopeOpener({
      spawn: createSpawnNode({
        folder: await bundleChildren(),
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      }),
      connect: connectChild,
      onInternal: () => undefined,
    });

  it(`is refused or is whole in ${RACES} races`, async () => {
    // Two envelopes of one length would not be told apart by size alone.
    const [a, b] = [Buffer.alloc(300_000, 'a'), Buffer.alloc(300_000, 'b')];
    const path = put('raced.nostro', a);
    const changes: readonly (() => void)[] = [
      () => writeFileSync(path, b),
      () => appendFileSync(path, 'b'),
      () => truncateSync(path, 1_000),
      () => {
        const file = openSync(path, 'r+');
        writeSync(file, b, 0, 1_000, 150_000);
        closeSync(file);
      },
      () => {
        writeFileSync(`${path}.new`, b);
        renameSync(`${path}.new`, path);
      },
      () => {
        const file = openSync(path, 'r+');
        ftruncateSync(file, 0);
        writeSync(file, b);
        closeSync(file);
      },
    ];
    const seen = new Map<string, number>();
    for (let race = 0; race < RACES; race += 1) {
      rmSync(path, { force: true });
      writeFileSync(path, a);
      // As of long ago: two changes within one tick of the system's clock bear the same time.
      utimesSync(path, 1, 1);
      let looks = 0;
      const when = race % 4;
      // The reader looks at the signal before every piece; some changes come between these looks.
      const signal = {
        get aborted() {
          looks += 1;
          if (looks === when) changes[race % changes.length]?.();
          return false;
        },
      } as AbortSignal;
      if (when === 0) setImmediate(changes[race % changes.length] as () => void);
      const read = await readEnvelopeFile(path, MAX_ENVELOPE_BYTES, signal).catch(
        (error: unknown) => (error as AppError).code,
      );
      // What has changed by then is waited for, so that it is known what there was to read.
      if (when === 0) await new Promise((resolve) => setImmediate(resolve));
      const after = readFileSync(path);
      const isWhole = typeof read !== 'string' && (a.equals(read) || after.equals(read));
      const result =
        typeof read === 'string' ? read : isWhole ? 'whole' : `mixed by change ${race % changes.length}`;
      seen.set(result, (seen.get(result) ?? 0) + 1);
    }
    expect([...seen.keys()].filter((key) => key !== 'whole' && key !== 'file/changed-while-reading')).toEqual(
      [],
    );
    expect(seen.get('file/changed-while-reading') ?? 0).toBeGreaterThan(RACES / 4);
  });

  it('is never an envelope that is half of one and half of another', async () => {
    const path = put('halves.nostro');
    const { open } = await opener();
    const codes = new Set<string>();
    for (let race = 0; race < 12; race += 1) {
      writeFileSync(path, one.bytes);
      const opening = open({ path }).then(
        (opened) => (opened.format === 'envelope' ? opened.digest : 'other'),
        (error: unknown) => (error as AppError).code,
      );
      // While the process that reads starts, and after.
      for (let change = 0; change < 40; change += 1) {
        writeFileSync(path, change % 2 === 0 ? other.bytes : one.bytes);
        await new Promise((resolve) => setImmediate(resolve));
      }
      codes.add(await opening);
    }
    for (const code of codes)
      expect([one.digest, other.digest, 'file/changed-while-reading', 'envelope/malformed']).toContain(code);
  });
});
