/**
 * Envelopes that say something else than the valid one, honestly signed: content or acts are changed, and then digest, acts
 * and transactions are signed anew with the right keys. What refuses them is what they say, not that they were touched.
 */
import { envelopeDigest } from '../../src/main/envelopes/codec';
import { type Canonical, canonicalJson } from '../../src/shared/canonical';
import type { Act, EnvelopeContent } from '../../src/shared/model/envelope';
import type { Hash32 } from '../../src/shared/model/ids';
import {
  APPROVER,
  approveAct,
  createAct,
  MAKER,
  makeContent,
  makeEnvelope,
  rejectAct,
  signingAct,
  signLines,
  type TestPerson,
} from './envelope-fixture';

type Scope = { readonly content: EnvelopeContent; readonly digest: Hash32 };
export type Resigned = { readonly name: string; readonly bytes: Uint8Array };

/** Two characters of a kind that UTF-16 counts twice stand for all of them. */
const WIDE = '😀';

/** Every text with a limit, by its path, and the limit. */
const TEXTS: readonly (readonly [string, number])[] = [
  ['company.name', 80],
  ['maker.name', 80],
  ['source.format', 40],
  ['source.fileName', 255],
  ['source.messageId', 35],
  ['releasedHolds.0', 300],
  ['networks.0.name', 80],
  ['networks.0.nativeSymbol', 12],
  ['tokens.0.name', 200],
  ['tokens.0.symbol', 60],
  ['tokens.0.issuer.name', 140],
  ['tokens.0.issuer.bic', 11],
  ['tokens.0.issuer.lei', 20],
  ['accounts.0.name', 80],
  ['accounts.0.entity.name', 140],
  ['accounts.0.entity.lei', 20],
  ['lines.0.endToEndId', 35],
  ['lines.0.instructionId', 35],
  ['lines.0.uetr', 36],
  ['lines.0.reference', 16],
  ['lines.0.creditor.name', 140],
  ['lines.0.creditor.lei', 20],
  ['lines.0.creditor.country', 2],
  ['lines.0.creditor.account', 140],
  ['lines.0.purposeCode', 35],
  ['lines.0.remittance', 600],
  ['lines.0.check.unanswered.0', 40],
];

const atLimits = (max: number): readonly string[] => [
  'x'.repeat(max),
  'x'.repeat(max + 1),
  WIDE.repeat(max),
  WIDE.repeat(max + 1),
  `${'x'.repeat(max - 1)}${WIDE}`,
];

const OTHER = `0x${'7'.repeat(40)}`;
/** Values that are or are not right where they stand. */
const VALUES: readonly (readonly [string, readonly unknown[]])[] = [
  ['lines.0.units', ['0', '1', '010', '-1', '', '9'.repeat(77), '9'.repeat(78), '9'.repeat(79)]],
  ['lines.0.requestedDate', ['2026-02-29', '2024-02-29', '0000-01-01', '9999-12-31', '2026-13-01']],
  ['createdAt', ['2026-03-04T10:00:00Z', '2026-03-05T10:00:00Z', '2026-03-02T10:00:00.000Z']],
  [
    'expiresAt',
    ['2026-03-02T10:00:00Z', '2026-03-02T24:00:00Z', '2026-02-30T10:00:00Z', '2026-03-03T10:00Z'],
  ],
  ['lines.0.account', [1, 2, 99_999, 100_000, -1]],
  ['lines.0.token', [1, 2, 100_000]],
  ['lines.0.action', ['cancel', 'burn']],
  ['lines.0.transaction.nonce', ['8', '08', '18446744073709551615']],
  ['lines.0.transaction.gas', ['0', '21000', '1'.padEnd(30, '0')]],
  ['lines.0.transaction.value', ['1']],
  ['lines.0.transaction.chainId', ['1']],
  ['lines.0.transaction.to', [OTHER]],
  ['lines.0.transaction.data', ['0x', '0xA9']],
  ['lines.0.transaction.maxPriorityFeePerGas', ['0', '2000000000', '2000000001']],
  ['lines.0.check', [null]],
  ['lines.0.check.state', ['ok', 'failed']],
  ['lines.0.check.unanswered', [[], ['a', 'a']]],
  ['lines.0.endToEndId', ['', ' ', 'E2E-a-1', 'a\u0000b', 'a\u202eb']],
  ['lines.0.creditor.name', ['', ' ', 'a\u0000', 'e\u0301', '\u{10ffff}', '\ufeff']],
  ['lines.0.creditor.address', [OTHER, `0x${'C'.repeat(40)}`]],
  ['maker.name', ['', ' Mia', 'Mia ', 'e\u0301', 'é', 'a\u200db', '\u{e0001}', '\u{1f600}', 'a\u2800b']],
  ['company.name', ['', 'a\nb', '𝔘', '\u{f0000}']],
  ['policy.number', [0, 2, Number.MAX_SAFE_INTEGER]],
  ['tokens.0.decimals', [0, 36, 37]],
  ['tokens.0.currency', ['CHF', 'usd']],
  ['tokens.0.reference', ['memo', 'none', 'other']],
  ['networks.0.id', ['eip155:1', 'eip155:01', 'eip155:31338']],
  ['networks.0.nativeDecimals', [0, 37]],
  ['accounts.0.address', [OTHER]],
  ['accounts.0.nonces.0.count', [0, 2]],
  ['accounts.0.nonces.0.first', ['6', '07']],
  ['accounts.0.nonces', [[]]],
  ['totals', [[]]],
  ['totals.0.units', ['1', '0']],
  ['totals.0.count', [0, 2]],
  ['totals.0.decimals', [0, 6]],
  ['kind', ['replacement', 'other']],
  ['source.sha256', [null, 'A'.repeat(64)]],
  ['source.sizeBytes', [null, -1, 0]],
];

