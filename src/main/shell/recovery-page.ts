/** The bytes of the recovery words: served once, then overwritten. Pure, so that it is tested without Electron. */
import { createHash } from 'node:crypto';

const OPEN = Buffer.from('<style>');
const CLOSE = Buffer.from('</style>');

/**
 * The policy of the page: nothing but its own style element, named by hash.
 *
 * SECURITY: works on bytes, because a JavaScript string with the words could not be overwritten.
 */
export const recoveryPolicy = (page: Uint8Array): string => {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  const start = bytes.indexOf(OPEN);
  const end = bytes.indexOf(CLOSE);
  const style =
    start >= 0 && end > start
      ? `'sha256-${createHash('sha256')
          .update(bytes.subarray(start + OPEN.length, end))
          .digest('base64')}'`
      : "'none'";
  return `default-src 'none'; style-src ${style}; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; sandbox`;
};

export type RecoveryPage = {
  /** The page for exactly `url`, the first time; `null` for everything else. */
  readonly take: (
    url: string,
  ) => { readonly body: Uint8Array; readonly headers: Record<string, string> } | null;
  /** Overwrites the bytes. Called when the page is loaded, and again when the window goes. */
  readonly wipe: () => void;
};

export const createRecoveryPage = (url: string, page: Uint8Array): RecoveryPage => {
  let isServed = false;
  const policy = recoveryPolicy(page);
  return {
    take: (asked) => {
      if (isServed || asked !== url) return null;
      isServed = true;
      return {
        body: page,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cache-control': 'no-store',
        },
      };
    },
    wipe: () => {
      isServed = true;
      page.fill(0);
    },
  };
};
