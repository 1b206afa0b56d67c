/** Runs the benchmarks that were asked for and prints them, for people or as one line of JSON. */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchColdStart } from './cold-start';
import { benchEnvelope } from './envelope';
import { benchImport, benchReading } from './import';
import { benchLedgerTable } from './ledger-table';
import { benchSigning } from './signing';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });

const electron = (): { executablePath: string; appPath: string; version: string } => {
  const text = process.env.NOSTRO_BENCH_ELECTRON;
  if (!text) throw new Error('run it as npm run bench');
  return JSON.parse(text) as ReturnType<typeof electron>;
};

const BENCHES = {
  reading: () => benchReading([10_000, 100_000]),
  import: () => benchImport(10_000),
  signing: () => benchSigning(10_000),
  envelope: () => benchEnvelope(10_000),
  coldStart: () => benchColdStart(electron()),
  ledger: () => benchLedgerTable(),
} as const;

const names = Object.keys(BENCHES) as (keyof typeof BENCHES)[];
const only = values.only?.split(',');
const unknown = only?.filter((name) => !names.some((known) => known === name)) ?? [];
if (unknown.length > 0)
  throw new Error(`there is no benchmark ${unknown.join(', ')}; there are ${names.join(', ')}`);

const round = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(4));
  if (Array.isArray(value)) return value.map(round);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, round(member)]));
  }
  return value;
};

const results: Record<string, unknown> = {
  machine: {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.versions.node,
  },
};
for (const name of names) {
  if (only && !only.includes(name)) continue;
  console.error(`${name} …`);
  results[name] = round(await BENCHES[name]());
  if (!values.json) console.log(name, results[name]);
}
if (values.json) console.log(JSON.stringify(results));
