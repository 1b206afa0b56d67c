/** `SpawnChild` over Node's `fork`: the same children as in the app, without Electron. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { ChildPort, SpawnChild } from '../../src/main/platform/child';
import type { ChildMessage, ParentMessage } from '../../src/main/platform/child-protocol';

export type SpawnTap = {
  /** Sees every message that goes to a child. */
  readonly onSent?: (message: ParentMessage) => void;
  /** Sees every message that comes from a child. */
  readonly onReceived?: (message: ChildMessage) => void;
  /** Sees every byte that a child writes to its standard streams. */
  readonly onOutput?: (bytes: Uint8Array) => void;
  readonly onStarted?: (pid: number) => void;
};

/** Starts `<folder>/<name>.process.cjs`; `folder` comes from `bundleChildren`. */
export const createSpawnNode =
  (folder: string, tap: SpawnTap = {}): SpawnChild =>
  (name): ChildPort => {
    const child = fork(join(folder, `${name}.process.cjs`), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        if (tap.onOutput) tap.onOutput(bytes);
        else process.stderr.write(bytes);
      });
    }
    child.on('message', (message) => tap.onReceived?.(message as ChildMessage));
    if (child.pid !== undefined) tap.onStarted?.(child.pid);
    return {
      post: (message) => {
        tap.onSent?.(message);
        // A child that has just died answers by its exit, not by an error thrown here.
        if (child.connected) child.send(message, () => undefined);
      },
      onMessage: (listener) => {
        child.on('message', (message) => listener(message as ChildMessage));
      },
      onExit: (listener) => {
        child.on('exit', (code) => listener(code));
      },
      kill: () => {
        child.kill('SIGKILL');
      },
      pid: () => child.pid,
    };
  };
