/** A chosen file is read as it was at one moment, or not at all; and only a file. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvelopeFile } from '../../../src/main/envelopes/read-file';
import { createReadUserFile, readUserFile } from '../../../src/main/platform/user-files';
import { AppError } from '../../../src/shared/errors';

const CAP = 3 * 1024 * 1024;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nostro-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const outcome = async (work: Promise<Uint8Array>): Promise<Uint8Array | string> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

describe('a file', () => {
  it.each([0, 1, 4096, 1024 * 1024, 1024 * 1024 + 1, CAP])('of %i bytes is read whole', async (size) => {
    const file = path.join(folder, `whole-${size}`);
    const content = Buffer.alloc(size, 'abc');
    writeFileSync(file, content);
    expect(Buffer.from(await readUserFile(file, CAP)).equals(content)).toBe(true);
    expect(await outcome(readUserFile(file, size))).toHaveLength(size);
    if (size > 0) expect(await outcome(readUserFile(file, size - 1))).toBe('file/too-large');
  });

  it('that says nothing of its size is not believed', async () => {
    // 8 GB without a block of disk: refused by its size, before a byte of memory is taken for it.
    const file = path.join(folder, 'sparse');
    writeFileSync(file, '');
    truncateSync(file, 8 * 1024 ** 3);
    expect(await outcome(readUserFile(file, CAP))).toBe('file/too-large');
  });

  it('with two names is read', async () => {
    const file = path.join(folder, 'one');
    writeFileSync(file, 'x');
    linkSync(file, path.join(folder, 'two'));
    expect(await outcome(readUserFile(path.join(folder, 'two'), CAP))).toHaveLength(1);
  });
});

const READERS = { 'chosen file': readUserFile, envelope: readEnvelopeFile };
const readers = Object.keys(READERS) as (keyof typeof READERS)[];

describe.runIf(process.platform !== 'win32').each(readers)('what is no file, read as %s', (reader) => {
  const read = READERS[reader];
  const make: Record<string, (name: string) => string | Promise<string>> = {
    'a folder': (name) => {
      mkdirSync(name);
      return name;
    },
    'a link to a file': (name) => {
      writeFileSync(`${name}.target`, 'x');
      symlinkSync(`${name}.target`, name);
      return name;
    },
    'a link to nothing': (name) => {
      symlinkSync(`${name}.gone`, name);
      return name;
    },
    'a link to itself': (name) => {
      symlinkSync(name, name);
      return name;
    },
    'a link to /dev/zero': (name) => {
      symlinkSync('/dev/zero', name);
      return name;
    },
    'a pipe': (name) => {
      execFileSync('mkfifo', [name]);
      return name;
    },
    'a socket': (name) =>
      new Promise((resolve) => {
        const server = createServer().listen(name, () => resolve(name));
        server.unref();
      }),
    '/dev/null': () => '/dev/null',
    '/dev/zero': () => '/dev/zero',
    '/dev/tty': () => '/dev/tty',
    '/dev/stdin': () => '/dev/stdin',
  };
  it.each(Object.keys(make))('%s is refused', async (what) => {
    const file = await make[what]?.(path.join(folder, `${reader}-${what}`.replace(/\W/g, '-')));
    expect(await outcome(read(file ?? '', CAP))).toBe('file/not-regular');
  });

  it
    .runIf(process.platform === 'linux')
    .each([
      '/proc/self/environ',
      '/proc/self/cmdline',
      '/proc/self/maps',
      '/proc/cpuinfo',
      '/proc/self/mem',
      '/proc/self/fd/0',
      '/sys/kernel/uevent_seqnum',
    ])('%s is refused', async (file) => {
    expect(await outcome(read(file, CAP))).toMatch(
      /^file\/(?:changed-while-reading|not-regular|unreadable|not-found)$/,
    );
  });

  it.each(['', '.', '..', `${'x'.repeat(5000)}`, 'no/such/folder', 'a\0b'])('%j is refused', async (file) => {
    expect(await outcome(read(file, CAP))).toMatch(/^file\/(?:not-found|not-regular|unreadable)$/);
  });
});

describe.runIf(process.platform !== 'win32')('a file that changes while it is read', () => {
  const SIZES = [0, 1, 70_000, 1024 * 1024, 2 * 1024 * 1024 + 17];
  const PAST = new Date('2020-01-01T00:00:00Z');
  /** Each leaves something else at the path, or nothing; what it leaves, if a file, has `after`'s content. */
  const CHANGES: Record<string, (file: string, after: Buffer) => void> = {
    'is overwritten': (file, after) => writeFileSync(file, after, { flag: 'r+' }),
    'is replaced by another': (file, after) => {
      writeFileSync(`${file}.new`, after);
      renameSync(`${file}.new`, file);
    },
    grows: (file) => writeFileSync(file, 'more', { flag: 'a' }),
    'grows beyond the cap': (file) => truncateSync(file, 64 * 1024 * 1024),
    'is cut': (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2)),
    'is emptied': (file) => truncateSync(file, 0),
    'is renamed': (file) => renameSync(file, `${file}.away`),
    'is deleted': (file) => rmSync(file),
    'becomes a link': (file) => {
      renameSync(file, `${file}.target`);
      symlinkSync(`${file}.target`, file);
    },
    'becomes a link to a device': (file) => {
      rmSync(file);
      symlinkSync('/dev/zero', file);
    },
    'becomes a pipe': (file) => {
      rmSync(file);
      execFileSync('mkfifo', [file]);
    },
    'is touched': (file) => utimesSync(file, new Date(), new Date()),
    'loses its rights': (file) => chmodSync(file, 0o000),
  };
  const WRITES = ['is overwritten', 'grows', 'grows beyond the cap', 'is cut', 'is emptied', 'is touched'];
  const MOMENTS = [
    'after it was looked at',
    'after it was opened',
    'before its first byte',
    'between its bytes',
    'after its last byte',
  ] as const;

  /** `readUserFile` with one change at one moment. */
  const readWith = (moment: (typeof MOMENTS)[number], change: () => void) => {
    const at = (now: (typeof MOMENTS)[number]): void => {
      if (now === moment) change();
    };
    return createReadUserFile({
      lstat: async (file, options) => {
        const stats = await lstat(file, options);
        at('after it was looked at');
        return stats;
      },
      open: async (file, flags) => {
        const handle = await open(file, flags);
        at('after it was opened');
        let stats = 0;
        let reads = 0;
        return {
          stat: async (options: { bigint: true }) => {
            stats += 1;
            if (stats === 2) at('after its last byte');
            const found = await handle.stat(options);
            if (stats === 1) at('before its first byte');
            return found;
          },
          read: async (bytes: Uint8Array, offset: number, length: number, position: number) => {
            // The first half alone, so that there is a moment between bytes of small files too.
            reads += 1;
            const found = await handle.read(
              bytes,
              offset,
              reads === 1 ? Math.ceil(length / 2) : length,
              position,
            );
            if (reads === 1) at('between its bytes');
            return found;
          },
          close: () => handle.close(),
        } as unknown as FileHandle;
      },
    });
  };

  const cases = Object.keys(CHANGES)
    .flatMap((change) => MOMENTS.flatMap((moment) => SIZES.map((size) => ({ change, moment, size }))))
    .filter(({ change, size }) => size > 1 || !['is overwritten', 'is cut', 'is emptied'].includes(change));
  it('is tried in hundreds of ways', () => expect(cases.length).toBeGreaterThan(290));

  it.each(cases)('$change $moment, of $size bytes', async ({ change, moment, size }) => {
    const file = path.join(mkdtempSync(path.join(folder, 'case-')), 'file.nostro');
    const before = Buffer.alloc(size, 'before');
    const after = Buffer.alloc(size, 'after!');
    writeFileSync(file, before);
    // So that every write shows in the file's times, however coarse they are.
    utimesSync(file, PAST, PAST);
    let isDone = false;
    const read = readWith(moment, () => {
      isDone = true;
      CHANGES[change]?.(file, after);
    });
    const result = await outcome(read(file, CAP));
    expect(isDone).toBe(true);
    if (typeof result === 'string') {
      expect(result).toMatch(/^file\/(?:changed-while-reading|not-regular|not-found|too-large|unreadable)$/);
    } else {
      // Only what stood there at one moment: all before, or all after.
      const whole = Buffer.from(result);
      const versions = [
        before,
        after,
        Buffer.concat([before, Buffer.from('more')]),
        before.subarray(0, Math.floor(size / 2)),
        Buffer.alloc(0),
      ];
      expect(versions.some((version) => version.equals(whole))).toBe(true);
      // A file that was written into is never given out; one that only lost its name was whole all the time.
      if (WRITES.includes(change))
        expect(['after it was looked at', 'after it was opened']).toContain(moment);
    }
  });
});
