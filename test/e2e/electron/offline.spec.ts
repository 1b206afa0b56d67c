/**
 * A signing machine as it really is: the whole app with its windows and children on an offline workspace, traced from its
 * first instruction. Beside it what only the real shell can show: files that the app is opened with, and the camera.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test';
import { OFFLINE_PASSPHRASE, OFFLINE_PRIVATE_KEY } from '../../support/offline-workspace';
import { canTrace, makeTracedLauncher, type SocketTrace } from '../../support/trace-sockets';
import { readLaunchers } from '../global-setup';

type Started = {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly folder: string;
  readonly env: Record<string, string>;
  /** Ends the app and reads what it tried. */
  readonly end: () => Promise<SocketTrace>;
};

const write = (folder: string, name: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, '{}', { mode: 0o644 });
  return file;
};

const test = base.extend<{ isTraced: boolean; started: Started }>({
  isTraced: [false, { option: true }],
  started: async ({ isTraced }, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'nostro-offline-'));
    chmodSync(folder, 0o777);
    const { executablePath, appPath } = readLaunchers().electron;
    const traced = isTraced && canTrace() ? makeTracedLauncher(executablePath) : null;
    const env = {
      ...(process.env as Record<string, string>),
      NOSTRO_USER_DATA: path.join(folder, 'user-data'),
    };
    const app = await _electron.launch({
      executablePath: traced?.executablePath ?? executablePath,
      args: [appPath, write(folder, 'first.nostro'), '--use-fake-device-for-media-stream'],
      chromiumSandbox: true,
      timeout: 120_000,
      env,
    });
    const page = await app.firstWindow({ timeout: 120_000 });
    await page.waitForLoadState();
    let isEnded = false;
    const end = async (): Promise<SocketTrace> => {
      if (!isEnded) await app.close();
      isEnded = true;
      if (!traced) throw new Error('not traced');
      return traced.read();
    };
    await use({ app, page, folder, env, end });
    if (!isEnded) await app.close();
    traced?.remove();
    rmSync(folder, { recursive: true, force: true });
  },
});

const invoke = async <T>(page: Page, method: string, input: object = {}): Promise<T> => {
  const answer = (await page.evaluate(
    ([name, given]) => window.bridge.invoke(name as never, given as never),
    [method, input] as const,
  )) as { ok: boolean; value?: T; error?: { code: string } };
  if (!answer.ok) throw new Error(answer.error?.code);
  return answer.value as T;
};
const makeVault = (page: Page, mode: 'online' | 'offline') =>
  invoke(page, 'vault.importPrivateKey', {
    privateKey: OFFLINE_PRIVATE_KEY,
    passphrase: OFFLINE_PASSPHRASE,
    mode,
  });
const openedNames = async (page: Page): Promise<string[]> =>
  (await invoke<{ files: { name: string }[] }>(page, 'workspace.openedFiles')).files.map(({ name }) => name);

test.describe('sockets', () => {
  test.use({ isTraced: true });

  test('an offline machine tries no socket, from its start to its end', async ({
    started: { page, end },
  }) => {
    test.skip(!canTrace(), 'needs strace');
    test.setTimeout(240_000);
    await makeVault(page, 'offline');
    const snapshot = await invoke<{ mode: string; lock: string }>(page, 'app.snapshot');
    expect(snapshot).toMatchObject({ mode: 'offline', lock: 'unlocked' });
    // What a page that was taken over would try; none of it may come out of Chromium either.
    await page.evaluate(async () => {
      await fetch('https://example.com/').catch(() => undefined);
      const image = document.createElement('img');
      image.src = 'https://example.com/x.png';
      const link = document.createElement('link');
      link.rel = 'preconnect';
      link.href = 'https://example.com/';
      document.head.append(link, image);
      await new Promise((resolve) => {
        image.onload = resolve;
        image.onerror = resolve;
      });
    });
    await invoke(page, 'vault.lock');
    await invoke(page, 'vault.unlock', { passphrase: OFFLINE_PASSPHRASE });
    const trace = await end();
    expect(trace.attempts).toEqual([]);
    // The trace saw all of it: the browser, its pages, the vault and the ledger.
    expect(trace.pids.length).toBeGreaterThan(20);
    expect(trace.calls).toBeGreaterThan(500);
  });

  test('a page that was taken over sends nothing by WebRTC', async ({ started: { page, end } }) => {
    test.skip(!canTrace(), 'needs strace');
    test.setTimeout(240_000);
    await makeVault(page, 'offline');
    const gathered = await page.evaluate(async () => {
      const iceServers = ['udp', 'tcp'].map((transport) => ({
        urls: `turn:192.0.2.1:3478?transport=${transport}`,
        username: 'what the page knows',
        credential: 'x',
      }));
      const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:192.0.2.1:3478' }, ...iceServers] });
      const candidates: string[] = [];
      const done = new Promise<void>((resolve) => {
        peer.onicecandidate = ({ candidate }) =>
          candidate === null ? resolve() : void candidates.push(candidate.candidate);
      });
      peer.createDataChannel('x');
      await peer.setLocalDescription(await peer.createOffer());
      await done;
      return candidates;
    });
    expect(gathered.filter((candidate) => !/ typ host/.test(candidate))).toEqual([]);
    const { attempts } = await end();
    // Local sockets, and the kernel's choice of an address for two well-known ones: UDP, on which nothing is sent.
    const peers = attempts.filter(({ call }) => call === 'connect').map(({ line }) => line);
    expect(peers.filter((line) => !/"8\.8\.8\.8"|"2001:4860:4860::8888"/.test(line))).toEqual([]);
    expect(attempts.filter(({ call }) => call.startsWith('send'))).toEqual([]);
  });
});

