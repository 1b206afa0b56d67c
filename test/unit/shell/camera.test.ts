import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCameraRule, type MediaRequest } from '../../../src/main/shell/camera';

const CAMERA: MediaRequest = {
  permission: 'media',
  url: 'app://nostro/',
  isMainFrame: true,
  mediaTypes: ['video'],
};

const open = (says: () => boolean | Promise<boolean> = () => true) => {
  const state = { isUnlocked: true, asked: 0 };
  const rule = createCameraRule({
    origin: 'app://nostro',
    isUnlocked: () => state.isUnlocked,
    ask: async () => {
      state.asked += 1;
      return says();
    },
  });
  return { state, rule };
};

describe('the camera', () => {
  it('is given after a yes outside of the page, once until the vault locks', async () => {
    const { state, rule } = open();
    expect(rule.check(CAMERA)).toBe(false);
    expect(await rule.request(CAMERA)).toBe(true);
    expect(await rule.request({ ...CAMERA, url: 'app://nostro/index.html' })).toBe(true);
    expect(rule.check(CAMERA)).toBe(true);
    expect(state.asked).toBe(1);
    rule.forget();
    expect(rule.check(CAMERA)).toBe(false);
    expect(await rule.request(CAMERA)).toBe(true);
    expect(state.asked).toBe(2);
  });

  it('is asked for again after a no, with one dialog at a time', async () => {
    let answer: (says: boolean) => void = () => undefined;
    const { state, rule } = open(() => new Promise((resolve) => (answer = resolve)));
    const both = [rule.request(CAMERA), rule.request(CAMERA)];
    answer(false);
    expect(await Promise.all(both)).toEqual([false, false]);
    expect(state.asked).toBe(1);
    expect(rule.check(CAMERA)).toBe(false);
    const again = rule.request(CAMERA);
    answer(true);
    expect(await again).toBe(true);
  });

  it('is not given by a dialog that stood open while the vault locked', async () => {
    let answer: (says: boolean) => void = () => undefined;
    const { state, rule } = open(() => new Promise((resolve) => (answer = resolve)));
    const asked = rule.request(CAMERA);
    state.isUnlocked = false;
    rule.forget();
    state.isUnlocked = true;
    answer(true);
    expect(await asked).toBe(false);
    expect(rule.check(CAMERA)).toBe(false);
  });

  it('is not there while the vault is locked, and nobody is asked', async () => {
    const { state, rule } = open();
    await rule.request(CAMERA);
    state.isUnlocked = false;
    expect(await rule.request(CAMERA)).toBe(false);
    expect(rule.check(CAMERA)).toBe(false);
    expect(state.asked).toBe(1);
  });

  it.each<[string, Partial<MediaRequest>]>([
    ['sound', { mediaTypes: ['audio'] }],
    ['sound with pictures', { mediaTypes: ['video', 'audio'] }],
    ['nothing named', { mediaTypes: [] }],
    ['what is not known', { mediaTypes: ['unknown'] }],
    ['a frame in the page', { isMainFrame: false }],
    ['the approval window', { url: 'app://approval/' }],
    ['an origin that begins alike', { url: 'app://nostro.example/' }],
    ['a blank page', { url: 'about:blank' }],
    ['no address', { url: undefined }],
    ['the screen', { permission: 'display-capture' }],
  ])('is not for %s', async (_what, change) => {
    const { state, rule } = open();
    await rule.request(CAMERA);
    expect(await rule.request({ ...CAMERA, ...change })).toBe(false);
    expect(rule.check({ ...CAMERA, ...change })).toBe(false);
    expect(state.asked).toBe(1);
  });

  it('is the only permission there is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string().filter((permission) => permission !== 'media'),
        async (permission) => {
          const { state, rule } = open();
          expect(await rule.request({ ...CAMERA, permission })).toBe(false);
          expect(rule.check({ ...CAMERA, permission })).toBe(false);
          expect(state.asked).toBe(0);
        },
      ),
    );
  });
});
