/**
 * Between an envelope and the vault: what is asked to be signed, what came back, and what is remembered of it. Pure but
 * for pauses.
 *
 * SECURITY: what came back is the transaction of the line, byte for byte, and a signature; anything else is kept nowhere.
 */
import { createHash } from 'node:crypto';
import { parseTransaction } from 'viem';
import { type Canonical, canonicalJson } from '../../shared/canonical';
import type { ApprovalLine } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import { encodeTransaction } from '../../shared/evm/transaction';
import type { Act, EnvelopeLine } from '../../shared/model/envelope';
import { BatchId, Hash32, type KeyId } from '../../shared/model/ids';
import { Signature } from '../../shared/model/people';
import type { SigningContent } from '../../shared/model/signing';
import type { SignedPayment } from '../vault';
import type { EnvelopeHead, SignedMemory, StoredEnvelope } from './ports';

const SLICE = 50;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What is remembered of a signed line; `null` for a line that names no token or account. */
export const memoryOf = (head: EnvelopeHead, line: EnvelopeLine, digest: Hash32): SignedMemory | null => {
  const token = head.tokens[line.token];
  const account = head.accounts[line.account];
  if (!token || !account) return null;
  return {
    chainId: line.transaction.chainId,
    sender: account.address,
    nonce: line.transaction.nonce,
    paymentId: line.paymentId,
    // The same payment under another id: who asked for it by which name, in what, how much and to whom.
    paymentKey: JSON.stringify([line.endToEndId, token.id, line.units, line.creditor.address.toLowerCase()]),
    digest,
  };
};

/** Names the work in the vault: the batch here, or one made of the digest where the envelope came as a file. */
const batchIdOf = ({ batchId, digest }: StoredEnvelope): BatchId =>
  batchId ?? BatchId.parse(`bat_${digest.slice(2, 34)}`);

export type SigningRequestOf = {
  readonly content: SigningContent;
  /** Of the vault's content, not of the envelope. */
  readonly digest: Hash32;
  /** The envelope's line of each item. */
  readonly indexes: readonly number[];
};

/** SHA-256 over `digestInput(content)`, item by item. Members of canonical JSON stand in the order of their names. */
const digestContent = async (content: SigningContent): Promise<Hash32> => {
  const json = (value: unknown): string => canonicalJson(value as Canonical);
  const hash = createHash('sha256');
  hash.update(`nostro/signing-content/v1\n{"batchId":${json(content.batchId)},"items":[`, 'utf8');
  for (const [index, item] of content.items.entries()) {
    hash.update((index > 0 ? ',' : '') + json(item), 'utf8');
    if (index % SLICE === SLICE - 1) await breathe();
  }
  hash.update(
    `],"kind":${json(content.kind)},"source":${json(content.source)},"version":${json(content.version)}}`,
    'utf8',
  );
  return Hash32.parse(`0x${hash.digest('hex')}`);
};

/**
 * The lines whose keys are here, as the vault wants them. `lines` and `sources` are the whole envelope's, in order, from
 * one check. Throws `vault/unknown-key` when no key is here.
 *
 * @param keys key ids by lower-case address
 */
export const signingRequest = async (
  stored: StoredEnvelope,
  lines: readonly ApprovalLine[],
  sources: readonly EnvelopeLine[],
  keys: ReadonlyMap<string, KeyId>,
): Promise<SigningRequestOf> => {
  const { head } = stored;
  const items: SigningContent['items'] = [];
  const indexes: number[] = [];
  for (const [at, line] of lines.entries()) {
    const source = sources[at];
    const token = source && head.tokens[source.token];
    const keyId = keys.get(line.debtorAddress.toLowerCase());
    if (!source || !token || source.paymentId !== line.paymentId) throw new Error('lines out of step');
    if (keyId === undefined) continue;
    indexes.push(line.index);
    items.push({
      paymentId: line.paymentId,
      action: line.action,
      endToEndId: line.endToEndId,
      tokenId: token.id,
      tokenName: line.tokenName,
      issuerName: line.issuerName,
      currency: token.currency,
      units: line.units.toString(),
      decimals: line.decimals,
      creditorName: line.creditorName,
      creditorLei: line.creditorLei,
      creditorAccount: line.creditorAccount,
      creditorAddress: line.creditorAddress,
      debtorName: line.debtorName,
      debtorAddress: line.debtorAddress,
      keyId,
      reference: source.reference,
      docHash: source.docHash,
      transaction: source.transaction,
    });
    if (at % SLICE === SLICE - 1) await breathe();
  }
  if (items.length === 0) throw new AppError('vault/unknown-key', { digest: stored.digest });
  const { kind, fileName, sha256, messageId } = head.source;
  const content: SigningContent = {
    version: 1,
    kind: head.kind,
    batchId: batchIdOf(stored),
    source: { kind, fileName, sha256, messageId },
    items,
  };
  return { content, digest: await digestContent(content), indexes };
};

type SignAct = Extract<Act, { kind: 'sign' }>;

/** `r ‖ s ‖ yParity` of signed bytes. Throws on what is no signed transaction. */
const signatureOf = (
  raw: string,
): { readonly text: Signature; readonly r: bigint; readonly s: bigint; readonly yParity: 0 | 1 } => {
  const parsed = parseTransaction(raw as `0x02${string}`);
  const { r, s } = parsed;
  // Legacy with EIP-155: v = 2 × chain id + 35 + yParity, so it is odd for 0.
  const parity = parsed.yParity ?? (parsed.v === undefined ? undefined : Number((parsed.v + 1n) % 2n));
  if (r === undefined || s === undefined || (parity !== 0 && parity !== 1))
    throw new AppError('vault/invalid-request', { reason: 'signature' });
  const word = (value: string): string => BigInt(value).toString(16).padStart(64, '0');
  return {
    text: Signature.parse(`0x${word(r)}${word(s)}0${parity}`),
    r: BigInt(r),
    s: BigInt(s),
    yParity: parity,
  };
};

/** Throws `vault/invalid-request` when anything but the asked transactions came back; then nothing is kept. */
export const takeSignatures = async (
  { content, indexes }: SigningRequestOf,
  signed: readonly SignedPayment[],
): Promise<SignAct['body']['signatures']> => {
  const refuse = (reason: string): never => {
    throw new AppError('vault/invalid-request', { reason });
  };
  if (signed.length !== content.items.length) refuse('count');
  const signatures: SignAct['body']['signatures'] = [];
  for (const [at, item] of content.items.entries()) {
    const own = signed[at];
    const line = indexes[at];
    if (!own || line === undefined || own.paymentId !== item.paymentId) return refuse('order');
    if (own.from.toLowerCase() !== item.debtorAddress.toLowerCase()) refuse('signer');
    const { text, ...signature } = signatureOf(own.raw);
    if (`0x${encodeTransaction(item.transaction).sign(signature)}` !== own.raw) refuse('bytes');
    signatures.push({ line, signature: text });
    if (at % SLICE === SLICE - 1) await breathe();
  }
  return signatures;
};
