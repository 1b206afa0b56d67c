/**
 * What people added to an envelope: EIP-712 hashes of acts, whose they are, and whether they fit each other and the
 * content. Whether a person was entitled is not known here: that is the policy's.
 */
import { createHash } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { type Canonical, canonicalJson } from '../../shared/canonical';
import { AppError } from '../../shared/errors';
import {
  ACT_KINDS,
  type Act,
  EIP712_DOMAIN,
  EIP712_TYPES,
  type EnvelopeContent,
  type UnsignedAct,
} from '../../shared/model/envelope';
import { type Address, Hash32 } from '../../shared/model/ids';
import { addressOfPoint, isChecksummed } from './address';
import type { EnvelopeHead } from './ports';
import { momentOf } from './time';

/** What an act is about, beside itself. */
export type ActScope = {
  /** The company's id. */
  readonly company: Hash32;
  /** The envelope's digest. */
  readonly digest: Hash32;
  /** The policy's number. */
  readonly policy: number;
};

export const scopeOf = (head: Pick<EnvelopeContent, 'company' | 'policy'>, digest: Hash32): ActScope => ({
  company: head.company.id,
  digest,
  policy: head.policy.number,
});

const HALF_ORDER = secp256k1.Point.Fn.ORDER >> 1n;

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const bytesOf = (hex: string): Uint8Array => Buffer.from(hex.slice(2), 'hex');
const word = (value: number): Uint8Array => bytesOf(`0x${value.toString(16).padStart(64, '0')}`);
const hashText = (text: string): Uint8Array => keccak_256(utf8(text));
const addressWord = (address: string): Uint8Array => bytesOf(`0x${address.slice(2).padStart(64, '0')}`);

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,bytes32 salt)';
const ACT_TYPE = `Act(${EIP712_TYPES.Act.map(({ type, name }) => `${type} ${name}`).join(',')})`;

const domainSeparator = (salt: Hash32): Uint8Array =>
  keccak_256(
    Buffer.concat([
      hashText(DOMAIN_TYPE),
      hashText(EIP712_DOMAIN.name),
      hashText(EIP712_DOMAIN.version),
      bytesOf(salt),
    ]),
  );

/** SHA-256 over an act's body as canonical JSON. */
export const actBodyHash = (body: UnsignedAct['body']): Hash32 =>
  Hash32.parse(
    `0x${createHash('sha256')
      .update(canonicalJson(body as unknown as Canonical), 'utf8')
      .digest('hex')}`,
  );

/** The EIP-712 hash that the actor's key signs. */
export const actHash = (scope: ActScope, act: UnsignedAct): Hash32 => {
  const values: { readonly [name: string]: Uint8Array } = {
    kind: hashText(act.kind),
    digest: bytesOf(scope.digest),
    policy: word(scope.policy),
    name: hashText(act.by.name),
    key: addressWord(act.by.key),
    at: hashText(act.at),
    body: bytesOf(actBodyHash(act.body)),
    journalCount: word(act.journal.count),
    journalHead: bytesOf(act.journal.head),
  };
  const struct = keccak_256(
    Buffer.concat([hashText(ACT_TYPE), ...EIP712_TYPES.Act.map(({ name }) => values[name] as Uint8Array)]),
  );
  const hash = keccak_256(Buffer.concat([Uint8Array.of(0x19, 0x01), domainSeparator(scope.company), struct]));
  return Hash32.parse(`0x${Buffer.from(hash).toString('hex')}`);
};

/**
 * The address whose key made a signature `r ‖ s ‖ yParity` over a hash; `null` for one that nobody's key made, and for a
 * high s (EIP-2), which would be a second form of the same signature.
 */
export const recoverAddress = (hash: string, signature: string): Address | null => {
  const bytes = bytesOf(signature);
  const parity = bytes[64];
  if (bytes.length !== 65 || (parity !== 0 && parity !== 1)) return null;
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), 'compact').addRecoveryBit(parity);
    if (parsed.s > HALF_ORDER) return null;
    const point = parsed.recoverPublicKey(bytesOf(hash));
    return addressOfPoint(point.toBytes(false).subarray(1));
  } catch {
    // Out of range, or no point has this x: no key at all.
    return null;
  }
};

const placeOf = (act: Act, index: number) => ({ act: index, kind: act.kind, name: act.by.name });

