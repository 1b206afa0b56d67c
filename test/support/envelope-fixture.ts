/**
 * Valid envelopes with real keys for tests and benchmarks: any number of lines over several currencies, accounts and
 * networks, acts of every kind. Everything is made from fixed seeds, so that two runs give the same bytes.
 */
import { createHash } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { hashTypedData } from 'viem';
import { actHash, compareActs } from '../../src/main/envelopes/acts';
import { checksumAddress } from '../../src/main/envelopes/address';
import { encodeEnvelope, envelopeDigest } from '../../src/main/envelopes/codec';
import { signDigests } from '../../src/main/vault/batch-signer';
import { encodeTransfer, type ReferenceForm } from '../../src/shared/evm/calldata';
import { encodeTransaction } from '../../src/shared/evm/transaction';
import {
  type Act,
  EIP712_DOMAIN,
  EIP712_TYPES,
  Envelope,
  EnvelopeContent,
  type EnvelopeLine,
  type UnsignedAct,
} from '../../src/shared/model/envelope';
import {
  type Address,
  CurrencyCode,
  chainIdOf,
  contractOfToken,
  Hash32,
  type Hex,
  NetworkId,
  networkOfToken,
  PaymentId,
  type TokenId,
  tokenIdOf,
} from '../../src/shared/model/ids';
import { JOURNAL_START } from '../../src/shared/model/journal';
import {
  type PolicyApproval,
  type PolicyContent,
  type PolicyFile,
  policyDigestInput,
  Signature,
} from '../../src/shared/model/people';
import type { UnsignedTransaction } from '../../src/shared/model/signing';
import { referenceOf } from './signing-content';
import {
  APPROVER,
  MAKER,
  PEOPLE,
  SECOND_APPROVER,
  SIGNER,
  signHash,
  type TestKey,
  type TestPerson,
  testKey,
} from './test-people';

export * from './test-people';

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest();
const toHash = (bytes: Uint8Array): Hash32 => Hash32.parse(`0x${Buffer.from(bytes).toString('hex')}`);

export const COMPANY = {
  id: toHash(sha256('nostro test company')),
  name: 'Example Trading AG',
} as const;
export const OTHER_COMPANY = { id: toHash(sha256('another test company')), name: 'Other GmbH' } as const;

const signTyped = (
  company: Hash32,
  primaryType: 'PolicyApproval' | 'PersonCard',
  message: Readonly<Record<string, unknown>>,
  key: TestKey,
): Signature =>
  signHash(
    hashTypedData({
      domain: { ...EIP712_DOMAIN, salt: company as `0x${string}` },
      types: EIP712_TYPES,
      primaryType,
      message: message as never,
    }),
    key,
  );

/** A policy with its digest, signed by `approvers`. Number 1 unless `change` says otherwise. */
export const makePolicy = (
  change: Partial<PolicyContent> = {},
  approvers: readonly TestPerson[] = [APPROVER],
): PolicyFile => {
  const content: PolicyContent = {
    company: { ...COMPANY },
    number: 1,
    previous: null,
    createdAt: '2026-01-05T08:00:00Z',
    people: PEOPLE.map(({ name, address, roles }) => ({ name, key: address, roles: [...roles] })),
    defaultApprovals: 1,
    table: [{ currency: CurrencyCode.parse('USD'), above: '1000000', approvals: 2 }],
    changeApprovals: 1,
    ...change,
  };
  const digest = toHash(sha256(policyDigestInput(content)));
  const approvals = approvers.map((person): PolicyApproval => {
    const by = { name: person.name, key: person.address };
    const at = '2026-01-05T09:00:00Z';
    const message = { digest, number: BigInt(content.number), ...by, at };
    return { by, at, signature: signTyped(content.company.id, 'PolicyApproval', message, person) };
  });
  return {
    format: 'nostro-policy',
    version: 1,
    content,
    digest,
    approvals: approvals.sort((a, b) => (a.by.key.toLowerCase() < b.by.key.toLowerCase() ? -1 : 1)),
  };
};

export type TestToken = {
  readonly id: TokenId;
  readonly currency: string;
  readonly decimals: number;
  readonly reference: ReferenceForm;
};

const tokenOn = (
  network: string,
  digit: string,
  currency: string,
  decimals: number,
  reference: ReferenceForm,
): TestToken => ({
  id: tokenIdOf(NetworkId.parse(network), `0x${digit.repeat(40)}`),
  currency,
  decimals,
  reference,
});

/** Three networks, three currencies, every reference form, two numbers of decimals within one currency. */
export const TOKENS: readonly TestToken[] = [
  tokenOn('eip155:31337', '7', 'USD', 2, 'suffix'),
  tokenOn('eip155:31337', '8', 'EUR', 6, 'memo'),
  tokenOn('eip155:8453', '9', 'USD', 6, 'none'),
  tokenOn('eip155:1030', 'b', 'CNH', 18, 'suffix'),
];
/** The networks of {@link TOKENS} that take legacy transactions. */
const LEGACY: readonly string[] = ['eip155:1030'];

