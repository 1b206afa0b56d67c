/** The characters of sandbox tokens. Numbers are those of contracts/IDepositToken.sol. */

export const FEATURES = {
  allowlist: 1 << 0,
  checkSpender: 1 << 1,
  blocklist: 1 << 2,
  freezeView: 1 << 3,
  pauseView: 1 << 4,
  allowlistView: 1 << 5,
  erc7943Views: 1 << 6,
  partialFreeze: 1 << 7,
  erc1404Views: 1 << 8,
  erc165: 1 << 9,
  eip3009: 1 << 10,
  eip2612: 1 << 11,
  erc5267: 1 << 12,
  memo: 1 << 13,
  redemption: 1 << 14,
  currencyView: 1 << 15,
} as const;
export type Feature = keyof typeof FEATURES;

export const ERROR_STYLES = {
  erc7943: 0,
  strings: 1,
  tip20: 2,
  b20: 3,
  opaque: 4,
  silent: 5,
  cast: 6,
} as const;
export type ErrorStyle = keyof typeof ERROR_STYLES;

export const MEMO_STYLES = { tip20: 0, b20: 1, both: 2, tip20Bool: 3 } as const;
export type MemoStyle = keyof typeof MEMO_STYLES;

/** The selector that the `opaque` style reverts with; no published interface has it. */
export const OPAQUE_REFUSAL = '0xb6a90f3e';

/**
 * J: closed, tells nothing (as JPMD may). F: FiatToken (as AxCNH). S: SmartCoin (as EURCV of 2025). T: TIP-20 or B20.
 * R: open about every rule (ERC-7943, ERC-1404).
 */
export type ProfileKey = 'J' | 'F' | 'S' | 'T' | 'R';

export type Profile = {
  readonly key: ProfileKey;
  readonly features: readonly Feature[];
  readonly errorStyle: ErrorStyle;
  readonly memoStyle: MemoStyle;
  /** EIP-712 domain version. */
  readonly version: string;
};

export const PROFILES: Readonly<Record<ProfileKey, Profile>> = {
  J: { key: 'J', features: ['allowlist'], errorStyle: 'opaque', memoStyle: 'tip20', version: '1' },
  F: {
    key: 'F',
    features: ['blocklist', 'pauseView', 'eip3009', 'eip2612', 'currencyView'],
    errorStyle: 'strings',
    memoStyle: 'tip20',
    version: '2',
  },
  S: {
    key: 'S',
    features: ['freezeView', 'pauseView', 'redemption'],
    errorStyle: 'cast',
    memoStyle: 'tip20',
    version: '1',
  },
  T: {
    key: 'T',
    features: [
      'allowlist',
      'checkSpender',
      'pauseView',
      'erc7943Views',
      'eip2612',
      'erc5267',
      'memo',
      'currencyView',
    ],
    errorStyle: 'tip20',
    memoStyle: 'tip20',
    version: '1',
  },
  R: {
    key: 'R',
    features: [
      'allowlist',
      'allowlistView',
      'freezeView',
      'pauseView',
      'erc7943Views',
      'partialFreeze',
      'erc1404Views',
      'erc165',
      'eip3009',
      'eip2612',
      'erc5267',
      'memo',
      'currencyView',
    ],
    errorStyle: 'erc7943',
    memoStyle: 'both',
    version: '1',
  },
};

export const hasFeature = (profile: ProfileKey, feature: Feature): boolean =>
  PROFILES[profile].features.includes(feature);

export const featureBits = (profile: ProfileKey): number =>
  PROFILES[profile].features.reduce((bits, feature) => bits | FEATURES[feature], 0);
