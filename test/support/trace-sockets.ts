/**
 * Which sockets a process and all its children try to use, by tracing their system calls with strace. For tests that
 * prove that a workspace in offline mode tries none.
 *
 * What counts is an attempt, whether it succeeds or not: `connect`, `sendto` with an address, `sendmsg`, `sendmmsg` with
 * an address of the internet, and any `socket` of AF_INET or AF_INET6 but two kinds. Debuggers (Playwright drives Electron
 * through two ports of 127.0.0.1) listen, accept and answer; they never connect. Chromium asks the kernel for the names of
 * interfaces, which Linux answers on a datagram socket that is neither bound nor connected and names no peer: such a one
 * is told apart by the questions that are all that happens on it (`ioctl` SIOCGI…, SIOCETHTOOL). Both are counted by themselves.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STRACE = '/usr/bin/strace';
export const canTrace = (): boolean => process.platform === 'linux' && existsSync(STRACE);

/** One attempt. */
export type SocketAttempt = {
  readonly pid: number;
  readonly call: 'socket' | 'connect' | 'sendto' | 'sendmsg' | 'sendmmsg' | 'bind' | 'listen';
  /** The line of the trace. */
  readonly line: string;
};

export type SocketTrace = {
  /** Attempts that count. Empty: nothing was tried. */
  readonly attempts: readonly SocketAttempt[];
  /** Sockets that only listened on this machine, as debuggers' do. */
  readonly listeners: readonly SocketAttempt[];
  /** Sockets on which the kernel was asked about interfaces, and nothing else happened. */
  readonly interfaceQueries: readonly SocketAttempt[];
  /** Every traced process that made any traced call. Proof that the trace saw something. */
  readonly pids: readonly number[];
  /** All traced calls, also those of other families (pipes, netlink). */
  readonly calls: number;
};

