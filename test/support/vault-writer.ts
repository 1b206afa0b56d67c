/**
 * A process that rewrites a vault file without end, under two keys in turn, and reports each finished generation.
 * Tests kill it. Arguments: folder, first key, second key (hex), revision to start after.
 */
import { encodeContents } from '../../src/main/vault/contents';
import { openBody, parseEnvelope, sealEnvelope, unwrapDataKey } from '../../src/main/vault/envelope';
import { hasVaultFile, writeVaultFile } from '../../src/main/vault/files';
import { PREFERRED_KDF } from '../../src/main/vault/kdf';

const [directory = '', first = '', second = '', after = '0'] = process.argv.slice(2);
const keys = [first, second].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

for (let revision = BigInt(after) + 1n; ; revision += 1n) {
  const kek = keys[Number(revision % 2n)] as Uint8Array;
  const file = sealEnvelope(
    {
      kdf: PREFERRED_KDF,
      salt: new Uint8Array(16),
      kek,
      dataKey: new Uint8Array(32).fill(Number(revision % 251n)),
    },
    encodeContents({
      revision,
      databaseKey: new Uint8Array(32),
      journalKey: new Uint8Array(32),
      replicaHead: null,
      journalHead: null,
      mode: 'online',
      personKey: new Uint8Array(32).fill(1),
      seed: null,
      imported: [],
    }),
  );
  writeVaultFile(directory, file, hasVaultFile(directory) ? 'replace' : 'create', (written) => {
    const envelope = parseEnvelope(written);
    openBody(envelope, unwrapDataKey(envelope, kek));
  });
  process.send?.(String(revision));
}
