/**
 * Networks, tokens, own accounts and counterparties at rest.
 *
 * Hides: their tables, the unique names of accounts, the keys by which look-alikes are found. Invariants: one address
 * belongs to one party; one account name (IBAN or other id) leads to one account; `revision` grows with every change
 * that a check of payments could depend on. Called by main/directory through the ledger process.
 */
import { AppError } from '../../../shared/errors';
import type { Counterparty, ExternalId, Network, OwnAccount, Token } from '../../../shared/model/directory';
import type { Address, CounterpartyId } from '../../../shared/model/ids';
import { chainIdOf, NetworkId } from '../../../shared/model/ids';
import { lookKey, nameKey, nameSkeleton } from '../../../shared/model/look-alike';
import type { Db } from '../driver';
import { fromJson, toJson } from '../json';
import { likePattern, searchText } from './sql-text';

/** An account as a payment names it, already normalised (IBAN in electronic form, address in EIP-55 form). */
export type AccountRef =
  | { readonly by: 'iban' | 'other'; readonly value: string }
  | { readonly by: 'address'; readonly value: Address };

export type ResolvedAccount =
  | { readonly owner: 'own'; readonly account: OwnAccount }
  | { readonly owner: 'counterparty'; readonly counterparty: Counterparty; readonly address: Address };

/** A known address that looks like another one. */
export type LookAlike = {
  readonly address: Address;
  readonly other: Address;
  readonly otherName: string;
};

/** What a directory file brings, wholly resolved: saved in one transaction. */
export type DirectoryMerge = {
  readonly networks: readonly Network[];
  readonly tokens: readonly Token[];
  readonly accounts: readonly OwnAccount[];
  readonly counterparties: readonly Counterparty[];
};

type DataRow = { data: string };
type NameRow = { kind: 'iban' | 'other'; value: string; owner: string; owner_id: string; address: string };

