import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifySender } from '../../../src/main/ipc/sender';
import type { WindowKind } from '../../../src/shared/contract';

const windowOf = (id: number): WindowKind | undefined =>
  id === 1 ? 'main' : id === 2 ? 'approval' : undefined;
const mainPage = { webContentsId: 1, isMainFrame: true, frameUrl: 'app://nostro/index.html' };
const approvalPage = { webContentsId: 2, isMainFrame: true, frameUrl: 'app://approval/approval.html' };

describe('the sender check', () => {
  it('knows the two pages', () => {
    expect(identifySender(mainPage, windowOf)).toBe('main');
    expect(identifySender({ ...mainPage, frameUrl: 'app://nostro/index.html?x#/payments' }, windowOf)).toBe(
      'main',
    );
    expect(identifySender(approvalPage, windowOf)).toBe('approval');
  });

  it.each([
    ['an unknown window', { webContentsId: 3 }],
    ['a sub-frame', { isMainFrame: false }],
    ['a frame that is gone', { frameUrl: null }],
    ['the other window’s origin', { frameUrl: 'app://approval/approval.html' }],
    ['the recovery page', { frameUrl: 'app://recovery/00' }],
    ['another scheme', { frameUrl: 'https://nostro/index.html' }],
    ['a file', { frameUrl: 'file:///index.html' }],
    ['srcdoc', { frameUrl: 'about:srcdoc' }],
    ['a blank page', { frameUrl: 'about:blank' }],
    ['data', { frameUrl: 'data:text/html,app://nostro/' }],
    ['a blob of our origin', { frameUrl: 'blob:app://nostro/1' }],
    ['a longer host', { frameUrl: 'app://nostro.example/index.html' }],
    ['a port', { frameUrl: 'app://nostro:1/index.html' }],
    ['credentials', { frameUrl: 'app://nostro@approval/index.html' }],
    ['credentials before our host', { frameUrl: 'app://x:y@nostro/index.html' }],
    ['no address', { frameUrl: '' }],
    ['nonsense', { frameUrl: 'app//nostro' }],
  ])('refuses %s', (_what, change) => {
    expect(identifySender({ ...mainPage, ...change }, windowOf)).toBeUndefined();
  });

  it('never throws and never takes an address that does not begin with the window’s origin', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('app://nostrox/', 'APP://approval/')),
        (frameUrl) => {
          const window = identifySender({ ...mainPage, frameUrl }, windowOf);
          expect(window === undefined || frameUrl.toLowerCase().trimStart().startsWith('app://nostro')).toBe(
            true,
          );
        },
      ),
    );
  });
});
