import { randomBytes } from 'node:crypto';
import { keccak256 } from 'viem';
import { type Canonical, canonicalJson } from '../../shared/canonical';
import { Hash32 } from '../../shared/model/ids';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The on-chain end-to-end reference of PaymentRef v1: 80 random bits as 16 characters. It tells the public nothing. */
export const newReference = (): string => {
  let bits = BigInt(`0x${randomBytes(10).toString('hex')}`);
  let text = '';
  for (let index = 0; index < 16; index++) {
    text = CROCKFORD[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return text;
};

/** keccak-256 of a remittance document's canonical bytes: what the chain may carry of it. */
export const documentHash = (document: string): Hash32 =>
  Hash32.parse(keccak256(new TextEncoder().encode(document)));

/** The remittance document of PaymentRef v1 as RFC 8785 JSON. It goes to the payee off chain, never onto the chain. */
export const writeDocument = (content: { readonly [key: string]: Canonical }): string =>
  canonicalJson(content);
