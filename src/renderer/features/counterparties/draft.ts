import { counterparties as words } from '../../../../assets/locales/en/counterparties';
import type { MainClient } from '../../../shared/contract';
import { AppError } from '../../../shared/errors';
import type { Counterparty, Enrolment, ExternalId } from '../../../shared/model/directory';
import type { CounterpartyId } from '../../../shared/model/ids';

export type AccountDraft = {
  /** For lists on screen alone. */
  readonly key: number;
  readonly address: string;
  /** As it was when the form opened; what banks said holds for this account only. */
  readonly original: string | null;
  readonly ids: readonly (ExternalId & { readonly key: number })[];
  readonly enrolments: readonly Enrolment[];
};

export type Draft = {
  readonly id: CounterpartyId | null;
  readonly name: string;
  readonly lei: string;
  readonly bic: string;
  readonly street: string;
  readonly building: string;
  readonly postCode: string;
  readonly town: string;
  readonly country: string;
  readonly note: string;
  readonly accounts: readonly AccountDraft[];
};

let lastKey = 0;
export const nextKey = (): number => ++lastKey;

export const newAccount = (): AccountDraft => ({
  key: nextKey(),
  address: '',
  original: null,
  ids: [],
  enrolments: [],
});

export const draftOf = (party: Counterparty | null): Draft => ({
  id: party?.id ?? null,
  name: party?.name ?? '',
  lei: party?.lei ?? '',
  bic: party?.bic ?? '',
  street: party?.address.street ?? '',
  building: party?.address.building ?? '',
  postCode: party?.address.postCode ?? '',
  town: party?.address.town ?? '',
  country: party?.address.country ?? '',
  note: party?.note ?? '',
  accounts: party?.accounts.map(({ address, externalIds, enrolments }) => ({
    key: nextKey(),
    address,
    original: address,
    ids: externalIds.map((id) => ({ ...id, key: nextKey() })),
    enrolments,
  })) ?? [newAccount()],
});

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

export const inputOf = (draft: Draft): Parameters<MainClient['directory.saveCounterparty']>[0] => ({
  id: draft.id,
  name: draft.name.trim(),
  lei: orNull(draft.lei),
  bic: orNull(draft.bic),
  address: {
    street: orNull(draft.street),
    building: orNull(draft.building),
    postCode: orNull(draft.postCode),
    town: orNull(draft.town),
    country: orNull(draft.country),
  },
  note: orNull(draft.note),
  accounts: draft.accounts.map(({ address, original, ids, enrolments }) => ({
    address: address.trim(),
    externalIds: ids.map(({ kind, value }) => ({ kind, value: value.trim() })),
    enrolments: address.trim() === original ? [...enrolments] : [],
  })),
});

/** Field → what is wrong with it. Keys of accounts and ids: `address 3`, `id 7` with the draft's own keys. */
export type Faults = Readonly<Record<string, string>>;

/** What can be seen without asking main. */
export const findFaults = (draft: Draft): Faults => {
  const faults: Record<string, string> = {};
  const f = words.form;
  if (draft.name.trim() === '') faults['name'] = f.nameMissing;
  if (draft.country.trim() !== '' && !/^[A-Z]{2}$/.test(draft.country.trim()))
    faults['country'] = f.countryForm;
  for (const account of draft.accounts) {
    const address = account.address.trim();
    if (address === '') faults[`address ${account.key}`] = f.addressMissing;
    else if (!/^(?:eip155:[0-9]+:)?0x[0-9a-fA-F]{40}$/.test(address))
      faults[`address ${account.key}`] = f.addressForm;
    for (const id of account.ids) if (id.value.trim() === '') faults[`id ${id.key}`] = f.idMissing;
  }
  return faults;
};

/** Puts an error of main to the field that it is about; `null` where it is about the whole. */
export const faultsOfError = (error: unknown, draft: Draft): Faults | null => {
  if (!(error instanceof AppError)) return null;
  const f = words.form;
  const value = String(error.details?.['value'] ?? '').toLowerCase();
  const account = draft.accounts.find(
    ({ address }) => value !== '' && address.trim().toLowerCase() === value,
  );
  switch (error.code) {
    case 'directory/lei-invalid':
      return { lei: f.lei18 };
    case 'directory/bic-invalid':
      return { bic: f.bicWrong };
    case 'directory/address-checksum':
      return account ? { [`address ${account.key}`]: f.checksum } : null;
    case 'directory/address-invalid':
      return account ? { [`address ${account.key}`]: f.addressForm } : null;
    case 'directory/iban-invalid': {
      const plain = (text: string): string => text.replace(/\s/g, '').toLowerCase();
      const id = draft.accounts
        .flatMap(({ ids }) => ids)
        .find((each) => each.kind === 'iban' && plain(each.value) === plain(value));
      return id ? { [`id ${id.key}`]: f.ibanWrong } : null;
    }
    default:
      return null;
  }
};

/** True when money would go to another account than before. */
export const changesAccounts = (draft: Draft, party: Counterparty | null): boolean =>
  party !== null &&
  draft.accounts.some(
    ({ address, original }) => address.trim() !== (original ?? '') && address.trim() !== '',
  );
