import type { AppEvent, MainHandlers } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import { instant } from './data';
import * as data from './people-data';

export type PeopleScenario = {
  /** A machine that never connects. */
  readonly mode?: 'online' | 'offline';
  /**
   * `policy` (standard): one in force and a draft of the next. `settled`: one in force. `first`: a first draft that waits
   * for this machine's person. `none`: no policy.
   */
  readonly people?: 'policy' | 'settled' | 'first' | 'none';
  /** This machine's person has no name yet. */
  readonly isNameless?: boolean;
  /** The journal was written since the vault remembered it last. */
  readonly isJournalFresh?: boolean;
};

type PeopleMethods = Extract<keyof MainHandlers, `people.${string}` | `journal.${string}`>;

export const peopleHandlers = (
  scenario: PeopleScenario,
  emit: (event: AppEvent) => void,
): Pick<MainHandlers, PeopleMethods> => {
  const people = scenario.people ?? 'policy';
  let name: string | null = scenario.isNameless ? null : data.me.name;
  let drafts = people === 'policy' ? [data.draft] : people === 'first' ? [data.firstDraft] : [];
  const inForce = people === 'policy' || people === 'settled' ? data.inForce : null;
  const changed = (): void => emit({ type: 'people.changed' });
  const find = (digest: string) => {
    const found = [...drafts, ...(inForce === null ? [] : [inForce])].find((each) => each.digest === digest);
    if (!found) throw new AppError('policy/unknown');
    return found;
  };
  const search = (text: string) => {
    const lower = text.toLowerCase();
    return Array.from({ length: data.JOURNAL_COUNT }, (_, index) => data.journalAt(index)).filter(
      ({ event, who, digest, verdict }) =>
        lower === '' ||
        [event, who?.name ?? '', digest ?? '', verdict].some((each) => each.toLowerCase().includes(lower)),
    );
  };
  return {
    'people.identity': async () => ({
      name,
      key: data.me.key,
      roles: inForce === null ? [] : data.me.roles,
      companyName: inForce?.content.company.name ?? null,
    }),
    'people.setName': async (input) => {
      name = input.name;
      changed();
      return {};
    },
    'people.exportCard': async ({ passphrase }) => {
      if (passphrase === 'wrong') throw new AppError('vault/wrong-passphrase', { waitMs: 0 });
      return { saved: 'ines-okafor.nostro' };
    },
    'people.cards': async () => ({ cards: people === 'none' ? [] : data.cards }),
    'people.policies': async () => ({ inForce, drafts }),
    'people.draftPolicy': async () => {
      drafts = [data.draft];
      changed();
      return { digest: data.draft.digest };
    },
    'people.discardDraft': async ({ digest }) => {
      find(digest);
      drafts = drafts.filter((each) => each.digest !== digest);
      changed();
      return {};
    },
    'people.exportPolicy': async ({ digest }) => ({ saved: `policy-${find(digest).content.number}.nostro` }),
    'people.reviewPolicy': async ({ digest }) => {
      find(digest);
      return {};
    },
    'journal.list': async ({ search: text, offset, limit }) => {
      const rows = people === 'none' && text === '' ? [] : search(text);
      return { total: rows.length, entries: rows.slice(offset, offset + limit) };
    },
    'journal.head': async () => {
      const head = data.journalAt(0).hash;
      return {
        count: data.JOURNAL_COUNT,
        head,
        checkedAt: instant(42),
        anchored: scenario.isJournalFresh
          ? { count: data.JOURNAL_COUNT - 6, head: data.journalAt(6).hash }
          : { count: data.JOURNAL_COUNT, head },
      };
    },
    'journal.exportFile': async ({ format }) => ({ saved: `journal-2026-11-23.${format}` }),
  };
};