const put = (content: EnvelopeContent, path: string, value: unknown): void => {
  const steps = path.split('.');
  const last = steps.pop() as string;
  // biome-ignore lint/suspicious/noExplicitAny: a path through any of its forms
  const owner = steps.reduce<any>((at, step) => at[step], content);
  owner[last] = value;
};

const base = makeContent({ lines: 2 });
const signatures = signLines(base);

/** Signatures of what can be signed at all; of what cannot, those of before. */
const signaturesOf = (content: EnvelopeContent): typeof signatures => {
  try {
    return signLines(content);
  } catch {
    return signatures;
  }
};

const usualActs = (scope: Scope): Act[] => [
  createAct(scope, { ...MAKER, name: scope.content.maker.name }),
  approveAct(scope),
  signingAct(scope, undefined, { signatures: signaturesOf(scope.content) }),
];

const resign = (
  name: string,
  change: (content: EnvelopeContent) => void,
  actsOf: (scope: Scope) => readonly Act[] = usualActs,
): Resigned => {
  const content = structuredClone(base);
  change(content);
  const envelope = makeEnvelope(content, actsOf({ content, digest: envelopeDigest(content) }));
  return { name, bytes: Buffer.from(canonicalJson(envelope as unknown as Canonical), 'utf8') };
};

const named = (person: TestPerson, name: string): TestPerson => ({ ...person, name });

/** About 270, always the same. */
export const resignedMutants = (): Resigned[] => {
  const unchanged = (): void => undefined;
  const acts = (name: string, more: (scope: Scope) => readonly Act[]): Resigned =>
    resign(name, unchanged, (scope) => [createAct(scope), ...more(scope)]);
  return [
    resign('nothing', unchanged),
    ...TEXTS.flatMap(([path, max]) =>
      atLimits(max).map((text) =>
        resign(`${path} of ${[...text].length} points, ${text.length} units`, (content) =>
          put(content, path, text),
        ),
      ),
    ),
    ...VALUES.flatMap(([path, values]) =>
      values.map((value) =>
        resign(`${path} ${JSON.stringify(value)}`, (content) => put(content, path, value)),
      ),
    ),
    resign('lines turned round', ({ lines }) => void lines.reverse()),
    resign('a line twice', ({ lines }) => void lines.push(structuredClone(lines[0] as (typeof lines)[0]))),
    resign('a line less', ({ lines }) => void lines.pop()),
    resign('totals turned round', ({ totals }) => void totals.reverse()),
    resign('tokens turned round', ({ tokens }) => void tokens.reverse()),
    ...atLimits(300).map((reason) =>
      acts(`reason of ${[...reason].length} points, ${reason.length} units`, (scope) => [
        rejectAct(scope, APPROVER, reason),
      ]),
    ),
    acts('no reason', (scope) => [rejectAct(scope, APPROVER, '')]),
    ...atLimits(80).map((name) =>
      acts(`actor's name of ${[...name].length} points, ${name.length} units`, (scope) => [
        approveAct(scope, named(APPROVER, name)),
      ]),
    ),
    ...(
      [
        { expiresAt: '2026-03-04T10:00:01Z' },
        { expiresAt: '2026-03-02T11:00:00Z' },
        { expiresAt: '2026-02-30T11:00:00Z' },
        { at: '2026-03-02T09:59:59Z' },
        { at: '2026-03-04T09:59:59Z' },
        { at: '2026-03-04T10:00:00Z' },
      ] as const
    ).map((change) =>
      acts(`approval ${JSON.stringify(change)}`, (scope) => [approveAct(scope, APPROVER, change)]),
    ),
    ...['2026-03-02T09:59:59Z', '2026-03-04T10:00:00Z', '2026-03-04T10:00:01Z'].map((at) =>
      acts(`signed at ${at}`, (scope) => [signingAct(scope, undefined, { at, signatures })]),
    ),
    acts('no line signed', (scope) => [signingAct(scope, undefined, { signatures: [] })]),
    acts('signed in another order', (scope) => [
      signingAct(scope, undefined, { signatures: signatures.toReversed() }),
    ]),
    acts('one of two signed', (scope) => [signingAct(scope, undefined, { signatures: signatures.slice(1) })]),
  ];
};
