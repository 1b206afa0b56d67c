import { AppError } from '../../shared/errors';
import {
  type Counterparty,
  type CounterpartyAccount,
  DirectoryFile,
  type Network,
  type OwnAccount,
  type Token,
  type TokenFacts,
  type TokenProbe,
} from '../../shared/model/directory';
import { AccountId, CounterpartyId, type NetworkId, type TokenId, tokenIdOf } from '../../shared/model/ids';
import { currencyDecimals } from '../../shared/money';
import { parseAddress } from './address';
import type { DirectoryDeps } from './ports';
import { findChanges } from './probe';
import { isUnanswered, type Tokens } from './tokens';
import { readCounterparty, readEntity, readExternalIds, readIssuer } from './validate';

/** About 100,000 counterparties. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
const PAGE = 500;

export type ImportedDirectory = {
  networks: number;
  tokens: number;
  accounts: number;
  counterparties: number;
  /** Own accounts whose key is in another vault. */
  watchOnly: number;
  /** Tokens whose facts are the file's. */
  factsFromFile: number;
  skipped: { what: string; why: string }[];
};

const fileInvalid = (path: string, reason: string, value: string | null = null, cause?: unknown): AppError =>
  new AppError(
    'directory/file-invalid',
    { path, reason, ...(value === null ? {} : { value: value.slice(0, 140) }) },
    { cause },
  );

/** Runs `work` for one entry; whatever is wrong with it is told with its place in the file. */
const at = async <T>(path: string, work: () => T | Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'directory/file-invalid') throw error;
    if (error.code === 'directory/not-a-token')
      throw fileInvalid(path, `no token stands there: ${String(error.details?.reason ?? '')}`, null, error);
    throw new AppError(error.code, { ...error.details, path }, { cause: error });
  }
};

/** Duplicates inside a file are the file's fault, whatever the store calls them. */
const asFileFault = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code.endsWith('-duplicate'))
      throw fileInvalid(
        error.code === 'directory/account-duplicate' ? 'accounts' : 'counterparties',
        `also belongs to ${String(error.details?.other ?? 'another entry')}`,
        String(error.details?.value ?? ''),
        error,
      );
    throw error;
  }
};

export const factsOf = (probe: TokenProbe): TokenFacts => ({
  ...probe,
  blockNumber: probe.blockNumber.toString(),
});
const probeOf = (facts: TokenFacts): TokenProbe => ({ ...facts, blockNumber: BigInt(facts.blockNumber) });

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Bytes to a checked file. Throws `directory/file-invalid` with the path of the first wrong member. */
export const readDirectoryFile = (bytes: Uint8Array): DirectoryFile => {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fileInvalid('', 'not UTF-8', null, cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fileInvalid('', 'not JSON', null, cause);
  }
  const parsed = DirectoryFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = (issue?.path ?? []).reduce<string>(
    (joined, part) =>
      typeof part === 'number'
        ? `${joined}[${part}]`
        : joined === ''
          ? String(part)
          : `${joined}.${String(part)}`,
    '',
  );
  throw fileInvalid(path, issue?.message ?? 'unknown form', null, parsed.error);
};