test('a file that the app is opened with is offered after the unlock, also from a second start', async ({
  started: { app, page, folder, env },
}) => {
  test.setTimeout(240_000);
  await makeVault(page, 'offline');
  expect(await openedNames(page)).toEqual(['first.nostro']);
  const { executablePath, appPath } = readLaunchers().electron;
  const startAgain = (...args: string[]) =>
    new Promise<void>((resolve, reject) => {
      const child = spawn(executablePath, [appPath, ...args], { env, stdio: 'ignore' });
      child.on('error', reject);
      child.on('exit', () => resolve());
    });
  await startAgain(write(folder, 'second.nostro'));
  await expect.poll(() => openedNames(page)).toEqual(['first.nostro', 'second.nostro']);
  // Neither of two, nor another kind of file.
  await startAgain(write(folder, 'third.nostro'), write(folder, 'fourth.nostro'));
  await startAgain(write(folder, 'other.json'));
  await startAgain(write(folder, 'fifth.nostro'));
  await expect.poll(() => openedNames(page)).toEqual(['first.nostro', 'second.nostro', 'fifth.nostro']);
  expect(app.windows()).toHaveLength(1);
});

test('the camera is there for an open vault, after a yes in main’s own dialog, and without sound', async ({
  started: { app, page },
}) => {
  test.setTimeout(240_000);
  /** Answers the next dialogs with this button, and counts them. */
  const answerWith = (response: number) =>
    app.evaluate(({ dialog }, button) => {
      const state = globalThis as unknown as { asked?: number };
      state.asked ??= 0;
      dialog.showMessageBox = async () => {
        state.asked = (state.asked ?? 0) + 1;
        return { response: button, checkboxChecked: false };
      };
    }, response);
  const asked = () => app.evaluate(() => (globalThis as unknown as { asked?: number }).asked ?? 0);
  const ask = (constraints: MediaStreamConstraints) =>
    page.evaluate(
      (wanted) =>
        navigator.mediaDevices.getUserMedia(wanted).then(
          (stream) => {
            const kinds = stream.getTracks().map(({ kind }) => kind);
            for (const track of stream.getTracks()) track.stop();
            return kinds.join(' ');
          },
          (error: Error) => error.name,
        ),
      constraints,
    );
  await answerWith(1);
  expect(await ask({ video: true })).toBe('NotAllowedError');
  expect(await asked()).toBe(0);
  await makeVault(page, 'offline');
  await answerWith(0);
  expect(await ask({ video: true })).toBe('NotAllowedError');
  await answerWith(1);
  expect(await ask({ video: true, audio: true })).toBe('NotAllowedError');
  expect(await ask({ audio: true })).toBe('NotAllowedError');
  expect(await asked()).toBe(1);
  expect(await ask({ video: { facingMode: 'environment' } })).toBe('video');
  expect(await ask({ video: true })).toBe('video');
  expect(await asked()).toBe(2);
  await invoke(page, 'vault.lock');
  expect(await ask({ video: true })).toBe('NotAllowedError');
  await invoke(page, 'vault.unlock', { passphrase: OFFLINE_PASSPHRASE });
  await answerWith(0);
  expect(await ask({ video: true })).toBe('NotAllowedError');
  expect(await asked()).toBe(3);
});
