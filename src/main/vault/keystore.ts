/**
 * Web3 Secret Storage V3 (the JSON key files of geth and others): scrypt or PBKDF2-HMAC-SHA256, AES-128-CTR,
 * MAC = keccak256(key[16..32] ‖ ciphertext).
 */
import { pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { ctr } from '@noble/ciphers/aes.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { scrypt } from 'hash-wasm';
import { z } from 'zod';
import { AppError } from '../../shared/errors';
import { addressOfPrivateKey } from './address';
import { isPrivateKey } from './secp256k1';

export const MAX_KEYSTORE_CHARACTERS = 64 * 1024;
/** scrypt takes 128·n·r bytes: at most 512 MiB. */
const MAX_SCRYPT_BYTES = 512 * 1024 * 1024;
/** n·r·p: about eight times what geth writes. */
const MAX_SCRYPT_WORK = 2 ** 24;
const MAX_PBKDF2_ROUNDS = 10_000_000;

const hexOf = (bytes: number) => z.string().regex(new RegExp(`^(?:0x)?[0-9a-fA-F]{${bytes * 2}}$`));
const Salt = z.string().regex(/^(?:0x)?(?:[0-9a-fA-F]{2}){0,256}$/);
const count = z.number().int().min(1);

const Crypto = z.discriminatedUnion('kdf', [
  z.object({
    kdf: z.literal('scrypt'),
    kdfparams: z.object({ n: count, r: count, p: count, dklen: z.literal(32), salt: Salt }),
    cipher: z.literal('aes-128-ctr'),
    cipherparams: z.object({ iv: hexOf(16) }),
    ciphertext: hexOf(32),
    mac: hexOf(32),
  }),
  z.object({
    kdf: z.literal('pbkdf2'),
    kdfparams: z.object({ c: count, prf: z.literal('hmac-sha256'), dklen: z.literal(32), salt: Salt }),
    cipher: z.literal('aes-128-ctr'),
    cipherparams: z.object({ iv: hexOf(16) }),
    ciphertext: hexOf(32),
    mac: hexOf(32),
  }),
]);
type Crypto = z.infer<typeof Crypto>;

const Keystore = z.object({
  version: z.literal(3),
  address: z
    .string()
    .regex(/^(?:0x)?[0-9a-fA-F]{40}$/)
    .optional(),
  crypto: Crypto,
});

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/^0x/, ''), 'hex'));

const invalid = (reason: string): AppError => new AppError('vault/invalid-keystore', { reason });

const parseKeystore = (json: string): z.infer<typeof Keystore> => {
  if (json.length > MAX_KEYSTORE_CHARACTERS) throw invalid('too-large');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw invalid('not-json');
  }
  if (typeof value === 'object' && value !== null && !Object.hasOwn(value, 'crypto') && 'Crypto' in value) {
    // Early writers capitalised the member.
    value = { ...value, crypto: value.Crypto };
  }
  const parsed = Keystore.safeParse(value);
  if (!parsed.success) throw invalid('not-a-v3-keystore');
  return parsed.data;
};

/** SECURITY: the file says how much memory and time to spend; it does not get to decide. */
const checkCost = (crypto: Crypto): void => {
  if (crypto.kdf === 'pbkdf2') {
    if (crypto.kdfparams.c > MAX_PBKDF2_ROUNDS)
      throw new AppError('vault/unsafe-parameters', { c: crypto.kdfparams.c });
    return;
  }
  const { n, r, p } = crypto.kdfparams;
  const isPowerOfTwo = n >= 2 && n <= 2 ** 30 && (n & (n - 1)) === 0;
  if (!isPowerOfTwo || 128 * n * r > MAX_SCRYPT_BYTES || n * r * p > MAX_SCRYPT_WORK) {
    throw new AppError('vault/unsafe-parameters', { n, r, p });
  }
};

const deriveKey = async (crypto: Crypto, password: Uint8Array): Promise<Uint8Array> => {
  const salt = bytesOf(crypto.kdfparams.salt);
  if (crypto.kdf === 'pbkdf2') {
    return new Uint8Array(pbkdf2Sync(password, salt, crypto.kdfparams.c, 32, 'sha256'));
  }
  const { n, r, p } = crypto.kdfparams;
  return scrypt({
    password,
    salt,
    costFactor: n,
    blockSize: r,
    parallelism: p,
    hashLength: 32,
    outputType: 'binary',
  });
};

const decrypt = async (crypto: Crypto, password: Uint8Array): Promise<Uint8Array | null> => {
  const derived = await deriveKey(crypto, password);
  const ciphertext = bytesOf(crypto.ciphertext);
  try {
    const mac = keccak_256.create().update(derived.subarray(16, 32)).update(ciphertext).digest();
    if (!timingSafeEqual(mac, bytesOf(crypto.mac))) return null;
    return ctr(derived.slice(0, 16), bytesOf(crypto.cipherparams.iv)).decrypt(ciphertext);
  } finally {
    derived.fill(0);
  }
};

/**
 * The 32-byte private key of a V3 keystore.
 *
 * @param expectedAddress the account the key must belong to; needed when the file names none
 * @throws AppError `vault/invalid-keystore` (details.reason: also `wrong-password`, `address-missing`) |
 * `vault/unsafe-parameters` | `vault/keystore-address-mismatch`
 *
 * SECURITY: the format's MAC leaves out the IV, so a changed IV gives another key that passes it. The key's address is
 * therefore always recomputed and compared, and a file that names no address is not accepted on its own.
 */
export const openKeystore = async (
  json: string,
  password: string,
  expectedAddress: string | null = null,
): Promise<Uint8Array> => {
  const { crypto, address } = parseKeystore(json);
  const expected = [address, expectedAddress]
    .filter((entry): entry is string => typeof entry === 'string')
    .map((entry) => entry.replace(/^0x/, '').toLowerCase());
  if (expected.length === 0) throw invalid('address-missing');
  checkCost(crypto);

  // geth takes the password as typed, others in NFKC.
  const forms = [...new Set([password, password.normalize('NFKC')])];
  let key: Uint8Array | null = null;
  for (const form of forms) {
    key ??= await decrypt(crypto, new TextEncoder().encode(form));
  }
  if (!key) throw invalid('wrong-password');
  if (!isPrivateKey(key)) throw new AppError('vault/keystore-address-mismatch');
  const actual = addressOfPrivateKey(key).slice(2).toLowerCase();
  if (expected.some((entry) => entry !== actual)) {
    key.fill(0);
    throw new AppError('vault/keystore-address-mismatch');
  }
  return key;
};
