/**
 * The directory: networks, tokens, own accounts, counterparties.
 *
 * Hides: how a token is probed and watched, how names and addresses that resemble others are found, the directory
 * file, which record an account in a payment file means. Invariants: a token is its chain id and address, never its
 * ticker; it may be paid with only while the chain answers what a person approved; every address to be paid carried a
 * valid EIP-55 checksum when it came in; one account name leads to one account.
 * Callers: compose.ts (contract handlers); payments and settlement get the functions injected.
 */
import type { MainHandlers } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Counterparty, Enrolment, Network, OwnAccount, Token } from '../../shared/model/directory';
import { AccountId, type Address, CounterpartyId, type NetworkId } from '../../shared/model/ids';
import { nameKey } from '../../shared/model/look-alike';
import type { AccountRef, ResolvedAccount } from '../ledger/stores/directory-store';
import { parseAddress, readAddress } from './address';
import { createDirectoryFiles, MAX_FILE_BYTES } from './directory-file';
import { askEnrolment } from './enrolment';
import type { DirectoryDeps } from './ports';
import { registryNetworks, registryTokens } from './registry';
import { createTokens, isUnanswered } from './tokens';
import { type CounterpartyText, readCounterparty, readEntity, readExternalIds } from './validate';

export type { DirectoryDeps, DirectoryFiles } from './ports';
export type { SeenToken, TokenCheck } from './tokens';

/** A pair of addresses that people take for one another. */
export type AddressTwin = { readonly address: Address; readonly other: Address; readonly otherName: string };

export const createDirectory = (deps: DirectoryDeps) => {
  const { store, chain, files, clock, newId, emit, vaultKeys } = deps;
  const tokens = createTokens(deps);
  const directoryFiles = createDirectoryFiles(deps, tokens);
  const changed = (): void => emit({ type: 'directory.changed' });

  /** Adds what ships with the product and is not here yet. Never touches an entry that a person may have changed. */
  const addShipped = async (): Promise<void> => {
    const networks = new Set((await store.networks()).map((network) => network.id));
    const known = new Set((await store.tokens()).map((token) => token.id));
    const freshTokens = registryTokens().filter((token) => !known.has(token.id));
    const freshNetworks = registryNetworks().filter(
      (network) => !networks.has(network.id) && freshTokens.some((token) => token.networkId === network.id),
    );
    if (freshTokens.length === 0) return;
    await store.merge({ networks: freshNetworks, tokens: freshTokens, accounts: [], counterparties: [] });
    changed();
  };

  const saveNetwork = async (network: Network): Promise<void> => {
    const twin = (await store.networks()).find(
      (other) => other.id !== network.id && nameKey(other.name) === nameKey(network.name),
    );
    if (twin) throw new AppError('directory/network-duplicate', { value: network.name, other: twin.id });
    try {
      await chain.checkEndpoints(network);
    } catch (error) {
      // A network that is down may be kept: its state shows beside it. One that is another chain may not.
      if (!isUnanswered(error)) throw error;
    }
    await store.putNetwork(network);
    changed();
  };

  const saveAccount = async (
    input: Omit<OwnAccount, 'id' | 'address' | 'kind'> & {
      readonly id: AccountId | null;
      /** Of an account that is only watched: EIP-55. */
      readonly address: string | null;
    },
  ): Promise<OwnAccount> => {
    const known = input.id === null ? null : await store.account(input.id);
    if (input.id !== null && known === null)
      throw new AppError('directory/account-unknown', { accountId: input.id });
    const keys = await vaultKeys();
    const watched =
      input.keyId === null && input.address !== null
        ? // SECURITY: banks may pay to it, so its checksum must be there and right.
          parseAddress(input.address, { isChecksumRequired: true })
        : (known?.address ?? null);
    const key =
      input.keyId === null
        ? keys.find(({ address }) => address.toLowerCase() === watched?.toLowerCase())
        : keys.find(({ keyId }) => keyId === input.keyId);
    const address = key?.address ?? (input.keyId === null ? watched : null);
    if (address === null) throw new AppError('vault/unknown-key', { keyId: input.keyId });
    const account: OwnAccount = {
      id: input.id ?? AccountId.parse(newId('acc')),
      name: input.name.normalize('NFC').trim(),
      kind: 'key',
      keyId: key?.keyId ?? null,
      address,
      entity: readEntity(input.entity),
      externalIds: readExternalIds(input.externalIds),
    };
    await store.putAccount(account);
    changed();
    return account;
  };

  /** Accounts that were only watched get the key of their address, where the vault has it now. */
  const attachKeys = async (): Promise<void> => {
    const keys = new Map((await vaultKeys()).map(({ address, keyId }) => [address.toLowerCase(), keyId]));
    for (const account of await store.accounts()) {
      const keyId = keys.get(account.address.toLowerCase());
      if (account.keyId === null && keyId !== undefined) await store.putAccount({ ...account, keyId });
    }
  };

  const counterpartyOf = async (id: CounterpartyId): Promise<Counterparty> => {
    const counterparty = await store.counterparty(id);
    if (!counterparty) throw new AppError('directory/counterparty-unknown', { counterpartyId: id });
    return counterparty;
  };

  const saveCounterparty = async (
    input: CounterpartyText & { readonly id: CounterpartyId | null },
  ): Promise<{ counterparty: Counterparty; lookAlikes: AddressTwin[] }> => {
    const counterparty: Counterparty = {
      ...readCounterparty(input),
      id: input.id ?? CounterpartyId.parse(newId('cpy')),
      updatedAt: clock.now().toISOString(),
    };
    await store.putCounterparty(counterparty, input.id === null);
    changed();
    const byAddress = await store.lookAlikes(counterparty.accounts.map((account) => account.address));
    const twins = await store.nameLookAlikes(counterparty.name, counterparty.id);
    const first = counterparty.accounts[0]?.address;
    const byName = twins.flatMap((twin): AddressTwin[] => {
      const other = twin.accounts[0]?.address;
      return first === undefined || other === undefined
        ? []
        : [{ address: first, other, otherName: twin.name }];
    });
    return { counterparty, lookAlikes: [...byAddress, ...byName] };
  };

  const checkEnrolment = async (id: CounterpartyId): Promise<Counterparty> => {
    const counterparty = await counterpartyOf(id);
    const networks = new Map<NetworkId, Network>(
      (await store.networks()).map((network) => [network.id, network]),
    );
    const own = await store.accounts();
    const asOf = clock.now().toISOString().slice(0, 10);
    const enabled = (await store.tokens()).filter((token) => token.state === 'active');
    const failures: AppError[] = [];
    let answers = 0;
    const accounts: Counterparty['accounts'] = [];
    for (const account of counterparty.accounts) {
      const enrolments = new Map(account.enrolments.map((enrolment) => [enrolment.tokenId, enrolment]));
      for (const token of enabled) {
        const network = networks.get(token.networkId);
        if (!network) continue;
        try {
          const state = await askEnrolment(chain.connect(network), token, account.address, own);
          answers++;
          if (state !== null)
            enrolments.set(token.id, { tokenId: token.id, state, asOf } satisfies Enrolment);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          failures.push(error);
        }
      }
      accounts.push({ ...account, enrolments: [...enrolments.values()] });
    }
    // One network that is down must not hide what the others said.
    if (answers === 0 && failures[0]) throw failures[0];
    const updated: Counterparty = { ...counterparty, accounts, updatedAt: clock.now().toISOString() };
    await store.putCounterparty(updated, false);
    changed();
    return updated;
  };

  return {
    addShipped,

    networks: (): Promise<Network[]> => store.networks(),
    saveNetwork,
    removeNetwork: async (id: NetworkId): Promise<void> => {
      await store.removeNetwork(id);
      changed();
    },

    tokens: tokens.list,
    token: tokens.tokenOf,
    probeToken: tokens.probe,
    addToken: tokens.add,
    approveTokenChange: tokens.approveChange,
    setTokenLock: tokens.setLock,
    removeToken: tokens.remove,
    verifyToken: tokens.verifyToken,
    verifyTokens: tokens.verifyTokens,

    accounts: (): Promise<OwnAccount[]> => store.accounts(),
    saveAccount,
    attachKeys,
    removeAccount: async (id: AccountId): Promise<void> => {
      await store.removeAccount(id);
      changed();
    },

    counterparties: store.counterparties,
    counterparty: counterpartyOf,
    saveCounterparty,
    removeCounterparty: async (id: CounterpartyId): Promise<void> => {
      await store.removeCounterparty(id);
      changed();
    },
    checkEnrolment,

    /** An address as payment files must write it: with its EIP-55 checksum. */
    readAddress: (text: string) => readAddress(text, { isChecksumRequired: true }),
    /** Whose accounts these are, in the order asked. */
    resolveAccounts: (refs: readonly AccountRef[]): Promise<(ResolvedAccount | null)[]> =>
      store.resolveAccounts(refs),
    lookAlikes: (addresses: readonly Address[]): Promise<AddressTwin[]> => store.lookAlikes(addresses),

    importBytes: directoryFiles.importBytes,
    importFile: async (fileId: string) =>
      directoryFiles.importBytes(await files.read(fileId, MAX_FILE_BYTES)),
    exportFile: async (): Promise<{ saved: string | null }> => ({
      saved: await files.save({
        suggestedName: `nostro-directory-${clock.now().toISOString().slice(0, 10)}`,
        extension: 'json',
        content: await directoryFiles.exportBytes(),
      }),
    }),
  };
};