/** Throws `envelope/bad-signature` unless `act` was signed by the key that it names. */
export const verifyAct = (scope: ActScope, act: Act, index = 0): void => {
  // SECURITY: `signature` is not part of what is signed; everything else is.
  if (recoverAddress(actHash(scope, act), act.signature) !== act.by.key)
    throw new AppError('envelope/bad-signature', placeOf(act, index));
};

/** Place of an act in the file: by kind, then by lower-case key. Two acts never have the same. */
export const compareActs = (a: Act, b: Act): number => {
  const kinds = ACT_KINDS.indexOf(a.kind) - ACT_KINDS.indexOf(b.kind);
  if (kinds !== 0) return kinds;
  const [x, y] = [a.by.key.toLowerCase(), b.by.key.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** Line numbers of a list that must ascend; what is wrong with them, or `null`. */
const findOrderFault = (items: readonly { readonly line: number }[], lineCount: number): string | null => {
  let last = -1;
  for (const { line } of items) {
    if (line >= lineCount) return 'line-out-of-range';
    if (line <= last) return 'lines-out-of-order';
    last = line;
  }
  return null;
};

/** What one act says that cannot be, or `null`. */
const findActFault = (act: Act, head: EnvelopeHead, lineCount: number): string | null => {
  if (!isChecksummed(act.by.key)) return 'address-without-checksum';
  // A person's key is an identity and never holds money.
  if (head.accounts.some(({ address }) => address === act.by.key)) return 'actor-is-an-account';
  const at = momentOf(act.at);
  const created = momentOf(head.createdAt);
  const ends = momentOf(head.expiresAt);
  if (at === null || created === null || ends === null) return 'no-such-moment';
  if (at < created) return 'before-its-making';
  switch (act.kind) {
    case 'create':
      if (act.by.key !== head.maker.key || act.by.name !== head.maker.name) return 'created-by-another';
      return act.at === head.createdAt ? null : 'created-at-another-time';
    case 'approve': {
      const until = momentOf(act.body.expiresAt);
      if (until === null) return 'no-such-moment';
      if (until > ends) return 'approval-outlives-the-plan';
      return at < until ? null : 'approved-after-its-end';
    }
    case 'reject':
      return null;
    case 'sign':
      return at <= ends ? findOrderFault(act.body.signatures, lineCount) : 'signed-after-its-end';
    case 'send':
      return findOrderFault(act.body.lines, lineCount);
  }
};

/**
 * Acts against the content and each other: exactly one `create`, by the maker; order and uniqueness; one name for a key;
 * times. Throws `envelope/inconsistent` with `act` (its index), `kind`, `name` and `what`.
 */
export const checkActs = (head: EnvelopeHead, lineCount: number, acts: readonly Act[]): void => {
  if (acts.filter(({ kind }) => kind === 'create').length !== 1)
    throw new AppError('envelope/inconsistent', { what: 'not-one-create' });
  const names = new Map<string, string>([[head.maker.key, head.maker.name]]);
  for (const [index, act] of acts.entries()) {
    const refuse = (what: string): never => {
      throw new AppError('envelope/inconsistent', { ...placeOf(act, index), what });
    };
    const before = index === 0 ? undefined : acts[index - 1];
    if (before !== undefined && compareActs(before, act) >= 0) refuse('acts-out-of-order');
    const fault = findActFault(act, head, lineCount);
    if (fault !== null) refuse(fault);
    const name = names.get(act.by.key);
    if (name !== undefined && name !== act.by.name) refuse('one-key-two-names');
    names.set(act.by.key, act.by.name);
  }
};

/** {@link checkActs}, then every signature. */
export const verifyActs = (
  head: EnvelopeHead,
  digest: Hash32,
  lineCount: number,
  acts: readonly Act[],
): void => {
  checkActs(head, lineCount, acts);
  const scope = scopeOf(head, digest);
  for (const [index, act] of acts.entries()) verifyAct(scope, act, index);
};

/** {@link verifyActs} for the main thread, which is free between two acts: one of ten thousand lines takes 25 ms. */
export const verifyActsInTurns = async (
  head: EnvelopeHead,
  digest: Hash32,
  lineCount: number,
  acts: readonly Act[],
): Promise<void> => {
  checkActs(head, lineCount, acts);
  const scope = scopeOf(head, digest);
  for (const [index, act] of acts.entries()) {
    verifyAct(scope, act, index);
    await new Promise((resolve) => setImmediate(resolve));
  }
};
