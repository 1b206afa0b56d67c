/** EIP-712 for flat structs, and the three that a person's key signs. */
import { concat, fromHex, toNumber, utf8, word } from './bytes.mjs';
import { keccak256 } from './keccak.mjs';

/** One member's 32 bytes. Types with members or items of their own do not occur here. */
function encodeMember(type, value) {
  if (type === 'string') return keccak256(utf8(value));
  if (type === 'bytes') return keccak256(fromHex(value));
  if (type === 'bool') return word(value ? 1 : 0);
  if (type === 'address') return word(value);
  if (/^bytes([1-9]|[12][0-9]|3[0-2])$/.test(type)) return fromHex(value.slice(2).padEnd(64, '0'));
  if (/^u?int[0-9]+$/.test(type)) return word(BigInt.asUintN(256, BigInt(value)));
  throw new Error(`type ${type} is not read here`);
}

export const hashStruct = (name, members, values) =>
  keccak256(
    concat(
      keccak256(utf8(`${name}(${members.map(([type, member]) => `${type} ${member}`).join(',')})`)),
      ...members.map(([type, member]) => encodeMember(type, values[member])),
    ),
  );

/** What is signed: a number of 256 bits. */
export const hashTypedData = (domain, struct) =>
  toNumber(keccak256(concat(Uint8Array.of(0x19, 0x01), domain, struct)));

const DOMAIN = [
  ['string', 'name'],
  ['string', 'version'],
  ['bytes32', 'salt'],
];
const ACT = [
  ['string', 'kind'],
  ['bytes32', 'digest'],
  ['uint64', 'policy'],
  ['string', 'name'],
  ['address', 'key'],
  ['string', 'at'],
  ['bytes32', 'body'],
  ['uint64', 'journalCount'],
  ['bytes32', 'journalHead'],
];
const POLICY_APPROVAL = [
  ['bytes32', 'digest'],
  ['uint64', 'number'],
  ['string', 'name'],
  ['address', 'key'],
  ['string', 'at'],
];

/** The salt is the company's id: what is signed for one company means nothing to another. */
const domainOf = (company) =>
  hashStruct('EIP712Domain', DOMAIN, { name: 'Nostro', version: '1', salt: company });

export const actHash = (company, values) => hashTypedData(domainOf(company), hashStruct('Act', ACT, values));
export const policyApprovalHash = (company, values) =>
  hashTypedData(domainOf(company), hashStruct('PolicyApproval', POLICY_APPROVAL, values));
