/**
 * Identifiers of banking and of chains: what is well-formed and whose check digits agree. Pure shape; whether a thing
 * exists is the directory's to say. EIP-55 checksums need keccak and are verified on the main side.
 */

const ISO_3166 =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
  'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
  'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
  'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
  'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
  'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW';

/** ISO 3166-1 alpha-2, and XK, which banks use for Kosovo (user-assigned). */
const COUNTRIES: ReadonlySet<string> = new Set([...ISO_3166.split(' '), 'XK']);

export const isCountryCode = (text: string): boolean => COUNTRIES.has(text);

/** BBAN structure per country from the IBAN registry: runs of n digits, a capital letters, c letters or digits. */
const BBAN_STRUCTURES =
  'AD:8n12c AE:19n AL:8n16c AT:16n AZ:4a20c BA:16n BE:12n BG:4a6n8c BH:4a14c BI:23n BR:23n1a1c ' +
  'BY:4c4n16c CH:5n12c CR:18n CY:8n16c CZ:20n DE:18n DJ:23n DK:14n DO:4c20n EE:16n EG:25n ES:20n FI:14n ' +
  'FK:2a12n FO:14n FR:10n11c2n GB:4a14n GE:2a16n GI:4a15c GL:14n GR:7n16c GT:24c HN:4a20n HR:17n HU:24n ' +
  'IE:4a14n IL:19n IQ:4a15n IS:22n IT:1a10n12c JO:4a4n18c KW:4a22c KZ:3n13c LB:4n20c LC:4a24c LI:5n12c ' +
  'LT:16n LU:3n13c LV:4a13c LY:21n MC:10n11c2n MD:20c ME:18n MK:3n10c2n MN:16n MR:23n MT:4a5n18c ' +
  'MU:4a19n3a NI:4a20n NL:4a10n NO:11n OM:3n16c PK:4a16c PL:24n PS:4a21c PT:21n QA:4a21c RO:4a16c ' +
  'RS:18n RU:14n15c SA:2n18c SC:4a20n3a SD:14n SE:20n SI:15n SK:20n SM:1a10n12c SO:19n ST:21n SV:4a20n ' +
  'TL:19n TN:20n TR:6n16c UA:6n19c VA:18n VG:4a16n XK:16n YE:4a4n18c';

type IbanRule = { readonly length: number; readonly form: RegExp };

const CLASSES: Readonly<Record<string, string>> = { n: '[0-9]', a: '[A-Z]', c: '[A-Z0-9]' };

const IBAN_RULES: ReadonlyMap<string, IbanRule> = new Map(
  BBAN_STRUCTURES.split(' ').map((entry) => {
    const [country = '', structure = ''] = entry.split(':');
    let length = 4;
    let form = '';
    for (const run of structure.matchAll(/(\d+)([nac])/g)) {
      length += Number(run[1]);
      form += `${CLASSES[run[2] ?? 'n']}{${run[1]}}`;
    }
    return [country, { length, form: new RegExp(`^${form}$`) }];
  }),
);

/** Remainder of ISO 7064 mod 97-10 over letters-as-numbers (A=10 … Z=35). Input: `[A-Z0-9]` only. */
const mod97 = (text: string): number => {
  let remainder = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    remainder = code >= 65 ? (remainder * 100 + (code - 55)) % 97 : (remainder * 10 + (code - 48)) % 97;
  }
  return remainder;
};

export type IbanFault = 'format' | 'country' | 'length' | 'structure' | 'check-digits';

/** Null when `text` is a correct IBAN in electronic form (ISO 13616: no blanks, capitals), else the first fault. */
export const findIbanFault = (text: string): IbanFault | null => {
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$/.test(text)) return 'format';
  const rule = IBAN_RULES.get(text.slice(0, 2));
  if (!rule) return 'country';
  const check = text.slice(2, 4);
  // 00, 01 and 99 satisfy the congruence of 97, 98 and 02 but are never issued.
  if (check === '00' || check === '01' || check === '99') return 'check-digits';
  if (mod97(text.slice(4) + text.slice(0, 4)) !== 1) return 'check-digits';
  if (text.length !== rule.length) return 'length';
  return rule.form.test(text.slice(4)) ? null : 'structure';
};

export const isIban = (text: string): boolean => findIbanFault(text) === null;

