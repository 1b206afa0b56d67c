/** A vault over its real child process, in a folder of its own, with every message and output recorded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectChild } from '../../src/main/platform/child';
import type { ChildMessage, ParentMessage } from '../../src/main/platform/child-protocol';
import { createVault, type Vault } from '../../src/main/vault';
import { bundleChildren } from './bundle-children';
import { createSpawnNode } from './spawn-node';

export const PASSPHRASE = 'gravel-Umbrella 71 sundial thermos';
export const OTHER_PASSPHRASE = 'quartz-Meadow 38 lantern ferry';

export type VaultFixture = {
  readonly directory: string;
  readonly received: ChildMessage[];
  readonly sent: ParentMessage[];
  readonly output: Buffer[];
  readonly internal: string[];
  readonly pids: number[];
  /** The vault over the folder; a second call stands for a restart of the program. */
  readonly start: () => Vault;
  readonly dispose: () => Promise<void>;
};

export const createVaultFixture = async (): Promise<VaultFixture> => {
  const folder = await bundleChildren(['vault.process', 'sign.worker']);
  const directory = mkdtempSync(join(tmpdir(), 'nostro-vault-'));
  const received: ChildMessage[] = [];
  const sent: ParentMessage[] = [];
  const output: Buffer[] = [];
  const internal: string[] = [];
  const pids: number[] = [];
  const vaults: Vault[] = [];
  return {
    directory,
    received,
    sent,
    output,
    internal,
    pids,
    start: () => {
      const vault = createVault({
        spawn: createSpawnNode(folder, {
          onReceived: (message) => received.push(message),
          onSent: (message) => sent.push(message),
          onOutput: (bytes) => output.push(Buffer.from(bytes)),
          onStarted: (pid) => pids.push(pid),
        }),
        connect: connectChild,
        directory,
        onInternal: (_method, cause) => internal.push(cause),
      });
      vaults.push(vault);
      return vault;
    },
    dispose: async () => {
      await Promise.all(vaults.map((vault) => vault.lock()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The words of a recovery page, in order. */
export const wordsOnPage = (page: Uint8Array): string[] =>
  [...new TextDecoder().decode(page).matchAll(/<li><span>\d+<\/span><b>([a-z]+)<\/b><\/li>/g)].map(
    (match) => match[1] as string,
  );
