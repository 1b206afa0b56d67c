/**
 * From the logs of one transaction to entries: what moved, of what kind, under which reference. Pure.
 *
 * Sources: ERC-20 (Transfer), ERC-7943 (ForcedTransfer), TIP-20 (TransferWithMemo), B20 (Memo after Transfer), ERC-7699
 * (TransferReference before Transfer), EIP-3009 (AuthorizationUsed), CAST (two-step redemption), PaymentRef v1 (suffix).
 */
import { getAddress, keccak256, stringToBytes } from 'viem/utils';
import { decodeTransfer } from '../../shared/evm/calldata';
import type { AccountId, Address, CurrencyCode, Hash32, Hex, TokenId } from '../../shared/model/ids';
import type { NewEntry, RedemptionDecision, RedemptionRequest } from './replica-types';

const topicOf = (signature: string): Hash32 => keccak256(stringToBytes(signature)) as Hash32;

export const TOPICS = {
  transfer: topicOf('Transfer(address,address,uint256)'),
  transferWithMemo: topicOf('TransferWithMemo(address,address,uint256,bytes32)'),
  memo: topicOf('Memo(address,bytes32)'),
  transferReference: topicOf('TransferReference(bytes32)'),
  authorizationUsed: topicOf('AuthorizationUsed(address,bytes32)'),
  forcedTransfer: topicOf('ForcedTransfer(address,address,uint256)'),
  transferRequested: topicOf('TransferRequested(bytes32,address,address,uint256)'),
  transferValidated: topicOf('TransferValidated(bytes32)'),
  transferRejected: topicOf('TransferRejected(bytes32)'),
} as const;

export type RawLog = {
  readonly address: Address;
  readonly topics: readonly Hash32[];
  readonly data: Hex;
  readonly logIndex: number;
};

export type TokenFacts = {
  readonly id: TokenId;
  readonly currency: CurrencyCode;
  readonly decimals: number;
};

export type DecodeInput = {
  readonly transactionHash: Hash32;
  readonly block: { readonly number: bigint; readonly hash: Hash32; readonly timestamp: bigint };
  /** All logs of the transaction, in order. */
  readonly logs: readonly RawLog[];
  /** Calldata and its target, `null` when the node no longer has them. */
  readonly call: { readonly to: Address | null; readonly input: Hex } | null;
  /** By contract address in lower case. */
  readonly tokens: ReadonlyMap<string, TokenFacts>;
  /** Own accounts by address in lower case. */
  readonly own: ReadonlyMap<string, AccountId>;
  /** Whether this account in this token is being read now. */
  readonly isWanted: (tokenId: TokenId, accountId: AccountId) => boolean;
  /** An open redemption request, from earlier blocks or transactions. */
  readonly requestOf: (tokenId: TokenId, transferHash: Hash32) => RedemptionRequest | undefined;
};

export type Decoded = {
  readonly entries: readonly NewEntry[];
  readonly requests: readonly RedemptionRequest[];
  readonly decisions: readonly RedemptionDecision[];
};

const ZERO = '0x0000000000000000000000000000000000000000';

const addressOfTopic = (topic: Hash32 | undefined): Address | null =>
  topic !== undefined && /^0x0{24}/.test(topic) ? (`0x${topic.slice(26)}` as Address) : null;

const wordsOf = (data: Hex): Hash32[] | null =>
  (data.length - 2) % 64 === 0
    ? (data.slice(2).match(/.{64}/g) ?? []).map((word) => `0x${word}` as Hash32)
    : null;

type Move = { readonly from: Address; readonly to: Address; readonly units: bigint };

/** `from` and `to` indexed, one amount in the data: Transfer, ForcedTransfer, TransferWithMemo. */
const readMove = (log: RawLog, topics: number): Move | null => {
  const from = addressOfTopic(log.topics[1]);
  const to = addressOfTopic(log.topics[2]);
  const words = wordsOf(log.data);
  if (!from || !to || log.topics.length !== topics || words?.length !== 1 || words[0] === undefined)
    return null;
  return { from, to, units: BigInt(words[0]) };
};

const isSameMove = (a: Move, b: Move): boolean => a.from === b.from && a.to === b.to && a.units === b.units;

/** Printable ASCII followed only by zeros is text; anything else stays hex. */
export const referenceText = (word: Hash32): string => {
  const text = Buffer.from(word.slice(2), 'hex').toString('latin1').replace(/\0+$/, '');
  return text !== '' && /^[\x20-\x7e]+$/.test(text) ? text : word;
};

const findReference = (transfer: RawLog, move: Move, input: DecodeInput): string | null => {
  const ofToken = input.logs.filter(({ address }) => address === transfer.address);
  const withMemo = ofToken
    .filter(({ topics }) => topics[0] === TOPICS.transferWithMemo)
    .filter((log) => {
      const memoMove = readMove(log, 4);
      return memoMove !== null && isSameMove(memoMove, move);
    })
    .sort((a, b) => Math.abs(a.logIndex - transfer.logIndex) - Math.abs(b.logIndex - transfer.logIndex))[0];
  if (withMemo?.topics[3]) return referenceText(withMemo.topics[3]);
  const at = (offset: number): RawLog | undefined =>
    ofToken.find(({ logIndex }) => logIndex === transfer.logIndex + offset);
  const next = at(1);
  if (next?.topics[0] === TOPICS.memo && next.topics[2]) return referenceText(next.topics[2]);
  const previous = at(-1);
  if (previous?.topics[0] === TOPICS.transferReference && previous.topics[1])
    return referenceText(previous.topics[1]);
  const suffix = input.call === null ? null : decodeTransfer(input.call.input);
  if (
    suffix?.reference.form === 'suffix' &&
    input.call?.to === transfer.address &&
    suffix.to.toLowerCase() === move.to &&
    suffix.units === move.units
  )
    return suffix.reference.e2e;
  const used = ofToken.find(
    ({ topics }) => topics[0] === TOPICS.authorizationUsed && addressOfTopic(topics[1]) === move.from,
  );
  return used?.topics[2] ?? null;
};

