/** `SpawnChild` over Node's `fork`: the same children without Electron, for the Chromium lane and for tools. */
import { fork } from 'node:child_process';
import path from 'node:path';
import type { ChildPort, SpawnChild } from './child';
import type { ChildMessage } from './child-protocol';
import type { Logger } from './logger';

/** Starts `<folder>/<name>.process.cjs`. What a child prints goes to the log. */
export const createSpawnNode =
  (deps: { readonly folder: string; readonly log: Logger }): SpawnChild =>
  (name): ChildPort => {
    const child = fork(path.join(deps.folder, `${name}.process.cjs`), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes: Buffer) =>
        deps.log.warn('child printed', { child: name, text: String(bytes) }),
      );
    }
    child.on('exit', (code, signal) => deps.log.info('child ended', { child: name, code, signal }));
    return {
      post: (message) => {
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