export const createDirectoryFiles = (deps: DirectoryDeps, tokens: Tokens) => {
  const { store, chain, clock, newId, vaultKeys, isOffline, requireConsent, emit } = deps;

  const readNetworks = async (file: DirectoryFile): Promise<Network[]> => {
    const networks = file.networks.map((entry) => ({ ...entry, startBlock: BigInt(entry.startBlock) }));
    // SECURITY: a file may come from anybody; which servers the app talks to is a person's to say.
    await at('networks', () => requireConsent(networks));
    for (const [index, network] of networks.entries())
      await at(`networks[${index}]`, async () => {
        if (networks.findIndex((other) => other.id === network.id) !== index)
          throw fileInvalid(`networks[${index}]`, 'the same network twice', network.id);
        try {
          await chain.checkEndpoints(network);
        } catch (error) {
          if (!isUnanswered(error)) throw error;
        }
      });
    return networks;
  };

  const readToken = async (
    entry: DirectoryFile['tokens'][number],
    network: Network,
    known: Token | undefined,
  ): Promise<Token> => {
    const address = parseAddress(entry.address, { isChecksumRequired: false });
    const base: Token = {
      id: tokenIdOf(entry.networkId, address),
      networkId: entry.networkId,
      address,
      name: known?.name ?? '',
      symbol: known?.symbol ?? '',
      currency: entry.currency,
      decimals: known?.decimals ?? currencyDecimals(entry.currency) ?? 0,
      issuer: readIssuer(entry.issuer),
      state: known?.state ?? 'unprobed',
      lockReason: known?.lockReason ?? null,
      approved: known?.approved ?? null,
      observed: known?.observed ?? null,
      referenceSuffix: entry.referenceSuffix,
      verification: entry.verification,
    };
    // SECURITY: a file may lock a token, never unlock one, and never stands in for a person's approval of a change.
    const locked: Token = entry.locked
      ? { ...base, state: 'locked', lockReason: entry.lockReason ?? known?.lockReason ?? null }
      : base;
    if (isOffline) return withFacts(locked, entry.approved ?? null);
    if (locked.approved !== null) return locked;
    const probe = await tokens.probeIfReachable(network, address);
    return probe === null ? locked : tokens.accept(locked, probe);
  };

  /**
   * Nobody can be asked here, so the file's facts are the approved ones of a token that had none. Others than those that
   * were approved before are a change like any other: a person says yes to it.
   */
  const withFacts = (token: Token, facts: TokenFacts | null): Token => {
    if (facts === null) return token;
    const probe = probeOf(facts);
    if (token.approved === null) return tokens.accept(token, probe);
    if (findChanges(token.approved, probe).length === 0) return token;
    return { ...token, state: token.state === 'locked' ? 'locked' : 'changed', observed: probe };
  };

  const readTokens = async (file: DirectoryFile, networks: readonly Network[]): Promise<Token[]> => {
    const reachable = new Map<NetworkId, Network>(
      [...(await store.networks()), ...networks].map((network) => [network.id, network]),
    );
    const known = new Map<TokenId, Token>((await store.tokens()).map((token) => [token.id, token]));
    const read: Token[] = [];
    for (const [index, entry] of file.tokens.entries()) {
      const path = `tokens[${index}]`;
      const network = reachable.get(entry.networkId);
      if (!network)
        throw fileInvalid(`${path}.networkId`, 'no such network here or in the file', entry.networkId);
      const token = await at(path, () =>
        readToken(entry, network, known.get(tokenIdOf(entry.networkId, entry.address))),
      );
      if (read.some((other) => other.id === token.id))
        throw fileInvalid(path, 'the same token twice', token.id);
      read.push(token);
    }
    return read;
  };

  const readAccounts = async (file: DirectoryFile): Promise<OwnAccount[]> => {
    const keys = await vaultKeys();
    const known = await store.accounts();
    const read: OwnAccount[] = [];
    for (const [index, entry] of file.accounts.entries())
      await at(`accounts[${index}]`, () => {
        const address = parseAddress(entry.address, { isChecksumRequired: true });
        const key = keys.find((candidate) => candidate.address.toLowerCase() === address.toLowerCase());
        if (read.some((other) => other.address === address))
          throw fileInvalid(`accounts[${index}]`, 'the same account twice', address);
        read.push({
          id: known.find((account) => account.address === address)?.id ?? AccountId.parse(newId('acc')),
          name: entry.name.normalize('NFC').trim(),
          kind: 'key',
          keyId: key?.keyId ?? null,
          address,
          entity: readEntity(entry.entity),
          externalIds: readExternalIds(entry.externalIds),
        });
      });
    return read;
  };

  const mergeAccounts = (
    known: readonly CounterpartyAccount[],
    fresh: readonly CounterpartyAccount[],
  ): CounterpartyAccount[] => {
    const merged = new Map(known.map((account) => [account.address, account]));
    for (const account of fresh) {
      const before = merged.get(account.address);
      const enrolments = new Map(before?.enrolments.map((enrolment) => [enrolment.tokenId, enrolment]) ?? []);
      for (const enrolment of account.enrolments) {
        const older = enrolments.get(enrolment.tokenId);
        if (!older || older.asOf <= enrolment.asOf) enrolments.set(enrolment.tokenId, enrolment);
      }
      merged.set(account.address, { ...account, enrolments: [...enrolments.values()] });
    }
    return [...merged.values()];
  };

  const readCounterparties = async (file: DirectoryFile): Promise<Counterparty[]> => {
    const now = clock.now().toISOString();
    const seen = new Map<string, number>();
    const read: Counterparty[] = [];
    for (let start = 0; start < file.counterparties.length; start += PAGE) {
      const page: ReturnType<typeof readCounterparty>[] = [];
      for (const [offset, entry] of file.counterparties.slice(start, start + PAGE).entries()) {
        // Checksums are hashes: a few dozen at a time keep the main thread free.
        if (offset % 50 === 0) await pause();
        page.push(await at(`counterparties[${start + offset}]`, () => readCounterparty(entry)));
      }
      const known = await store.findCounterparties(
        page.map(({ name, lei, accounts }) => ({
          name,
          lei,
          addresses: accounts.map((account) => account.address),
        })),
      );
      for (const [offset, entry] of page.entries()) {
        const before = known[offset] ?? null;
        const id = before?.id ?? CounterpartyId.parse(newId('cpy'));
        const twin = seen.get(id);
        if (twin !== undefined)
          throw fileInvalid(
            `counterparties[${start + offset}]`,
            `the same party as counterparties[${twin}]`,
            entry.name,
          );
        seen.set(id, start + offset);
        read.push({
          ...entry,
          id,
          accounts: mergeAccounts(before?.accounts ?? [], entry.accounts),
          note: entry.note ?? before?.note ?? null,
          updatedAt: now,
        });
      }
    }
    return read;
  };

  return {
    /** Takes a whole directory file or nothing. Reading the same file again changes nothing but dates. */
    importBytes: async (bytes: Uint8Array): Promise<ImportedDirectory> => {
      const file = readDirectoryFile(bytes);
      const networks = await readNetworks(file);
      const merge = {
        networks,
        tokens: await readTokens(file, networks),
        accounts: await readAccounts(file),
        counterparties: await readCounterparties(file),
      };
      await asFileFault(store.merge(merge));
      emit({ type: 'directory.changed' });
      return {
        networks: merge.networks.length,
        tokens: merge.tokens.length,
        accounts: merge.accounts.length,
        counterparties: merge.counterparties.length,
        watchOnly: merge.accounts.filter(({ keyId }) => keyId === null).length,
        factsFromFile: isOffline ? file.tokens.filter(({ approved }) => approved).length : 0,
        skipped: [],
      };
    },

    /** The whole directory as a file that `importBytes` reads. */
    exportBytes: async (): Promise<Uint8Array> => {
      const counterparties: DirectoryFile['counterparties'] = [];
      for (let offset = 0; ; offset += PAGE) {
        const page = await store.counterparties({ search: '', offset, limit: PAGE });
        for (const { id: _id, updatedAt: _updatedAt, ...rest } of page.counterparties)
          counterparties.push(rest);
        if (page.counterparties.length < PAGE) break;
      }
      const file: DirectoryFile = {
        format: 'nostro-directory',
        version: 1,
        networks: (await store.networks()).map((network) => ({
          ...network,
          startBlock: network.startBlock.toString(),
        })),
        tokens: (await store.tokens()).map((token) => ({
          networkId: token.networkId,
          address: token.address,
          currency: token.currency,
          issuer: token.issuer,
          locked: token.state === 'locked',
          lockReason: token.lockReason,
          referenceSuffix: token.referenceSuffix,
          verification: token.verification,
          ...(token.approved === null ? {} : { approved: factsOf(token.approved) }),
        })),
        accounts: (await store.accounts()).map(({ name, address, entity, externalIds }) => ({
          name,
          address,
          entity,
          externalIds,
        })),
        counterparties,
      };
      return new TextEncoder().encode(`${JSON.stringify(file, null, 2)}\n`);
    },
  };
};
