/**
 * What the vault process does for each of its methods.
 *
 * Invariants: methods that change something run one at a time; every secret stays in this process except the recovery
 * page that main's shell shows; whatever signs or adds a key verifies the passphrase first.
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { KeyInfo } from '../../shared/contract/vault';
import { AppError } from '../../shared/errors';
import { type Address, Hash32, type KeyId } from '../../shared/model/ids';
import type { ChildHandlers } from '../platform/child-protocol';
import { addressOfPrivateKey, keyIdOf } from './address';
import { MAX_BIP39_PASSPHRASE, MAX_IMPORTED, type VaultContents, type WorkspaceMode } from './contents';
import { openKeystore } from './keystore';
import type { OpenedVault, VaultMethods } from './messages';
import {
  accountPath,
  createEntropy,
  deriveAccounts,
  derivePersonKey,
  entropyOfPhrase,
  normaliseWords,
  wordsOfEntropy,
} from './mnemonic';
import { assessPassphrase, requireGoodPassphrase } from './passphrase';
import { renderRecoveryPage } from './recovery-page';
import { checkRequest } from './request-check';
import { checkSelf, isPrivateKey } from './secp256k1';
import { startSigningPool } from './signing-pool';
import { checkStatement, signStatement } from './statement';
import { createPersonKey, createVaultStore, type VaultStore } from './store';
import { createThrottle } from './throttle';

type PersonKey = { readonly key: Address; readonly privateKey: Uint8Array };
type LoadedKey = { readonly info: KeyInfo; readonly privateKey: Uint8Array };

type PendingPhrase = {
  readonly id: string;
  readonly entropy: Uint8Array;
  readonly passphrase: Uint8Array;
  readonly positions: number[];
  mismatches: number;
};

/** So many wrong answers look like guessing; the phrase is thrown away and a new one made. */
const MAX_MISMATCHES = 10;
const MAX_ACCOUNTS = 1_000;

const toHash = (bytes: Uint8Array): Hash32 => Hash32.parse(`0x${Buffer.from(bytes).toString('hex')}`);
const ofHash = (hash: Hash32): Uint8Array => new Uint8Array(Buffer.from(Hash32.parse(hash).slice(2), 'hex'));

const toIso = (time: number): string => new Date(time).toISOString();

const loadKeys = (contents: VaultContents): LoadedKey[] => {
  const load = (privateKey: Uint8Array, kind: KeyInfo['kind'], path: string | null, createdAt: number) => ({
    privateKey,
    info: {
      keyId: keyIdOf(privateKey),
      kind,
      path,
      address: addressOfPrivateKey(privateKey),
      createdAt: toIso(createdAt),
    },
  });
  const { seed } = contents;
  const derived = seed
    ? deriveAccounts(seed, seed.createdAt.length).map((key, index) =>
        load(key, 'hd', accountPath(index), seed.createdAt[index] as number),
      )
    : [];
  return [
    ...derived,
    ...contents.imported.map((key) => load(key.privateKey, 'imported', null, key.createdAt)),
  ];
};

const loadPerson = ({ seed, personKey }: VaultContents): PersonKey => {
  const privateKey = seed ? derivePersonKey(seed) : personKey;
  if (!privateKey) throw new Error('the vault has no person key');
  return { privateKey, key: addressOfPrivateKey(privateKey) };
};

const choosePositions = (words: number): number[] => {
  const positions = new Set<number>();
  while (positions.size < (words === 12 ? 3 : 4)) positions.add(randomInt(1, words + 1));
  return [...positions].sort((a, b) => a - b);
};

/** Progress for people: at most 20 reports a second, and always the first and the last. */
const reportSeldom = (
  total: number,
  report: (value: { signed: number; total: number }) => void,
): ((signed: number) => void) => {
  let last = Number.NEGATIVE_INFINITY;
  return (signed) => {
    const now = performance.now();
    if (signed !== 0 && signed !== total && now - last < 50) return;
    last = now;
    report({ signed, total });
  };
};

