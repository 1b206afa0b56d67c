/**
 * EIP-712 hashes of flat structs: members of the types string, bytes32, address and uintN, which is all that Nostro signs.
 * Nested structs, arrays and other types are refused rather than half encoded.
 */
import { keccak_256 } from '@noble/hashes/sha3.js';

export type TypedMember = { readonly name: string; readonly type: string };
export type TypedStruct = { readonly name: string; readonly members: readonly TypedMember[] };
/** Strings for string, bytes32 and address (hex); bigint for uintN. */
export type TypedValues = Readonly<Record<string, string | bigint>>;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const word = (value: bigint): Uint8Array =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));

const encodeMember = ({ name, type }: TypedMember, value: string | bigint | undefined): Uint8Array => {
  const bits = Number(/^uint([1-9][0-9]{0,2})$/.exec(type)?.[1] ?? 0);
  const isUint = bits > 0 && bits <= 256 && bits % 8 === 0;
  if (isUint && typeof value === 'bigint' && value >= 0n && value < 1n << BigInt(bits)) return word(value);
  if (typeof value === 'string') {
    if (type === 'string') return keccak_256(text(value));
    if (type === 'bytes32' && /^0x[0-9a-fA-F]{64}$/.test(value)) return word(BigInt(value));
    if (type === 'address' && /^0x[0-9a-fA-F]{40}$/.test(value)) return word(BigInt(value));
  }
  throw new Error(`cannot encode ${name} as ${type}`);
};

/** hashStruct of EIP-712: keccak256(typeHash ‖ encodeData). Throws on a value that is missing, surplus or out of range. */
export const hashStruct = ({ name, members }: TypedStruct, values: TypedValues): Uint8Array => {
  if (Object.keys(values).length !== members.length) throw new Error(`${name} has other members`);
  const type = `${name}(${members.map((member) => `${member.type} ${member.name}`).join(',')})`;
  const hash = keccak_256.create().update(keccak_256(text(type)));
  for (const member of members) hash.update(encodeMember(member, values[member.name]));
  return hash.digest();
};

/** What a key signs: keccak256(0x19 ‖ 0x01 ‖ hashStruct(domain) ‖ hashStruct(message)). 32 bytes. */
export const hashTypedData = (domain: Uint8Array, message: Uint8Array): Uint8Array =>
  keccak_256
    .create()
    .update(new Uint8Array([0x19, 0x01]))
    .update(domain)
    .update(message)
    .digest();
