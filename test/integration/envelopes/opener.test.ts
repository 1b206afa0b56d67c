import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEnvelopeOpener,
  type EnvelopeOpener,
  type OpenHandlers,
} from '../../../src/main/envelopes/opener';
import { readEnvelopeFile } from '../../../src/main/envelopes/read-file';
import { connectChild } from '../../../src/main/platform/child';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import { type EnvelopeLine, MAX_ENVELOPE_BYTES } from '../../../src/shared/model/envelope';
import { bundleChildren } from '../../support/bundle-children';
import { envelopeFixture, makePolicy } from '../../support/envelope-fixture';
import { createSpawnNode } from '../../support/spawn-node';

let folder: string;
let children: string;
let opener: EnvelopeOpener;
const pids: number[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nostro-opener-'));
  children = await bundleChildren(['envelope.process']);
  opener = createEnvelopeOpener({
    spawn: createSpawnNode(children, { onStarted: (pid) => pids.push(pid) }),
    connect: connectChild,
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const failure = (code: string, details?: object) =>
  expect.objectContaining(
    details === undefined ? { code } : { code, details: expect.objectContaining(details) },
  );

const everything = ['approve', 'approve-second', 'reject', 'sign', 'send'] as const;
const fixture = envelopeFixture({ lines: 1203, accounts: 3 }, everything);

describe('an envelope', () => {
  it.each(['path', 'bytes'] as const)('is opened from %s: head, lines in parts, acts', async (from) => {
    const source =
      from === 'path'
        ? { path: write('good.nostro', fixture.bytes) }
        : { bytes: new Uint8Array(fixture.bytes) };
    const seen: string[] = [];
    const lines: EnvelopeLine[] = [];
    const opened = await opener.open(source, {
      onHead: async (head) => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`head ${head.lineCount}`);
      },
      onLines: async (at, part) => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`lines ${at}+${part.length}`);
        lines.push(...part);
      },
    });
    const { lines: all, ...head } = fixture.content;
    expect(opened).toEqual({
      format: 'envelope',
      digest: fixture.digest,
      head,
      lineCount: 1203,
      sizeBytes: fixture.bytes.length,
      acts: fixture.envelope.acts,
    });
    expect(lines).toEqual(all);
    expect(seen).toEqual(['head 1203', 'lines 0+500', 'lines 500+500', 'lines 1000+203']);
    expect(isRunning(pids.at(-1) as number)).toBe(false);
  });

  it('lets nothing out when the last act of it is wrong', async () => {
    const text = Buffer.from(fixture.bytes).toString('utf8');
    const at = text.lastIndexOf('"signature":"0x', text.indexOf('"content"')) + 20;
    const other = text.charAt(at) === '1' ? '2' : '1';
    const path = write('bad.nostro', text.slice(0, at) + other + text.slice(at + 1));
    const seen: unknown[] = [];
    const handlers: OpenHandlers = {
      onHead: (head) => void seen.push(head),
      onLines: (from) => void seen.push(from),
    };
    await expect(opener.open({ path }, handlers)).rejects.toEqual(
      failure('envelope/bad-signature', { kind: 'send' }),
    );
    expect(seen).toEqual([]);
    expect(isRunning(pids.at(-1) as number)).toBe(false);
  });

  it('ends with what a handler throws, and asks it no more', async () => {
    let calls = 0;
    const onLines = () => {
      calls += 1;
      throw new Error('disk is full');
    };
    await expect(opener.open({ bytes: new Uint8Array(fixture.bytes) }, { onLines })).rejects.toThrow(
      'disk is full',
    );
    expect(calls).toBe(1);
  });

  it('is let go when somebody cancels, also in the middle', async () => {
    const controller = new AbortController();
    const bytes = new Uint8Array(fixture.bytes);
    await expect(
      opener.open({ bytes }, { signal: controller.signal, onHead: () => controller.abort() }),
    ).rejects.toEqual(failure('cancelled'));
    const early = new AbortController();
    const opening = opener.open({ bytes }, { signal: early.signal });
    early.abort();
    await expect(opening).rejects.toEqual(failure('cancelled'));
    expect(isRunning(pids.at(-1) as number)).toBe(false);
    const started = pids.length;
    await expect(opener.open({ bytes }, { signal: early.signal })).rejects.toEqual(failure('cancelled'));
    expect(pids.length).toBe(started);
  });

  it('is not waited for beyond the deadline', async () => {
    const impatient = createEnvelopeOpener({
      spawn: createSpawnNode(children, { onStarted: (pid) => pids.push(pid) }),
      connect: connectChild,
      deadlineMs: 1,
    });
    await expect(impatient.open({ bytes: new Uint8Array(fixture.bytes) })).rejects.toEqual(
      failure('child/timeout'),
    );
    expect(isRunning(pids.at(-1) as number)).toBe(false);
  });

  it('whose process dies is an error, not silence', async () => {
    const opening = createEnvelopeOpener({
      spawn: (name) => {
        const port = createSpawnNode(children)(name);
        port.kill();
        return port;
      },
      connect: connectChild,
    }).open({ bytes: new Uint8Array(fixture.bytes) });
    await expect(opening).rejects.toEqual(failure('child/crashed'));
  });
});

