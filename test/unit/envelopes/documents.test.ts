/**
 * What docs/ publishes about envelopes is what the code does: the schema, the example file and the numbers of the worked
 * example. After a change on purpose: `NOSTRO_WRITE_DOCS=1 npx vitest run --project unit test/unit/envelopes/documents.test.ts`.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { actBodyHash, actHash } from '../../../src/main/envelopes/acts';
import { readFormat } from '../../../src/main/envelopes/codec';
import { openRead } from '../../../src/main/envelopes/open';
import { sealTransaction, signaturesOf } from '../../../src/main/envelopes/signatures';
import { voiceWords } from '../../../src/main/vault/digest-words';
import { Envelope, type EnvelopeLine, envelopeDigestInput } from '../../../src/shared/model/envelope';
import { REPO_ROOT } from '../../support/bundle-children';
import {
  APPROVER,
  accountKey,
  envelopeFixture,
  MAKER,
  SIGNER,
  TOKENS,
  transactionHash,
} from '../../support/envelope-fixture';

const path = (name: string): string => join(REPO_ROOT, 'docs', name);
const isWriting = process.env.NOSTRO_WRITE_DOCS === '1';
const isPublished = (name: string, bytes: Uint8Array | string): void => {
  if (isWriting) writeFileSync(path(name), bytes);
  const published = readFileSync(path(name));
  expect(published.equals(Buffer.from(bytes as string)), `docs/${name} is stale`).toBe(true);
};

const example = envelopeFixture({ lines: 2, accounts: 1, tokens: TOKENS.slice(0, 2) }, ['approve', 'sign']);

describe('docs/envelope.schema.json', () => {
  /** The input's form: what a file holds, before anything is read from it. */
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:nostro:envelope:1',
    title: 'Nostro envelope, version 1',
    description:
      'The form of a .nostro file of format nostro-envelope. A file is right only if it also is canonical (RFC 8785), has its own digest, is consistent and carries valid signatures: see envelope.md.',
    ...z.toJSONSchema(Envelope, { target: 'draft-2020-12', io: 'input' }),
  };

  test('is the schema that reads the file', () => {
    isPublished('envelope.schema.json', `${JSON.stringify(schema, null, 2)}\n`);
  });

  test('takes no member that it does not name', () => {
    const open: string[] = [];
    const walk = (value: unknown, at: string): void => {
      if (value === null || typeof value !== 'object') return;
      const node = value as { type?: unknown; additionalProperties?: unknown };
      if (node.type === 'object' && node.additionalProperties !== false) open.push(at);
      for (const [key, member] of Object.entries(value)) walk(member, `${at}/${key}`);
    };
    walk(schema, '');
    expect(open).toEqual([]);
    // Every string has a form or a greatest length.
    const loose: string[] = [];
    const strings = (value: unknown, at: string): void => {
      if (value === null || typeof value !== 'object') return;
      const node = value as Record<string, unknown>;
      if (
        node.type === 'string' &&
        !('pattern' in node || 'maxLength' in node || 'enum' in node || 'const' in node)
      )
        loose.push(at);
      for (const [key, member] of Object.entries(value)) strings(member, `${at}/${key}`);
    };
    strings(schema, '');
    expect(loose).toEqual([]);
  });
});

describe('the example', () => {
  test('is a whole envelope', () => {
    isPublished('envelope-example.nostro', example.bytes);
    expect(openRead(readFormat(example.bytes))).toEqual(example.envelope);
  });

  test('has the numbers that docs/envelope.md works out', () => {
    const { content, digest, envelope } = example;
    const scope = { company: content.company.id, digest, policy: content.policy.number };
    const signature = signaturesOf(envelope.acts).get(0);
    if (signature === undefined) throw new Error('line 0 is not signed');
    const line = content.lines[0] as EnvelopeLine;
    const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
    const rows: (readonly [string, string])[] = [
      ['file', `${example.bytes.length} bytes`],
      ['SHA-256 of the file', hex(createHash('sha256').update(example.bytes).digest())],
      ['digest input', `${Buffer.byteLength(envelopeDigestInput(content))} bytes`],
      ['digest', digest],
      ["company's id, the domain's salt", scope.company],
      ...envelope.acts.flatMap(
        (act) =>
          [
            [`\`${act.kind}\` by`, act.by.key],
            [`\`${act.kind}\` body hash`, actBodyHash(act.body)],
            [`\`${act.kind}\` hash that is signed`, actHash(scope, act)],
            [`\`${act.kind}\` signature`, act.signature],
          ] as const,
      ),
      ['line 0, hash that the account signs', hex(transactionHash(line.transaction))],
      ['line 0, signature', signature],
      ['line 0, signed transaction', sealTransaction(0, line.transaction, signature).raw],
      ['line 0, transaction hash', sealTransaction(0, line.transaction, signature).hash],
      ['words for challenge `12345678`', voiceWords('12345678', digest).join(' ')],
      [`private key of ${MAKER.name}`, hex(MAKER.privateKey)],
      [`private key of ${APPROVER.name}`, hex(APPROVER.privateKey)],
      [`private key of ${SIGNER.name}`, hex(SIGNER.privateKey)],
      ['private key of the account', hex(accountKey(0).privateKey)],
    ];
    const table = rows
      .map(([name, value]) => `| ${name} | ${value.startsWith('0x') ? `\`${value}\`` : value} |`)
      .join('\n');
    const [begin, end] = ['<!-- example -->\n', '\n<!-- /example -->'];
    const text = readFileSync(path('envelope.md'), 'utf8');
    const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
    expect(from).toBeGreaterThan(begin.length);
    const fresh = `${text.slice(0, from)}| what | value |\n|---|---|\n${table}${text.slice(to)}`;
    isPublished('envelope.md', fresh);
  });
});