const encodeBip39Passphrase = (text: string | null): Uint8Array => {
  const bytes = new TextEncoder().encode(text ?? '');
  if (bytes.length > MAX_BIP39_PASSPHRASE) {
    throw new AppError('vault/invalid-request', { reason: 'recovery-passphrase-too-long' });
  }
  return bytes;
};

const parsePrivateKey = (text: string): Uint8Array => {
  const match = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text.trim());
  const key = match?.[1] ? new Uint8Array(Buffer.from(match[1], 'hex')) : null;
  if (!key || !isPrivateKey(key)) throw new AppError('vault/invalid-private-key');
  return key;
};

export type VaultServiceDeps = {
  /** Milliseconds since 1970, for the dates of keys only. */
  readonly now: () => number;
  /** The bundle of ./sign.worker. */
  readonly workerFile: string;
  /** `sealTo` of platform/sealed-box. */
  readonly seal: (recipientPublicKey: Uint8Array, plaintext: Uint8Array) => Uint8Array;
};

export const createVaultService = ({
  now,
  seal,
  workerFile,
}: VaultServiceDeps): ChildHandlers<VaultMethods> => {
  checkSelf();
  let opened: VaultStore | null = null;
  let keys: LoadedKey[] = [];
  let person: PersonKey | null = null;
  let pending: PendingPhrase | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const store = (): VaultStore => {
    if (!opened) throw new Error('the vault service has no folder yet');
    return opened;
  };
  const inTurn = <T>(run: () => Promise<T> | T): Promise<T> => {
    const turn = queue.then(run);
    queue = turn.catch(() => undefined);
    return turn;
  };
  const summarise = (): OpenedVault => {
    const { revision, replicaHead, journalHead, mode } = store().contents();
    return {
      keys: keys.map(({ info }) => info),
      revision,
      replicaHead: replicaHead && {
        count: replicaHead.count,
        headHash: toHash(replicaHead.headHash),
      },
      journalHead: journalHead && { count: journalHead.count, head: toHash(journalHead.head) },
      mode,
    };
  };
  const reload = (): OpenedVault => {
    keys = loadKeys(store().contents());
    person = loadPerson(store().contents());
    return summarise();
  };
  const abandon = (): void => {
    pending?.entropy.fill(0);
    pending?.passphrase.fill(0);
    pending = null;
  };
  const requirePending = (id: string): PendingPhrase => {
    if (pending?.id !== id) throw new AppError('vault/invalid-request', { reason: 'no-such-phrase' });
    return pending;
  };
  const requireAbsent = (): void => {
    if (store().exists()) throw new AppError('vault/exists');
  };
  const create = async (
    passphrase: string,
    secrets: Pick<VaultContents, 'seed' | 'imported' | 'mode'>,
  ): Promise<OpenedVault> => {
    requireAbsent();
    requireGoodPassphrase(passphrase);
    await store().create(passphrase, {
      databaseKey: new Uint8Array(randomBytes(32)),
      journalKey: new Uint8Array(randomBytes(32)),
      replicaHead: null,
      journalHead: null,
      personKey: secrets.seed ? null : createPersonKey(),
      ...secrets,
    });
    return reload();
  };
  const addImported = async (
    privateKey: Uint8Array,
    passphrase: string,
    mode: WorkspaceMode,
  ): Promise<KeyInfo> => {
    const keyId = keyIdOf(privateKey);
    const address = addressOfPrivateKey(privateKey);
    if (!store().exists()) {
      await create(passphrase, { mode, seed: null, imported: [{ privateKey, createdAt: now() }] });
    } else {
      await store().verify(passphrase);
      // SECURITY: a person's key never becomes an account that pays.
      if (keys.some(({ info }) => info.keyId === keyId) || requirePerson().key === address) {
        throw new AppError('vault/duplicate-key', { address });
      }
      if (store().contents().imported.length >= MAX_IMPORTED) {
        throw new AppError('vault/invalid-request', { reason: 'full' });
      }
      store().update((contents) => ({
        ...contents,
        imported: [...contents.imported, { privateKey, createdAt: now() }],
      }));
      reload();
    }
    const added = keys.find(({ info }) => info.keyId === keyId);
    if (!added) throw new Error('the new key is not in the vault');
    return added.info;
  };
  const findKey = (keyId: KeyId): LoadedKey | undefined => keys.find(({ info }) => info.keyId === keyId);
  const requireKey = (keyId: KeyId): LoadedKey => {
    const key = findKey(keyId);
    if (!key) throw new AppError('vault/unknown-key', { keyId });
    return key;
  };
  const requirePerson = (): PersonKey => {
    requireOpen();
    if (!person) throw new Error('the person key is not loaded');
    return person;
  };
  const requireOpen = (): VaultContents => store().contents();

  return {
    open: ({ directory }) => {
      if (opened) throw new Error('the vault service has its folder');
      opened = createVaultStore(directory, createThrottle(directory));
      return null;
    },
    assessPassphrase: ({ passphrase, context }) => assessPassphrase(passphrase, context),

    prepare: ({ words, bip39Passphrase }) =>
      inTurn(() => {
        requireAbsent();
        abandon();
        pending = {
          id: randomBytes(16).toString('hex'),
          entropy: createEntropy(words),
          passphrase: encodeBip39Passphrase(bip39Passphrase),
          positions: choosePositions(words),
          mismatches: 0,
        };
        return { pendingId: pending.id, confirmPositions: [...pending.positions] };
      }),
    recoveryPage: ({ pendingId }) =>
      inTurn(() => {
        const { entropy, passphrase } = requirePending(pendingId);
        return renderRecoveryPage(wordsOfEntropy(entropy), passphrase.length > 0);
      }),
    confirm: ({ pendingId, answers, passphrase, mode }) =>
      inTurn(async () => {
        const phrase = requirePending(pendingId);
        const words = wordsOfEntropy(phrase.entropy);
        const isRight =
          answers.length === phrase.positions.length &&
          phrase.positions.every((position) => {
            const given = answers.filter((answer) => answer.position === position);
            return (
              given.length === 1 && normaliseWords(given[0]?.word ?? '').join(' ') === words[position - 1]
            );
          });
        if (!isRight) {
          phrase.mismatches += 1;
          if (phrase.mismatches >= MAX_MISMATCHES) abandon();
          throw new AppError('vault/confirmation-mismatch');
        }
        const result = await create(passphrase, {
          mode,
          // Copies: the pending buffers are overwritten below.
          seed: {
            entropy: phrase.entropy.slice(),
            passphrase: phrase.passphrase.slice(),
            createdAt: [now()],
          },
          imported: [],
        });
        abandon();
        return result;
      }),
    abandon: () =>
      inTurn(() => {
        abandon();
        return null;
      }),
    restore: ({ mnemonic, bip39Passphrase, passphrase, accounts, mode }) =>
      inTurn(() => {
        requireAbsent();
        const entropy = entropyOfPhrase(mnemonic);
        if (!Number.isInteger(accounts) || accounts < 1 || accounts > MAX_ACCOUNTS) {
          throw new AppError('vault/invalid-request', { reason: 'accounts' });
        }
        return create(passphrase, {
          mode,
          seed: {
            entropy,
            passphrase: encodeBip39Passphrase(bip39Passphrase),
            createdAt: Array.from({ length: accounts }, now),
          },
          imported: [],
        });
      }),

    unlock: ({ passphrase }) =>
      inTurn(async () => {
        // An open vault is proven again rather than read again, so that memory and disk cannot part.
        if (store().isOpen()) await store().verify(passphrase);
        else await store().unlock(passphrase);
        return reload();
      }),
    changePassphrase: ({ current, next }) =>
      inTurn(async () => {
        requireOpen();
        requireGoodPassphrase(next);
        await store().changePassphrase(current, next);
        return null;
      }),
    keys: () => summarise(),
    deriveKey: ({ passphrase }) =>
      inTurn(async () => {
        const { seed } = requireOpen();
        if (!seed) throw new AppError('vault/invalid-request', { reason: 'no-seed' });
        if (seed.createdAt.length >= MAX_ACCOUNTS)
          throw new AppError('vault/invalid-request', { reason: 'full' });
        await store().verify(passphrase);
        store().update((contents) => ({
          ...contents,
          seed: contents.seed && { ...contents.seed, createdAt: [...contents.seed.createdAt, now()] },
        }));
        reload();
        const path = accountPath(seed.createdAt.length);
        const added = keys.find(({ info }) => info.path === path);
        if (!added) throw new Error('the new key is not in the vault');
        return added.info;
      }),
    importPrivateKey: ({ privateKey, passphrase, mode }) =>
      inTurn(() => addImported(parsePrivateKey(privateKey), passphrase, mode)),
    importKeystore: ({ json, keystorePassword, expectedAddress, passphrase, mode }) =>
      inTurn(async () => {
        if (store().exists()) requireOpen();
        else requireGoodPassphrase(passphrase);
        return addImported(await openKeystore(json, keystorePassword, expectedAddress), passphrase, mode);
      }),

    sealDatabaseKey: ({ recipientPublicKey }) => seal(recipientPublicKey, requireOpen().databaseKey),
    sealJournalKey: ({ recipientPublicKey }) => seal(recipientPublicKey, requireOpen().journalKey),
    recordReplicaHead: ({ count, headHash, journal }) =>
      inTurn(() => {
        store().update((contents) => ({
          ...contents,
          replicaHead: { count, headHash: ofHash(headHash) },
          journalHead: journal ? { count: journal.count, head: ofHash(journal.head) } : contents.journalHead,
        }));
        return { revision: requireOpen().revision };
      }),

    verifyPassphrase: ({ passphrase }) =>
      inTurn(async () => {
        await store().verify(passphrase);
        return null;
      }),
    setMode: ({ mode, passphrase }) =>
      inTurn(async () => {
        await store().verify(passphrase);
        const isChanged = requireOpen().mode !== mode;
        if (isChanged) store().update((contents) => ({ ...contents, mode }));
        return { isChanged };
      }),
    personKey: () => ({ key: requirePerson().key }),
    signStatement: ({ statement: input, passphrase }) =>
      inTurn(async () => {
        const own = requirePerson();
        const { statement, needsPassphrase } = checkStatement(input, own.key);
        // SECURITY: a missing passphrase is a wrong one: it counts, and it waits.
        if (needsPassphrase) await store().verify(passphrase ?? '');
        return { signature: signStatement(statement, own.privateKey) };
      }),

    signBatch: ({ content, digest, passphrase }, { progress, signal }) =>
      inTurn(async () => {
        requireOpen();
        const checked = checkRequest(
          content,
          digest,
          (keyId): Address | null => findKey(keyId)?.info.address ?? null,
        );
        const total = checked.items.length;
        // Threads start while the passphrase is checked; they get keys only after it was right.
        const pool = startSigningPool(workerFile, total);
        const signed = await (async () => {
          await store().verify(passphrase);
          const used = [...new Set(checked.items.map((item) => item.keyId))].map(requireKey);
          const indexOf = new Map(used.map((key, index) => [key.info.keyId, index]));
          return pool.sign(
            checked.items.map((item) => ({
              key: indexOf.get(item.keyId) ?? -1,
              transaction: item.transaction,
            })),
            used.map((key) => key.privateKey),
            { signal, onProgress: reportSeldom(total, progress) },
          );
        })().finally(pool.close);
        return {
          signed: checked.items.map((item, index) => {
            const result = signed[index];
            if (!result) throw new Error('a signature is missing');
            return {
              paymentId: item.paymentId,
              raw: result.raw,
              hash: result.hash,
              from: requireKey(item.keyId).info.address,
              nonce: BigInt(item.transaction.nonce),
            };
          }),
        };
      }),
  };
};
