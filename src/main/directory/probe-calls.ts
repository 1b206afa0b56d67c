import { Address, Hash32, Hex } from '../../shared/model/ids';

/** Function selectors of the views that tell what a token is, with the standard each comes from. */
export const SELECTORS = {
  // ERC-20
  name: '0x06fdde03',
  symbol: '0x95d89b41',
  decimals: '0x313ce567',
  totalSupply: '0x18160ddd',
  balanceOf: '0x70a08231',
  transfer: '0xa9059cbb',
  // TIP-20, B20
  currency: '0xe5a6b10f',
  transferWithMemo: '0x95777d59',
  // ERC-7943
  canTransfer: '0xe46638e6',
  canSend: '0x2bc06a92',
  canReceive: '0x90d370ba',
  getFrozenTokens: '0x158b1a57',
  // ERC-1404
  detectTransferRestriction: '0xd4ce1415',
  messageForTransferRestriction: '0x7f4ab1dd',
  // CMTAT, FiatToken, CAST
  isAllowlisted: '0x05a3b809',
  isBlacklisted: '0xfe575a87',
  isFrozen: '0xe5839836',
  paused: '0x5c975abb',
  // EIP-3009, EIP-2612, ERC-5267
  authorizationState: '0xe94a0102',
  nonces: '0x7ecebe00',
  domainSeparator: '0x3644e515',
  eip712Domain: '0x84b0196e',
  // CAST SmartCoin
  getOperators: '0x27a099d8',
  engagedAmount: '0x4f4a35ab',
  /** No function has this name: what it answers is what the contract answers to anything. */
  control: '0x6e6f7374',
} as const;

/** keccak256('eip1967.proxy.implementation') − 1 (ERC-1967). */
export const ERC1967_SLOT = Hash32.parse(
  '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
);
/** keccak256('org.zeppelinos.proxy.implementation'), the slot of Circle's FiatToken proxies. */
export const ZEPPELINOS_SLOT = Hash32.parse(
  '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3',
);

export const addressWord = (address: Address): string => address.slice(2).toLowerCase().padStart(64, '0');
export const numberWord = (value: bigint): string => value.toString(16).padStart(64, '0');
export const callData = (selector: string, ...words: readonly string[]): Hex =>
  Hex.parse(selector + words.join(''));

const word = (data: string, index: number): string => data.slice(2 + index * 64, 2 + (index + 1) * 64);

/** Exactly one word that is 0 or 1. */
export const readBool = (data: Hex): boolean | null => {
  if (data.length !== 66) return null;
  const value = BigInt(data);
  return value === 0n ? false : value === 1n ? true : null;
};

export const readNumber = (data: Hex): bigint | null => (data.length === 66 ? BigInt(data) : null);

export const readAddressWord = (data: string): Address | null =>
  /^0x0{24}[0-9a-f]{40}$/.test(data) ? Address.parse(`0x${data.slice(26)}`) : null;

/** ABI string; hidden and direction-changing characters become U+FFFD, because the text is a stranger's. */
export const readText = (data: Hex, maxLength: number): string | null => {
  if (data.length < 2 + 128 || BigInt(`0x${word(data, 0)}`) !== 32n) return null;
  const length = BigInt(`0x${word(data, 1)}`);
  if (length > BigInt((data.length - 2 - 128) / 2)) return null;
  const bytes = Buffer.from(data.slice(2 + 128, 2 + 128 + Number(length) * 2), 'hex');
  return new TextDecoder('utf-8')
    .decode(bytes)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, '\ufffd')
    .slice(0, maxLength)
    .replace(/[\ud800-\udbff]$/, '');
};

export const countWords = (data: Hex): number => Math.floor((data.length - 2) / 64);
