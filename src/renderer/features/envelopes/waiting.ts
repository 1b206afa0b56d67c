import { client } from '../../client';
import { useQuery } from '../../ui';

/** How much waits for this machine's person: envelopes, and policies to approve. 0 while unknown. */
export const useWaiting = (): number => {
  const found = useQuery(
    async () => {
      const [{ waiting }, { drafts }] = await Promise.all([
        client['envelopes.list']({ filter: 'inbox', search: '', offset: 0, limit: 1 }),
        client['people.policies']({}),
      ]);
      return waiting + drafts.filter(({ waitsForMe }) => waitsForMe).length;
    },
    { key: 'waiting', topics: ['envelopes', 'people'] },
  );
  return found.data ?? 0;
};
