/**
 * What a step costs: wall time, CPU time of the main process and its children, and the longest time that the main thread
 * answered nothing. A busy machine makes wall times longer; CPU times stay comparable.
 */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ChildPort, SpawnChild } from '../../src/main/platform/child';

export type Step = {
  readonly seconds: number;
  /** Of this process and all of its children, those that ended included. Linux only, else 0. */
  readonly cpuSeconds: number;
  /** Longest stretch in which the main thread answered nothing, milliseconds of the clock on the wall. */
  readonly longestBlockMs: number;
  /** Most CPU time that the main thread took between two turns: what is left of a block where there is no other work. */
  readonly longestBlockCpuMs: number;
};

export type Watch = {
  /** To be put around what starts children. */
  readonly wrapSpawn: (spawn: SpawnChild) => SpawnChild;
  readonly run: <T>(work: () => Promise<T>) => Promise<{ readonly step: Step; readonly result: T }>;
  /** CPU seconds so far of the living children of a name. Linux only, else 0. */
  readonly cpuSecondsOf: (name: string) => number;
  /** Highest resident memory of each kind of child so far, bytes. Linux only, else 0. */
  readonly peaks: () => Readonly<Record<string, number>>;
};

/** Jiffies of /proc, 100 to the second on every Linux that Node runs on. */
const TICKS = 100;
const TICK_MS = 2;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** `own`: of the process. `ended`: of its children that are gone. Seconds. */
const cpuOf = (pid: number | 'self'): { readonly own: number; readonly ended: number } => {
  const stat = read(`/proc/${pid}/stat`);
  // The name stands in parentheses and may hold blanks; what follows it begins with the third field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3] ?? 0) / TICKS;
  return { own: field(14) + field(15), ended: field(16) + field(17) };
};

/** CPU seconds of a living process, all of its threads. Linux only, else 0. */
export const cpuSecondsOf = (pid: number): number => cpuOf(pid).own;

const peakOf = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;

/** Greatest CPU time of this thread between two turns of its timers, milliseconds. */
const watchThread = (): { readonly stop: () => number } => {
  const used = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let last = used();
  let longest = 0;
  const look = (): void => {
    const now = used();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, TICK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return longest;
    },
  };
};

export const createWatch = (): Watch => {
  const ports = new Map<ChildPort, string>();
  const peaks: Record<string, number> = {};
  const notePeak = (port: ChildPort, name: string): void => {
    const pid = port.pid();
    if (pid !== undefined) peaks[name] = Math.max(peaks[name] ?? 0, peakOf(pid));
  };
  const cpuOfChildren = (wanted: string | null): number => {
    let sum = 0;
    for (const [port, name] of ports) {
      const pid = port.pid();
      if (pid !== undefined && (wanted === null || name === wanted)) sum += cpuSecondsOf(pid);
    }
    return sum;
  };
  const cpu = (): number => {
    const { own, ended } = cpuOf('self');
    return own + ended + cpuOfChildren(null);
  };
  return {
    wrapSpawn: (spawn) => (name) => {
      const port = spawn(name);
      ports.set(port, name);
      port.onExit(() => ports.delete(port));
      return {
        ...port,
        kill: () => {
          notePeak(port, name);
          port.kill();
        },
      };
    },
    run: async (work) => {
      const before = cpu();
      const delay = monitorEventLoopDelay({ resolution: TICK_MS });
      const thread = watchThread();
      delay.enable();
      const start = process.hrtime.bigint();
      const result = await work();
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      // A block that lasted to the end is seen when the loop turns once more.
      await new Promise((resolve) => setTimeout(resolve, 2 * TICK_MS));
      delay.disable();
      const step: Step = {
        seconds,
        cpuSeconds: cpu() - before,
        longestBlockMs: delay.max / 1e6,
        longestBlockCpuMs: thread.stop(),
      };
      return { step, result };
    },
    cpuSecondsOf: cpuOfChildren,
    peaks: () => {
      for (const [port, name] of ports) notePeak(port, name);
      return { ...peaks };
    },
  };
};