export const accountKey = (index: number): TestKey => testKey(`account ${index}`);

export type FixtureOptions = {
  /** Default 8. */
  readonly lines?: number;
  /** How many own accounts pay, taken in turn. Default 2. */
  readonly accounts?: number;
  readonly tokens?: readonly TestToken[];
  readonly kind?: 'batch' | 'replacement';
  /** Of a replacement: the lines that cancel. */
  readonly isCancel?: (line: number) => boolean;
  readonly company?: { readonly id: Hash32; readonly name: string };
  readonly policy?: { readonly number: number; readonly digest: Hash32 };
  readonly maker?: TestPerson;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  /** Makes payments, references and creditors of another batch. Default `a`. */
  readonly seed?: string;
  readonly firstNonce?: number;
  /** Keys of the accounts that pay, in their order. Default {@link accountKey}. */
  readonly keys?: readonly TestKey[];
};

const seededIndex = (seed: string, index: number): number =>
  (createHash('sha256').update(seed).digest().readUInt32BE(0) & 0xffff) * 200_000 + index;

const makeLine = (
  index: number,
  at: { readonly account: number; readonly token: number; readonly nonce: number; readonly seed: string },
  token: TestToken,
  debtor: Address,
  action: 'pay' | 'cancel',
): EnvelopeLine => {
  const unique = seededIndex(at.seed, index);
  const creditorAddress = checksumAddress(`0x${(unique + 1).toString(16).padStart(40, 'c')}`);
  const units = BigInt(100_00 + index) * 10n ** BigInt(Math.max(0, token.decimals - 2));
  const reference = referenceOf(unique);
  const docHash = toHash(sha256(`document ${at.seed} ${index}`));
  const chainId = chainIdOf(networkOfToken(token.id)).toString();
  const data =
    action === 'cancel'
      ? ('0x' as Hex)
      : encodeTransfer({
          to: creditorAddress,
          units,
          reference:
            token.reference === 'suffix'
              ? { form: 'suffix', e2e: reference, docHash }
              : token.reference === 'memo'
                ? { form: 'memo', e2e: reference }
                : { form: 'none' },
        });
  const common = {
    chainId,
    nonce: String(at.nonce),
    to: action === 'cancel' ? debtor : checksumAddress(contractOfToken(token.id)),
    value: '0',
    data,
    gas: action === 'cancel' ? '60000' : '120000',
  };
  const transaction: UnsignedTransaction = LEGACY.includes(networkOfToken(token.id))
    ? { type: 'legacy', ...common, gasPrice: '20000000000' }
    : { type: 'eip1559', ...common, maxFeePerGas: '2000000000', maxPriorityFeePerGas: '1000000' };
  return {
    paymentId: PaymentId.parse(`pay_${unique.toString(36).padStart(12, '0')}`),
    action,
    endToEndId: `E2E-${at.seed}-${index}`,
    instructionId: index % 3 === 0 ? null : `INSTR-${index}`,
    uetr: null,
    reference,
    requestedDate: '2026-03-02',
    account: at.account,
    token: at.token,
    units: units.toString(),
    creditor: {
      name: `Lieferant Nº ${index} “Grün & Söhne”`,
      lei: null,
      country: 'DE',
      account: creditorAddress,
      address: creditorAddress,
    },
    purposeCode: index % 2 === 0 ? 'SUPP' : null,
    remittance: index % 4 === 0 ? null : `Invoice ${2_000 + index}/2026`,
    docHash,
    check: {
      state: index % 5 === 0 ? 'unknown' : 'ok',
      at: '2026-03-02T09:58:00Z',
      block: '1234567',
      unanswered: index % 5 === 0 ? ['canTransfer'] : [],
    },
    transaction,
  };
};

const totalsOf = (
  lines: readonly EnvelopeLine[],
  tokens: readonly TestToken[],
): EnvelopeContent['totals'] => {
  const paid = lines.filter(({ action }) => action === 'pay');
  const currencies = [...new Set(paid.map((line) => (tokens[line.token] as TestToken).currency))].sort();
  return currencies.map((currency) => {
    const own = paid.filter((line) => (tokens[line.token] as TestToken).currency === currency);
    const decimals = Math.max(...own.map((line) => (tokens[line.token] as TestToken).decimals));
    const units = own.reduce(
      (sum, line) =>
        sum + BigInt(line.units) * 10n ** BigInt(decimals - (tokens[line.token] as TestToken).decimals),
      0n,
    );
    return { currency: CurrencyCode.parse(currency), count: own.length, units: units.toString(), decimals };
  });
};

