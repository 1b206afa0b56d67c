/** The one place that reads and writes what is known of people, and knows the time by which they act. */
import { AppError } from '../../shared/errors';
import type { Address } from '../../shared/model/ids';
import { type PeopleBook, type PeopleDeps, type PeopleState, personOf } from './ports';

/** How far two honest clocks may be apart. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export const createBook = (
  deps: Pick<PeopleDeps, 'store' | 'vault' | 'clock' | 'latestTime' | 'identify' | 'emit'>,
): PeopleBook => {
  const { store, vault, clock, latestTime, identify, emit } = deps;
  let key: Promise<Address> | null = null;
  let cached: Promise<PeopleState> | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<PeopleState> => {
    // The vault's person does not change while it is open, and a session ends with it.
    key ??= vault.personKey().then((person) => person.key);
    const [policies, own, ownKey] = await Promise.all([store.policies(), store.ownPerson(), key]);
    const inForce = policies.filter(({ installedAt }) => installedAt !== null).at(-1) ?? null;
    return { policies, inForce, own, key: ownKey };
  };
  const state = (): Promise<PeopleState> => {
    if (cached === null) {
      const reading = read();
      cached = reading;
      reading.catch(() => {
        if (cached === reading) cached = null;
        key = null;
      });
    }
    return cached;
  };

  return {
    state,
    change: (work) => {
      const turn = queue.then(async () => {
        cached = null;
        const result = await work(await state()).finally(() => {
          cached = null;
        });
        identify(personOf(await state()));
        emit({ type: 'people.changed' });
        return result;
      });
      queue = turn.catch(() => undefined);
      return turn;
    },
    now: async () => {
      const now = clock.now();
      const latest = await latestTime();
      // SECURITY: a clock that was set back would make old approvals young again.
      if (latest !== null && now.getTime() < Date.parse(latest) - CLOCK_TOLERANCE_MS)
        throw new AppError('clock/set-back', { now: now.toISOString(), latest });
      return now.toISOString();
    },
  };
};
