/**
 * `npm run sandbox`: the sandbox network by itself, until Ctrl-C.
 *
 *     npm run sandbox -- [--port N] [--block-time SECONDS] [--mining auto|interval|mixed|manual] [--state FILE] [--history DAYS]
 *                        [--directory FILE] [--samples FOLDER] [--parent-pid PID] [--json]
 *     npm run sandbox -- --admin deploy-token --rpc URL --json '{"bankName":"…","bic":"…","currency":"JPY"}'
 *     npm run sandbox -- --admin describe --rpc URL
 *
 * It ends on SIGINT and SIGTERM, and by itself when the process of --parent-pid is gone.
 * With --directory the app's directory file is written there, and requests to enrol accounts are taken beside it.
 * With --json the first line of standard output is the description of the sandbox. --admin acts on one that runs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openEnrolmentDesk } from './enrolment-desk';
import {
  connectSandbox,
  describeSandbox,
  faultyPain001,
  type Mining,
  type Sandbox,
  type SandboxDescription,
  sampleCsv,
  samplePain001,
  startSandbox,
  type TokenRequest,
  tokenEntry,
} from './index';

const MINING: readonly Mining[] = ['auto', 'interval', 'mixed', 'manual'];

const admin = process.argv.includes('--admin');

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    port: { type: 'string' },
    'block-time': { type: 'string' },
    mining: { type: 'string' },
    state: { type: 'string' },
    directory: { type: 'string' },
    history: { type: 'string' },
    samples: { type: 'string' },
    // With --admin it carries what is asked, alone it is a switch.
    json: admin ? { type: 'string' } : { type: 'boolean' },
    admin: { type: 'string' },
    rpc: { type: 'string' },
    'parent-pid': { type: 'string' },
  },
});

const wholeNumber = (name: string, text: string | boolean | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^\d{1,9}$/.test(text)) throw new Error(`--${name} wants a whole number`);
  return Number(text);
};

const parseMining = (text: string | boolean | undefined): Mining => {
  const mining = MINING.find((one) => one === (text ?? 'mixed'));
  if (!mining) throw new Error(`--mining wants one of ${MINING.join(', ')}`);
  return mining;
};

const groupDigits = (units: string, decimals: number): string => {
  const whole = units.slice(0, -decimals) || '0';
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${units.slice(-decimals).slice(0, 2)}`;
};

const printTable = (description: SandboxDescription): void => {
  const lines = [
    `Sandbox network ${description.caip2} at ${description.rpcUrl} (${description.mining} mining)`,
    '',
    'Tokens',
    ...description.tokens.map(
      (token) =>
        `  ${token.profile}  ${token.currency}  ${String(token.decimals).padStart(2)} decimals  ${token.address}  ${token.issuer.bic}  ${token.issuer.name}`,
    ),
    '',
    `Own accounts of ${description.company.name}`,
  ];
  for (const account of description.treasury.accounts) {
    const held = description.tokens.map(
      (token) =>
        `${token.currency} ${groupDigits(account.openingUnits[token.address] ?? '0', token.decimals)}`,
    );
    lines.push(`  ${account.index}  ${account.address}  ${account.name}`);
    lines.push(`     ${held.join('  ')}`);
  }
  lines.push(`  words (public, for this sandbox only): ${description.treasury.mnemonic}`);
  lines.push('', `Suppliers: ${description.suppliers.length}, of which not in good standing:`);
  for (const supplier of description.suppliers) {
    const odd = Object.entries(supplier.standing).filter(([, standing]) => standing !== 'enrolled');
    if (odd.length === 0) continue;
    lines.push(`  ${supplier.name}: ${odd.map(([profile, state]) => `${profile} ${state}`).join(', ')}`);
  }
  lines.push('', 'Ctrl-C ends it.');
  console.log(lines.join('\n'));
};

const writeSamples = (sandbox: Sandbox, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string): void => writeFileSync(join(folder, name), content);
  const { description } = sandbox;
  for (const version of ['03', '09', '11'] as const) {
    write(
      `payments-${version}.xml`,
      samplePain001(description, { version, messageId: `LARKFIELD-SAMPLE-${version}` }),
    );
  }
  write('payments.csv', sampleCsv(description, { messageId: 'LARKFIELD-SAMPLE-CSV' }));
  write('payments-faulty.xml', faultyPain001(description).xml);
  write('directory.json', `${JSON.stringify(sandbox.directory, null, 2)}\n`);
};

const runAdmin = async (action: string): Promise<void> => {
  if (typeof values.rpc !== 'string') throw new Error('--admin wants --rpc URL');
  const controls = await connectSandbox(values.rpc);
  if (action === 'describe') {
    console.log(JSON.stringify(describeSandbox(values.rpc, controls.chainId)));
  } else if (action === 'deploy-token') {
    if (typeof values.json !== 'string') throw new Error('--admin deploy-token wants --json {…}');
    const token = await controls.deployTokenFor(JSON.parse(values.json) as TokenRequest);
    console.log(JSON.stringify({ token, directoryEntry: tokenEntry(`eip155:${controls.chainId}`, token) }));
  } else {
    throw new Error(`--admin knows deploy-token and describe, not ${action}`);
  }
};

const PARENT_POLL_MS = 500;

/** Calls back once the process is gone. */
const watchParent = (pid: number, onGone: () => void): void => {
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      clearInterval(timer);
      onGone();
    }
  }, PARENT_POLL_MS);
  timer.unref();
};

const runSandbox = async (): Promise<void> => {
  const sandbox = await startSandbox({
    mining: parseMining(values.mining),
    blockTimeSeconds: wholeNumber('block-time', values['block-time']) ?? 1,
    port: wholeNumber('port', values.port) ?? 0,
    historyDays: wholeNumber('history', values.history) ?? 0,
    ...(typeof values.state === 'string' ? { statePath: values.state } : {}),
  });
  const stop = (): void => void sandbox.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const parent = wholeNumber('parent-pid', values['parent-pid']);
  if (parent !== undefined) watchParent(parent, stop);
  const desk =
    typeof values.directory === 'string' ? openEnrolmentDesk(sandbox, resolve(values.directory)) : null;
  if (typeof values.samples === 'string') writeSamples(sandbox, values.samples);
  if (values.json === true) console.log(JSON.stringify(sandbox.description));
  else printTable(sandbox.description);
  await sandbox.ended;
  desk?.close();
};

const main = typeof values.admin === 'string' ? runAdmin(values.admin) : runSandbox();
main.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
