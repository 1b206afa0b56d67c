import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileReader, type FileReader } from '../../../src/main/iso20022';
import { connectChild } from '../../../src/main/platform/child';
import { AppError } from '../../../src/shared/errors';
import type { CsvMapping, Issue, RawPayment } from '../../../src/shared/model/payment-file';
import { addDecimals, toPlainString, ZERO } from '../../../src/shared/money';
import { bundleChildren } from '../../support/bundle-children';
import { createSpawnNode } from '../../support/spawn-node';
import { makeFile, oneFile, onePayment } from '../../unit/iso20022/make-pain001';

const CASES = join(__dirname, '../../../../shared/cases');
const has = existsSync(CASES);

let folder: string;
let children: string;
let reader: FileReader;
const pids: number[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nostro-files-'));
  children = await bundleChildren(['iso20022.process']);
  reader = createFileReader({
    spawn: createSpawnNode(children, { onStarted: (pid) => pids.push(pid) }),
    connect: connectChild,
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const parse = async (path: string, options: Parameters<FileReader['parse']>[1] = {}) => {
  const payments: RawPayment[] = [];
  const issues: Issue[] = [];
  const sizes: number[] = [];
  const result = await reader.parse(path, {
    today: '2000-01-01',
    ...options,
    onPayments: (batch) => {
      sizes.push(batch.length);
      payments.push(...batch);
    },
    onIssues: (batch) => issues.push(...batch),
  });
  return { ...result, payments, issues, sizes };
};

const faultOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${String(error)}`);
  return error;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const manyPayments = (count: number): string => {
  const payments = Array.from({ length: count }, (_, index) => ({
    ...onePayment,
    endToEndId: `E2E-${index}`,
    amount: toPlainString({ units: BigInt(index + 1), decimals: 2 }),
  }));
  const sum = payments.reduce(
    (total, _payment, index) => addDecimals(total, { units: BigInt(index + 1), decimals: 2 }),
    ZERO,
  );
  return makeFile({ ...oneFile, count: String(count), controlSum: toPlainString(sum), payments });
};

const mapping: CsvMapping = {
  delimiter: ',',
  decimal: '.',
  dateFormat: 'YYYY-MM-DD',
  columns: { endToEndId: 'id', amount: 'amount', creditorName: 'name', creditorAccount: 'account' },
  constants: {
    currency: 'EUR',
    requestedDate: '2026-12-01',
    debtorAccount: 'GB29NWBK60161331926819',
    debtorAgentBic: 'NWBKGB2L',
  },
};

describe('files read in their own process', () => {
  it('parses, counts and hashes the same bytes, in batches, and ends the process', async () => {
    const content = manyPayments(1234);
    const path = write('many.xml', content);
    const started = pids.length;
    const read = await parse(path);
    expect(read).toMatchObject({ isComplete: true, count: 1234, errorCount: 0, moreIssues: 0 });
    expect(read.header?.messageId).toBe('MSG-1');
    expect(read.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    expect(toPlainString(read.sums.EUR ?? ZERO)).toBe('7619.95');
    expect(read.payments.map((payment) => payment.index)).toEqual(
      Array.from({ length: 1234 }, (_, index) => index),
    );
    expect(Math.max(...read.sizes)).toBeLessThanOrEqual(250);
    expect(pids.length).toBe(started + 1);
    expect(isAlive(pids[started] ?? 0)).toBe(false);
  });

  it('tells what a file is', async () => {
    expect(await reader.inspect(write('one.xml', makeFile(oneFile)))).toMatchObject({
      kind: 'pain.001',
      format: 'pain.001.001.09',
      issues: [],
    });
    const csv = await reader.inspect(write('one.csv', 'id,amount,name,account\nE1,1.00,Beta,X1\n'));
    expect(csv).toMatchObject({
      kind: 'csv',
      headers: ['id', 'amount', 'name', 'account'],
      delimiters: [','],
    });
    expect(csv.suggestedMapping?.decimal).toBe('.');
    const wrong = await reader.inspect(
      write('wrong.xml', makeFile(oneFile).replaceAll('pain.001', 'pain.008')),
    );
    expect(wrong).toMatchObject({
      kind: 'unknown',
      issues: [{ code: 'message/wrong-type', value: 'pain.008.001.09' }],
    });
    for (const [name, content, code] of [
      ['a.json', '{"a":1,\n"b":2}', 'file/unknown-format'],
      ['a.bin', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'file/nul'],
      ['a.txt', 'hello', 'file/unknown-format'],
      ['empty', '', 'file/empty'],
      ['utf16.csv', Buffer.from('\ufeffa,b\n1,2', 'utf16le'), 'file/encoding'],
    ] as const)
      expect((await reader.inspect(write(name, content))).issues[0]?.code).toBe(code);
  });

  it('reads CSV by a mapping and refuses to guess one', async () => {
    const path = write('pay.csv', 'id,amount,name,account\nE1,1.00,Beta,DE89370400440532013000\n');
    expect((await faultOf(parse(path))).code).toBe('payments/mapping-missing');
    expect(await parse(path, { mapping })).toMatchObject({
      isComplete: true,
      count: 1,
      errorCount: 0,
      header: { format: 'csv', messageId: null },
    });
    expect(await parse(path, { mapping, expected: { count: 2 } })).toMatchObject({ errorCount: 1 });
  });

  it('still gives the fingerprint of a file that it refuses', async () => {
    const content = `${makeFile(oneFile).replace('<PmtInf>', '<!DOCTYPE x><PmtInf>')}${' '.repeat(300_000)}`;
    const read = await parse(write('refused.xml', content));
    expect(read).toMatchObject({ isComplete: false, errorCount: 1, payments: [] });
    expect(read.issues[0]?.code).toBe('xml/doctype');
    expect(read.sha256).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('opens regular files only, once, and no larger than allowed', async () => {
    const path = write('target.xml', makeFile(oneFile));
    symlinkSync(path, join(folder, 'link.xml'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    mkdirSync(join(folder, 'sub'));
    for (const [name, kind] of [
      [join(folder, 'link.xml'), 'symlink'],
      [join(folder, 'pipe'), 'fifo'],
      [join(folder, 'sub'), 'directory'],
      ['/dev/zero', 'device'],
    ] as const)
      expect(await faultOf(parse(name))).toMatchObject({ code: 'file/not-regular', details: { kind } });
    expect((await faultOf(parse(join(folder, 'absent.xml')))).code).toBe('file/not-found');
    expect((await faultOf(parse(join(folder, 'a\0b')))).code).toBe('file/unreadable');
    const small = createFileReader({
      spawn: createSpawnNode(children),
      connect: connectChild,
      limits: { maxBytes: 100 },
    });
    expect(await faultOf(small.parse(path))).toMatchObject({
      code: 'file/too-large',
      details: { maxBytes: 100 },
    });
    expect((await faultOf(small.inspect(path))).code).toBe('file/too-large');
  });

  it('notices a file that changes while it is read', async () => {
    const path = write('growing.xml', manyPayments(20_000));
    let isChanged = false;
    const error = await faultOf(
      reader.parse(path, {
        onPayments: () => {
          if (isChanged) return;
          isChanged = true;
          appendFileSync(path, '\n');
        },
      }),
    );
    expect(isChanged).toBe(true);
    expect(error.code).toBe('file/changed-while-reading');
  });

  it('stops when it is told to', async () => {
    const path = write('long.xml', manyPayments(20_000));
    const controller = new AbortController();
    let seen = 0;
    const started = pids.length;
    const error = await faultOf(
      reader.parse(path, {
        signal: controller.signal,
        onPayments: (batch) => {
          seen += batch.length;
          controller.abort();
        },
      }),
    );
    expect(error.code).toBe('cancelled');
    expect(seen).toBeLessThan(20_000);
    expect(isAlive(pids[started] ?? 0)).toBe(false);
    expect((await faultOf(reader.parse(path, { signal: controller.signal }))).code).toBe('cancelled');
  });

  it.skipIf(!has)(
    'reads the files of others as the parser alone does',
    async () => {
      const names = readdirSync(join(CASES, 'iso20022/pain001'));
      for (const name of names.filter((entry) => /gistfile1|obp_c2b|2025_valid|wrong_totals/.test(entry))) {
        const path = join(CASES, 'iso20022/pain001', name);
        const read = await parse(path);
        expect(read.errorCount > 0, name).toBe(/wrong_totals/.test(name));
        expect(read.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
      }
    },
    60_000,
  );

  it.skipIf(!has)('reads reference rates', async () => {
    const rates = await reader.readRates(join(CASES, 'registries/ecb/eurofxref-daily_2022-07-08.xml'));
    expect(rates.days[0]?.date).toBe('2022-07-08');
    expect((await faultOf(reader.readRates(write('x.csv', 'a,b\n')))).code).toBe('rates/file-invalid');
  });
});