export type Directory = ReturnType<typeof createDirectory>;

/** The directory's part of the contract. */
export const directoryHandlers = (
  directory: Directory,
): Pick<MainHandlers, Extract<keyof MainHandlers, `directory.${string}`>> => ({
  'directory.networks': async () => ({ networks: await directory.networks() }),
  'directory.saveNetwork': async (network: Network) => {
    await directory.saveNetwork(network);
    return {};
  },
  'directory.removeNetwork': async ({ id }: { id: NetworkId }) => {
    await directory.removeNetwork(id);
    return {};
  },
  'directory.tokens': async () => ({ tokens: await directory.tokens() }),
  'directory.probeToken': directory.probeToken,
  'directory.addToken': directory.addToken,
  'directory.approveTokenChange': directory.approveTokenChange,
  'directory.setTokenLock': directory.setTokenLock,
  'directory.removeToken': async ({ id }: { id: Token['id'] }) => {
    await directory.removeToken(id);
    return {};
  },
  'directory.accounts': async () => ({ accounts: await directory.accounts() }),
  'directory.saveAccount': directory.saveAccount,
  'directory.removeAccount': async ({ id }: { id: AccountId }) => {
    await directory.removeAccount(id);
    return {};
  },
  'directory.counterparties': directory.counterparties,
  'directory.counterparty': ({ id }: { id: CounterpartyId }) => directory.counterparty(id),
  'directory.saveCounterparty': directory.saveCounterparty,
  'directory.removeCounterparty': async ({ id }: { id: CounterpartyId }) => {
    await directory.removeCounterparty(id);
    return {};
  },
  'directory.checkEnrolment': ({ id }: { id: CounterpartyId }) => directory.checkEnrolment(id),
  'directory.importFile': ({ fileId }: { fileId: string }) => directory.importFile(fileId),
  'directory.exportFile': () => directory.exportFile(),
});