/** A content that is right in everything. */
export const makeContent = (options: FixtureOptions = {}): EnvelopeContent => {
  const tokens = options.tokens ?? TOKENS;
  const count = options.lines ?? 8;
  const kind = options.kind ?? 'batch';
  const maker = options.maker ?? MAKER;
  const createdAt = options.createdAt ?? '2026-03-02T10:00:00Z';
  const policy = options.policy ?? makePolicy();
  const accountCount = Math.min(options.accounts ?? 2, count);
  const keys = options.keys ?? Array.from({ length: accountCount }, (_, index) => accountKey(index));
  const nextNonce = new Map<string, number>();
  const lines: EnvelopeLine[] = [];
  for (let index = 0; index < count; index += 1) {
    const tokenIndex = index % tokens.length;
    const token = tokens[tokenIndex] as TestToken;
    // In turn, but shifted every round, so that every account pays in every token.
    const account = (index + Math.floor(index / tokens.length)) % accountCount;
    const slot = `${account} ${networkOfToken(token.id)}`;
    const nonce = nextNonce.get(slot) ?? (options.firstNonce ?? 7) + account * 100;
    nextNonce.set(slot, nonce + 1);
    const action =
      kind === 'replacement' && (options.isCancel?.(index) ?? index % 2 === 1) ? 'cancel' : 'pay';
    lines.push(
      makeLine(
        index,
        { account, token: tokenIndex, nonce, seed: options.seed ?? 'a' },
        token,
        (keys[account] as TestKey).address,
        action,
      ),
    );
  }
  const usedTokens = tokens.slice(0, Math.min(tokens.length, count));
  const networks = [...new Set(usedTokens.map(({ id }) => networkOfToken(id)))];
  const block = (seed: string) => ({
    number: '1234567',
    hash: toHash(sha256(`block ${seed}`)),
    time: '2026-03-02T09:57:30Z',
  });
  return EnvelopeContent.parse({
    kind,
    company: options.company ?? { ...COMPANY },
    policy: { number: 'number' in policy ? policy.number : policy.content.number, digest: policy.digest },
    maker: { name: maker.name, key: maker.address },
    createdAt,
    expiresAt: options.expiresAt ?? '2026-03-04T10:00:00Z',
    source: {
      kind: 'pain.001',
      format: 'pain.001.001.09',
      fileName: `payments-${options.seed ?? 'a'}.xml`,
      sha256: Buffer.from(sha256(`source ${options.seed ?? 'a'}`)).toString('hex'),
      sizeBytes: 48_123,
      messageId: `MSG-${options.seed ?? 'a'}`,
    },
    releasedHolds: ['first-payment line 1'],
    networks: networks.map((id) => ({
      id,
      name: `Test network ${chainIdOf(id)}`,
      nativeSymbol: 'ETH',
      nativeDecimals: 18,
      block: block(id),
    })),
    tokens: usedTokens.map((token, index) => ({
      id: token.id,
      name: `Deposit token ${token.currency} ${index}`,
      symbol: `d${token.currency}`,
      currency: token.currency,
      decimals: token.decimals,
      issuer: { name: 'Example Bank', bic: null, lei: null },
      codeHash: toHash(sha256(`code ${token.id}`)),
      implementation: null,
      implementationCodeHash: null,
      reference: token.reference,
      block: block(token.id),
    })),
    accounts: Array.from({ length: accountCount }, (_, account) => ({
      name: `Operating account ${account}`,
      entity: { name: 'Example Trading AG', lei: null },
      address: (keys[account] as TestKey).address,
      nonces: networks.flatMap((network) => {
        const own = lines.filter(
          (line) =>
            line.account === account && networkOfToken((tokens[line.token] as TestToken).id) === network,
        );
        const first = own[0]?.transaction.nonce;
        return first === undefined ? [] : [{ network, first, count: own.length }];
      }),
    })),
    totals: totalsOf(lines, tokens),
    lines,
  });
};

/** The keccak-256 that a line's account signs. */
export const transactionHash = (transaction: UnsignedTransaction): Uint8Array =>
  keccak_256(Buffer.from(encodeTransaction(transaction).unsigned, 'hex'));

/** Signatures of lines by the keys of their accounts; `isWanted` may leave lines out. */
export const signLines = (
  content: EnvelopeContent,
  keys?: readonly TestKey[],
  isWanted: (line: EnvelopeLine, index: number) => boolean = () => true,
): { line: number; signature: Signature }[] => {
  const wanted = content.lines.flatMap((line, index) => (isWanted(line, index) ? [{ line, index }] : []));
  const known = keys ?? content.accounts.map((_, index) => accountKey(index));
  const signatures = signDigests(
    wanted.map(({ line }) => ({
      digest: transactionHash(line.transaction),
      privateKey: (known[line.account] as TestKey).privateKey,
    })),
  );
  return wanted.map(({ index }, at) => {
    const { r, s, yParity } = signatures[at] as (typeof signatures)[number];
    const hex = Buffer.concat([r, s]).toString('hex');
    return { line: index, signature: Signature.parse(`0x${hex}0${yParity}`) };
  });
};

