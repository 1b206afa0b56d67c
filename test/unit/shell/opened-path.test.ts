/** What a start of the app may make it offer: one plain file, whatever else stands among the arguments. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOpenedPath, readOpenedPath } from '../../../src/main/shell/opened-path';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nostro-opened-'));
  file = path.join(folder, 'Batch 7.nostro');
  writeFileSync(file, '{}');
  writeFileSync(path.join(folder, 'UPPER.NOSTRO'), '{}');
  writeFileSync(path.join(folder, 'other.json'), '{}');
  writeFileSync(path.join(folder, '-dash.nostro'), '{}');
  mkdirSync(path.join(folder, 'folder.nostro'));
  symlinkSync(file, path.join(folder, 'link.nostro'));
  symlinkSync('/dev/zero', path.join(folder, 'device.nostro'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [path.join(folder, 'pipe.nostro')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that the app is opened with', () => {
  it('is found by its whole path, or from the folder of the start', () => {
    expect(findOpenedPath(['nostro', file], '/')).toBe(file);
    expect(findOpenedPath(['nostro', 'Batch 7.nostro'], folder)).toBe(file);
    expect(findOpenedPath(['nostro', 'UPPER.NOSTRO'], folder)).toBe(path.join(folder, 'UPPER.NOSTRO'));
    expect(readOpenedPath(file, '/')).toBe(file);
  });

  it('is found among the switches that Electron and Chromium add', () => {
    const argv = [
      'electron',
      '.',
      '--enable-crashpad',
      '--original-process-start-time=133',
      file,
      '--no-first-run',
    ];
    expect(findOpenedPath(argv, '/')).toBe(file);
  });

  it.each([
    ['nothing', []],
    ['a switch that names a file', ['--import=Batch 7.nostro']],
    ['a switch that is a file', ['-dash.nostro']],
    ['two files', ['Batch 7.nostro', 'UPPER.NOSTRO']],
    ['the same file twice', ['Batch 7.nostro', 'Batch 7.nostro']],
    ['another kind of file', ['other.json']],
    ['a folder', ['folder.nostro']],
    ['a link', ['link.nostro']],
    ['a device', ['device.nostro']],
    ['a pipe', ['pipe.nostro']],
    ['a file that is gone', ['gone.nostro']],
    ['an address', ['https://example.com/batch.nostro']],
    ['a file address', ['file:///tmp/batch.nostro']],
    ['an address scheme of the product', ['nostro://open?file=Batch 7.nostro']],
    ['a share of another machine', ['\\\\host\\share\\batch.nostro']],
    ['a share with slashes', ['//host/share/batch.nostro']],
    ['a path with a zero', ['Batch 7.nostro\0.nostro']],
    ['a path without end', [`${'a/'.repeat(5000)}x.nostro`]],
    ['an extension alone', ['.nostro']],
    ['a name that only ends so', ['other.json:x.nostro']],
  ])('is not %s', (_what, more) => {
    expect(findOpenedPath(['nostro', ...more], folder)).toBeNull();
  });

  it('is never the program itself', () => {
    expect(findOpenedPath([file], '/')).toBeNull();
    expect(findOpenedPath([], '/')).toBeNull();
  });
});
