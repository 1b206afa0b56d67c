/** EIP-712 of policies and cards (shared/model/envelope), and whose signature it is. */
import { getAddress, hashTypedData, recoverAddress } from 'viem';
import { EIP712_DOMAIN, EIP712_TYPES, type PersonStatement } from '../../shared/model/envelope';
import type { Address } from '../../shared/model/ids';
import type { PersonCard, Signature } from '../../shared/model/people';

type HexText = `0x${string}`;

const hex = (text: string): HexText => text as HexText;
/** In lower case, which the encoder takes without a checksum: whether its mixed case is right shows when it is compared. */
const keyOf = (key: Address): HexText => hex(key.toLowerCase());
const NO_COMPANY = hex(`0x${'0'.repeat(64)}`);
/** Half of secp256k1's order. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

type PolicyStatement = Omit<Extract<PersonStatement, { type: 'policy' }>, 'type'>;

export const hashPolicyApproval = ({ company, digest, number, by, at }: PolicyStatement): HexText =>
  hashTypedData({
    domain: { ...EIP712_DOMAIN, salt: hex(company) },
    types: EIP712_TYPES,
    primaryType: 'PolicyApproval',
    message: {
      digest: hex(digest),
      number: BigInt(number),
      name: by.name,
      key: keyOf(by.key),
      at,
    },
  });

export const hashCard = ({ name, key, at }: Pick<PersonCard, 'name' | 'key' | 'at'>): HexText =>
  hashTypedData({
    domain: { ...EIP712_DOMAIN, salt: NO_COMPANY },
    types: EIP712_TYPES,
    primaryType: 'PersonCard',
    message: { name, key: keyOf(key), at },
  });

/** True for a low-s signature by exactly this key, named in its EIP-55 form. */
export const isSignedBy = async (key: Address, hash: HexText, signature: Signature): Promise<boolean> => {
  // SECURITY: the high-s twin would be a second form of the same signature.
  if (BigInt(`0x${signature.slice(66, 130)}`) > HALF_ORDER) return false;
  try {
    return getAddress(await recoverAddress({ hash, signature: hex(signature) })) === key;
  } catch {
    // r or s out of range, or no point with this x: nobody signed it.
    return false;
  }
};
