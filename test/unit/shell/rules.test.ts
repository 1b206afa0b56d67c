import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createIdleLock } from '../../../src/main/shell/idle-lock';
import { createRecoveryPage, recoveryPolicy } from '../../../src/main/shell/recovery-page';
import { findDangerousSwitches } from '../../../src/main/shell/switches';
import { readWindowState, writeWindowState } from '../../../src/main/shell/window-state';

describe('dangerous switches', () => {
  it.each([
    '--remote-debugging-port=9222',
    '--Remote-Debugging-Port=0',
    '-remote-debugging-pipe',
    '/remote-debugging-port=1',
    '--inspect',
    '--inspect-brk=127.0.0.1:1',
    '--no-sandbox',
    '--NO-SANDBOX',
    '--gpu-launcher=/tmp/x',
    '--renderer-cmd-prefix=/tmp/x',
    '--load-extension=/tmp/x',
    '--proxy-server=1.2.3.4:80',
    '--js-flags=--expose-gc',
    '--host-rules=MAP * 1.2.3.4',
    '--disable-web-security',
    '-r',
    '--require=/tmp/x.js',
  ])('finds %s', (argument) => {
    expect(findDangerousSwitches(['/path/file.xml', argument])).toHaveLength(1);
  });

  it('leaves other arguments alone', () => {
    expect(
      findDangerousSwitches([
        '--lang=de',
        'inspect',
        '/home/anna/inspect.xml',
        '--force-device-scale-factor=2',
      ]),
    ).toEqual([]);
  });
});

describe('the idle lock', () => {
  const createFixture = (minutes = 10) => {
    const state = { now: 0, isUnlocked: true, isBusy: false, locks: 0, minutes };
    const idle = createIdleLock({
      clock: { monotonicMs: () => state.now },
      minutes: () => state.minutes,
      isUnlocked: () => state.isUnlocked,
      isBusy: () => state.isBusy,
      lock: () => {
        state.locks += 1;
        state.isUnlocked = false;
      },
    });
    const pass = (seconds: number) => {
      for (let step = 0; step < seconds; step += 5) {
        state.now += 5_000;
        idle.check();
      }
    };
    idle.check();
    return { state, idle, pass };
  };

  it('locks once, when nobody used a window for the time that is set', () => {
    const { state, pass } = createFixture();
    pass(595);
    expect(state.locks).toBe(0);
    pass(5);
    expect(state.locks).toBe(1);
    pass(3600);
    expect(state.locks).toBe(1);
  });

  it('begins anew with every use', () => {
    const { state, idle, pass } = createFixture();
    for (let round = 0; round < 5; round += 1) {
      pass(590);
      idle.touch();
    }
    expect(state.locks).toBe(0);
    pass(600);
    expect(state.locks).toBe(1);
  });

  it('counts from the moment of unlocking', () => {
    const { state, pass } = createFixture();
    state.isUnlocked = false;
    pass(3600);
    state.isUnlocked = true;
    pass(590);
    expect(state.locks).toBe(0);
    pass(20);
    expect(state.locks).toBe(1);
  });

  it('does not count while payments are being signed', () => {
    const { state, pass } = createFixture();
    state.isBusy = true;
    pass(3600);
    state.isBusy = false;
    pass(590);
    expect(state.locks).toBe(0);
    pass(20);
    expect(state.locks).toBe(1);
  });

  it('never locks when it is set to never, and follows a change of the setting', () => {
    const { state, pass } = createFixture(0);
    pass(36_000);
    expect(state.locks).toBe(0);
    state.minutes = 1;
    pass(5);
    expect(state.locks).toBe(1);
  });
});

describe('the recovery page', () => {
  const style = 'h1{color:red}';
  const makePage = () => new TextEncoder().encode(`<style>${style}</style><h1>zebra</h1>`);

  it('is served once, at its own address, and never after it was overwritten', () => {
    const page = makePage();
    const words = createRecoveryPage('app://recovery/abc', page);
    expect(words.take('app://recovery/abd')).toBeNull();
    expect(words.take('app://recovery/')).toBeNull();
    expect(Buffer.from(words.take('app://recovery/abc')?.body ?? []).toString()).toContain('zebra');
    expect(words.take('app://recovery/abc')).toBeNull();
    words.wipe();
    expect(page.every((byte) => byte === 0)).toBe(true);
    const unread = createRecoveryPage('app://recovery/abc', makePage());
    unread.wipe();
    expect(unread.take('app://recovery/abc')).toBeNull();
  });

  it('allows its own style element and nothing else', () => {
    const hash = createHash('sha256').update(style).digest('base64');
    expect(recoveryPolicy(makePage())).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; sandbox`,
    );
    expect(recoveryPolicy(new TextEncoder().encode('<h1>no style</h1>'))).toContain("style-src 'none'");
  });
});

describe('the window state', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 };

  it('comes back as it was, and is ignored where it fits no display or is damaged', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'nostro-state-'));
    const file = path.join(folder, 'window-state.json');
    try {
      expect(readWindowState(file, [display])).toEqual({ bounds: null, isMaximized: false });
      const bounds = { x: 100, y: 50, width: 1300, height: 800 };
      writeWindowState(file, bounds, true);
      expect(readWindowState(file, [display])).toEqual({ bounds, isMaximized: true });
      expect(readWindowState(file, [{ ...display, x: 5000 }])).toEqual({ bounds: null, isMaximized: true });
      for (const damaged of [
        '',
        '{',
        'null',
        '{"x":1}',
        '{"x":0,"y":0,"width":1e9,"height":800}',
        '{"x":0.5,"y":0,"width":1300,"height":800}',
      ]) {
        writeFileSync(file, damaged);
        expect(readWindowState(file, [display]).bounds, damaged).toBeNull();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