describe('other files', () => {
  it('of the people domain come back as they are', async () => {
    const policy = Buffer.from(canonicalJson(makePolicy() as unknown as Canonical), 'utf8');
    const opened = await opener.open({ path: write('policy.nostro', policy) });
    expect(opened).toEqual({ format: 'policy', bytes: new Uint8Array(policy) });
    const card = Buffer.from('{"format":"nostro-person","version":1}', 'utf8');
    expect(await opener.open({ bytes: card })).toMatchObject({ format: 'person' });
    const big = `{"format":"nostro-policy","note":"${'x'.repeat(1024 * 1024)}","version":1}`;
    await expect(opener.open({ path: write('big.nostro', big) })).rejects.toEqual(failure('file/too-large'));
  });

  it('are refused for what they are', async () => {
    await expect(opener.open({ path: write('a.xml', '<Document/>') })).rejects.toEqual(
      failure('envelope/malformed'),
    );
    await expect(opener.open({ path: write('empty', '') })).rejects.toEqual(failure('envelope/malformed'));
    await expect(opener.open({ path: join(folder, 'missing') })).rejects.toEqual(failure('file/not-found'));
    const newer = write('newer', '{"format":"nostro-envelope","version":2}');
    await expect(opener.open({ path: newer })).rejects.toEqual(failure('envelope/newer-version'));
  });
});

describe('what is no plain file', () => {
  it('is refused: symbolic link, folder, pipe, socket, device, too large', async () => {
    const target = write('target.nostro', fixture.bytes);
    const link = join(folder, 'link.nostro');
    symlinkSync(target, link);
    const pipe = join(folder, 'pipe.nostro');
    execFileSync('mkfifo', [pipe]);
    const directory = join(folder, 'folder.nostro');
    mkdirSync(directory);
    const socket = join(folder, 'socket.nostro');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const large = write('large.nostro', '');
    truncateSync(large, MAX_ENVELOPE_BYTES + 1);
    const refusals = [
      [link, failure('file/not-regular', { kind: 'symlink' })],
      [pipe, failure('file/not-regular', { kind: 'fifo' })],
      [directory, failure('file/not-regular', { kind: 'directory' })],
      [socket, failure('file/not-regular', { kind: 'socket' })],
      [large, failure('file/too-large')],
      ['a\0b', failure('file/unreadable')],
      ...(existsSync('/dev/zero')
        ? [['/dev/zero', failure('file/not-regular', { kind: 'device' })] as const]
        : []),
    ] as const;
    try {
      for (const [path, expected] of refusals) await expect(opener.open({ path })).rejects.toEqual(expected);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('is refused too when it takes the place of one that was looked at', async () => {
    // What lstat saw is not what open meets: the race is run until both orders were seen, and neither lets a link through.
    const target = write('raced-target.nostro', fixture.bytes);
    const path = join(folder, 'raced.nostro');
    let refused = 0;
    for (let round = 0; round < 200; round += 1) {
      rmSync(path, { force: true });
      writeFileSync(path, 'x');
      const reading = readEnvelopeFile(path, 1024 * 1024 * 64).then(
        (bytes) => bytes.length,
        () => 'refused',
      );
      if (round % 2 === 0) await Promise.resolve();
      rmSync(path);
      symlinkSync(target, path);
      const result = await reading;
      // The plain file of one byte, or nothing; never the link's target.
      expect([1, 'refused']).toContain(result);
      if (result === 'refused') refused += 1;
    }
    expect(refused).toBeGreaterThan(0);
  });
});

describe('a file that changes while it is read', () => {
  const grow = async (change: (path: string) => void): Promise<unknown> => {
    const path = write('changing.nostro', Buffer.alloc(1024 * 1024, 0x20));
    utimesSync(path, 1, 1);
    // The reader looks at the signal before every piece: that is when the file changes.
    let looks = 0;
    const signal = {
      get aborted() {
        looks += 1;
        if (looks === 3) change(path);
        return false;
      },
    } as AbortSignal;
    return readEnvelopeFile(path, MAX_ENVELOPE_BYTES, signal).then(
      () => 'taken',
      (error: unknown) => (error as { code: string }).code,
    );
  };

  it('is refused, whether it grows, shrinks or is written over', async () => {
    expect(await grow(() => undefined)).toBe('taken');
    expect(await grow((path) => appendFileSync(path, 'more'))).toBe('file/changed-while-reading');
    expect(await grow((path) => truncateSync(path, 1000))).toBe('file/changed-while-reading');
    expect(await grow((path) => writeFileSync(path, Buffer.alloc(1024 * 1024, 0x21)))).toBe(
      'file/changed-while-reading',
    );
  });
});
