/** A display for machines that have none: Xvfb on a free display number, ended with the process that asked for it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

export const hasDisplay = (env = process.env) =>
  process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);

export const hasXvfb = () => spawnSync('sh', ['-c', 'command -v Xvfb'], { stdio: 'ignore' }).status === 0;

/**
 * @param {{ size?: string }} [options] `size` as Xvfb takes it, e.g. `1600x1000x24`
 * @returns {Promise<{ display: string, stop: () => void }>}
 */
export async function startDisplay({ size = '1680x1050x24' } = {}) {
  // Under root the app runs as another user, which then needs to be let in; this display serves one machine's tests only.
  const access = process.getuid?.() === 0 ? ['-ac'] : [];
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-noreset', ...access],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    },
  );
  let log = '';
  server.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const number = await Promise.race([
    once(server.stdio[3], 'data').then(([chunk]) => String(chunk).trim()),
    once(server, 'exit').then(([code]) => {
      throw new Error(`Xvfb ended with status ${code}: ${log.trim()}`);
    }),
    once(server, 'error').then(([error]) => {
      throw new Error(`Xvfb could not be started: ${error.message}`);
    }),
  ]);
  const stop = () => server.kill('SIGTERM');
  process.once('exit', stop);
  server.unref();
  server.stderr.unref();
  server.stdio[3].unref();
  return { display: `:${number}`, stop };
}

/** Sets DISPLAY for this process and its children if there is none. Returns what ends it. */
export async function ensureDisplay() {
  if (hasDisplay()) return () => {};
  const { display, stop } = await startDisplay();
  process.env.DISPLAY = display;
  return stop;
}
