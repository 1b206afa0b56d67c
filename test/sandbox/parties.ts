/**
 * Who takes part in the sandbox: five issuing banks, one company with its own accounts, its suppliers.
 * All are invented. Bank names say so, BICs carry the location code `X0` (a trailing 0 marks a test BIC, ISO 9362), LEIs
 * begin with `TEST`, which no issuer of LEIs has; check digits are right, so that only existence is wanting.
 */
import { makeIban, makeLei } from './identifiers';
import type { ProfileKey } from './profiles';

export type ExternalId = { readonly kind: 'iban' | 'other'; readonly value: string };

export type Bank = {
  readonly name: string;
  readonly bic: string;
  readonly lei: string;
  readonly country: string;
};

export type TokenPlan = {
  readonly profile: ProfileKey;
  readonly name: string;
  readonly symbol: string;
  readonly currency: string;
  readonly decimals: number;
  readonly bank: Bank;
  /** Whole units of the currency that each own account starts with. */
  readonly treasury: readonly bigint[];
};

const bank = (name: string, bic: string, key: string): Bank => ({
  name: `${name} (fictitious)`,
  bic,
  lei: makeLei(`TEST00SANDBANK${key}000`),
  country: bic.slice(4, 6),
});

export const TOKEN_PLANS: readonly TokenPlan[] = [
  {
    profile: 'J',
    name: 'Meridian Deposit Dollar',
    symbol: 'MDUSD',
    currency: 'USD',
    decimals: 2,
    bank: bank('Meridian Sandbox Bank N.A.', 'SBXJUSX0', 'J'),
    treasury: [25_000_000n, 5_000_000n, 1_250_000n],
  },
  {
    profile: 'F',
    name: 'Steppe Offshore Yuan',
    symbol: 'SOCNH',
    currency: 'CNH',
    decimals: 6,
    bank: bank('Steppe Sandbox Bank JSC', 'SBXFKZX0', 'F'),
    treasury: [60_000_000n, 12_000_000n, 3_000_000n],
  },
  {
    profile: 'S',
    name: 'Arcade Deposit Euro',
    symbol: 'ADEUR',
    currency: 'EUR',
    decimals: 18,
    bank: bank('Banque Arcade Sandbox S.A.', 'SBXSFRX0', 'S'),
    treasury: [18_000_000n, 4_000_000n, 900_000n],
  },
  {
    profile: 'T',
    name: 'Harbour Deposit HKD',
    symbol: 'HDHKD',
    currency: 'HKD',
    decimals: 6,
    bank: bank('Harbour Sandbox Bank Ltd', 'SBXTHKX0', 'T'),
    treasury: [90_000_000n, 20_000_000n, 5_000_000n],
  },
  {
    profile: 'R',
    name: 'Straits Deposit SGD',
    symbol: 'SDSGD',
    currency: 'SGD',
    decimals: 2,
    bank: bank('Straits Sandbox Bank Ltd', 'SBXRSGX0', 'R'),
    treasury: [12_000_000n, 2_500_000n, 600_000n],
  },
];

export const COMPANY = {
  name: 'Larkfield Sandbox Trading Pte Ltd',
  lei: makeLei('TEST00LARKFIELD000'),
  country: 'SG',
};

export const TREASURY_ACCOUNTS = ['Operating account', 'Payables account', 'Reserve account'] as const;

/** How each bank numbers the company's account: an IBAN where the country has them, else a national number. */
export const treasuryExternalIds = (index: number): readonly ExternalId[] => {
  const serial = String(index + 1).padStart(3, '0');
  return [
    { kind: 'other', value: `9900417${serial}` },
    { kind: 'iban', value: makeIban('KZ', `9990000000041${serial}`) },
    { kind: 'iban', value: makeIban('FR', `99999000010000417${serial}A${frenchKey(index)}`) },
    { kind: 'other', value: `999-417${serial}-838` },
    { kind: 'other', value: `9990417${serial}SGD` },
  ];
};

// The two digits at the end of a French account number; only the IBAN's own check digits matter here.
const frenchKey = (index: number): string => String(41 + index);

/** Standing of a supplier with one token's bank. */
export type Standing = 'enrolled' | 'not-enrolled' | 'frozen' | 'blocked';

export type SupplierPlan = {
  readonly name: string;
  readonly country: string;
  readonly street: string;
  readonly building: string;
  readonly postCode: string;
  readonly town: string;
  /** Standing where it differs from `enrolled`. */
  readonly standing: Partial<Record<ProfileKey, Standing>>;
};

const NOWHERE: SupplierPlan['standing'] = {
  J: 'not-enrolled',
  F: 'not-enrolled',
  S: 'not-enrolled',
  T: 'not-enrolled',
  R: 'not-enrolled',
};

const supplier = (
  name: string,
  country: string,
  street: string,
  building: string,
  postCode: string,
  town: string,
  standing: SupplierPlan['standing'] = {},
): SupplierPlan => ({ name, country, street, building, postCode, town, standing });

