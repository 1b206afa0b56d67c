/**
 * Calldata of the token transfers that Nostro makes, encoded and decoded without a library, so that the signer and the
 * approval window read their own bytes by the same few lines.
 *
 * Two forms exist (PaymentRef v1):
 * - `transferWithMemo(address,uint256,bytes32)` (TIP-20, B20), the memo holding the end-to-end reference;
 * - `transfer(address,uint256)` (ERC-20), optionally followed by the suffix `e2e(16) ‖ docHash(32) ‖ 0x01 ‖ "PAYREFv1"`.
 */
import { Address, Hash32, Hex } from '../model/ids';

export const TRANSFER_SELECTOR = '0xa9059cbb';
export const TRANSFER_WITH_MEMO_SELECTOR = '0x95777d59';
/** `0x01 ‖ "PAYREFv1"` as hex. */
const SUFFIX_MARKER = '015041595245467631';
const WORD = 64;
const MAX_UINT256 = (1n << 256n) - 1n;

/** How a payment's reference travels on chain. `none`: off-chain advice only. */
export type ReferenceForm = 'memo' | 'suffix' | 'none';

export type TransferCall = {
  readonly to: Address;
  /** In the token's smallest unit. */
  readonly units: bigint;
  readonly reference:
    | { readonly form: 'memo'; readonly e2e: string }
    | { readonly form: 'suffix'; readonly e2e: string; readonly docHash: Hash32 }
    | { readonly form: 'none' };
};

/** The on-chain end-to-end reference of PaymentRef v1: 16 characters of Crockford base-32. */
export const REFERENCE_PATTERN = /^[0-9A-HJKMNP-TV-Z]{16}$/;

const word = (value: bigint): string => value.toString(16).padStart(WORD, '0');
const addressWord = (address: string): string => address.slice(2).toLowerCase().padStart(WORD, '0');
const ascii = (text: string): string =>
  Array.from(text, (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
const fromAscii = (hex: string): string =>
  (hex.match(/../g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join('');

/** The memo word: the reference in ASCII, left aligned, zero padded to 32 bytes. */
export const encodeMemo = (e2e: string): Hash32 => {
  if (!REFERENCE_PATTERN.test(e2e)) throw new Error('reference must be 16 characters of Crockford base-32');
  return Hash32.parse(`0x${ascii(e2e).padEnd(WORD, '0')}`);
};

export const encodeTransfer = (call: TransferCall): Hex => {
  if (call.units <= 0n || call.units > MAX_UINT256) throw new Error('amount out of range');
  const args = addressWord(call.to) + word(call.units);
  switch (call.reference.form) {
    case 'memo':
      return Hex.parse(TRANSFER_WITH_MEMO_SELECTOR + args + encodeMemo(call.reference.e2e).slice(2));
    case 'suffix': {
      const e2e = encodeMemo(call.reference.e2e).slice(2, 2 + 32);
      return Hex.parse(TRANSFER_SELECTOR + args + e2e + call.reference.docHash.slice(2) + SUFFIX_MARKER);
    }
    case 'none':
      return Hex.parse(TRANSFER_SELECTOR + args);
  }
};

/**
 * Reads back what {@link encodeTransfer} writes. `null` for anything else: an unknown selector, dirty address bytes, a
 * zero amount, trailing bytes that are not exactly the suffix.
 *
 * SECURITY: there is no lenient path. Bytes that do not decode here are never shown as a payment and never signed.
 */
export const decodeTransfer = (data: string): TransferCall | null => {
  if (!/^0x[0-9a-f]*$/.test(data)) return null;
  const selector = data.slice(0, 10);
  const body = data.slice(10);
  if (selector !== TRANSFER_SELECTOR && selector !== TRANSFER_WITH_MEMO_SELECTOR) return null;
  if (body.length < 2 * WORD || !/^0{24}/.test(body)) return null;
  const to = Address.safeParse(`0x${body.slice(24, WORD)}`);
  const units = BigInt(`0x${body.slice(WORD, 2 * WORD)}`);
  if (!to.success || units === 0n) return null;
  const rest = body.slice(2 * WORD);
  if (selector === TRANSFER_WITH_MEMO_SELECTOR) {
    if (rest.length !== WORD || !/^0{32}$/.test(rest.slice(32))) return null;
    const e2e = fromAscii(rest.slice(0, 32));
    return REFERENCE_PATTERN.test(e2e) ? { to: to.data, units, reference: { form: 'memo', e2e } } : null;
  }
  if (rest === '') return { to: to.data, units, reference: { form: 'none' } };
  if (rest.length !== 32 + WORD + SUFFIX_MARKER.length || !rest.endsWith(SUFFIX_MARKER)) return null;
  const e2e = fromAscii(rest.slice(0, 32));
  if (!REFERENCE_PATTERN.test(e2e)) return null;
  const docHash = Hash32.parse(`0x${rest.slice(32, 32 + WORD)}`);
  return { to: to.data, units, reference: { form: 'suffix', e2e, docHash } };
};