const INTERNET = /\bAF_INET6?\b/;
const LOOPBACK = /inet_addr\("127\.|inet_pton\(AF_INET6, "::1"/;

/** Reads the files that `strace -ff -o <prefix>` writes, one per process; `texts` by process id. */
export const readTrace = (texts: ReadonlyMap<number, string>): SocketTrace => {
  const attempts: SocketAttempt[] = [];
  const listeners: SocketAttempt[] = [];
  const interfaceQueries: SocketAttempt[] = [];
  let calls = 0;
  for (const [pid, text] of texts) {
    /** Sockets by file descriptor: what they turn out to be decides whether they count. */
    const open = new Map<string, SocketAttempt>();
    const undecided = new Set<SocketAttempt>();
    const asked = new Set<SocketAttempt>();
    const used = new Set<SocketAttempt>();
    const local = new Set<SocketAttempt>();
    for (const line of text.split('\n')) {
      const call = /^(\w+)\(/.exec(line)?.[1];
      if (call === undefined) continue;
      const first = /^\w+\(([^,)]*)/.exec(line)?.[1]?.trim() ?? '';
      if (call === 'close') {
        open.delete(first);
        continue;
      }
      if (call !== 'ioctl') {
        calls += 1;
        // Whatever else is done with a socket, it is more than a question about interfaces.
        const attempt = call === 'socket' ? undefined : open.get(first);
        if (attempt) used.add(attempt);
      }
      switch (call) {
        case 'socket': {
          if (!/^socket\(AF_INET6?,/.test(line)) break;
          const attempt: SocketAttempt = { pid, call, line };
          undecided.add(attempt);
          const fd = /= (\d+)/.exec(line)?.[1];
          if (fd !== undefined) open.set(fd, attempt);
          break;
        }
        case 'bind': {
          const attempt = open.get(first);
          // To be reached from this machine only. Anything else is a way in from outside, or a way out for datagrams.
          if (attempt && LOOPBACK.test(line) && /SOCK_STREAM/.test(attempt.line)) {
            // Refused or not answered yet, it is bound to nothing.
            if (/= 0$/.test(line)) local.add(attempt);
            break;
          }
          if (INTERNET.test(line)) attempts.push({ pid, call, line });
          break;
        }
        case 'listen': {
          const attempt = open.get(first);
          if (!attempt) break;
          open.delete(first);
          undecided.delete(attempt);
          // Without a bind the kernel takes a port of every interface: that is open to others.
          if (local.has(attempt)) listeners.push(attempt);
          else attempts.push({ pid, call, line });
          break;
        }
        case 'ioctl': {
          const attempt = open.get(first);
          if (attempt) (/^ioctl\(\d+, SIOC(?:GI|ETHTOOL)/.test(line) ? asked : used).add(attempt);
          break;
        }
        case 'connect':
        case 'sendto':
        case 'sendmsg':
        case 'sendmmsg':
          if (INTERNET.test(line)) attempts.push({ pid, call, line });
          break;
      }
    }
    for (const attempt of undecided) {
      const isQuery = /SOCK_DGRAM/.test(attempt.line) && asked.has(attempt) && !used.has(attempt);
      (isQuery ? interfaceQueries : attempts).push(attempt);
    }
  }
  return { attempts, listeners, interfaceQueries, pids: [...texts.keys()].toSorted((a, b) => a - b), calls };
};

const COMMON = ['-ff', '-qq', '-s', '256', '-e', 'trace=network,ioctl,close', '-e', 'signal=none'];

const readFolder = (folder: string): SocketTrace => {
  const texts = new Map<number, string>();
  for (const name of readdirSync(folder)) {
    const pid = Number(/^trace\.(\d+)$/.exec(name)?.[1]);
    if (Number.isInteger(pid)) texts.set(pid, readFileSync(join(folder, name), 'utf8'));
  }
  return readTrace(texts);
};

/**
 * Runs a command under the trace, from its first instruction, children included.
 */
export const traceCommand = async (
  command: string,
  argv: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly exitCode: number | null; readonly output: string; readonly trace: SocketTrace }> => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-trace-'));
  try {
    const child = spawn(
      STRACE,
      [...COMMON, '-f', '--seccomp-bpf', '-o', join(folder, 'trace'), '--', command, ...argv],
      {
        cwd: options.cwd,
        env: options.env ?? process.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => {
        output += bytes.toString('utf8');
      });
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { exitCode, output, trace: readFolder(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** A process and everything below it, from /proc. */
export const processTree = (pid: number): number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in brackets may hold anything; the parent stands second behind it.
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // Ended meanwhile.
    }
  }
  const tree: number[] = [];
  const visit = (each: number): void => {
    tree.push(each);
    for (const child of children.get(each) ?? []) visit(child);
  };
  visit(pid);
  return tree;
};

export type AttachedTrace = {
  /** Detaches, and gives what was seen. The traced processes go on. */
  readonly stop: () => Promise<SocketTrace>;
};

/**
 * Attaches to a process that runs already and to everything below it; what they start from now on is traced too. Resolves
 * once every one of them is. Needs the right to trace them (same user, and ptrace_scope 0 or root).
 */
export const attachTrace = async (pid: number): Promise<AttachedTrace> => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-trace-'));
  const tree = processTree(pid);
  const child: ChildProcess = spawn(
    STRACE,
    // Without -qq: it says whom it attached to, and that is when the trace has begun.
    [
      ...COMMON.filter((each) => each !== '-qq'),
      '-f',
      '-o',
      join(folder, 'trace'),
      ...tree.flatMap((each) => ['-p', String(each)]),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.on('error', reject);
    child.once('exit', () => reject(new Error(`strace ended: ${said}`)));
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString('utf8');
      const attached = tree.filter(
        // Gone meanwhile counts as settled: nothing more can come of it.
        (each) => new RegExp(`Process ${each} attached`).test(said) || !existsSync(`/proc/${each}`),
      );
      if (attached.length === tree.length) resolve();
    });
  });
  return {
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      const trace = readFolder(folder);
      rmSync(folder, { recursive: true, force: true });
      return trace;
    },
  };
};

export type TracedLauncher = {
  /** Starts what it was made for, under the trace; takes the same arguments. */
  readonly executablePath: string;
  /** What was seen so far; whole once the program has ended. */
  readonly read: () => SocketTrace;
  readonly remove: () => void;
};

/**
 * A program that starts another one under the trace from its first instruction, children included: for Playwright, which
 * starts Electron itself. What it prints is not touched.
 */
export const makeTracedLauncher = (executablePath: string): TracedLauncher => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-trace-'));
  const launcher = join(folder, 'launch.sh');
  // Without --seccomp-bpf: it takes away the rights by which Chromium's own sandbox is set up.
  const command = [STRACE, ...COMMON, '-f', '-o', join(folder, 'trace'), '--', executablePath];
  const quoted = command.map((each) => `'${each.replaceAll("'", "'\\''")}'`).join(' ');
  writeFileSync(launcher, `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
  return {
    executablePath: launcher,
    read: () => readFolder(folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
