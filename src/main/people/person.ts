/** Who this machine belongs to, and the cards of others. */
import type { Intake } from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { PersonCard, PersonRef, Role } from '../../shared/model/people';
import { encodeCard, readCard } from './files';
import { rolesOf } from './policy';
import { type PeopleBook, type PeopleDeps, personOf } from './ports';

const MAX_CARDS = 500;

type CardIntake = Extract<Intake, { format: 'person' }>;

/** A file name of plain letters: `Inês Okafor` → `ines-okafor`. */
const fileNameOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'person';

export const createPerson = (
  { store, vault, clock, saveFile }: Pick<PeopleDeps, 'store' | 'vault' | 'clock' | 'saveFile'>,
  book: PeopleBook,
) => {
  /** The card that was signed here last, while it still says who this is. */
  const currentCard = async (): Promise<PersonCard | null> => {
    const state = await book.state();
    const me = personOf(state);
    const { card } = state.own;
    return card !== null && card.name === me?.name && card.key === me.key ? card : null;
  };

  return {
    me: async (): Promise<PersonRef | null> => personOf(await book.state()),

    identity: async (): Promise<{
      name: string | null;
      key: PersonRef['key'];
      roles: Role[];
      companyName: string | null;
    }> => {
      const state = await book.state();
      const policy = state.inForce?.content ?? null;
      return {
        name: personOf(state)?.name ?? null,
        key: state.key,
        roles: [...rolesOf(policy, state.key)],
        companyName: policy?.company.name ?? null,
      };
    },

    /** @throws AppError `policy/name-is-fixed` */
    setName: (name: string): Promise<void> =>
      book.change(async ({ inForce, key }) => {
        if (inForce?.content.people.some((person) => person.key === key))
          throw new AppError('policy/name-is-fixed');
        await store.setName(name);
      }),

    /** @throws AppError `person/name-missing` | `file/unwritable` | `vault/*` */
    exportCard: async (passphrase: string): Promise<string | null> => {
      const me = personOf(await book.state());
      if (me === null) throw new AppError('person/name-missing');
      const at = clock.now().toISOString();
      const { signature } = await vault.signStatement({
        statement: { type: 'card', ...me, at },
        passphrase,
      });
      const card: PersonCard = { format: 'nostro-person', version: 1, ...me, at, signature };
      await book.change(() => store.putOwnCard(card));
      return saveFile({
        suggestedName: `${fileNameOf(me.name)}.nostro`,
        extension: 'nostro',
        content: encodeCard(card),
      });
    },

    /** Bytes of the own card for showing it; `null` before it was exported once under the present name. */
    ownCard: async (): Promise<Uint8Array | null> => {
      const card = await currentCard();
      return card === null ? null : encodeCard(card);
    },

    /** @throws AppError `person/invalid-card` | `envelope/newer-version` */
    intakeCard: async (bytes: Uint8Array): Promise<CardIntake> => {
      const card = await readCard(bytes);
      return book.change(async () => {
        const cards = await store.cards();
        const known = cards.find(({ key }) => key === card.key);
        if (known === undefined && cards.length >= MAX_CARDS)
          throw new AppError('person/invalid-card', { reason: 'too-many', most: MAX_CARDS });
        const isNewer = known === undefined || Date.parse(card.at) > Date.parse(known.at);
        if (isNewer) await store.putCard(card, clock.now().toISOString());
        return { format: 'person', name: isNewer ? card.name : known.name, key: card.key };
      });
    },

    /** Cards of people whom no policy names yet: neither the one in force nor this machine's own. */
    cards: async (): Promise<Pick<PersonCard, 'name' | 'key' | 'at'>[]> => {
      const { inForce, key: ownKey } = await book.state();
      const named = new Set(inForce?.content.people.map(({ key }) => key));
      return (await store.cards())
        .filter(({ key }) => !named.has(key) && key !== ownKey)
        .map(({ name, key, at }) => ({ name, key, at }));
    },
  };
};