/** Signs an act as its person. */
export const signAct = (
  scope: { readonly content: EnvelopeContent; readonly digest: Hash32 },
  person: TestKey,
  act: UnsignedAct,
): Act => {
  const { content, digest } = scope;
  const hash = actHash({ company: content.company.id, digest, policy: content.policy.number }, act);
  return { ...act, signature: signHash(hash, person) } as Act;
};

const bodyless = (person: TestPerson, at: string, count = 0) => ({
  by: { name: person.name, key: person.address },
  at,
  journal: count === 0 ? { count, head: JOURNAL_START } : { count, head: toHash(sha256(`journal ${count}`)) },
});

type Scope = { readonly content: EnvelopeContent; readonly digest: Hash32 };

export const createAct = (scope: Scope, person: TestPerson = MAKER): Act =>
  signAct(scope, person, { kind: 'create', ...bodyless(person, scope.content.createdAt), body: null });

export const approveAct = (
  scope: Scope,
  person: TestPerson = APPROVER,
  change: { readonly at?: string; readonly expiresAt?: string; readonly voice?: boolean } = {},
): Act =>
  signAct(scope, person, {
    kind: 'approve',
    ...bodyless(person, change.at ?? '2026-03-02T11:00:00Z', 5),
    body: { voice: change.voice ?? true, expiresAt: change.expiresAt ?? scope.content.expiresAt },
  });

export const rejectAct = (
  scope: Scope,
  person: TestPerson = SECOND_APPROVER,
  reason = 'Wrong supplier',
  at = '2026-03-02T11:30:00Z',
): Act => signAct(scope, person, { kind: 'reject', ...bodyless(person, at, 6), body: { reason } });

export const signingAct = (
  scope: Scope,
  person: TestPerson = SIGNER,
  change: {
    readonly at?: string;
    readonly signatures?: { line: number; signature: Signature }[];
    readonly keys?: readonly TestKey[];
  } = {},
): Act =>
  signAct(scope, person, {
    kind: 'sign',
    ...bodyless(person, change.at ?? '2026-03-02T12:00:00Z', 7),
    body: { voice: true, signatures: change.signatures ?? signLines(scope.content, change.keys) },
  });

export const sendAct = (
  scope: Scope,
  person: TestPerson = MAKER,
  at = '2026-03-02T12:30:00Z',
  stage: 'sent' | 'final' = 'sent',
): Act =>
  signAct(scope, person, {
    kind: 'send',
    ...bodyless(person, at, 9),
    body: {
      lines: scope.content.lines.map((_, line) => ({
        line,
        status: stage === 'final' ? 'ACSC' : 'ACSP',
        stage,
        transaction: toHash(sha256(`transaction ${line}`)),
        block: stage === 'final' ? '1234600' : null,
      })),
    },
  });

export type FixtureAct = 'approve' | 'approve-second' | 'reject' | 'sign' | 'send';

/** Puts content and acts together: digest, order. */
export const makeEnvelope = (content: EnvelopeContent, acts: readonly Act[]): Envelope => ({
  format: 'nostro-envelope',
  version: 1,
  content,
  digest: envelopeDigest(content),
  acts: [...acts].sort(compareActs),
});

/**
 * A whole valid envelope: `create` by the maker and the named acts. `bytes` is the file.
 *
 * The scope `{ content, digest }` goes into {@link approveAct} and its like for more.
 */
export const envelopeFixture = (
  options: FixtureOptions = {},
  acts: readonly FixtureAct[] = ['approve', 'sign'],
): { envelope: Envelope; content: EnvelopeContent; digest: Hash32; bytes: Uint8Array } => {
  const content = makeContent(options);
  const scope = { content, digest: envelopeDigest(content) };
  const maker = options.maker ?? MAKER;
  const makers: Record<FixtureAct, () => Act> = {
    approve: () => approveAct(scope),
    'approve-second': () => approveAct(scope, SECOND_APPROVER, { at: '2026-03-02T11:10:00Z' }),
    reject: () => rejectAct(scope),
    sign: () => signingAct(scope, SIGNER, options.keys === undefined ? {} : { keys: options.keys }),
    send: () => sendAct(scope, maker),
  };
  const envelope = Envelope.parse(
    makeEnvelope(content, [createAct(scope, maker), ...acts.map((act) => makers[act]())]),
  );
  return { envelope, ...scope, bytes: encodeEnvelope(envelope) };
};