/** Paper form (blanks in groups of four) to electronic form. For input by people, never for files. */
export const normalizeIban = (text: string): string => text.replace(/[\s\u00a0]+/g, '').toUpperCase();

/** Groups of four for reading. */
export const formatIban = (iban: string): string => iban.replace(/(.{4})(?=.)/g, '$1 ');

/** ISO 9362: 8 or 11 characters, with a real country. */
export const isBic = (text: string): boolean =>
  /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(text) && isCountryCode(text.slice(4, 6));

export const normalizeBic = (text: string): string => text.replace(/[\s\u00a0]+/g, '').toUpperCase();

/** True when two BICs name the same institution's same branch: `XXX` is the head office, as is no branch. */
export const isSameBic = (a: string, b: string): boolean =>
  a.padEnd(11, 'X').slice(0, 11) === b.padEnd(11, 'X').slice(0, 11);

/** ISO 17442: 20 characters, check digits by ISO 7064 mod 97-10. */
export const isLei = (text: string): boolean => /^[A-Z0-9]{18}[0-9]{2}$/.test(text) && mod97(text) === 1;

/** UETR: UUID version 4 in lower case, as ISO 20022 UUIDv4Identifier. */
export const isUetr = (text: string): boolean =>
  /^[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}$/.test(text);

/** ISO 11649 creditor reference in electronic form (`RF`, check digits, up to 21 characters). */
export const isCreditorReference = (text: string): boolean =>
  /^RF[0-9]{2}[A-Z0-9]{1,21}$/.test(text) && mod97(text.slice(4) + text.slice(0, 4)) === 1;

/** Shape of an EVM address. SECURITY: shape alone; the EIP-55 checksum is checked where keccak is at hand. */
export const isHexAddress = (text: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(text);

export type Caip2 = { readonly namespace: string; readonly reference: string };
export type Caip10 = Caip2 & { readonly chainId: string; readonly address: string };
export type Caip19 = Caip2 & {
  readonly chainId: string;
  readonly assetNamespace: string;
  readonly assetReference: string;
  readonly tokenId: string | null;
};

/** CAIP-2 chain id such as `eip155:8453`. */
export const parseCaip2 = (text: string): Caip2 | null => {
  const match = /^([-a-z0-9]{3,8}):([-_a-zA-Z0-9]{1,32})$/.exec(text);
  return match ? { namespace: match[1] ?? '', reference: match[2] ?? '' } : null;
};

/** CAIP-10 account id such as `eip155:8453:0x…`. */
export const parseCaip10 = (text: string): Caip10 | null => {
  const match = /^([-a-z0-9]{3,8}):([-_a-zA-Z0-9]{1,32}):([-.%a-zA-Z0-9]{1,128})$/.exec(text);
  if (!match) return null;
  const [, namespace = '', reference = '', address = ''] = match;
  if (namespace === 'eip155' && !(/^(?:0|[1-9][0-9]*)$/.test(reference) && isHexAddress(address)))
    return null;
  return { namespace, reference, chainId: `${namespace}:${reference}`, address };
};

/** CAIP-19 asset id such as `eip155:8453/erc20:0x…`. */
export const parseCaip19 = (text: string): Caip19 | null => {
  const form =
    /^([-a-z0-9]{3,8}):([-_a-zA-Z0-9]{1,32})\/([-a-z0-9]{3,8}):([-.%a-zA-Z0-9]{1,128})(?:\/([-.%a-zA-Z0-9]{1,78}))?$/;
  const match = form.exec(text);
  if (!match) return null;
  const [, namespace = '', reference = '', assetNamespace = '', assetReference = '', tokenId] = match;
  return {
    namespace,
    reference,
    chainId: `${namespace}:${reference}`,
    assetNamespace,
    assetReference,
    tokenId: tokenId ?? null,
  };
};

export type AccountKind = 'iban' | 'caip10' | 'address' | 'other';

/** What an account text is by its shape alone. An IBAN with wrong check digits is still classified `iban`. */
export const classifyAccount = (text: string): AccountKind => {
  if (/^0x[0-9a-fA-F]+$/.test(text)) return 'address';
  if (parseCaip10(text) || /^eip155:/.test(text)) return 'caip10';
  if (/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/.test(text) && IBAN_RULES.has(text.slice(0, 2))) return 'iban';
  return 'other';
};
