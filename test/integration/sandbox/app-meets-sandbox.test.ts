/** The app's own probe and file reader against what the sandbox offers them: both sides have to mean the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChain } from '../../../src/main/chain';
import { probeToken } from '../../../src/main/directory/probe';
import { createFileReader, type FileReader, suggestMapping } from '../../../src/main/iso20022';
import { connectChild } from '../../../src/main/platform/child';
import { systemClock } from '../../../src/main/platform/clock';
import { type Address, NetworkId } from '../../../src/shared/model/ids';
import type { Issue, RawPayment } from '../../../src/shared/model/payment-file';
import {
  CSV_COLUMNS,
  faultyPain001,
  type Sandbox,
  sampleCsv,
  samplePain001,
  startSandbox,
} from '../../sandbox/index';
import { bundleChildren } from '../../support/bundle-children';
import { createSpawnNode } from '../../support/spawn-node';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox?.stop());

describe('the probe', () => {
  const clock = systemClock;
  const quiet = () => undefined;
  const probe = async (address: string) => {
    const chain = createChain({ clock, log: { info: quiet, warn: quiet, error: quiet } });
    const client = chain.connect({
      id: NetworkId.parse(sandbox.description.caip2),
      name: 'Sandbox',
      endpoints: [sandbox.rpcUrl],
      isSandbox: true,
    });
    return probeToken(client, clock, address as Address);
  };

  it.each([
    ['J', []],
    ['F', ['blacklist', 'pause', 'eip3009', 'eip2612', 'currency']],
    ['S', ['freeze', 'pause', 'redemption']],
    ['T', ['erc7943', 'pause', 'eip2612', 'erc5267', 'memo', 'currency']],
    [
      'R',
      [
        'erc7943',
        'erc1404',
        'allowlist',
        'freeze',
        'pause',
        'eip3009',
        'eip2612',
        'erc5267',
        'memo',
        'currency',
      ],
    ],
  ] as const)('finds what profile %s answers', async (profile, interfaces) => {
    const token = sandbox.token(profile);
    const found = await probe(token.address);
    expect(found).toMatchObject({
      name: token.name,
      symbol: token.symbol,
      decimals: token.decimals,
      proxyKind: 'erc1967',
      implementation: token.implementation,
    });
    expect(found.interfaces).toEqual(interfaces);
  });
});

describe('the file reader', () => {
  let folder: string;
  let reader: FileReader;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nostro-samples-'));
    const children = await bundleChildren(['iso20022.process']);
    reader = createFileReader({ spawn: createSpawnNode(children), connect: connectChild });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const parse = async (name: string, content: string, options: Parameters<FileReader['parse']>[1] = {}) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const payments: RawPayment[] = [];
    const issues: Issue[] = [];
    await reader.parse(path, {
      ...options,
      onPayments: (some) => payments.push(...some),
      onIssues: (some) => issues.push(...some),
    });
    return { payments, issues };
  };

  it.each(['03', '09', '11'] as const)(
    'finds nothing wrong with the clean sample in version .%s',
    async (version) => {
      const { payments, issues } = await parse(
        `clean-${version}.xml`,
        samplePain001(sandbox.description, { version }),
      );
      expect(issues).toEqual([]);
      expect(payments).toHaveLength(24);
    },
  );

  it.each([
    { separator: ',', decimal: '.', byteOrderMark: false },
    { separator: ';', decimal: ',', byteOrderMark: true },
    { separator: '\t', decimal: '.', byteOrderMark: false },
  ] as const)('reads the CSV sample by the names of its columns: %o', async (style) => {
    const { columns, missing } = suggestMapping(CSV_COLUMNS);
    expect(missing).toEqual([]);
    const mapping = {
      delimiter: style.separator,
      decimal: style.decimal,
      dateFormat: 'YYYY-MM-DD',
      columns,
    } as const;
    const { payments, issues } = await parse('clean.csv', sampleCsv(sandbox.description, style), { mapping });
    expect(issues).toEqual([]);
    expect(payments).toHaveLength(24);
  });

  it('tells the faults of the wrong sample that a file shows by itself', async () => {
    const { xml } = faultyPain001(sandbox.description);
    const { issues } = await parse('faulty.xml', xml);
    const codes = new Set(issues.map((issue) => issue.code));
    for (const code of [
      'total/count',
      'total/sum',
      'amount/format',
      'amount/not-exact',
      'amount/not-positive',
      'currency/unknown',
    ] as const) {
      expect(codes).toContain(code);
    }
  });
});
