import { AppError } from '../../shared/errors';
import type {
  Counterparty,
  CounterpartyAccount,
  ExternalId,
  Issuer,
  OwnAccount,
} from '../../shared/model/directory';
import { isBic, isIban, isLei, normalizeBic, normalizeIban } from '../../shared/model/identifiers';
import { parseAddress } from './address';

/** Controls, direction, invisible characters and line ends: a person sees a sign in their place. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** SECURITY: what hides or reorders letters in a name would do it wherever the name is shown or exported. */
const cleanText = (text: string): string => text.normalize('NFC').trim().replace(HIDDEN, '\ufffd');

/** Electronic form of a LEI. Throws `directory/lei-invalid`. */
export const readLei = (text: string | null): string | null => {
  if (text === null || text.trim() === '') return null;
  const lei = text.replace(/\s+/g, '').toUpperCase();
  if (!isLei(lei)) throw new AppError('directory/lei-invalid', { value: text.slice(0, 40) });
  return lei;
};

/** Electronic form of a BIC. Throws `directory/bic-invalid`. */
export const readBic = (text: string | null): string | null => {
  if (text === null || text.trim() === '') return null;
  const bic = normalizeBic(text);
  if (!isBic(bic)) throw new AppError('directory/bic-invalid', { value: text.slice(0, 40) });
  return bic;
};

/** Throws `directory/iban-invalid`. An other id is kept as written, blanks at its ends left out. */
export const readExternalIds = (ids: readonly ExternalId[]): ExternalId[] => {
  const read = ids.map(({ kind, value }): ExternalId => {
    if (kind === 'other') return { kind, value: cleanText(value) };
    const iban = normalizeIban(value);
    if (!isIban(iban)) throw new AppError('directory/iban-invalid', { value: value.slice(0, 40) });
    return { kind, value: iban };
  });
  const seen = new Set<string>();
  return read.filter(({ kind, value }) => {
    const key = `${kind}/${value}`;
    const isNew = value !== '' && !seen.has(key);
    seen.add(key);
    return isNew;
  });
};

/** Throws the code of the first identifier that is wrong. */
export const readIssuer = (issuer: Issuer): Issuer => ({
  name: cleanText(issuer.name),
  bic: readBic(issuer.bic),
  memberId: issuer.memberId === null || issuer.memberId.trim() === '' ? null : issuer.memberId.trim(),
  lei: readLei(issuer.lei),
  country: issuer.country,
});

export type CounterpartyText = Omit<Counterparty, 'id' | 'updatedAt' | 'accounts'> & {
  readonly accounts: readonly (Omit<CounterpartyAccount, 'address'> & { readonly address: string })[];
};

/** A counterparty with every identifier checked and normalised. Throws `directory/…-invalid`, `directory/address-checksum`. */
export const readCounterparty = (input: CounterpartyText): Omit<Counterparty, 'id' | 'updatedAt'> => {
  const accounts = input.accounts.map((account) => ({
    // SECURITY: this address will be paid: its checksum must be there and right.
    address: parseAddress(account.address, { isChecksumRequired: true }),
    externalIds: readExternalIds(account.externalIds),
    enrolments: account.enrolments,
  }));
  const addresses = new Set(accounts.map((account) => account.address));
  if (addresses.size !== accounts.length)
    throw new AppError('directory/address-invalid', { value: input.name, reason: 'the same account twice' });
  return {
    name: cleanText(input.name),
    lei: readLei(input.lei),
    bic: readBic(input.bic),
    address: input.address,
    accounts,
    note: input.note === null || input.note.trim() === '' ? null : input.note.normalize('NFC'),
  };
};

export const readEntity = (entity: OwnAccount['entity']): OwnAccount['entity'] => ({
  name: cleanText(entity.name),
  lei: readLei(entity.lei),
});
