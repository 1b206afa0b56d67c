import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deriveTotals } from '../../../src/main/envelopes/derived';
import { voiceWords } from '../../../src/main/vault/digest-words';
import type { Act, Envelope } from '../../../src/shared/model/envelope';
import { REPO_ROOT } from '../../support/bundle-children';
import { envelopeFixture, type FixtureAct, makePolicy } from '../../support/envelope-fixture';
import { bytesOf, check, folder, removeFolder, run, saidOf, save } from './verify-rig';

afterAll(removeFolder);

describe('an envelope that is right', () => {
  it.each([
    [1, []],
    [8, ['approve', 'sign']],
    [40, ['approve', 'approve-second', 'reject']],
    [300, ['approve', 'sign', 'send']],
  ] as [number, FixtureAct[]][])(
    'of %i lines agrees in everything that the app says of it',
    (lines, acts) => {
      const { bytes, digest, content } = envelopeFixture({ lines, accounts: Math.min(lines, 3) }, acts);
      const answer = check(bytes, {
        policy: makePolicy(),
        challenge: '04711815',
        at: '2026-03-02T12:00:00Z',
      });
      expect(saidOf(answer)).toEqual([]);
      expect(answer.agrees).toBe(true);
      expect(answer.digest).toBe(digest);
      expect(answer.words).toEqual(voiceWords('04711815', digest));
      expect(answer.signatures).toBe(acts.includes('sign') ? lines : 0);
      const totals = deriveTotals(content.lines, content.tokens);
      expect(
        (answer.totals as { currency: string; count: number; amount: string }[]).map(
          ({ amount, ...rest }) => ({
            ...rest,
            digits: amount.replace(/[.,]/g, '').replace(/^0+/, ''),
          }),
        ),
      ).toEqual(totals.map(({ currency, count, units }) => ({ currency, count, digits: units })));
      expect(answer.approvals).toMatchObject({
        given: acts.filter((act) => act.startsWith('approve')).length,
      });
    },
  );

  it('stands in the documentation with the values that are told there', () => {
    const page = readFileSync(join(REPO_ROOT, 'docs/envelope.md'), 'utf8');
    const statedOf = (what: string): string | undefined =>
      page
        .split('\n')
        .find((row) => row.startsWith(`| ${what} | `))
        ?.replace(/`/g, '')
        .slice(what.length + 5, -2);
    const file = readFileSync(join(REPO_ROOT, 'docs/envelope-example.nostro'));
    const answer = check(file, { challenge: '12345678' });
    expect(saidOf(answer)).toEqual([]);
    expect(answer.digest).toBe(statedOf('digest'));
    expect((answer.words as string[]).join(' ')).toBe(
      page
        .split('\n')
        .find((row) => row.startsWith('| words for challenge'))
        ?.split(' | ')[1]
        ?.replace(' |', ''),
    );
    expect((answer.transactions as unknown[])[0]).toEqual({
      line: 0,
      hash: statedOf('line 0, transaction hash'),
    });
  });

  it('of replacements agrees too', () => {
    const { bytes } = envelopeFixture({ kind: 'replacement', lines: 6 });
    expect(saidOf(check(bytes, { policy: makePolicy() }))).toEqual([]);
  });
});

/** Changes a copy; the digest and the acts stay those of the original. */
const changed = (
  change: (envelope: Envelope) => void,
  acts: FixtureAct[] = ['approve', 'sign'],
): Uint8Array => {
  const { envelope } = envelopeFixture({ lines: 8 }, acts);
  const copy = structuredClone(envelope);
  change(copy);
  return bytesOf(copy);
};
const line = (envelope: Envelope, at: number) =>
  envelope.content.lines[at] as Envelope['content']['lines'][number];
const actOf = (envelope: Envelope, kind: Act['kind']): Act =>
  envelope.acts.find((act) => act.kind === kind) as Act;

describe('an envelope that was changed', () => {
  it.each<[string, (envelope: Envelope) => void, RegExp[]]>([
    [
      'amount',
      (e) => void Object.assign(line(e, 2), { units: '1' }),
      [
        /^digest: stated 0x/,
        /^line 2: data pays \d+, the line 1$/,
        /^totals: stated .*USD/,
        /^act 1 approve/,
        /^act 2 sign/,
      ],
    ],
    [
      'creditor',
      (e) => void Object.assign(line(e, 0).creditor, { address: line(e, 1).creditor.address }),
      [/^line 0: data pays to 0x\w+, the creditor is 0x/],
    ],
    [
      'receiver in the calldata',
      (e) => {
        const { transaction } = line(e, 4);
        const to = transaction.data.slice(10, 74);
        Object.assign(transaction, { data: transaction.data.replace(to, to.replace(/.$/, '0')) });
      },
      [/^line 4: data pays to/, /^line 4: not signed by its account/],
    ],
    [
      'reference in the calldata',
      (e) => {
        const { transaction } = line(e, 0);
        Object.assign(transaction, {
          data: `${transaction.data.slice(0, 138)}00${transaction.data.slice(140)}`,
        });
      },
      [/^line 0: data ends in 00/],
    ],
    [
      'token contract',
      (e) => void Object.assign(line(e, 0).transaction, { to: line(e, 1).transaction.to }),
      [/^line 0: transaction goes to/],
    ],
    [
      'chain',
      (e) => void Object.assign(line(e, 0).transaction, { chainId: '1' }),
      [/^line 0: transaction is for chain 1/],
    ],
    ['value', (e) => void Object.assign(line(e, 0).transaction, { value: '5' }), [/^line 0: carries 5/]],
    [
      'nonce',
      (e) => void Object.assign(line(e, 0).transaction, { nonce: '999' }),
      [/nonces .* its lines take/],
    ],
    [
      'payment id',
      (e) => void Object.assign(line(e, 1), { paymentId: line(e, 0).paymentId }),
      [/^line 1: the payment pay_\w+ is that of line 0/],
    ],
    ['order of lines', (e) => void e.content.lines.reverse(), [/where \d+ would be next/]],
    ['total', (e) => void Object.assign(e.content.totals[0] as object, { units: '5' }), [/^totals: stated/]],
    [
      'expiry',
      (e) => void Object.assign(e.content, { expiresAt: '2030-01-01T00:00:00Z' }),
      [/^digest/, /^act 0 create .* not signed/],
    ],
    [
      'name of the company',
      (e) => void Object.assign(e.content.company, { name: 'Other GmbH' }),
      [/^digest/],
    ],
    ['digest', (e) => void Object.assign(e, { digest: `0x${'0'.repeat(64)}` }), [/^digest: stated 0x0000/]],
    [
      'name of an actor',
      (e) => void Object.assign(actOf(e, 'approve').by, { name: 'Somebody Else' }),
      [/^act 1 approve by Somebody Else: not signed/],
    ],
    [
      'time of an act',
      (e) => void Object.assign(actOf(e, 'approve'), { at: '2026-03-02T11:00:01Z' }),
      [/^act 1 approve/],
    ],
    [
      'end of an approval',
      (e) => void Object.assign(actOf(e, 'approve').body as object, { expiresAt: '2026-03-03T10:00:00Z' }),
      [/^act 1 approve/],
    ],
    [
      'anchor of a journal',
      (e) => void Object.assign(actOf(e, 'approve').journal, { count: 6 }),
      [/^act 1 approve/],
    ],
    ['act twice', (e) => void e.acts.splice(1, 0, actOf(e, 'approve')), [/out of order, or there twice/]],
    ['create missing', (e) => void e.acts.splice(0, 1), [/^acts: not one create/]],
    [
      'signature of a line',
      (e) => {
        const { signatures } = actOf(e, 'sign').body as { signatures: { signature: string }[] };
        const own = signatures[3] as { signature: string };
        own.signature = (signatures[2] as { signature: string }).signature;
      },
      [/^line 3: not signed by its account/, /^act 2 sign/],
    ],
    [
      'high s',
      (e) => {
        const { signatures } = actOf(e, 'sign').body as { signatures: { signature: string }[] };
        const own = signatures[0] as { signature: string };
        own.signature = own.signature.replace(/^(0x.{64})../, '$1ff');
      },
      [/^line 0: its signature is out of range/],
    ],
    [
      'member added',
      (e) => void Object.assign(e.content, { extra: 1 }),
      [/^envelope: envelope\.content has a member "extra"/],
    ],
    [
      'member removed',
      (e) => void Reflect.deleteProperty(line(e, 0), 'uetr'),
      [/^envelope: envelope\.content\.lines\[0\] has no member uetr/],
    ],
    [
      'newer version',
      (e) => void Object.assign(e, { version: 2 }),
      [/^envelope: envelope\.version is not 1/],
    ],
    [
      'checksum of an address',
      (e) => void Object.assign(e.content.maker, { key: e.content.maker.key.toLowerCase() }),
      [/EIP-55/],
    ],
    [
      'date',
      (e) => void Object.assign(line(e, 0), { requestedDate: '2026-02-30' }),
      [/^line 0: date 2026-02-30 does not exist/],
    ],
  ])('in its %s is told where', (_name, change, wanted) => {
    const answer = check(changed(change), { policy: makePolicy() });
    expect(answer.agrees).toBe(false);
    for (const pattern of wanted)
      expect(
        saidOf(answer).some((said) => pattern.test(said)),
        `${pattern} in ${saidOf(answer).join('\n')}`,
      ).toBe(true);
  });

  it.each([
    ['a space', (text: string) => text.replace(':', ': ')],
    ['a second member of the same name', (text: string) => text.replace('{"acts":', '{"acts":[],"acts":')],
    [
      'another order',
      (text: string) =>
        text.replace('"format":"nostro-envelope","version":1', '"version":1,"format":"nostro-envelope"'),
    ],
    ['something after the end', (text: string) => `${text}\n`],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['another spelling', (text: string) => text.replace('"batch"', '"b\\u0061tch"')],
  ])('by %s is not in its form', (_name, change) => {
    const text = change(Buffer.from(envelopeFixture().bytes).toString('utf8'));
    const answer = check(Buffer.from(text, 'utf8'));
    expect(saidOf(answer)).toHaveLength(1);
    expect(saidOf(answer)[0]).toMatch(/^envelope: not in its one form: .* at character \d+$/);
  });

  it('in any byte differs, whatever it was', () => {
    const { bytes } = envelopeFixture({ lines: 2 });
    const seed = createHash('sha256').update('flips').digest();
    for (let flip = 0; flip < 60; flip += 1) {
      const place = (seed.readUInt32BE(flip % 28) * (flip + 1)) % bytes.length;
      const copy = Uint8Array.from(bytes);
      copy[place] = (copy[place] as number) ^ (1 << (flip % 8));
      expect(check(copy).agrees, `byte ${place}, bit ${flip % 8}`).toBe(false);
    }
  });
});

describe('npm run verify', () => {
  it('ends with 0, 1 or 2, in words or as JSON', () => {
    const { bytes, digest } = envelopeFixture({ lines: 3 });
    const good = save('good.nostro', bytes);
    const policy = save('policy.nostro', bytesOf(makePolicy()));
    const bad = save(
      'bad.nostro',
      changed((e) => void Object.assign(line(e, 0), { units: '7' })),
    );
    const words = run('envelope', good, '--policy', policy, '--challenge', '12345678');
    expect(words.status).toBe(0);
    expect(words.stdout).toContain(`words for 12345678: ${voiceWords('12345678', digest).join(' ')}\n`);
    expect(words.stdout).toMatch(/\nagrees\n$/);
    expect(run('policy', policy).status).toBe(0);
    const differs = run('envelope', bad, '--json');
    expect(differs.status).toBe(1);
    expect(JSON.parse(differs.stdout)).toMatchObject({ agrees: false });
    for (const args of [
      [],
      ['envelope'],
      ['envelope', join(folder, 'nothing')],
      ['envelope', good, '--challenge', '1234'],
      ['envelope', good, '--nothing'],
      ['toString', good],
    ]) {
      const refused = run(...args);
      expect(refused.status, args.join(' ')).toBe(2);
      expect(refused.stderr).not.toBe('');
    }
  });

  it('writes no character of a file that a terminal would act on', () => {
    const { envelope } = envelopeFixture({ lines: 1 });
    const copy = structuredClone(envelope);
    Object.assign(line(copy, 0), { reference: '\u001b[2J\u202e23456789012' });
    const said = run('envelope', save('signs.nostro', bytesOf(copy)));
    expect(said.status).toBe(1);
    for (const sign of ['\u001b', '\u202e']) expect(said.stdout).not.toContain(sign);
    expect(said.stdout).toContain('\\u{1b}[2J\\u{202e}');
  });
});
