/** Transactions as bytes: RLP, EIP-1559 and EIP-155; and the calls of token transfers. */
import { concat, fromHex, toHex, toNumber, utf8, word } from './bytes.mjs';
import { keccak256 } from './keccak.mjs';

const bigEndian = (value) => {
  const hex = BigInt(value).toString(16);
  return BigInt(value) === 0n ? Buffer.alloc(0) : fromHex(hex.length % 2 ? `0${hex}` : hex);
};
const withLength = (payload, short) => {
  if (payload.length < 56) return concat(Uint8Array.of(short + payload.length), payload);
  const length = bigEndian(payload.length);
  return concat(Uint8Array.of(short + 55 + length.length), length, payload);
};
/** Bytes → their RLP; a list of such → the RLP of the list. */
export const rlp = (item) => {
  if (Array.isArray(item)) return withLength(concat(...item.map(rlp)), 0xc0);
  return item.length === 1 && item[0] < 0x80 ? item : withLength(item, 0x80);
};

/** The transaction's own fields, before any signature. */
const fieldsOf = (tx) => {
  const [nonce, gas, value] = [tx.nonce, tx.gas, tx.value].map(bigEndian);
  const [to, data] = [fromHex(tx.to), fromHex(tx.data)];
  if (tx.type === 'legacy') return [nonce, bigEndian(tx.gasPrice), gas, to, value, data];
  const fees = [tx.maxPriorityFeePerGas, tx.maxFeePerGas].map(bigEndian);
  // The last is the access list: always empty.
  return [bigEndian(tx.chainId), nonce, ...fees, gas, to, value, data, []];
};
const wrap = (tx, fields) => (tx.type === 'legacy' ? rlp(fields) : concat(Uint8Array.of(2), rlp(fields)));

/** What the account's key signs: a number of 256 bits. EIP-155: the chain id stands where the signature will be. */
export const signingHash = (tx) => {
  const binding = tx.type === 'legacy' ? [bigEndian(tx.chainId), Buffer.alloc(0), Buffer.alloc(0)] : [];
  return toNumber(keccak256(wrap(tx, [...fieldsOf(tx), ...binding])));
};

/** The id on the chain of the signed transaction. */
export const transactionHash = (tx, { r, s, yParity }) => {
  const v = tx.type === 'legacy' ? BigInt(tx.chainId) * 2n + 35n + BigInt(yParity) : BigInt(yParity);
  return toHex(keccak256(wrap(tx, [...fieldsOf(tx), ...[v, r, s].map(bigEndian)])));
};

const TRANSFER = 'a9059cbb'; // transfer(address,uint256)
const TRANSFER_WITH_MEMO = '95777d59'; // transferWithMemo(address,uint256,bytes32)
/** 0x01 ‖ "PAYREFv1": the end of PaymentRef v1 behind a transfer. */
const SUFFIX_END = concat(Uint8Array.of(1), utf8('PAYREFv1'));

/** The one calldata that pays `units` to `to` with this reference. `form`: the token's `reference`. */
export function transferData({ to, units, form, reference, docHash }) {
  const selector = fromHex(form === 'memo' ? TRANSFER_WITH_MEMO : TRANSFER);
  const tail = {
    memo: () => [utf8(reference), Buffer.alloc(16)],
    suffix: () => [utf8(reference), fromHex(docHash), SUFFIX_END],
    none: () => [],
  }[form]();
  return toHex(concat(selector, word(to), word(units), ...tail));
}
