/**
 * Sorts what nodes say when they refuse. Clients word their errors differently (geth, Erigon, Nethermind, Besu, Reth,
 * anvil, OP-stack), so the words are matched here and go no further.
 *
 * SECURITY: a server's text is never shown and never stored outside the log: it could ask for anything.
 */
import type { Hex } from '../../shared/model/ids';
import type { RpcErrorBody } from './schemas';

/** How a node took signed bytes. */
export type SendOutcome =
  | 'accepted'
  | 'already-known'
  | 'nonce-too-low'
  | 'nonce-too-high'
  | 'underpriced'
  | 'replacement-underpriced'
  | 'insufficient-funds'
  | 'gas-limit'
  | 'wrong-chain'
  | 'refused';

const SEND_PATTERNS: readonly (readonly [RegExp, Exclude<SendOutcome, 'accepted' | 'refused'>])[] = [
  // Order matters: "replacement transaction underpriced" also says "underpriced".
  [/replacement|gas price.*(?:bump|replac)|could not replace/i, 'replacement-underpriced'],
  [
    /already ?(?:known|imported|in (?:the )?(?:mem)?pool|exists)|known transaction|duplicate transaction/i,
    'already-known',
  ],
  [
    /nonce.{0,20}too low|invalid nonce.*(?:low|expected)|nonce.{0,30}(?:already|used|below)|oldnonce/i,
    'nonce-too-low',
  ],
  [/nonce.{0,20}too (?:high|far|distant)|nonce gap|future nonce/i, 'nonce-too-high'],
  [
    /insufficient (?:funds|balance)|upfront cost exceeds|not enough (?:funds|balance)|insufficientfunds/i,
    'insufficient-funds',
  ],
  [/underpriced|(?:fee|price|tip).{0,40}(?:too low|below|less than)|feetoolow/i, 'underpriced'],
  [/intrinsic gas|gas limit|exceeds block gas/i, 'gas-limit'],
  [/chain ?id|replay.protect|invalid sender/i, 'wrong-chain'],
];

export const classifySend = (error: RpcErrorBody): SendOutcome =>
  SEND_PATTERNS.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'refused';

/** Why a simulated call gave no result. */
export type CallFailure = 'revert' | 'halt' | 'insufficient-funds';

const isHex = (value: unknown): value is string =>
  typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(value);

/** Revert data, wherever the client put it: `data`, `data.data`, "Reverted 0x…", or a map by transaction hash. */
export const revertDataOf = (error: RpcErrorBody): Hex | null => {
  const { data } = error;
  if (isHex(data)) return data.toLowerCase() as Hex;
  if (typeof data === 'string') {
    const match = /^Reverted (0x(?:[0-9a-fA-F]{2})*)$/.exec(data);
    return match?.[1] === undefined ? null : (match[1].toLowerCase() as Hex);
  }
  if (typeof data !== 'object' || data === null) return null;
  const record = data as Record<string, unknown>;
  for (const candidate of [record.data, record.result, record.output])
    if (isHex(candidate)) return candidate.toLowerCase() as Hex;
  for (const member of Object.values(record)) {
    const inner =
      typeof member === 'object' && member !== null ? (member as { return?: unknown }).return : null;
    if (isHex(inner)) return inner.toLowerCase() as Hex;
  }
  return null;
};

/** `null`: the error is not about the call's execution. */
export const classifyCall = (error: RpcErrorBody): CallFailure | null => {
  if (error.code === 3 || /revert/i.test(error.message) || revertDataOf(error) !== null) return 'revert';
  if (/insufficient (?:funds|balance)|gas required exceeds allowance \(0\)/i.test(error.message))
    return 'insufficient-funds';
  if (
    error.code === -32015 ||
    /out of gas|invalid opcode|vm execution|vm exception|stack (?:under|over)flow|gas required exceeds/i.test(
      error.message,
    )
  )
    return 'halt';
  return null;
};

/** A query over blocks that is too wide or answers too much; asking for less may work. */
export const isRangeError = (error: RpcErrorBody): boolean =>
  error.code === -32005 ||
  /range|too many|more than \d+|limit|too large|response size|exceed|timeout|timed out/i.test(error.message);

/** A method that the node does not have. */
export const isMissingMethod = (error: RpcErrorBody): boolean =>
  error.code === -32601 ||
  /method not (?:found|supported)|does not exist\/is not available/i.test(error.message);

/** Codes by which services say "not now": another endpoint may serve. */
export const isUnavailable = (error: RpcErrorBody): boolean =>
  (error.code === -32005 && /rate|request/i.test(error.message)) ||
  error.code === 429 ||
  /rate limit|too many requests|capacity|temporarily unavailable|try again later|node is syncing/i.test(
    error.message,
  );
