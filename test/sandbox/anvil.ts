/** The node process: anvil on a loopback port, tied to the life of the process that started it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type AnvilOptions = {
  readonly chainId: number;
  readonly mnemonic: string;
  /** Accounts of the mnemonic that start with native coin. */
  readonly accounts: number;
  /** 0 takes a free port. */
  readonly port: number;
  /** Unix seconds of the first block; the present when left out. */
  readonly genesisTimestamp?: number | undefined;
  /** File from which the chain is loaded when it exists, and to which it is written at the end. */
  readonly statePath?: string | undefined;
};

export type AnvilProcess = {
  readonly url: string;
  readonly port: number;
  /** Process id of anvil itself. */
  readonly pid: number;
  /** Resolves when the node has ended, for whatever reason. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
};

/** States on disk beside the newest 500 or so in memory: how far back balances can be read. */
const OLD_STATES_KEPT = 500;

const START_DEADLINE_MS = 20_000;

/**
 * Runs the node and waits on its own standard input. Standard input ends when the starter closes it or dies, even by
 * SIGKILL; then the node is asked to end (it writes its state) and, three seconds later, made to. Its scratch folder
 * goes with it.
 */
const KEEPER = `
scratch=$1
shift
"$@" & node=$!
echo "node $node"
exec >/dev/null 2>&1
cat >/dev/null
kill -TERM $node
( tries=0
  while [ $tries -lt 60 ]; do sleep 0.05; tries=$((tries + 1)); done
  kill -KILL $node ) & killer=$!
wait $node
kill $killer
rm -rf "$scratch"
`;

const PLATFORMS: Readonly<Record<string, string>> = {
  'linux x64': 'linux-amd64',
  'linux arm64': 'linux-arm64',
  'darwin x64': 'darwin-amd64',
  'darwin arm64': 'darwin-arm64',
};

/** Path of the anvil binary among the installed packages. */
export const findAnvil = (): string => {
  const key = `${process.platform} ${process.arch}`;
  const platform = PLATFORMS[key];
  if (platform === undefined) throw new Error(`The sandbox network has no anvil for ${key}`);
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve(`@foundry-rs/anvil-${platform}/package.json`)), 'bin', 'anvil');
  } catch {
    throw new Error(`The sandbox network needs the package @foundry-rs/anvil-${platform}; run npm ci`);
  }
};

/** Starts anvil and resolves when it listens. */
export const startAnvil = async (options: AnvilOptions): Promise<AnvilProcess> => {
  const binary = findAnvil();
  const scratch = await mkdtemp(join(tmpdir(), 'nostro-sandbox-'));
  const command = [...deathSignal(), binary, ...anvilArguments(options, scratch)];
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sandbox-keeper', scratch, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own group: Ctrl-C in a terminal reaches the starter, which then ends the node in order.
    detached: true,
  });
  const ended = waitForEnd(keeper);
  keeper.stdin?.on('error', () => undefined);
  // Only the node holds the other end: it has ended by itself, and the keeper may tidy up.
  keeper.stdout?.once('end', () => keeper.stdin?.end());
  try {
    const { pid, port } = await waitForListening(keeper, ended);
    return {
      url: `http://127.0.0.1:${port}`,
      port,
      pid,
      ended,
      stop: async () => {
        keeper.stdin?.end();
        await ended;
      },
    };
  } catch (error) {
    keeper.stdin?.end();
    await ended;
    throw error;
  }
};

/** Second line of defence on Linux: should the keeper itself be killed, the node goes with it. */
const deathSignal = (): readonly string[] =>
  process.platform === 'linux' && existsSync('/usr/bin/setpriv')
    ? ['/usr/bin/setpriv', '--pdeathsig', 'TERM', '--']
    : [];

const anvilArguments = (options: AnvilOptions, scratch: string): readonly string[] => {
  const given: string[] = ['--host', '127.0.0.1', '--port', String(options.port)];
  given.push('--chain-id', String(options.chainId), '--mnemonic', options.mnemonic);
  given.push('--accounts', String(options.accounts), '--balance', '1000');
  // finalized = latest - 2, safe = latest - 1
  given.push('--slots-in-an-epoch', '1');
  given.push('--cache-path', scratch);
  // A page of another origin has no business with the node.
  given.push('--no-cors');
  // Old states would fill the disk where blocks come by the clock; logs and receipts stay.
  given.push('--max-persisted-states', String(OLD_STATES_KEPT));
  // Whoever starts it says how blocks come about once everything is deployed.
  given.push('--no-mining');
  if (options.genesisTimestamp !== undefined) given.push('--timestamp', String(options.genesisTimestamp));
  if (options.statePath !== undefined) {
    given.push('--state', options.statePath, '--state-interval', '30');
  }
  return given;
};

const waitForEnd = (keeper: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    keeper.once('error', () => resolve());
    keeper.once('close', () => resolve());
  });

const waitForListening = (
  keeper: ChildProcess,
  ended: Promise<void>,
): Promise<{ readonly pid: number; readonly port: number }> =>
  new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string): void =>
      reject(new Error(`The sandbox node did not start: ${reason}\n${output.slice(-2000)}`));
    const timer = setTimeout(() => fail(`no answer within ${START_DEADLINE_MS / 1000} s`), START_DEADLINE_MS);
    const read = (bytes: Buffer): void => {
      // Read on, or the node would block on a full pipe; keep only what is needed until it listens.
      if (output.length < 100_000) output += bytes.toString('utf8');
      const pid = /^node (\d+)$/m.exec(output)?.[1];
      const port = /^Listening on 127\.0\.0\.1:(\d+)$/m.exec(output)?.[1];
      if (pid !== undefined && port !== undefined) {
        clearTimeout(timer);
        resolve({ pid: Number(pid), port: Number(port) });
      } else if (/^Error: /m.test(output)) {
        clearTimeout(timer);
        fail('it ended with an error');
      }
    };
    keeper.stdout?.on('data', read);
    keeper.stderr?.on('data', read);
    void ended.then(() => {
      clearTimeout(timer);
      fail('it ended at once');
    });
  });
