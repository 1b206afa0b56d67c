/** What a process may still do while it refuses sockets. Each probe runs in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'nostro-guard-'));
  await build({
    entryPoints: ['src/main/platform/socket-guard.ts'],
    outfile: path.join(folder, 'guard.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the lines in a new process and gives what they print. `guard` is the module. */
const run = (lines: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', `const guard = require('./guard.cjs');\n${lines}`], {
      cwd: folder,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (text += bytes));
    child.on('error', reject);
    child.on('exit', () => resolve(text.trim()));
  });

/** Prints `refused`, or what else happened. */
const attempt = (expression: string): string => `
  Promise.resolve().then(() => ${expression}).then(
    () => console.log('done'),
    (error) => console.log((error.cause ?? error).name === 'SocketRefused' ? 'refused' : String(error)));`;

/** Nobody listens on port 9 of this machine. */
const ATTEMPTS = [
  ['net.connect by port', "require('node:net').connect(9, '127.0.0.1')"],
  ['net.connect by options', "require('node:net').connect({ port: 9, host: 'node.example' })"],
  ['net.connect by a port in text', "require('node:net').connect('9')"],
  ['new Socket().connect', "new (require('node:net').Socket)().connect(9)"],
  ['tls.connect', "require('node:tls').connect(9)"],
  ['listening', "require('node:net').createServer().listen(0)"],
  ['http.get', "require('node:http').get('http://127.0.0.1:9/').on('error', () => 0)"],
  ['http2.connect', "require('node:http2').connect('http://127.0.0.1:9')"],
  ['fetch', "fetch('http://127.0.0.1:8/')"],
  ['a datagram', "require('node:dgram').createSocket('udp4').send('x', 9, '127.0.0.1')"],
  ['a datagram socket that binds', "require('node:dgram').createSocket('udp4').bind(0)"],
  ['dns.lookup', "require('node:dns').lookup('node.example', () => 0)"],
  ['dns.resolve4', "require('node:dns').resolve4('node.example', () => 0)"],
  ['dns.promises.lookup', "require('node:dns/promises').lookup('node.example')"],
  ['a resolver', "new (require('node:dns').Resolver)().resolve4('node.example', () => 0)"],
  ['a named import', "import('node:dns').then(({ lookup }) => lookup('node.example', () => 0))"],
] as const;

describe('the socket guard', () => {
  it.each(ATTEMPTS)('refuses %s', async (_name, expression) => {
    expect(await run(`guard.refuseSockets();${attempt(expression)}`)).toContain('refused');
  });

  it('gives them back, and takes them again', async () => {
    const probe = "require('node:net').connect(9, '127.0.0.1').on('error', () => 0)";
    const text = await run(`
      const tell = () => { try { ${probe}; console.log('done'); } catch (error) { console.log(error.name); } };
      tell(); guard.refuseSockets(); tell(); guard.allowSockets(); tell(); guard.refuseSockets(); tell();`);
    expect(text.split('\n')).toEqual(['done', 'SocketRefused', 'done', 'SocketRefused']);
  });

  it('leaves pipes, files and children alone', async () => {
    const pipe =
      process.platform === 'win32' ? '\\\\\\\\.\\\\pipe\\\\nostro-guard' : path.join(folder, 'pipe');
    const text = await run(`
      guard.refuseSockets();
      const net = require('node:net');
      const server = net.createServer((socket) => socket.end('over a pipe')).listen('${pipe}', () => {
        net.connect('${pipe}').on('data', (bytes) => console.log(String(bytes))).on('end', () => server.close());
      });
      require('node:child_process').execFile(process.execPath, ['-p', '1 + 1'], (_e, out) => console.log(out.trim()));`);
    expect(text.split('\n').toSorted()).toEqual(['2', 'over a pipe']);
  });
});