export const createDirectoryStore = (db: Db) => {
  const bump = (): void => {
    db.prepare('UPDATE directory_meta SET revision = revision + 1 WHERE id = 1').run();
  };
  const records = <T>(sql: string, ...params: string[]): T[] =>
    db
      .prepare(sql)
      .all<DataRow>(...params)
      .map((row) => fromJson<T>(row.data));
  const record = <T>(sql: string, ...params: string[]): T | null => {
    const row = db.prepare(sql).get<DataRow>(...params);
    return row === undefined ? null : fromJson<T>(row.data);
  };
  const exists = (sql: string, ...params: string[]): boolean => db.prepare(sql).get(...params) !== undefined;

  const clearNames = (owner: 'own' | 'counterparty', id: string): void => {
    db.prepare('DELETE FROM account_names WHERE owner = ? AND owner_id = ?').run(owner, id);
  };
  const takeNames = (
    owner: 'own' | 'counterparty',
    id: string,
    address: string,
    names: readonly ExternalId[],
  ): void => {
    for (const { kind, value } of names) {
      const taken = db
        .prepare('SELECT * FROM account_names WHERE kind = ? AND value = ?')
        .get<NameRow>(kind, value);
      if (taken !== undefined && taken.owner === owner && taken.owner_id === id && taken.address === address)
        continue;
      if (taken !== undefined)
        throw new AppError(
          owner === 'own' ? 'directory/account-duplicate' : 'directory/counterparty-duplicate',
          {
            value,
            other: ownerName(taken.owner, taken.owner_id),
          },
        );
      db.prepare(
        'INSERT INTO account_names (kind, value, owner, owner_id, address) VALUES (?, ?, ?, ?, ?)',
      ).run(kind, value, owner, id, address);
    }
  };
  const ownerName = (owner: string, id: string): string =>
    (owner === 'own' ? accountById(id)?.name : counterpartyById(id)?.name) ?? '';
  const accountById = (id: string) => record<OwnAccount>('SELECT data FROM accounts WHERE id = ?', id);
  const counterpartyById = (id: string) =>
    record<Counterparty>('SELECT data FROM counterparties WHERE id = ?', id);

  const writeNetwork = (network: Network): void => {
    db.prepare(
      'INSERT INTO networks (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data',
    ).run(network.id, toJson(network));
  };
  const writeToken = (token: Token): void => {
    db.prepare(
      `INSERT INTO tokens (id, network_id, address, look, data) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET data = excluded.data`,
    ).run(token.id, token.networkId, token.address, lookKey(token.address), toJson(token));
  };
  const writeAccount = (account: OwnAccount): void => {
    const sameAddress = record<OwnAccount>(
      'SELECT data FROM accounts WHERE address = ? AND id <> ?',
      account.address,
      account.id,
    );
    if (sameAddress)
      throw new AppError('directory/account-duplicate', { value: account.address, other: sameAddress.name });
    const holder = counterpartyByAddress(account.address);
    if (holder)
      throw new AppError('directory/account-duplicate', { value: account.address, other: holder.name });
    db.prepare(
      `INSERT INTO accounts (id, address, name, look, data) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET address = excluded.address, name = excluded.name, look = excluded.look,
         data = excluded.data`,
    ).run(account.id, account.address, account.name, lookKey(account.address), toJson(account));
    clearNames('own', account.id);
    takeNames('own', account.id, account.address, account.externalIds);
  };
  const counterpartyByAddress = (address: string) =>
    record<Counterparty>(
      `SELECT c.data FROM counterparty_accounts a JOIN counterparties c ON c.id = a.counterparty_id
       WHERE a.address = ?`,
      address,
    );
  const writeCounterparty = (counterparty: Counterparty): void => {
    const { id, name, lei } = counterparty;
    const key = nameKey(name);
    const twin = record<Counterparty>(
      "SELECT data FROM counterparties WHERE name_key = ? AND ifnull(lei, '') = ? AND id <> ?",
      key,
      lei ?? '',
      id,
    );
    if (twin) throw new AppError('directory/counterparty-duplicate', { value: name, other: twin.name });
    db.prepare(
      `INSERT INTO counterparties (id, name, name_key, skeleton, lei, search, data) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
         skeleton = excluded.skeleton, lei = excluded.lei, search = excluded.search, data = excluded.data`,
    ).run(id, name, key, nameSkeleton(name), lei, searchOf(counterparty), toJson(counterparty));
    db.prepare('DELETE FROM counterparty_accounts WHERE counterparty_id = ?').run(id);
    clearNames('counterparty', id);
    for (const account of counterparty.accounts) {
      const holder = counterpartyByAddress(account.address);
      const own = record<OwnAccount>('SELECT data FROM accounts WHERE address = ?', account.address);
      if (holder || own)
        throw new AppError('directory/counterparty-duplicate', {
          value: account.address,
          other: holder?.name ?? own?.name ?? '',
        });
      db.prepare('INSERT INTO counterparty_accounts (address, counterparty_id, look) VALUES (?, ?, ?)').run(
        account.address,
        id,
        lookKey(account.address),
      );
      takeNames('counterparty', id, account.address, account.externalIds);
    }
  };
  const searchOf = (counterparty: Counterparty): string =>
    searchText(
      counterparty.name,
      counterparty.lei,
      counterparty.bic,
      counterparty.address.town,
      counterparty.address.country,
      counterparty.note,
      ...counterparty.accounts.flatMap((account) => [
        account.address,
        ...account.externalIds.map((id) => id.value),
      ]),
    );

  const resolve = (ref: AccountRef): ResolvedAccount | null => {
    let address: string;
    if (ref.by === 'address') address = ref.value;
    else {
      const name = db
        .prepare('SELECT address FROM account_names WHERE kind = ? AND value = ?')
        .get<{ address: string }>(ref.by, ref.value);
      if (name === undefined) return null;
      address = name.address;
    }
    const own = record<OwnAccount>('SELECT data FROM accounts WHERE address = ?', address);
    if (own) return { owner: 'own', account: own };
    const counterparty = counterpartyByAddress(address);
    return counterparty ? { owner: 'counterparty', counterparty, address: address as Address } : null;
  };

  const lookAlikesOf = (address: Address): LookAlike[] => {
    const look = lookKey(address);
    const lower = address.toLowerCase();
    return db
      .prepare(
        `SELECT a.address AS other, c.name AS name FROM counterparty_accounts a
           JOIN counterparties c ON c.id = a.counterparty_id WHERE a.look = :look AND lower(a.address) <> :lower
         UNION SELECT address, name FROM accounts WHERE look = :look AND lower(address) <> :lower
         UNION SELECT address, json_extract(data, '$.name') FROM tokens WHERE look = :look AND lower(address) <> :lower
         UNION SELECT creditor_address, creditor_name FROM payments
           WHERE creditor_look = :look AND creditor_key < :lower
         UNION SELECT creditor_address, creditor_name FROM payments
           WHERE creditor_look = :look AND creditor_key > :lower
         LIMIT 5`,
      )
      .all<{ other: Address; name: string }>({ look, lower })
      .map((row) => ({ address, other: row.other, otherName: row.name }));
  };

  const mutation = <A extends readonly unknown[], R>(work: (...args: A) => R) =>
    db.transaction((...args: A): R => {
      const result = work(...args);
      bump();
      return result;
    });

  return {
    /** Grows with every change. */
    revision: (): number =>
      Number(
        db.prepare('SELECT revision FROM directory_meta WHERE id = 1').get<{ revision: bigint }>()
          ?.revision ?? 0,
      ),

    networks: (): Network[] => {
      const networks = records<Network>('SELECT data FROM networks');
      return networks.sort((a, b) => (chainIdOf(a.id) < chainIdOf(b.id) ? -1 : 1));
    },
    putNetwork: mutation(writeNetwork),
    /** Throws `directory/network-unknown`; `directory/in-use` while tokens stand on it. */
    removeNetwork: mutation((id: string): void => {
      if (!exists('SELECT 1 FROM networks WHERE id = ?', id))
        throw new AppError('directory/network-unknown', { networkId: id });
      if (exists('SELECT 1 FROM tokens WHERE network_id = ?', id))
        throw new AppError('directory/in-use', { by: 'tokens' });
      db.prepare('DELETE FROM networks WHERE id = ?').run(id);
    }),

    tokens: (): Token[] => records<Token>('SELECT data FROM tokens ORDER BY id'),
    token: (id: string): Token | null => record<Token>('SELECT data FROM tokens WHERE id = ?', id),
    /** Throws `directory/network-unknown`; `directory/token-duplicate` when `isNew` and it stands already. */
    putToken: mutation((token: Token, isNew: boolean): void => {
      if (!exists('SELECT 1 FROM networks WHERE id = ?', token.networkId))
        throw new AppError('directory/network-unknown', { networkId: token.networkId });
      if (isNew && exists('SELECT 1 FROM tokens WHERE id = ?', token.id))
        throw new AppError('directory/token-duplicate', { tokenId: token.id });
      writeToken(token);
    }),
    /** Throws `directory/token-unknown`; `directory/in-use` while payments name it: its decimals give them meaning. */
    removeToken: mutation((id: string): void => {
      if (!exists('SELECT 1 FROM tokens WHERE id = ?', id))
        throw new AppError('directory/token-unknown', { tokenId: id });
      if (exists('SELECT 1 FROM payments WHERE token_id = ?', id))
        throw new AppError('directory/in-use', { by: 'payments' });
      db.prepare('DELETE FROM tokens WHERE id = ?').run(id);
    }),

    accounts: (): OwnAccount[] => records<OwnAccount>('SELECT data FROM accounts ORDER BY name, id'),
    account: accountById,
    putAccount: mutation(writeAccount),
    removeAccount: mutation((id: string): void => {
      if (!exists('SELECT 1 FROM accounts WHERE id = ?', id))
        throw new AppError('directory/account-unknown', { accountId: id });
      if (exists('SELECT 1 FROM payments WHERE debtor_account_id = ?', id))
        throw new AppError('directory/in-use', { by: 'payments' });
      clearNames('own', id);
      db.prepare('DELETE FROM accounts WHERE id = ?').run(id);
    }),

    counterparties: (query: {
      search: string;
      offset: number;
      limit: number;
    }): { total: number; counterparties: Counterparty[] } => {
      const search = likePattern(searchText(query.search.trim()));
      const total = db
        .prepare("SELECT count(*) AS n FROM counterparties WHERE search LIKE ? ESCAPE '\\'")
        .get<{ n: bigint }>(search);
      const rows = db
        .prepare(
          "SELECT data FROM counterparties WHERE search LIKE ? ESCAPE '\\' ORDER BY name_key, id LIMIT ? OFFSET ?",
        )
        .all<DataRow>(search, query.limit, query.offset);
      return {
        total: Number(total?.n ?? 0),
        counterparties: rows.map((row) => fromJson<Counterparty>(row.data)),
      };
    },
    counterparty: counterpartyById,
    /** By address, or by name and LEI: how a directory file finds what it updates. In the order asked. */
    findCounterparties: (
      keys: readonly {
        readonly name: string;
        readonly lei: string | null;
        readonly addresses: readonly string[];
      }[],
    ): (Counterparty | null)[] =>
      keys.map(({ name, lei, addresses }) => {
        for (const address of addresses) {
          const holder = counterpartyByAddress(address);
          if (holder) return holder;
        }
        return record<Counterparty>(
          "SELECT data FROM counterparties WHERE name_key = ? AND ifnull(lei, '') = ?",
          nameKey(name),
          lei ?? '',
        );
      }),
    putCounterparty: mutation((counterparty: Counterparty, isNew: boolean): void => {
      if (!isNew && !exists('SELECT 1 FROM counterparties WHERE id = ?', counterparty.id))
        throw new AppError('directory/counterparty-unknown', { counterpartyId: counterparty.id });
      writeCounterparty(counterparty);
    }),
    /** Throws `directory/in-use` while a payment to it is under way. */
    removeCounterparty: mutation((id: CounterpartyId): void => {
      if (!exists('SELECT 1 FROM counterparties WHERE id = ?', id))
        throw new AppError('directory/counterparty-unknown', { counterpartyId: id });
      if (exists("SELECT 1 FROM payments WHERE counterparty_id = ? AND status NOT IN ('ACSC', 'RJCT')", id))
        throw new AppError('directory/in-use', { by: 'payments' });
      clearNames('counterparty', id);
      db.prepare('DELETE FROM counterparty_accounts WHERE counterparty_id = ?').run(id);
      db.prepare('DELETE FROM counterparties WHERE id = ?').run(id);
    }),

    /** Who holds each account, in the order asked; `null` for an account that nobody here has. */
    resolveAccounts: (refs: readonly AccountRef[]): (ResolvedAccount | null)[] => refs.map(resolve),
    /** Known addresses (directory and earlier payments) that look like the given ones. */
    lookAlikes: (addresses: readonly Address[]): LookAlike[] => addresses.flatMap(lookAlikesOf),
    /** Counterparties whose different name has the same skeleton. */
    nameLookAlikes: (name: string, exceptId: string | null): Counterparty[] =>
      records<Counterparty>(
        "SELECT data FROM counterparties WHERE skeleton = ? AND id <> ? AND name_key <> ? AND skeleton <> '' LIMIT 5",
        nameSkeleton(name),
        exceptId ?? '',
        nameKey(name),
      ),
    /** Saves everything of a directory file, or nothing. */
    merge: mutation((merge: DirectoryMerge): void => {
      merge.networks.forEach(writeNetwork);
      for (const token of merge.tokens) {
        if (!exists('SELECT 1 FROM networks WHERE id = ?', token.networkId))
          throw new AppError('directory/file-invalid', {
            path: 'tokens',
            value: NetworkId.parse(token.networkId),
          });
        writeToken(token);
      }
      merge.accounts.forEach(writeAccount);
      merge.counterparties.forEach(writeCounterparty);
    }),
  };
};

export type DirectoryStore = ReturnType<typeof createDirectoryStore>;
