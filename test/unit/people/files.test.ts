import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  digestOfPolicy,
  encodeCard,
  encodePolicy,
  readCard,
  readPolicy,
} from '../../../src/main/people/files';
import { byKey } from '../../../src/main/people/policy';
import { hashPolicyApproval } from '../../../src/main/people/signatures';
import { CURVE_ORDER } from '../../../src/main/vault/secp256k1';
import { signStatement } from '../../../src/main/vault/statement';
import type { Hash32 } from '../../../src/shared/model/ids';
import type { PersonCard, PolicyApproval, PolicyFile, Signature } from '../../../src/shared/model/people';
import { REPO_ROOT } from '../../support/bundle-children';
import {
  AT,
  ann,
  approvalOf,
  ben,
  cem,
  codeOf,
  makePolicy,
  policyBytes,
  successorOf,
} from '../../support/people';

const content = makePolicy();
const bytes = policyBytes(content, ben, cem);
const text = Buffer.from(bytes).toString('utf8');
const file = JSON.parse(text) as PolicyFile;
const read = (source: string | Uint8Array) =>
  codeOf(readPolicy(typeof source === 'string' ? Buffer.from(source) : source));
const withApprovals = (...approvals: PolicyApproval[]) =>
  encodePolicy(digestOfPolicy(content), content, approvals);

/** The same signature with s on the other half: as valid to most verifiers. */
const highTwin = (signature: Signature): Signature => {
  const s = CURVE_ORDER - BigInt(`0x${signature.slice(66, 130)}`);
  const parity = signature.endsWith('00') ? '01' : '00';
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${parity}` as Signature;
};

describe('a policy as a file', () => {
  it('is read to what was written, and written to the same bytes', async () => {
    const opened = await readPolicy(bytes);
    expect(opened.content).toEqual(content);
    expect(opened.digest).toBe(digestOfPolicy(content));
    expect(encodePolicy(opened.digest, opened.content, opened.approvals)).toEqual(bytes);
  });

  it('has one form', async () => {
    expect(await read(`${text}\n`)).toBe('envelope/not-canonical');
    expect(await read(` ${text}`)).toBe('envelope/not-canonical');
    expect(await read(JSON.stringify(file, null, 1))).toBe('envelope/not-canonical');
    expect(await read(`\ufeff${text}`)).toBe('envelope/malformed');
    expect(await read(text.replace('"number":1', '"number":1.0'))).toBe('envelope/not-canonical');
    expect(await read(text.replace('Ann', '\\u0041nn'))).toBe('envelope/not-canonical');
    expect(await read(text.replace('"version":1', '"version":1,"version":1'))).toBe('envelope/not-canonical');
    const { digest, ...rest } = file;
    expect(await read(JSON.stringify({ digest, ...rest }))).toBe('envelope/not-canonical');
    const approvals = [...file.approvals].sort((a, b) => byKey(b, a));
    expect(await read(text.replace(JSON.stringify(file.approvals), JSON.stringify(approvals)))).not.toBe(
      'ok',
    );
  });

  it('has no unknown fields, versions or formats', async () => {
    const put = (change: object) => read(JSON.stringify({ ...file, ...change }));
    expect(await put({ extra: 1 })).toBe('envelope/malformed');
    expect(await put({ version: 2 })).toBe('envelope/newer-version');
    expect(await put({ version: 0 })).toBe('envelope/malformed');
    expect(await put({ format: 'nostro-person' })).toBe('envelope/malformed');
    expect(await put({ content: { ...content, extra: 1 } })).toBe('envelope/malformed');
    expect(await read('null')).toBe('envelope/malformed');
    expect(await read('[')).toBe('envelope/malformed');
    expect(await read('')).toBe('envelope/malformed');
    expect(await read('['.repeat(200_000))).toBe('envelope/malformed');
    expect(await read(new Uint8Array(2 * 1024 * 1024))).toBe('envelope/malformed');
    expect(await read(Buffer.concat([bytes, new Uint8Array([0xff])]))).toBe('envelope/malformed');
  });

  it('has its own digest', async () => {
    const other = `0x${'11'.repeat(32)}`;
    expect(await read(text.replace(file.digest, other))).toBe('envelope/digest-mismatch');
    expect(await read(text.replace('"defaultApprovals":1', '"defaultApprovals":2'))).toBe(
      'envelope/digest-mismatch',
    );
  });

  it('carries signatures for exactly itself, one per key', async () => {
    const good = approvalOf(ben, content);
    expect(await read(withApprovals(good))).toBe('ok');
    const next = successorOf(content);
    const wrong: PolicyApproval[] = [
      // Made for another number, company, digest, time, by another key, under another name.
      approvalOf(ben, content, { number: 2 }),
      approvalOf(ben, content, { company: `0x${'d0'.repeat(32)}` as Hash32 }),
      approvalOf(ben, next),
      { ...good, at: '2026-03-04T05:06:08.000Z' },
      { ...good, by: { ...good.by, key: cem.key } },
      { ...good, by: { ...good.by, name: 'Cem Second' } },
      { ...good, signature: approvalOf(cem, content).signature },
      { ...good, signature: `0x${'00'.repeat(64)}00` as Signature },
      { ...good, signature: `0x${'ff'.repeat(64)}01` as Signature },
      { ...good, signature: highTwin(good.signature) },
      {
        ...good,
        signature: `${good.signature.slice(0, -1)}${good.signature.endsWith('0') ? 1 : 0}` as Signature,
      },
    ];
    for (const approval of wrong) {
      expect([await read(withApprovals(approval)), approval.by.name]).toEqual([
        'envelope/bad-signature',
        approval.by.name,
      ]);
    }
    expect(await read(withApprovals(good, good))).toBe('envelope/not-canonical');
    expect(await read(withApprovals(good, approvalOf(ben, content, { at: '2026-03-05T00:00:00Z' })))).toBe(
      'envelope/not-canonical',
    );
  });

  it('is not read with any byte changed, cut or added', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'cut', 'drop', 'double'),
        async (at, mask, kind) => {
          const changed =
            kind === 'flip'
              ? bytes.map((byte, index) => (index === at ? byte ^ mask : byte))
              : kind === 'cut'
                ? bytes.slice(0, at)
                : kind === 'drop'
                  ? Buffer.concat([bytes.slice(0, at), bytes.slice(at + 1)])
                  : Buffer.concat([bytes.slice(0, at + 1), bytes.slice(at)]);
          expect(await read(new Uint8Array(changed))).toMatch(
            /^envelope\/(malformed|not-canonical|newer-version|digest-mismatch|bad-signature)$/,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('the description for strangers', () => {
  const document = readFileSync(join(REPO_ROOT, 'docs/policy.md'), 'utf8');
  const example = /```json\n(.+)\n```/.exec(document)?.[1] ?? '';

  it('has an example that is read as it stands', async () => {
    const policy = await readPolicy(Buffer.from(example));
    expect(policy.approvals).toHaveLength(1);
    const [{ by, at }] = policy.approvals as [PolicyApproval];
    const { company, number } = policy.content;
    expect(document).toContain(
      `\`${hashPolicyApproval({ company: company.id, digest: policy.digest, number, by, at })}\``,
    );
  });
});

