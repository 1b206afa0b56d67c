import { useMemo } from 'react';
import type { Network, OwnAccount, Token } from '../../../shared/model/directory';
import { client } from '../../client';
import { useQuery } from '../../ui';

export type DirectoryView = {
  readonly accounts: readonly OwnAccount[];
  readonly tokens: readonly Token[];
  readonly networks: readonly Network[];
  readonly accountOf: (id: string) => OwnAccount | undefined;
  readonly tokenOf: (id: string) => Token | undefined;
  readonly networkOf: (id: string) => Network | undefined;
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly reload: () => void;
};

/** Own accounts, tokens and networks, by id. */
export const useDirectory = (): DirectoryView => {
  const query = useQuery(
    async () => {
      const [accounts, tokens, networks] = await Promise.all([
        client['directory.accounts']({}),
        client['directory.tokens']({}),
        client['directory.networks']({}),
      ]);
      return { accounts: accounts.accounts, tokens: tokens.tokens, networks: networks.networks };
    },
    { key: 'directory', topics: ['directory'] },
  );
  return useMemo(() => {
    const { accounts = [], tokens = [], networks = [] } = query.data ?? {};
    const accountsById = new Map<string, OwnAccount>(accounts.map((account) => [account.id, account]));
    const tokensById = new Map<string, Token>(tokens.map((token) => [token.id, token]));
    const networksById = new Map<string, Network>(networks.map((network) => [network.id, network]));
    return {
      accounts,
      tokens,
      networks,
      accountOf: (id) => accountsById.get(id),
      tokenOf: (id) => tokensById.get(id),
      networkOf: (id) => networksById.get(id),
      isLoading: query.data === undefined && query.isLoading,
      error: query.data === undefined ? query.error : null,
      reload: query.reload,
    };
  }, [query.data, query.isLoading, query.error, query.reload]);
};
