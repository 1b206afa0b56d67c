import { getAddress, padHex, stringToHex } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  type DecodeInput,
  decodeTransaction,
  type RawLog,
  referenceText,
  TOPICS,
} from '../../../src/main/ledger/replica-decode';
import type { RedemptionRequest } from '../../../src/main/ledger/replica-types';
import { encodeTransfer } from '../../../src/shared/evm/calldata';
import {
  type AccountId,
  type Address,
  type CurrencyCode,
  type Hash32,
  type Hex,
  NetworkId,
  tokenIdOf,
} from '../../../src/shared/model/ids';

const address = (digit: string): Address => `0x${digit.repeat(40)}` as Address;
const TOKEN = address('a');
const OTHER_TOKEN = address('e');
const OWN = address('b');
const OWN_TOO = address('c');
const STRANGER = address('d');
const ZERO = address('0');
const E2E = 'K7Q2M9X4T1B8R6WZ';
const MEMO = padHex(stringToHex(E2E), { size: 32, dir: 'right' }) as Hash32;
const HASH = `0x${'12'.repeat(32)}` as Hash32;
const tokenId = tokenIdOf(NetworkId.parse('eip155:1'), TOKEN);
const accountOf = (own: Address): AccountId => `acc_${own.slice(2, 26)}` as AccountId;

const topic = (value: Address): Hash32 => `0x${value.slice(2).padStart(64, '0')}` as Hash32;
const word = (value: bigint): string => value.toString(16).padStart(64, '0');

const build = () => {
  const logs: RawLog[] = [];
  const add = (topics: Hash32[], data = '', contract = TOKEN): void => {
    logs.push({ address: contract, topics, data: `0x${data}` as Hex, logIndex: logs.length + 5 });
  };
  return {
    logs,
    transfer: (from: Address, to: Address, units: bigint, contract = TOKEN) =>
      add([TOPICS.transfer, topic(from), topic(to)], word(units), contract),
    event: add,
  };
};

const decode = (logs: readonly RawLog[], change: Partial<DecodeInput> = {}) =>
  decodeTransaction({
    transactionHash: HASH,
    block: { number: 7n, hash: HASH, timestamp: 1_700_000_000n },
    logs,
    call: null,
    tokens: new Map([[TOKEN as string, { id: tokenId, currency: 'USD' as CurrencyCode, decimals: 2 }]]),
    own: new Map([
      [OWN as string, accountOf(OWN)],
      [OWN_TOO as string, accountOf(OWN_TOO)],
    ]),
    isWanted: () => true,
    requestOf: () => undefined,
    ...change,
  });
const summary = (logs: readonly RawLog[], change: Partial<DecodeInput> = {}) =>
  decode(logs, change).entries.map(({ direction, kind, units, counterAddress, reference }) => [
    direction,
    kind,
    units,
    counterAddress.toLowerCase(),
    reference,
  ]);

describe('kinds', () => {
  it('follow from the sides and the events beside the transfer', () => {
    const { logs, transfer, event } = build();
    transfer(ZERO, OWN, 1n);
    transfer(OWN, ZERO, 2n);
    transfer(OWN, STRANGER, 3n);
    transfer(STRANGER, OWN, 4n);
    transfer(OWN, STRANGER, 5n);
    event([TOPICS.forcedTransfer, topic(OWN), topic(STRANGER)], word(5n));
    transfer(OWN, OWN_TOO, 6n);
    transfer(STRANGER, STRANGER, 7n);
    transfer(OWN, STRANGER, 8n, OTHER_TOKEN);
    expect(summary(logs)).toEqual([
      ['in', 'issue', 1n, ZERO, null],
      ['out', 'redeem', 2n, ZERO, null],
      ['out', 'transfer', 3n, STRANGER, null],
      ['in', 'transfer', 4n, STRANGER, null],
      ['out', 'forced', 5n, STRANGER, null],
      ['out', 'transfer', 6n, OWN_TOO, null],
      ['in', 'transfer', 6n, OWN, null],
    ]);
  });

  it('leave out transfers of nothing, accounts that are not being read, and logs that are not transfers of amounts', () => {
    const { logs, transfer, event } = build();
    transfer(STRANGER, OWN, 0n);
    event([TOPICS.transfer, topic(STRANGER), topic(OWN), `0x${word(1n)}` as Hash32]);
    event([TOPICS.transfer, topic(STRANGER), topic(OWN)], `${word(1n)}00`);
    event([TOPICS.transfer, topic(STRANGER)], word(1n));
    event([TOPICS.transfer, `0x01${topic(STRANGER).slice(4)}` as Hash32, topic(OWN)], word(1n));
    event([], word(1n));
    expect(summary(logs)).toEqual([]);
    transfer(OWN, OWN_TOO, 9n);
    expect(summary(logs, { isWanted: (_token, account) => account === accountOf(OWN_TOO) })).toHaveLength(1);
  });

  it('give counterparties in their checksum form', () => {
    const { logs, transfer } = build();
    transfer(OWN, '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed' as Address, 1n);
    expect(decode(logs).entries[0]?.counterAddress).toBe(
      getAddress('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'),
    );
  });
});

