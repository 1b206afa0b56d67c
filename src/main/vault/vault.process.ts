/**
 * The vault's own process. It is started for onboarding and unlocking and ended by locking: a dead process is the only
 * memory that is really wiped.
 *
 * Limits: Node cannot set RLIMIT_CORE from inside; the packaged app is started with core dumps off by its launcher, and
 * Electron's crash reporter is never started. Strings in JavaScript cannot be overwritten.
 */
import { join } from 'node:path';
import { serveChild } from '../platform/child-server';
import { sealTo } from '../platform/sealed-box';
import type { VaultMethods } from './messages';
import { createVaultService } from './service';

serveChild<VaultMethods>(
  createVaultService({
    now: () => Date.now(),
    seal: sealTo,
    // Beside this bundle; the bundler gives worker files their own names.
    workerFile: join(__dirname, 'sign.worker.cjs'),
  }),
);
