import { fork } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeContents } from '../../../src/main/vault/contents';
import { openBody, parseEnvelope, unwrapDataKey } from '../../../src/main/vault/envelope';
import { hasVaultFile, readVaultFile } from '../../../src/main/vault/files';
import { bundleChildren, REPO_ROOT } from '../../support/bundle-children';
import { createVaultFixture, OTHER_PASSPHRASE, PASSPHRASE } from '../../support/vault-fixture';

const KILLS = 60;
const PASSPHRASE_KILLS = 5;

const openWithEither = (directory: string, keys: readonly Uint8Array[]): bigint | null => {
  const envelope = parseEnvelope(readVaultFile(directory));
  for (const kek of keys) {
    try {
      return decodeContents(openBody(envelope, unwrapDataKey(envelope, kek))).revision;
    } catch {
      // The other key, then.
    }
  }
  return null;
};

describe('a process killed while it writes the vault', () => {
  it(`leaves a file that opens with the old or the new key, ${KILLS} times`, async () => {
    const folder = await bundleChildren([], [join(REPO_ROOT, 'test/support/vault-writer.ts')]);
    const directory = mkdtempSync(join(tmpdir(), 'nostro-kill-'));
    const keys = [randomBytes(32), randomBytes(32)].map((bytes) => new Uint8Array(bytes));
    let revision = 0n;
    let interrupted = 0;
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const writer = fork(join(folder, 'vault-writer.cjs'), [
          directory,
          ...keys.map((key) => Buffer.from(key).toString('hex')),
          String(revision),
        ]);
        const generations = randomInt(0, 4);
        let acknowledged = revision;
        await new Promise<void>((resolve) => {
          writer.on('exit', () => resolve());
          const end = () => {
            // A random moment within a write, some tens of microseconds to milliseconds later.
            let spins = randomInt(0, 60);
            const spin = (): void => {
              spins -= 1;
              if (spins < 0) writer.kill('SIGKILL');
              else setImmediate(spin);
            };
            spin();
          };
          let seen = 0;
          writer.on('message', (message) => {
            acknowledged = BigInt(String(message));
            seen += 1;
            if (seen === generations + 1) end();
          });
        });
        expect(hasVaultFile(directory)).toBe(true);
        const found = openWithEither(directory, keys);
        expect(found).not.toBeNull();
        // What was reported as written is there, or something newer.
        expect((found as bigint) >= acknowledged).toBe(true);
        if (readdirSync(directory).length > 1) interrupted += 1;
        revision = found as bigint;
      }
      // Kills really fell between the steps of a write.
      expect(interrupted).toBeGreaterThan(0);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 120_000);

  it(`opens with the old or the new passphrase after a kill during its change, ${PASSPHRASE_KILLS} times`, async () => {
    const fixture = await createVaultFixture();
    try {
      let current = PASSPHRASE;
      let next = OTHER_PASSPHRASE;
      const first = fixture.start();
      const { keys } = await first.restore({
        mnemonic: 'test test test test test test test test test test test junk',
        bip39Passphrase: null,
        passphrase: current,
        accounts: 1,
      });
      await first.lock();
      for (let kill = 0; kill < PASSPHRASE_KILLS; kill += 1) {
        const vault = fixture.start();
        await vault.unlock(current);
        const pid = vault.pid() as number;
        let spins = randomInt(0, 12);
        // The first sign of the new file in the folder, or a little later.
        const watcher = watch(fixture.directory, (_event, name) => {
          if (!name?.startsWith('vault.nostro')) return;
          spins -= 1;
          if (spins < 0) process.kill(pid, 'SIGKILL');
        });
        watcher.on('error', () => undefined);
        const outcome = await vault.changePassphrase({ current, next }).then(
          () => 'changed',
          (error: { code: string }) => error.code,
        );
        watcher.close();
        expect(['changed', 'child/crashed', 'vault/locked']).toContain(outcome);
        await vault.lock();

        const reopened = fixture.start();
        const withOld = await reopened.unlock(current).catch((error: { code: string }) => error.code);
        const opened = typeof withOld === 'string' ? await reopened.unlock(next) : withOld;
        if (typeof withOld === 'string') {
          expect(withOld).toBe('vault/wrong-passphrase');
          [current, next] = [next, current];
        } else expect(outcome).not.toBe('changed');
        expect(opened.keys).toEqual(keys);
        await reopened.lock();
        expect(readdirSync(fixture.directory).filter((name) => name.endsWith('.bak'))).toEqual([]);
      }
    } finally {
      await fixture.dispose();
    }
  }, 240_000);
});
