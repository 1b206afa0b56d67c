import type { Settings } from '../../../shared/contract';
import { client } from '../../client';
import { useAction, useSession } from '../../ui';

/** The preferences and a way to change them at once; main keeps them and tells everybody. */
export const useSettings = () => {
  const settings = useSession((state) => state.settings);
  const change = useAction(async (next: Partial<Settings>) => {
    useSession.setState({ settings: await client['settings.set'](next) });
  });
  return { settings, change };
};