/** The first twenty are in good standing with every bank. */
export const SUPPLIER_PLANS: readonly SupplierPlan[] = [
  supplier('Amber Lathe Works GmbH', 'DE', 'Drechslerweg', '12', '70173', 'Stuttgart'),
  supplier('Bluewater Ceramics S.L.', 'ES', 'Calle del Horno', '4', '46002', 'Valencia'),
  supplier('Copperleaf Circuits Ltd', 'HK', 'Kwun Tong Road', '388', '999077', 'Hong Kong'),
  supplier('Dunmore Linen Mills Ltd', 'IE', 'Mill Lane', '7', 'T12 A0B1', 'Cork'),
  supplier('Eastgate Bearings Pte Ltd', 'SG', 'Tuas Avenue', '21', '638741', 'Singapore'),
  supplier('Fjordlys Armaturen AS', 'NO', 'Havnegata', '9', '7010', 'Trondheim'),
  supplier('Greenstem Packaging B.V.', 'NL', 'Kanaalstraat', '55', '3531 CG', 'Utrecht'),
  supplier('Hightower Valve Company Inc', 'US', 'Foundry Street', '1400', '15222', 'Pittsburgh'),
  supplier('Ironbridge Fasteners Ltd', 'GB', 'Forge Row', '3', 'TF8 7AA', 'Telford'),
  supplier('Juniper Optics S.A.S.', 'FR', 'Rue des Lentilles', '18', '25000', 'Besancon'),
  supplier('Kestrel Avionics Corp', 'CA', 'Hangar Road', '210', 'K1V 9B4', 'Ottawa'),
  supplier('Lantern Bay Textiles Ltd', 'HK', 'Castle Peak Road', '77', '999077', 'Hong Kong'),
  supplier('Marisol Molding S.A. de C.V.', 'MX', 'Avenida del Taller', '150', '64000', 'Monterrey'),
  supplier('Northlight Sensors Oy', 'FI', 'Tehtaankatu', '5', '00140', 'Helsinki'),
  supplier('Orchard Motors Pte Ltd', 'SG', 'Jalan Buroh', '30', '619487', 'Singapore'),
  supplier('Pearl Delta Plastics Ltd', 'HK', 'Hung To Road', '41', '999077', 'Hong Kong'),
  supplier('Quartz and Keel AG', 'CH', 'Werkstrasse', '8', '8400', 'Winterthur'),
  supplier('Rosewood Tooling S.r.l.', 'IT', 'Via del Tornio', '22', '10121', 'Torino'),
  supplier('Silverpine Cables AB', 'SE', 'Verkstadsgatan', '11', '411 04', 'Goteborg'),
  supplier('Tamarind Logistics Co Ltd', 'TH', 'Bangna Trat Road', '99', '10260', 'Bangkok'),
  supplier('Umbra Pigments SA', 'BE', 'Rue de la Teinture', '16', '4000', 'Liege', NOWHERE),
  supplier('Velvet Creek Foods Inc', 'US', 'Orchard Avenue', '620', '97201', 'Portland', {
    J: 'not-enrolled',
    T: 'not-enrolled',
  }),
  supplier('Winterfell Castings Ltd', 'GB', 'Furnace Street', '14', 'S1 2BJ', 'Sheffield', {
    S: 'frozen',
    R: 'frozen',
  }),
  supplier('Xebec Shipping Agency Ltd', 'MT', 'Dockyard Quay', '2', 'VLT 1111', 'Valletta', { F: 'blocked' }),
];

const digits = (index: number, length: number): string =>
  String((index + 1) * 4_170_013 + 9_000_000_000)
    .padStart(length, '9')
    .slice(-length);

/** National part of the IBAN, in the length the country's IBAN has. */
const BBAN: Readonly<Record<string, (index: number) => string>> = {
  DE: (i) => `99999999${digits(i, 10)}`,
  ES: (i) => `99999999${digits(i, 12)}`,
  IE: (i) => `SBXI999999${digits(i, 8)}`,
  NO: (i) => `9999${digits(i, 7)}`,
  NL: (i) => `SBXN${digits(i, 10)}`,
  GB: (i) => `SBXG999999${digits(i, 8)}`,
  FR: (i) => `9999999999${digits(i, 11)}99`,
  FI: (i) => `999999${digits(i, 8)}`,
  CH: (i) => `99999${digits(i, 12)}`,
  IT: (i) => `X9999999999${digits(i, 12)}`,
  SE: (i) => `999${digits(i, 17)}`,
  BE: (i) => `999${digits(i, 9)}`,
  MT: (i) => `SBXM99999${digits(i, 18)}`,
};

/** The supplier's account as payment files name it. */
export const supplierExternalId = (index: number, country: string): ExternalId => {
  const bban = BBAN[country];
  if (bban) return { kind: 'iban', value: makeIban(country, bban(index)) };
  return { kind: 'other', value: `${country}${digits(index, 12)}` };
};

export const supplierBic = (country: string): string => `SBXC${country}X0`;

export const supplierLei = (index: number): string =>
  makeLei(`TEST00SUPPLIER${String(index + 1).padStart(4, '0')}`);

export const standingOf = (plan: SupplierPlan, profile: ProfileKey): Standing =>
  plan.standing[profile] ?? 'enrolled';