describe("a person's card", () => {
  const sign = (change: Partial<PersonCard> = {}): PersonCard => {
    const signature = signStatement({ type: 'card', name: ann.name, key: ann.key, at: AT }, ann.privateKey);
    return {
      format: 'nostro-person',
      version: 1,
      name: ann.name,
      key: ann.key,
      at: AT,
      signature,
      ...change,
    };
  };

  it('is read to what was written, and written to the same bytes', async () => {
    const card = await readCard(encodeCard(sign()));
    expect(card).toEqual(sign());
    expect(encodeCard(card)).toEqual(encodeCard(sign()));
  });

  it('is refused with another name, key or time than was signed, and in another form', async () => {
    const wrong: [string, Partial<PersonCard>][] = [
      ['person/invalid-card', { name: 'Ann' }],
      ['person/invalid-card', { key: ben.key }],
      ['person/invalid-card', { key: ann.key.toLowerCase() as typeof ann.key }],
      ['person/invalid-card', { at: '2026-03-04T05:06:07Z' }],
      ['person/invalid-card', { signature: highTwin(sign().signature) }],
      ['person/invalid-card', { name: 'Ann\u202eMaker' }],
      ['envelope/newer-version', { version: 2 as 1 }],
      ['person/invalid-card', { extra: 1 } as Partial<PersonCard>],
    ];
    for (const [code, change] of wrong) {
      expect([await codeOf(readCard(encodeCard(sign(change)))), change]).toEqual([code, change]);
    }
    const spaced = Buffer.from(JSON.stringify(sign(), null, 1));
    expect(await codeOf(readCard(spaced))).toBe('person/invalid-card');
    // A signature over a policy is none over a card, whatever it names.
    const { signature } = approvalOf(ann, content);
    expect(await codeOf(readCard(encodeCard(sign({ signature }))))).toBe('person/invalid-card');
  });
});
