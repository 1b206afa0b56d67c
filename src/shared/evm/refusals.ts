/**
 * Turns what a token answers when it refuses into a kind that has words, keeping the raw data.
 *
 * Selectors: ERC-7943, ERC-6093, OpenZeppelin, CMTAT, CAST/SmartCoin, TIP-20 and B20. Texts: FiatToken and the older
 * OpenZeppelin releases. Anything else is `unknown`, shown as hex; a revert without data is `empty`.
 */
import type { Refusal } from '../model/directory';
import { Hex } from '../model/ids';

type Kind = Refusal['kind'];

const KIND_BY_SELECTOR: Readonly<Record<string, Kind>> = {
  '0x45bae9e2': 'sender-not-allowed', // ERC7943CannotSend(address)
  '0x705c1eed': 'receiver-not-allowed', // ERC7943CannotReceive(address)
  '0x22dda4be': 'transfer-not-allowed', // ERC7943CannotTransfer(address,address,uint256)
  '0x00384e71': 'part-frozen', // ERC7943InsufficientUnfrozenBalance(address,uint256,uint256)
  '0xe450d38c': 'balance-too-low', // ERC20InsufficientBalance(address,uint256,uint256)
  '0xcf479181': 'balance-too-low', // InsufficientBalance(uint256,uint256)
  '0x832f98b5': 'balance-too-low', // InsufficientBalance(uint256,uint256,address), TIP-20
  '0xdb42144d': 'balance-too-low', // InsufficientBalance(address,uint256,uint256), B20
  '0xfb8f41b2': 'allowance-too-low', // ERC20InsufficientAllowance(address,uint256,uint256)
  '0x13be252b': 'allowance-too-low', // InsufficientAllowance()
  '0x192b9e4e': 'allowance-too-low', // InsufficientAllowance(address,uint256,uint256), B20
  '0xd93c0665': 'paused', // EnforcedPause()
  '0xab35696f': 'paused', // ContractPaused()
  '0xfd8c4245': 'paused',
  '0x54cfe659': 'policy-forbids', // PolicyForbids(), TIP-20
  '0xa43fec12': 'policy-forbids', // PolicyForbids(bytes32,uint64), B20
  '0x13a57470': 'transfer-not-allowed', // CMTAT invalid transfer
  '0x8e4a23d6': 'address-frozen', // Unauthorized(address), CAST
  '0xba858f16': 'account-blocked', // ERC20UserRestricted(address)
  '0x24cd54e1': 'part-frozen', // ERC20InsufficientUnfrozenBalance(address,uint256,uint256)
  '0xec442f05': 'bad-receiver', // ERC20InvalidReceiver(address)
  '0x9c8d2cd2': 'bad-receiver', // InvalidRecipient(), TIP-20
};

const KIND_BY_TEXT: readonly (readonly [RegExp, Kind])[] = [
  [/^Blacklistable: account is blacklisted$/, 'account-blocked'],
  [/^Pausable: paused$/, 'paused'],
  [/^ERC20: transfer amount exceeds balance$/, 'balance-too-low'],
  [/^ERC20: (?:transfer amount exceeds|insufficient) allowance$/, 'allowance-too-low'],
  [/^ERC20: transfer to the zero address$/, 'bad-receiver'],
];

/** ERC-1404 messages differ between issuers and versions, so they are read by their words, never by their number. */
const KIND_BY_RESTRICTION: readonly (readonly [RegExp, Kind])[] = [
  [/paused|deactivated/i, 'paused'],
  [/active balance|unfrozen|frozen (?:amount|token)|partial/i, 'part-frozen'],
  [/frozen/i, 'address-frozen'],
  [/block-?list|black-?list|sanction/i, 'account-blocked'],
  [/(?:sender|\bfrom\b).*(?:allow|white)-?list/i, 'sender-not-allowed'],
  [/(?:receiver|recipient|\bto\b).*(?:allow|white)-?list/i, 'receiver-not-allowed'],
  [/balance/i, 'balance-too-low'],
];

const PANIC_WORDS: Readonly<Record<string, string>> = {
  '1': 'assertion failed',
  '11': 'arithmetic overflow or underflow',
  '12': 'division by zero',
  '32': 'index out of bounds',
};

