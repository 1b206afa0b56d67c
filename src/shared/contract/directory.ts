import { z } from 'zod';
import {
  Counterparty,
  Issuer,
  Network,
  OwnAccount,
  Token,
  TokenProbe,
  Verification,
} from '../model/directory';
import { AccountId, Address, CounterpartyId, CurrencyCode, FileId, NetworkId, TokenId } from '../model/ids';
import { CHAIN_ERRORS, command, Empty, query } from './define';

const addressErrors = [
  'directory/address-invalid',
  'directory/address-checksum',
  'directory/iban-invalid',
  'directory/bic-invalid',
  'directory/lei-invalid',
] as const;
const chainErrors = [...CHAIN_ERRORS, 'chain/endpoint-invalid'] as const;

/** Text of an address as a person or file gave it; checked on the main side (EIP-55). */
const AddressText = z.string().max(80);

const CounterpartyInput = Counterparty.omit({ id: true, updatedAt: true, accounts: true }).extend({
  accounts: z
    .array(Counterparty.shape.accounts.element.omit({ address: true }).extend({ address: AddressText }))
    .max(50),
});

export const directoryContract = {
  'directory.networks': query(Empty, z.strictObject({ networks: z.array(Network) })),
  /** `cancelled` when the person, asked outside of the page, does not want to connect to a new address. */
  'directory.saveNetwork': command(Network, Empty, ['directory/network-duplicate', ...chainErrors], {
    concurrent: true,
  }),
  'directory.removeNetwork': command(z.strictObject({ id: NetworkId }), Empty, [
    'directory/network-unknown',
    'directory/in-use',
  ]),

  'directory.tokens': query(Empty, z.strictObject({ tokens: z.array(Token) })),
  /** Asks the chain what stands at an address; nothing is kept. */
  'directory.probeToken': command(
    z.strictObject({ networkId: NetworkId, address: AddressText }),
    z.strictObject({
      id: TokenId,
      address: Address,
      probe: TokenProbe,
      isKnown: z.boolean(),
      lookAlikes: z.array(z.string()),
    }),
    ['directory/network-unknown', 'directory/not-a-token', ...addressErrors, ...chainErrors],
  ),
  /** Adds a token as probed now. The chain is asked again; a different answer than `seen` refuses. */
  'directory.addToken': command(
    z.strictObject({
      networkId: NetworkId,
      address: AddressText,
      currency: CurrencyCode,
      issuer: Issuer,
      referenceSuffix: z.boolean(),
      verification: Verification,
      seen: z.strictObject({ decimals: z.number().int(), implementation: Address.nullable() }),
    }),
    Token,
    [
      'directory/network-unknown',
      'directory/not-a-token',
      'directory/token-duplicate',
      'directory/token-changed',
      ...addressErrors,
      ...chainErrors,
    ],
  ),
  /** Accepts what a changed token answers now. `seen` is what the person was shown. */
  'directory.approveTokenChange': command(
    z.strictObject({
      id: TokenId,
      seen: z.strictObject({ decimals: z.number().int(), implementation: Address.nullable() }),
    }),
    Token,
    ['directory/token-unknown', 'directory/token-changed', ...chainErrors],
  ),
  'directory.setTokenLock': command(
    z.strictObject({ id: TokenId, isLocked: z.boolean(), reason: z.string().max(1000).nullable() }),
    Token,
    ['directory/token-unknown', 'directory/token-changed', 'directory/not-a-token', ...chainErrors],
  ),
  'directory.removeToken': command(z.strictObject({ id: TokenId }), Empty, [
    'directory/token-unknown',
    'directory/in-use',
  ]),

  'directory.accounts': query(Empty, z.strictObject({ accounts: z.array(OwnAccount) })),
  'directory.saveAccount': command(
    /**
     * With `keyId`: the account of a key of this vault. Without: one that is only watched, by `address` with its EIP-55
     * checksum, or unchanged where `id` names it; where the vault has the key of that address it is attached.
     */
    OwnAccount.omit({ id: true, address: true, kind: true }).extend({
      id: AccountId.nullable(),
      address: AddressText.nullable().default(null),
    }),
    OwnAccount,
    ['directory/account-unknown', 'directory/account-duplicate', 'vault/unknown-key', ...addressErrors],
  ),
  'directory.removeAccount': command(z.strictObject({ id: AccountId }), Empty, [
    'directory/account-unknown',
    'directory/in-use',
  ]),

  'directory.counterparties': query(
    z.strictObject({
      search: z.string().max(140),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(200),
    }),
    z.strictObject({ total: z.number().int(), counterparties: z.array(Counterparty) }),
  ),
  'directory.counterparty': query(z.strictObject({ id: CounterpartyId }), Counterparty, [
    'directory/counterparty-unknown',
  ]),
  'directory.saveCounterparty': command(
    CounterpartyInput.extend({ id: CounterpartyId.nullable() }),
    z.strictObject({
      counterparty: Counterparty,
      lookAlikes: z.array(z.strictObject({ address: Address, other: Address, otherName: z.string() })),
    }),
    ['directory/counterparty-unknown', 'directory/counterparty-duplicate', ...addressErrors],
  ),
  'directory.removeCounterparty': command(z.strictObject({ id: CounterpartyId }), Empty, [
    'directory/counterparty-unknown',
    'directory/in-use',
  ]),
  /** Asks each enabled token whether it would let this holder receive, and keeps the dated answer. */
  'directory.checkEnrolment': command(z.strictObject({ id: CounterpartyId }), Counterparty, [
    'directory/counterparty-unknown',
    ...chainErrors,
  ]),

  /**
   * Reads a directory file (see DirectoryFile). All or nothing; tokens are probed where their network answers, offline they
   * are taken as the file says. `cancelled` when the person does not want to connect to the addresses that it brings.
   */
  'directory.importFile': command(
    z.strictObject({ fileId: FileId }),
    z.strictObject({
      networks: z.number().int(),
      tokens: z.number().int(),
      accounts: z.number().int(),
      counterparties: z.number().int(),
      /** Own accounts that are only watched, because their key is in another machine's vault. */
      watchOnly: z.number().int().optional(),
      /** Tokens whose facts are what the file says, because this workspace asks no chain. */
      factsFromFile: z.number().int().optional(),
      skipped: z.array(z.strictObject({ what: z.string(), why: z.string() })),
    }),
    [
      'directory/file-invalid',
      'file/not-found',
      'file/too-large',
      'file/unreadable',
      'file/not-regular',
      'file/changed-while-reading',
      ...addressErrors,
      ...chainErrors,
    ],
  ),
  /** Writes the directory through the system's save dialog. `saved` is the file name, `null` when cancelled. */
  'directory.exportFile': command(
    Empty,
    z.strictObject({ saved: z.string().nullable() }),
    ['file/unwritable'],
    { concurrent: true },
  ),
};
