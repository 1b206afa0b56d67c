/** Vault contents as version 1 of the layout wrote them (docs/vault.md): for tests of reading older files. */
import type { VaultContents } from '../../src/main/vault/contents';

const number = (bytes: number, value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');

export const encodeContentsV1 = (
  contents: Pick<
    VaultContents,
    'revision' | 'databaseKey' | 'journalKey' | 'replicaHead' | 'seed' | 'imported'
  >,
): Uint8Array => {
  const { revision, databaseKey, journalKey, replicaHead, seed, imported } = contents;
  return new Uint8Array(
    Buffer.concat([
      number(1, 1n),
      number(8, revision),
      databaseKey,
      journalKey,
      number(1, replicaHead ? 1n : 0n),
      ...(replicaHead ? [number(8, replicaHead.count), replicaHead.headHash] : []),
      number(1, seed ? 1n : 0n),
      ...(seed
        ? [
            number(2, BigInt(seed.entropy.length)),
            seed.entropy,
            number(2, BigInt(seed.passphrase.length)),
            seed.passphrase,
            number(2, BigInt(seed.createdAt.length)),
            ...seed.createdAt.map((time) => number(8, BigInt(time))),
          ]
        : []),
      number(2, BigInt(imported.length)),
      ...imported.flatMap((key) => [key.privateKey, number(8, BigInt(key.createdAt))]),
    ]),
  );
};