describe('references', () => {
  const memoCases: [string, (tx: ReturnType<typeof build>) => void, string | null][] = [
    [
      'TransferWithMemo',
      ({ transfer, event }) => {
        transfer(OWN, STRANGER, 1n);
        event([TOPICS.transferWithMemo, topic(OWN), topic(STRANGER), MEMO], word(1n));
      },
      E2E,
    ],
    [
      'TransferWithMemo of another amount does not count',
      ({ transfer, event }) => {
        transfer(OWN, STRANGER, 1n);
        event([TOPICS.transferWithMemo, topic(OWN), topic(STRANGER), MEMO], word(2n));
      },
      null,
    ],
    [
      'Memo in the next log',
      ({ transfer, event }) => {
        transfer(OWN, STRANGER, 1n);
        event([TOPICS.memo, topic(OWN), MEMO]);
      },
      E2E,
    ],
    [
      'Memo further away does not count',
      ({ transfer, event }) => {
        transfer(OWN, STRANGER, 1n);
        event([TOPICS.transferValidated], word(0n));
        event([TOPICS.memo, topic(OWN), MEMO]);
      },
      null,
    ],
    [
      'Memo of another contract does not count',
      ({ transfer, event }) => {
        transfer(OWN, STRANGER, 1n);
        event([TOPICS.memo, topic(OWN), MEMO], '', OTHER_TOKEN);
      },
      null,
    ],
    [
      'TransferReference in the log before',
      ({ transfer, event }) => {
        event([TOPICS.transferReference, MEMO]);
        transfer(OWN, STRANGER, 1n);
      },
      E2E,
    ],
    [
      'AuthorizationUsed of the payer',
      ({ transfer, event }) => {
        event([TOPICS.authorizationUsed, topic(OWN), HASH]);
        transfer(OWN, STRANGER, 1n);
      },
      HASH,
    ],
    [
      'AuthorizationUsed of somebody else does not count',
      ({ transfer, event }) => {
        event([TOPICS.authorizationUsed, topic(STRANGER), HASH]);
        transfer(OWN, STRANGER, 1n);
      },
      null,
    ],
  ];
  it.each(memoCases)('%s', (_name, fill, expected) => {
    const transaction = build();
    fill(transaction);
    expect(decode(transaction.logs).entries[0]?.reference).toBe(expected);
  });

  it('come from the calldata suffix only when the call is this very transfer', () => {
    const input = encodeTransfer({
      to: STRANGER,
      units: 1n,
      reference: { form: 'suffix', e2e: E2E, docHash: HASH },
    });
    const { logs, transfer } = build();
    transfer(OWN, STRANGER, 1n);
    const referenceOf = (change: Partial<DecodeInput>) => decode(logs, change).entries[0]?.reference;
    expect(referenceOf({ call: { to: TOKEN, input } })).toBe(E2E);
    expect(referenceOf({ call: { to: OTHER_TOKEN, input } })).toBeNull();
    const other = encodeTransfer({
      to: STRANGER,
      units: 2n,
      reference: { form: 'suffix', e2e: E2E, docHash: HASH },
    });
    expect(referenceOf({ call: { to: TOKEN, input: other } })).toBeNull();
    expect(referenceOf({ call: { to: TOKEN, input: '0x' as Hex } })).toBeNull();
  });

  it('are text only when they are printable ASCII followed by zeros', () => {
    expect(referenceText(MEMO)).toBe(E2E);
    for (const bytes of [
      '00'.repeat(32),
      `41${'00'.repeat(30)}41`,
      `0a${'00'.repeat(31)}`,
      `c3a9${'00'.repeat(30)}`,
    ])
      expect(referenceText(`0x${bytes}` as Hash32)).toBe(`0x${bytes}`);
  });
});

describe('two-step redemption', () => {
  const request: RedemptionRequest = {
    tokenId,
    transferHash: HASH,
    accountId: accountOf(OWN),
    from: OWN,
    to: STRANGER,
    units: 50n,
    requestedIn: 3n,
  };
  const known = { requestOf: () => request };

  it('counts at the request, not again when it is validated, and back when it is rejected', () => {
    const requested = build();
    requested.transfer(OWN, STRANGER, 0n);
    requested.event([TOPICS.transferRequested, topic(OWN), topic(STRANGER)], HASH.slice(2) + word(50n));
    const first = decode(requested.logs);
    expect(first.requests).toEqual([{ ...request, requestedIn: 7n }]);
    expect(summary(requested.logs)).toEqual([['out', 'redeem', 50n, STRANGER, null]]);

    const validated = build();
    validated.transfer(OWN, STRANGER, 50n);
    validated.event([TOPICS.transferValidated], HASH.slice(2));
    expect(summary(validated.logs, known)).toEqual([]);
    expect(decode(validated.logs, known).decisions).toEqual([
      { tokenId, transferHash: HASH, decision: 'validated', decidedIn: 7n },
    ]);
    // A second, ordinary transfer of the same amount in the same transaction is one.
    validated.transfer(OWN, STRANGER, 50n);
    expect(summary(validated.logs, known)).toHaveLength(1);
    // An unknown request (before the first block that is read) is an ordinary transfer.
    expect(summary(validated.logs)).toHaveLength(2);

    const rejected = build();
    rejected.event([TOPICS.transferRejected], HASH.slice(2));
    expect(summary(rejected.logs, known)).toEqual([['in', 'redeem', 50n, STRANGER, null]]);
    expect(summary(rejected.logs)).toEqual([]);
  });
});
