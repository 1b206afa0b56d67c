/** `SpawnChild` over Electron's utilityProcess. */
import path from 'node:path';
import { utilityProcess } from 'electron';
import type { ChildPort, SpawnChild } from './child';
import type { ChildMessage } from './child-protocol';
import type { Logger } from './logger';

/** Starts `<folder>/<name>.process.cjs`. What a child prints goes to the log. */
export const createSpawnElectron =
  (deps: { readonly folder: string; readonly log: Logger }): SpawnChild =>
  (name): ChildPort => {
    const child = utilityProcess.fork(path.join(deps.folder, `${name}.process.cjs`), [], {
      serviceName: `Nostro ${name}`,
      stdio: 'pipe',
      // SECURITY: nothing from the environment reaches a child that holds keys or the database.
      env: {},
      execArgv: [],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes: Buffer) =>
        deps.log.warn('child printed', { child: name, text: String(bytes) }),
      );
    }
    child.on('exit', (code) => deps.log.info('child ended', { child: name, code }));
    return {
      post: (message) => child.postMessage(message),
      onMessage: (listener) => {
        child.on('message', (message: ChildMessage) => listener(message));
      },
      onExit: (listener) => {
        child.on('exit', (code) => listener(code));
      },
      kill: () => {
        // SIGKILL where there is such a thing: a child must not have the time to write its secrets anywhere.
        if (child.pid !== undefined && process.platform !== 'win32') {
          try {
            process.kill(child.pid, 'SIGKILL');
            return;
          } catch {
            // Already gone, or not ours to signal: fall through to Electron's own way.
          }
        }
        child.kill();
      },
      pid: () => child.pid,
    };
  };
