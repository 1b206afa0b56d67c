/**
 * The main side of an offline workspace opens no socket: system calls of the whole process tree are traced. The same
 * program in online mode shows what the trace would show.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAppFolder } from '../../support/app-harness';
import { bundleChildren, REPO_ROOT } from '../../support/bundle-children';
import { attachTrace, canTrace, readTrace, traceCommand } from '../../support/trace-sockets';

const MINUTE = 60_000;

let server: Server;
let asked = 0;
const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
beforeAll(async () => {
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  // Built outside of the trace.
  await bundleChildren();
}, MINUTE);
afterAll(() => {
  server.close();
});

type Told = {
  codes: Record<string, string>;
  opened: number;
  mode: string;
  modeLocked: string;
  sandboxAvailable: boolean;
  networks: string[];
  tokens: string[];
  accounts: string[];
};

const run = async (mode: 'online' | 'offline', guard: 'guarded' | 'bare') => {
  const folder = makeAppFolder();
  asked = 0;
  try {
    const script = path.join(REPO_ROOT, 'test/integration/security/offline-child.ts');
    const { exitCode, output, trace } = await traceCommand(
      process.execPath,
      ['--import', 'tsx', script, mode, folder.path, endpoint(), guard],
      { cwd: REPO_ROOT },
    );
    const line = output.split('\n').find((each) => each.startsWith('{"codes"'));
    if (exitCode !== 0 || line === undefined) throw new Error(`the child failed (${exitCode}): ${output}`);
    return { told: JSON.parse(line) as Told, trace };
  } finally {
    folder.remove();
  }
};

describe.runIf(canTrace())('sockets', () => {
  // Without the guard the chain module alone must be enough; with it nothing else may stop working.
  it.each(['bare', 'guarded'] as const)(
    'of an offline workspace are none, not even tried (%s)',
    async (guard) => {
      const { told, trace } = await run('offline', guard);
      expect(trace.attempts).toEqual([]);
      expect(asked).toBe(0);
      // The trace saw the process, the vault, the ledger, and all that they say to each other.
      expect(trace.pids.length).toBeGreaterThan(2);
      expect(trace.calls).toBeGreaterThan(5);
      expect(told).toMatchObject({
        mode: 'offline',
        modeLocked: 'offline',
        opened: 1,
        sandboxAvailable: false,
        networks: ['Bank chain offline', 'Other chain offline'],
        accounts: ['Operations key', 'Payroll watched'],
        codes: {
          import: 'ok',
          network: 'ok',
          position: 'ok',
          replica: 'ok',
          probe: 'chain/offline',
          sandbox: 'chain/offline',
        },
      });
      expect(told.tokens).toContain('EXEUR active');
    },
    3 * MINUTE,
  );

  it(
    'of an online workspace are seen by the same trace',
    async () => {
      const { told, trace } = await run('online', 'guarded');
      expect(told).toMatchObject({ mode: 'online', modeLocked: 'online', sandboxAvailable: true });
      expect(told.tokens).not.toContain('EXEUR active');
      expect(asked).toBeGreaterThan(0);
      expect(trace.attempts.map(({ call }) => call)).toEqual(expect.arrayContaining(['socket', 'connect']));
    },
    3 * MINUTE,
  );

  it('of a process that runs already are seen too', async () => {
    const { spawn } = await import('node:child_process');
    const port = (server.address() as AddressInfo).port;
    const child = spawn(
      process.execPath,
      [
        '-e',
        `process.stdin.once('data', () => require('node:child_process').execFileSync(process.execPath,
           ['-e', "require('node:net').connect(${port}, '127.0.0.1', () => process.exit(0))"]) && process.stdout.write('done'));
         process.stdout.write('ready')`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const said = (text: string) =>
      new Promise<void>((resolve) => {
        child.stdout.on('data', (bytes: Buffer) => {
          if (String(bytes).includes(text)) resolve();
        });
      });
    try {
      await said('ready');
      const attached = await attachTrace(child.pid ?? 0);
      const done = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.stdin.end('go');
      await done;
      const trace = await attached.stop();
      expect(trace.attempts.map(({ call }) => call)).toEqual(expect.arrayContaining(['socket', 'connect']));
    } finally {
      child.kill();
    }
  });
});

describe('the reading of a trace', () => {
  const read = (...lines: string[]) => readTrace(new Map([[7, `${lines.join('\n')}\n`]]));
  const calls = (...lines: string[]) => read(...lines).attempts.map(({ call }) => call);

  it('counts what goes out', () => {
    expect(
      calls(
        'socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_IP) = 20',
        'connect(20, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress)',
      ),
    ).toEqual(['connect', 'socket']);
    expect(
      calls('socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = -1 EPERM (Operation not permitted)'),
    ).toEqual(['socket']);
    expect(
      calls(
        'sendto(3, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("1.1.1.1")}, 16) = 1',
      ),
    ).toEqual(['sendto']);
    expect(
      calls('sendmsg(3, {msg_name={sa_family=AF_INET6, sin6_port=htons(53)}, msg_iov=[]}, 0) = 1'),
    ).toEqual(['sendmsg']);
    expect(
      calls(
        'socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5',
        'bind(5, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
        'listen(5, 511) = 0',
      ),
    ).toEqual(['bind', 'listen']);
    // Never bound, or not bound to this machine in the end: every interface listens.
    const socket = 'socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5';
    expect(calls(socket, 'listen(5, 511) = 0')).toEqual(['listen']);
    expect(
      calls(
        socket,
        'bind(5, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EADDRINUSE (Address already in use)',
        'listen(5, 511) = 0',
      ),
    ).toEqual(['listen']);
    expect(
      calls(
        'socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 5',
        'bind(5, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
      ),
    ).toEqual(['bind', 'socket']);
  });

  it('tells questions about interfaces apart, and only these', () => {
    const asking = [
      'socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = 52',
      'ioctl(52, SIOCGIWNAME, 0x7ffc) = -1 ENOTTY (Inappropriate ioctl for device)',
      'ioctl(52, SIOCETHTOOL, 0x7ffc) = 0',
    ];
    const trace = read(...asking);
    expect(trace.attempts).toEqual([]);
    expect(trace.interfaceQueries).toHaveLength(1);
    for (const more of [
      'setsockopt(52, SOL_SOCKET, SO_BROADCAST, [1], 4) = 0',
      'ioctl(52, SIOCSIFADDR, {ifr_name="eth0"}) = -1 EPERM (Operation not permitted)',
      'connect(52, {sa_family=AF_INET6, sin6_port=htons(53)}, 28) = 0',
      'sendto(52, "x", 1, 0, NULL, 0) = 1',
    ])
      expect(read(...asking, more).attempts.map(({ call }) => call)).toContain('socket');
    // The same number later is another file, or another socket.
    expect(calls(...asking, 'close(52) = 0', 'ioctl(52, TCGETS, 0x7ffc) = 0')).toEqual([]);
    expect(calls(...asking, 'socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 52')).toEqual(['socket']);
    expect(calls('socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 4', 'ioctl(4, SIOCGIFCONF, 0) = 0')).toEqual([
      'socket',
    ]);
  });

  it('leaves debuggers, pipes and the system alone', () => {
    const trace = read(
      'socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3',
      'connect(3, {sa_family=AF_UNIX, sun_path="/run/dbus"}, 110) = 0',
      'socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0',
      'socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 6',
      'sendto(6, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0}, 12) = 20',
      'socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 7',
      'setsockopt(7, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0',
      'bind(7, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
      'listen(7, 511) = 0',
      'accept4(7, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("127.0.0.1")}, [16], SOCK_CLOEXEC) = 8',
      'sendto(8, "HTTP/1.1 101", 12, MSG_NOSIGNAL, NULL, 0) = 12',
      '+++ exited with 0 +++',
    );
    expect(trace.attempts).toEqual([]);
    expect(trace.listeners).toHaveLength(1);
    expect(trace.pids).toEqual([7]);
  });
});
