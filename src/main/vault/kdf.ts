/** Passphrase → key-encryption key: argon2id version 1.3 (RFC 9106), with bounds checked before memory is spent. */
import { argon2id } from 'hash-wasm';
import { AppError } from '../../shared/errors';
import { KEY_BYTES, SALT_BYTES } from './layout';

export type KdfParameters = {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
};

/** What new files use. A file with weaker parameters is raised to these at its next unlock. */
export const PREFERRED_KDF: KdfParameters = { memoryKib: 256 * 1024, passes: 3, lanes: 1 };
export const KDF_FLOOR: KdfParameters = { memoryKib: 64 * 1024, passes: 3, lanes: 1 };
export const KDF_CAP: KdfParameters = { memoryKib: 1024 * 1024, passes: 10, lanes: 4 };

const isWithin = (value: number, floor: number, cap: number): boolean =>
  Number.isInteger(value) && value >= floor && value <= cap;

/**
 * @throws AppError `vault/unsafe-parameters`
 *
 * SECURITY: both ends matter. Below the floor a file would be cheap to guess; above the cap a crafted file would
 * exhaust the machine.
 */
export const checkKdfParameters = (parameters: KdfParameters): void => {
  const { memoryKib, passes, lanes } = parameters;
  if (
    !isWithin(memoryKib, KDF_FLOOR.memoryKib, KDF_CAP.memoryKib) ||
    !isWithin(passes, KDF_FLOOR.passes, KDF_CAP.passes) ||
    !isWithin(lanes, KDF_FLOOR.lanes, KDF_CAP.lanes)
  ) {
    throw new AppError('vault/unsafe-parameters', { memoryKib, passes, lanes });
  }
};

export const isWeakerThanPreferred = (parameters: KdfParameters): boolean =>
  parameters.memoryKib < PREFERRED_KDF.memoryKib || parameters.passes < PREFERRED_KDF.passes;

/**
 * Derives the 32-byte key-encryption key. The passphrase is taken in Unicode NFKC, so that the same words typed on
 * another keyboard give the same key.
 */
export const deriveKek = async (
  passphrase: string,
  salt: Uint8Array,
  parameters: KdfParameters,
): Promise<Uint8Array> => {
  checkKdfParameters(parameters);
  if (salt.length !== SALT_BYTES) throw new Error('the salt has 16 bytes');
  const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'));
  try {
    return await argon2id({
      // argon2id takes an empty message; the library does not. An empty passphrase never opens anything anyway.
      password: bytes.length === 0 ? Uint8Array.of(0) : bytes,
      salt,
      memorySize: parameters.memoryKib,
      iterations: parameters.passes,
      parallelism: parameters.lanes,
      hashLength: KEY_BYTES,
      outputType: 'binary',
    });
  } finally {
    bytes.fill(0);
  }
};