/** At most 2 KiB of raw data are kept. */
const MAX_DATA_DIGITS = 2 * 2048;
const MAX_TEXT = 300;
const WORD = 64;
// Control, format (bidi, zero width), surrogate, private and separator characters other than the plain space.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * Outside text made safe to show literally: every control, bidi and zero-width character stands as `\u{…}`; at most 300
 * characters.
 */
export const escapeOutsideText = (text: string): string => {
  const escaped = text
    .slice(0, 4 * MAX_TEXT)
    .replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return escaped.length <= MAX_TEXT ? escaped : `${cutWhole(escaped, MAX_TEXT - 1)}…`;
};

/** Cuts without leaving half of a surrogate pair. */
const cutWhole = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

const decodeUtf8 = (hex: string): string => {
  try {
    return decodeURIComponent(hex.replace(/../g, '%$&'));
  } catch {
    return (hex.match(/../g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join('');
  }
};

/** The string of `(string)` ABI data without its selector; `null` where offset or length do not fit. */
export const decodeAbiString = (body: string): string | null => {
  const offset = readSmall(body, 0);
  if (offset === null) return null;
  const length = readSmall(body, offset * 2);
  if (length === null) return null;
  const start = offset * 2 + WORD;
  const bytes = body.slice(start, start + length * 2);
  return bytes.length === length * 2 ? decodeUtf8(bytes) : null;
};

const readSmall = (body: string, at: number): number | null => {
  const word = body.slice(at, at + WORD);
  if (!/^[0-9a-f]{64}$/.test(word)) return null;
  const value = BigInt(`0x${word}`);
  return value <= 100_000n ? Number(value) : null;
};

const findKind = (table: readonly (readonly [RegExp, Kind])[], text: string): Kind | null =>
  table.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** Reads revert data. Never throws: whatever does not parse is `unknown` with its data. */
export const decodeRefusal = (data: Hex): Refusal => {
  const kept = Hex.parse(data.slice(0, 2 + MAX_DATA_DIGITS));
  if (data === '0x') return { kind: 'empty', text: null, data: kept };
  const selector = data.slice(0, 10);
  const body = data.slice(10);
  if (selector === '0x08c379a0') {
    const text = decodeAbiString(body);
    if (text === null) return { kind: 'unknown', text: null, data: kept };
    return { kind: findKind(KIND_BY_TEXT, text) ?? 'text', text: escapeOutsideText(text), data: kept };
  }
  if (selector === '0x4e487b71') {
    const code = /^[0-9a-f]{64}$/.test(body) ? BigInt(`0x${body}`).toString(16) : '?';
    return { kind: 'panic', text: `panic 0x${code}: ${PANIC_WORDS[code] ?? 'unknown'}`, data: kept };
  }
  return { kind: KIND_BY_SELECTOR[selector] ?? 'unknown', text: null, data: kept };
};

/** An ERC-1404 restriction: the message decides the kind; the number is kept beside it. */
export const decodeRestriction = (code: number, message: string | null): Refusal => ({
  kind: (message === null ? null : findKind(KIND_BY_RESTRICTION, message)) ?? 'transfer-not-allowed',
  text: escapeOutsideText(message === null ? `restriction code ${code}` : `${message} (code ${code})`),
  data: null,
});

/** ISO 20022 status reason for a refusal. */
export const reasonOfRefusal = (
  refusal: Refusal | null,
): 'AC01' | 'AC06' | 'AG01' | 'AM04' | 'RR04' | 'MS03' => {
  switch (refusal?.kind) {
    case 'balance-too-low':
    case 'part-frozen':
      return 'AM04';
    case 'address-frozen':
    case 'account-blocked':
      return 'AC06';
    case 'bad-receiver':
      return 'AC01';
    case 'sender-not-allowed':
    case 'receiver-not-allowed':
    case 'transfer-not-allowed':
    case 'allowance-too-low':
    case 'paused':
      return 'AG01';
    case 'policy-forbids':
      return 'RR04';
    default:
      return 'MS03';
  }
};
