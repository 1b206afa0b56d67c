import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readUserFile, writeUserFile } from '../../../src/main/platform/user-files';
import { findDangerousSwitches } from '../../../src/main/shell/switches';

describe('writing a file that a person named', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nostro-write-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('does not follow a link that was laid where its work in progress was expected', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'mine');
    const target = join(folder, 'report.csv');
    symlinkSync(victim, `${target}.${process.pid}.part`);
    symlinkSync(victim, `${target}.part`);
    await writeUserFile(target, ['a;b\n']);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(readFileSync(target, 'utf8')).toBe('a;b\n');
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it('replaces a link at the target itself, and leaves what it pointed to', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'mine');
    const target = join(folder, 'report.csv');
    symlinkSync(victim, target);
    await writeUserFile(target, ['new']);
    expect(lstatSync(target).isSymbolicLink()).toBe(false);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
  });

  it('keeps two exports to one name apart: one of them, whole', async () => {
    const target = join(folder, 'report.csv');
    const slow = async function* (letter: string) {
      for (let part = 0; part < 20; part += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        yield letter.repeat(10);
      }
    };
    await Promise.all([writeUserFile(target, slow('a')), writeUserFile(target, slow('b'))]);
    expect(['a'.repeat(200), 'b'.repeat(200)]).toContain(readFileSync(target, 'utf8'));
    expect(readdirSync(folder)).toEqual(['report.csv']);
  });

  it('leaves nothing behind when the content fails, and the old file as it was', async () => {
    const target = join(folder, 'report.csv');
    writeFileSync(target, 'old');
    const broken = async function* () {
      yield 'half';
      throw new Error('gone');
    };
    await expect(writeUserFile(target, broken())).rejects.toMatchObject({ code: 'file/unwritable' });
    expect(readFileSync(target, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['report.csv']);
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(readUserFile(pipe, 100)).rejects.toMatchObject({ code: 'file/not-regular' });
  });

  it('refuses a folder and a device', async () => {
    for (const path of [folder, '/dev/zero'])
      if (existsSync(path))
        await expect(readUserFile(path, 100)).rejects.toMatchObject({
          code: expect.stringMatching(/^file\/(?:not-regular|unreadable)$/),
        });
  });

  it('stops at the limit', async () => {
    const path = join(folder, 'large');
    closeSync(openSync(path, 'w'));
    writeFileSync(path, Buffer.alloc(101));
    await expect(readUserFile(path, 100)).rejects.toMatchObject({ code: 'file/too-large' });
    expect(await readUserFile(path, 101)).toHaveLength(101);
  });
});

describe('switches that open the app to another program', () => {
  it.each([
    ' --remote-debugging-port=9222',
    '\t--inspect',
    '--remote-debugging-port =9222',
    '--REMOTE-debugging-PIPE ',
    '--ssl-key-log-file=/tmp/keys',
    '--log-file=/tmp/x',
  ])('are found however they are written: %j', (argument) => {
    expect(findDangerousSwitches([argument])).toHaveLength(1);
  });

  it('are found when Chromium has understood what the argument list did not show', () => {
    expect(findDangerousSwitches([], (name) => name === 'remote-debugging-port')).toEqual([
      'remote-debugging-port',
    ]);
    // What Electron may set by itself does not count, or the app would never start.
    expect(findDangerousSwitches([], (name) => name === 'disable-features')).toEqual([]);
    expect(findDangerousSwitches(['--disable-features=NetworkServiceSandbox'])).toEqual(['disable-features']);
  });
});