/** Entries, requests and decisions of one transaction, in the order of its logs. */
export const decodeTransaction = (input: DecodeInput): Decoded => {
  const entries: NewEntry[] = [];
  const requests: RedemptionRequest[] = [];
  const decisions: RedemptionDecision[] = [];

  const add = (
    token: TokenFacts,
    log: RawLog,
    side: { direction: NewEntry['direction']; own: Address; other: Address },
    units: bigint,
    kind: NewEntry['kind'],
    reference: string | null,
  ): void => {
    const accountId = input.own.get(side.own);
    if (accountId === undefined || !input.isWanted(token.id, accountId)) return;
    entries.push({
      tokenId: token.id,
      accountId,
      currency: token.currency,
      decimals: token.decimals,
      direction: side.direction,
      units,
      counterAddress: getAddress(side.other) as Address,
      kind,
      blockNumber: input.block.number,
      blockHash: input.block.hash,
      blockTime: input.block.timestamp,
      transactionHash: input.transactionHash,
      logIndex: log.logIndex,
      reference,
    });
  };

  const requestOf = (tokenId: TokenId, hash: Hash32): RedemptionRequest | undefined =>
    requests.find((request) => request.tokenId === tokenId && request.transferHash === hash) ??
    input.requestOf(tokenId, hash);

  /** Requested amounts left the balance at the request: the transfer that carries one out must not count again. */
  const settling: { readonly tokenId: TokenId; readonly move: Move; isUsed: boolean }[] = [];
  for (const log of input.logs) {
    const token = input.tokens.get(log.address);
    if (!token || log.topics[0] !== TOPICS.transferValidated) continue;
    const hash = wordsOf(log.data)?.[0];
    const request = hash === undefined ? undefined : input.requestOf(token.id, hash);
    if (request) settling.push({ tokenId: token.id, move: request, isUsed: false });
  }

  for (const log of input.logs) {
    const token = input.tokens.get(log.address);
    if (!token) continue;
    switch (log.topics[0]) {
      case TOPICS.transfer: {
        const move = readMove(log, 3);
        // Transfers of nothing move nothing; they are how look-alike addresses get into histories.
        if (!move || move.units === 0n) break;
        const isForced = input.logs.some((other) => {
          if (other.address !== log.address || other.topics[0] !== TOPICS.forcedTransfer) return false;
          const forced = readMove(other, 3);
          return forced !== null && isSameMove(forced, move);
        });
        const kind: NewEntry['kind'] =
          move.from === ZERO ? 'issue' : move.to === ZERO ? 'redeem' : isForced ? 'forced' : 'transfer';
        const reference = findReference(log, move, input);
        const settled = settling.find(
          (entry) => !entry.isUsed && entry.tokenId === token.id && isSameMove(entry.move, move),
        );
        if (settled) settled.isUsed = true;
        else
          add(token, log, { direction: 'out', own: move.from, other: move.to }, move.units, kind, reference);
        add(token, log, { direction: 'in', own: move.to, other: move.from }, move.units, kind, reference);
        break;
      }
      case TOPICS.transferRequested: {
        const from = addressOfTopic(log.topics[1]);
        const to = addressOfTopic(log.topics[2]);
        const [transferHash, amount] = wordsOf(log.data) ?? [];
        const accountId = from === null ? undefined : input.own.get(from);
        if (!from || !to || !transferHash || !amount || accountId === undefined) break;
        if (!input.isWanted(token.id, accountId)) break;
        const units = BigInt(amount);
        if (units === 0n) break;
        requests.push({
          tokenId: token.id,
          transferHash,
          accountId,
          from,
          to,
          units,
          requestedIn: input.block.number,
        });
        const zero = input.logs.find(({ logIndex }) => logIndex === log.logIndex - 1);
        const reference = zero === undefined ? null : findReference(zero, { from, to, units }, input);
        add(token, log, { direction: 'out', own: from, other: to }, units, 'redeem', reference);
        break;
      }
      case TOPICS.transferValidated:
      case TOPICS.transferRejected: {
        const transferHash = wordsOf(log.data)?.[0];
        const request = transferHash === undefined ? undefined : requestOf(token.id, transferHash);
        if (!request) break;
        const isRejected = log.topics[0] === TOPICS.transferRejected;
        decisions.push({
          tokenId: token.id,
          transferHash: request.transferHash,
          decision: isRejected ? 'rejected' : 'validated',
          decidedIn: input.block.number,
        });
        if (isRejected)
          add(
            token,
            log,
            { direction: 'in', own: request.from, other: request.to },
            request.units,
            'redeem',
            null,
          );
        break;
      }
    }
  }
  return { entries, requests, decisions };
};
