import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDirectory } from '../../../src/main/directory';
import { createDirectoryStore } from '../../../src/main/ledger/stores/directory-store';
import { createNewId } from '../../../src/main/platform/ids';
import type { KeyInfo } from '../../../src/shared/contract';
import { directoryContract } from '../../../src/shared/contract/directory';
import { AppError } from '../../../src/shared/errors';
import type { Network, TokenFacts } from '../../../src/shared/model/directory';
import { Address, CounterpartyId, KeyId, NetworkId } from '../../../src/shared/model/ids';
import { openTestStore, type TestStore } from '../../support/open-store';
import { remoteOf } from '../../support/remote';
import { addressOf, makeIban, makeSupplier, makeToken, NETWORK } from '../payments/world';

let test: TestStore;
let saved: Uint8Array | null;
beforeEach(() => {
  test = openTestStore();
  saved = null;
});
afterEach(() => test.close());

const KEY: KeyInfo = {
  keyId: KeyId.parse('key_0000000001'),
  kind: 'hd',
  path: "m/44'/60'/0'/0/0",
  address: addressOf(900),
  createdAt: '2026-11-01T00:00:00Z',
};

const open = (
  check: (endpoint: string) => void = () => {
    throw new AppError('chain/unreachable');
  },
  more: {
    readonly isOffline?: boolean;
    readonly keys?: () => readonly KeyInfo[];
    readonly requireConsent?: (networks: readonly Network[]) => Promise<void>;
  } = {},
) => {
  const clock = { now: () => new Date('2026-11-23T10:00:00Z'), monotonicMs: () => 0 };
  const store = createDirectoryStore(test.db);
  const directory = createDirectory({
    store: remoteOf(store),
    chain: {
      connect: () => {
        throw new AppError(more.isOffline ? 'chain/offline' : 'chain/unreachable');
      },
      checkEndpoints: async (network) => network.endpoints.forEach(check),
    },
    vaultKeys: async () => more.keys?.() ?? [KEY],
    isOffline: more.isOffline ?? false,
    requireConsent: more.requireConsent ?? (async () => undefined),
    files: {
      read: async () => saved ?? new Uint8Array(),
      save: async ({ suggestedName, content }) => {
        saved = content;
        return suggestedName;
      },
    },
    clock,
    newId: createNewId(clock),
    emit: () => undefined,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  return { directory, store };
};

const addressIn = (text: string) => Address.parse(text);
const lei = '5493001KJTIIGC8Y1R12';
const iban = makeIban('DE', '370400440532013000');
const input = (change: object = {}) => ({
  id: null,
  name: 'Nordwind Textil GmbH',
  lei: null,
  bic: null,
  address: { street: null, building: null, postCode: null, town: 'Hamburg', country: 'DE' },
  accounts: [
    {
      address: addressOf(1) as string,
      externalIds: [{ kind: 'iban' as const, value: iban }],
      enrolments: [],
    },
  ],
  note: null,
  ...change,
});

describe('what ships', () => {
  it('lists JPMD and AxCNH, neither of them usable unseen', async () => {
    const { directory } = open();
    await directory.addShipped();
    await directory.addShipped();
    const tokens = await directory.tokens();
    expect(tokens).toMatchObject([
      {
        id: 'eip155:1030/erc20:0x70bfd7f7eadf9b9827541272589a6b2bb760ae2e',
        symbol: 'AxCNH',
        currency: 'CNH',
        decimals: 6,
        state: 'locked',
        lockReason: expect.stringContaining('P7'),
      },
      {
        id: 'eip155:8453/erc20:0x7e0aedc93d9f898be835a44bfca3842e52416b82',
        symbol: 'JPMD',
        currency: 'USD',
        decimals: 2,
        state: 'unprobed',
        approved: null,
      },
    ]);
    expect((await directory.networks()).map((network) => network.id)).toEqual(['eip155:1030', 'eip155:8453']);
    expect(directoryContract['directory.tokens'].output.safeParse({ tokens }).success).toBe(true);
  });

  it('is not put back over what a person made of it', async () => {
    const { directory, store } = open();
    await directory.addShipped();
    const [network] = await directory.networks();
    if (!network) throw new Error('none');
    store.putNetwork({ ...network, name: 'Ours' });
    await directory.addShipped();
    expect((await directory.networks())[0]?.name).toBe('Ours');
  });

  it('cannot be unlocked while its network does not answer', async () => {
    const { directory } = open();
    await directory.addShipped();
    const [axcnh] = await directory.tokens();
    if (!axcnh) throw new Error('none');
    await expect(
      directory.setTokenLock({ id: axcnh.id, isLocked: false, reason: null }),
    ).rejects.toMatchObject({ code: 'chain/unreachable' });
    expect((await directory.tokens())[0]?.state).toBe('locked');
  });
});

describe('networks', () => {
  it('may be kept while down, not while they are another chain, nor while in use removed', async () => {
    const { directory, store } = open();
    await directory.saveNetwork(NETWORK);
    const wrong = open(() => {
      throw new AppError('chain/wrong-chain');
    });
    await expect(
      wrong.directory.saveNetwork({ ...NETWORK, id: NetworkId.parse('eip155:5'), name: 'Other' }),
    ).rejects.toMatchObject({ code: 'chain/wrong-chain' });
    await expect(
      directory.saveNetwork({ ...NETWORK, id: NetworkId.parse('eip155:5'), name: ' testnet' }),
    ).rejects.toMatchObject({ code: 'directory/network-duplicate' });
    store.putToken(makeToken(1, 'EUR', 2, 'BANKDEFF'), true);
    await expect(directory.removeNetwork(NETWORK.id)).rejects.toMatchObject({ code: 'directory/in-use' });
    await directory.removeToken(makeToken(1, 'EUR', 2, 'BANKDEFF').id);
    await directory.removeNetwork(NETWORK.id);
    await expect(directory.removeNetwork(NETWORK.id)).rejects.toMatchObject({
      code: 'directory/network-unknown',
    });
  });
});

describe('counterparties', () => {
  it('are kept, found, edited and removed', async () => {
    const { directory } = open();
    const { counterparty } = await directory.saveCounterparty(
      input({
        lei: lei.toLowerCase(),
        bic: 'deut deff',
        accounts: [
          { ...input().accounts[0], externalIds: [{ kind: 'iban', value: iban.replace(/(.{4})/g, '$1 ') }] },
        ],
      }),
    );
    expect(counterparty).toMatchObject({
      lei,
      bic: 'DEUTDEFF',
      accounts: [{ externalIds: [{ value: iban }] }],
    });
    for (const search of [
      'nordWIND',
      lei.slice(3, 9),
      iban.slice(4, 12),
      addressOf(1).slice(0, 12),
      'hamburg',
    ])
      expect((await directory.counterparties({ search, offset: 0, limit: 10 })).total).toBe(1);
    expect((await directory.counterparties({ search: '_', offset: 0, limit: 10 })).total).toBe(0);
    const edited = await directory.saveCounterparty({
      ...input(),
      id: counterparty.id,
      name: 'Nordwind Fashion',
    });
    expect((await directory.counterparty(counterparty.id)).name).toBe(edited.counterparty.name);
    await directory.removeCounterparty(counterparty.id);
    await expect(directory.counterparty(counterparty.id)).rejects.toMatchObject({
      code: 'directory/counterparty-unknown',
    });
    expect(await directory.resolveAccounts([{ by: 'iban', value: iban }])).toEqual([null]);
  });

  it.each([
    [
      'directory/address-checksum',
      { accounts: [{ ...input().accounts[0], address: addressOf(1).toLowerCase() }] },
    ],
    ['directory/address-invalid', { accounts: [{ ...input().accounts[0], address: '0x12' }] }],
    [
      'directory/address-invalid',
      { accounts: [input().accounts[0], { ...input().accounts[0], externalIds: [] }] },
    ],
    [
      'directory/iban-invalid',
      {
        accounts: [
          { ...input().accounts[0], externalIds: [{ kind: 'iban', value: 'DE00370400440532013000' }] },
        ],
      },
    ],
    ['directory/bic-invalid', { bic: 'NOPE' }],
    ['directory/lei-invalid', { lei: '5493001KJTIIGC8Y1R13' }],
    ['directory/counterparty-unknown', { id: CounterpartyId.parse('cpy_0000000009') }],
  ])('%s is refused and nothing kept', async (code, change) => {
    const { directory } = open();
    await expect(directory.saveCounterparty(input(change))).rejects.toMatchObject({ code });
    expect((await directory.counterparties({ search: '', offset: 0, limit: 1 })).total).toBe(0);
  });

  it('share neither name and LEI, nor address, nor account name', async () => {
    const { directory } = open();
    await directory.saveCounterparty(input());
    const other = { ...input().accounts[0], address: addressOf(2), externalIds: [] };
    for (const change of [
      { accounts: [other] },
      { name: 'Other', accounts: [{ ...other, address: addressOf(1) }] },
      { name: 'Other', accounts: [{ ...other, externalIds: [{ kind: 'iban', value: iban }] }] },
    ])
      await expect(directory.saveCounterparty(input(change))).rejects.toMatchObject({
        code: 'directory/counterparty-duplicate',
      });
  });

  it('that resemble a known address or name are told', async () => {
    const { directory } = open();
    await directory.saveCounterparty(input());
    const { getAddress } = await import('viem');
    const known = addressOf(1);
    const twin = getAddress(
      `0x${known.slice(2, 6)}${'3'.repeat(31)}${known.slice(37)}`.toLowerCase() as `0x${string}`,
    );
    const { lookAlikes } = await directory.saveCounterparty(
      input({ name: 'Nоrdwind Textil GmbH', accounts: [{ address: twin, externalIds: [], enrolments: [] }] }),
    );
    expect(lookAlikes).toEqual([
      { address: twin, other: known, otherName: 'Nordwind Textil GmbH' },
      { address: twin, other: known, otherName: 'Nordwind Textil GmbH' },
    ]);
  });
});

describe('address poisoning', () => {
  it('of thousands of accounts, each with one twin, finds every twin and nothing else', async () => {
    const { store } = open();
    const { getAddress } = await import('viem');
    const count = 5000;
    const known = Array.from({ length: count }, (_, index) => addressOf(10_000 + index));
    store.merge({
      networks: [],
      tokens: [],
      accounts: [],
      counterparties: known.map((address, index) => ({
        ...makeSupplier(10_000 + index),
        accounts: [{ address, externalIds: [], enrolments: [] }],
      })),
    });
    const twins = known.map((address, index) => {
      // Between three and eight equal digits at the front, four and eight at the end, as poisoners reach.
      const head = 3 + (index % 6);
      const tail = 4 + (index % 5);
      const middle = ((BigInt(index) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % 16n ** 28n).toString(16);
      const filled = middle.padStart(40 - head - tail, '5').slice(0, 40 - head - tail);
      const hex = address.slice(2).toLowerCase();
      return addressIn(getAddress(`0x${hex.slice(0, head)}${filled}${hex.slice(40 - tail)}`));
    });
    const found = new Map(store.lookAlikes(twins).map((twin) => [`${twin.address}/${twin.other}`, twin]));
    for (const [index, twin] of twins.entries()) expect(found.has(`${twin}/${known[index]}`)).toBe(true);
    expect(store.lookAlikes([addressOf(900_001)])).toEqual([]);
  });
});

describe('own accounts', () => {
  const account = {
    id: null,
    name: 'Operations',
    keyId: KEY.keyId,
    address: null,
    entity: { name: 'Example', lei },
    externalIds: [],
  };

  it('stand for a key of the vault, once', async () => {
    const { directory } = open();
    const made = await directory.saveAccount(account);
    expect(made).toMatchObject({ address: KEY.address, kind: 'key' });
    await expect(directory.saveAccount({ ...account, name: 'Again' })).rejects.toMatchObject({
      code: 'directory/account-duplicate',
    });
    await expect(
      directory.saveAccount({ ...account, keyId: KeyId.parse('key_0000000002') }),
    ).rejects.toMatchObject({ code: 'vault/unknown-key' });
    await expect(
      directory.saveCounterparty(
        input({ accounts: [{ address: KEY.address, externalIds: [], enrolments: [] }] }),
      ),
    ).rejects.toMatchObject({ code: 'directory/counterparty-duplicate' });
    await directory.removeAccount(made.id);
    await expect(directory.removeAccount(made.id)).rejects.toMatchObject({
      code: 'directory/account-unknown',
    });
  });

  it('may be watched only, and get their key when the vault does', async () => {
    const keys: KeyInfo[] = [];
    const { directory } = open(undefined, { keys: () => keys });
    const watch = { ...account, keyId: null, address: KEY.address as string };
    for (const address of [KEY.address.toLowerCase(), `${KEY.address.slice(0, -1)}!`, '0x12'])
      await expect(directory.saveAccount({ ...watch, address })).rejects.toMatchObject({
        code: expect.stringMatching(/^directory\/address-/),
      });
    await expect(directory.saveAccount({ ...watch, address: null })).rejects.toMatchObject({
      code: 'vault/unknown-key',
    });
    const made = await directory.saveAccount(watch);
    expect(made).toMatchObject({ keyId: null, address: KEY.address });
    expect(directoryContract['directory.accounts'].output.safeParse({ accounts: [made] }).success).toBe(true);
    const renamed = await directory.saveAccount({ ...watch, id: made.id, address: null, name: 'Payroll' });
    expect(renamed).toMatchObject({ id: made.id, keyId: null, address: KEY.address, name: 'Payroll' });

    await directory.attachKeys();
    expect(await directory.accounts()).toEqual([renamed]);
    keys.push(KEY);
    await directory.attachKeys();
    expect(await directory.accounts()).toEqual([{ ...renamed, keyId: KEY.keyId }]);
  });

  it('get the key at once where the vault has it', async () => {
    const { directory } = open();
    const watch = { ...account, keyId: null, address: KEY.address as string };
    expect(await directory.saveAccount(watch)).toMatchObject({ keyId: KEY.keyId });
  });
});

describe('the directory file', () => {
  const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const exported = async () => {
    const { directory, store } = open();
    store.merge({
      networks: [NETWORK],
      tokens: [makeToken(1, 'EUR', 2, 'BANKDEFF')],
      accounts: [],
      counterparties: [makeSupplier(0), makeSupplier(1)],
    });
    await directory.saveAccount({
      id: null,
      name: 'Operations',
      keyId: KEY.keyId,
      address: null,
      entity: { name: 'Example', lei },
      externalIds: [{ kind: 'iban', value: iban }],
    });
    await directory.exportFile();
    return JSON.parse(new TextDecoder().decode(saved ?? new Uint8Array())) as {
      networks: { id: string }[];
      tokens: { networkId: string; approved?: TokenFacts }[];
      accounts: { address: string }[];
      counterparties: { name: string; accounts: { address: string }[] }[];
    };
  };

  it('comes back as it went out, and reading it twice doubles nothing', async () => {
    const file = await exported();
    test.close();
    test = openTestStore();
    const { directory } = open();
    for (let round = 0; round < 2; round++)
      expect(await directory.importBytes(bytesOf(file))).toEqual({
        networks: 1,
        tokens: 1,
        accounts: 1,
        counterparties: 2,
        watchOnly: 0,
        factsFromFile: 0,
        skipped: [],
      });
    // SECURITY: the chain was not there to ask, and the file's word is not taken where one could.
    expect((await directory.tokens())[0]).toMatchObject({ state: 'unprobed', approved: null });
    await directory.exportFile();
    expect(JSON.parse(new TextDecoder().decode(saved ?? new Uint8Array()))).toEqual({
      ...file,
      tokens: file.tokens.map(({ approved: _approved, ...token }) => token),
    });
  });

  it('updates what it knows by account, keeps other accounts and newer enrolments', async () => {
    const file = await exported();
    const { directory } = open();
    const [first] = file.counterparties;
    if (!first) throw new Error('none');
    await directory.importBytes(
      bytesOf({ ...file, counterparties: [{ ...first, name: 'Renamed', accounts: first.accounts }] }),
    );
    const { counterparties } = await directory.counterparties({ search: '', offset: 0, limit: 10 });
    expect(counterparties.map((counterparty) => counterparty.name)).toEqual(['Renamed', 'Supplier 1']);
  });

  it('never unlocks a token', async () => {
    const file = await exported();
    const { directory, store } = open();
    store.putToken({ ...makeToken(1, 'EUR', 2, 'BANKDEFF'), state: 'locked', lockReason: 'no' }, false);
    await directory.importBytes(bytesOf(file));
    expect((await directory.tokens())[0]).toMatchObject({ state: 'locked', lockReason: 'no' });
  });

  it('watches own accounts whose key is not here', async () => {
    const file = await exported();
    test.close();
    test = openTestStore();
    const { directory } = open();
    const accounts = file.accounts.map((account) => ({ ...account, address: addressOf(5) }));
    expect(await directory.importBytes(bytesOf({ ...file, accounts }))).toMatchObject({
      accounts: 1,
      watchOnly: 1,
      skipped: [],
    });
    expect(await directory.accounts()).toMatchObject([
      { name: 'Operations', keyId: null, address: addressOf(5) },
    ]);
    await directory.exportFile();
    const again = JSON.parse(new TextDecoder().decode(saved ?? new Uint8Array()));
    expect(again.accounts).toEqual(accounts);
  });

  describe('in a workspace without a network', () => {
    const offline = async (
      change: (token: { approved?: TokenFacts | null }) => object = (token) => token,
    ) => {
      const file = await exported();
      test.close();
      test = openTestStore();
      const { directory } = open(undefined, { isOffline: true });
      const tokens = file.tokens.map(change);
      return { file: { ...file, tokens }, directory };
    };
    const facts = (token: { approved?: TokenFacts | null }): TokenFacts => {
      if (!token.approved) throw new Error('the file has no facts');
      return token.approved;
    };

    it('gives tokens their facts, and comes back whole', async () => {
      const { file, directory } = await offline();
      for (let round = 0; round < 2; round++)
        expect(await directory.importBytes(bytesOf(file))).toMatchObject({ tokens: 1, factsFromFile: 1 });
      const [token] = await directory.tokens();
      expect(token).toMatchObject({ state: 'active', approved: makeToken(1, 'EUR', 2, 'BANKDEFF').approved });
      await directory.exportFile();
      expect(JSON.parse(new TextDecoder().decode(saved ?? new Uint8Array()))).toEqual(file);
    });

    it('leaves a token that nobody approved unprobed', async () => {
      const { file, directory } = await offline(({ approved: _approved, ...token }) => token);
      await directory.importBytes(bytesOf(file));
      expect(await directory.tokens()).toMatchObject([{ state: 'unprobed', approved: null }]);
      const [token] = await directory.tokens();
      if (!token) throw new Error('none');
      await expect(directory.verifyToken(token.id)).rejects.toMatchObject({ code: 'chain/offline' });
    });

    it('changes no fact that was approved before a person agrees', async () => {
      const { file, directory } = await offline();
      await directory.importBytes(bytesOf(file));
      const other = `0x${'cd'.repeat(32)}`;
      const tokens = file.tokens.map((token) => ({
        ...token,
        approved: { ...facts(token), codeHash: other },
      }));
      await directory.importBytes(bytesOf({ ...file, tokens }));
      const [changed] = await directory.tokens();
      if (!changed?.approved) throw new Error('none');
      expect(changed).toMatchObject({ state: 'changed', observed: { codeHash: other } });
      expect(changed.approved.codeHash).not.toBe(other);
      await expect(
        directory.approveTokenChange({ id: changed.id, seen: { decimals: 7, implementation: null } }),
      ).rejects.toMatchObject({ code: 'directory/token-changed' });
      await directory.approveTokenChange({
        id: changed.id,
        seen: { decimals: changed.decimals, implementation: changed.approved.implementation },
      });
      expect(await directory.tokens()).toMatchObject([
        { state: 'active', approved: { codeHash: other }, observed: null },
      ]);
    });

    it('never unlocks a token; a person does, without a chain', async () => {
      const { file, directory } = await offline((token) => ({ ...token, locked: true, lockReason: 'no' }));
      await directory.importBytes(bytesOf(file));
      const [token] = await directory.tokens();
      if (!token) throw new Error('none');
      expect(token).toMatchObject({ state: 'locked', approved: { decimals: 2 } });
      await directory.importBytes(
        bytesOf({
          ...file,
          tokens: file.tokens.map((each) => ({ ...each, locked: false, lockReason: null })),
        }),
      );
      expect(await directory.tokens()).toMatchObject([{ state: 'locked' }]);
      await directory.setTokenLock({ id: token.id, isLocked: false, reason: null });
      expect(await directory.tokens()).toMatchObject([{ state: 'active', lockReason: null }]);
    });

    it.each([
      ['a block number that is no number', { blockNumber: '0x10' }],
      ['decimals beyond reason', { decimals: 77 }],
      ['a name that turns the text around', { name: 'Bank\u202eDoll' }],
      ['a fact that nobody knows', { extra: true }],
      ['a hash of another size', { codeHash: '0x00' }],
      ['an interface that nobody knows', { interfaces: ['pay-me'] }],
    ])('refuses %s', async (_words, change) => {
      const { file, directory } = await offline((token) => ({
        ...token,
        approved: { ...facts(token), ...change },
      }));
      await expect(directory.importBytes(bytesOf(file))).rejects.toMatchObject({
        code: 'directory/file-invalid',
        details: { path: expect.stringContaining('tokens[0].approved') },
      });
      expect(await directory.tokens()).toEqual([]);
    });

    it('keeps no address that it would refuse with a network', async () => {
      const { file, directory } = await offline();
      // What the offline chain does: it reads the address, and asks nobody.
      const strict = open(
        (endpoint) => {
          if (!endpoint.startsWith('https:')) throw new AppError('chain/endpoint-invalid');
          throw new AppError('chain/offline');
        },
        { isOffline: true },
      ).directory;
      const networks = file.networks.map((network) => ({ ...network, endpoints: ['http://node.example/'] }));
      await expect(strict.importBytes(bytesOf({ ...file, networks }))).rejects.toMatchObject({
        code: 'chain/endpoint-invalid',
      });
      expect(await directory.networks()).toEqual([]);
    });
  });

  it('connects to nobody and keeps nothing before a person agreed', async () => {
    const file = await exported();
    test.close();
    test = openTestStore();
    const connected: string[] = [];
    const asked: (readonly string[])[] = [];
    const { directory } = open((endpoint) => connected.push(endpoint), {
      requireConsent: async (networks) => {
        asked.push(networks.flatMap(({ endpoints }) => endpoints));
        throw new AppError('cancelled');
      },
    });
    await expect(directory.importBytes(bytesOf(file))).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked).toEqual([NETWORK.endpoints]);
    expect(connected).toEqual([]);
    expect(await directory.networks()).toEqual([]);
  });

  it.each([
    ['not JSON', 'directory/file-invalid', () => new TextEncoder().encode('{')],
    ['not UTF-8', 'directory/file-invalid', () => new Uint8Array([0x7b, 0xff, 0x7d])],
    ['a member too many', 'directory/file-invalid', (file: object) => bytesOf({ ...file, extra: 1 })],
    ['another version', 'directory/file-invalid', (file: object) => bytesOf({ ...file, version: 2 })],
  ])('%s is refused', async (_words, code, make) => {
    const file = await exported();
    await expect(open().directory.importBytes(make(file))).rejects.toMatchObject({ code });
  });

  it('is taken whole or not at all, and names the place that is wrong', async () => {
    const file = await exported();
    test.close();
    test = openTestStore();
    const { directory } = open();
    const [first, second] = file.counterparties;
    if (!first || !second) throw new Error('none');
    const lower = second.accounts.map((account) => ({ ...account, address: account.address.toLowerCase() }));
    const cases: [object, string, string][] = [
      [
        { ...file, counterparties: [first, { ...second, accounts: lower }] },
        'directory/address-checksum',
        'counterparties[1]',
      ],
      [
        { ...file, counterparties: [first, { ...second, accounts: first.accounts }] },
        'directory/file-invalid',
        'counterparties',
      ],
      [
        { ...file, counterparties: [first, { ...second, lei: 'X' }] },
        'directory/lei-invalid',
        'counterparties[1]',
      ],
      [{ ...file, networks: [] }, 'directory/file-invalid', 'tokens[0].networkId'],
      [{ ...file, tokens: [...file.tokens, ...file.tokens] }, 'directory/file-invalid', 'tokens[1]'],
      [
        { ...file, networks: [{ ...file.networks[0], startBlock: 1 }] },
        'directory/file-invalid',
        'networks[0].startBlock',
      ],
    ];
    for (const [wrong, code, path] of cases) {
      await expect(directory.importBytes(bytesOf(wrong))).rejects.toMatchObject({ code, details: { path } });
      expect(await directory.networks()).toEqual([]);
      expect((await directory.counterparties({ search: '', offset: 0, limit: 1 })).total).toBe(0);
    }
  });
});
