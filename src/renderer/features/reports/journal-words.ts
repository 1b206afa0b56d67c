import { journal } from '../../../../assets/locales/en/journal';
import type { JournalRow } from '../../../shared/contract';

const EVENTS: Readonly<Record<string, string>> = journal.events;

/** What happened in words; an event that is not known here literally. */
export const nameEvent = (event: string): { readonly text: string; readonly isKnown: boolean } => {
  const text = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  return { text: text ?? event, isKnown: text !== undefined };
};

/** Who did it: a person by name, the app itself, or nobody known. */
export const nameActor = ({ who, source }: Pick<JournalRow, 'who' | 'source'>): string =>
  who?.name ?? (source === 'app' ? journal.app : journal.nobody);

/**
 * The name in the journal for words that a person searches by, because main searches what is written: `Send an envelope`
 * finds `envelopes.send`. `null` where the words are of no one event.
 */
export const findEvent = (search: string): string | null => {
  const words = search.trim().toLowerCase();
  if (words.length < 3) return null;
  const found = Object.entries(EVENTS).filter(([, text]) => text.toLowerCase().includes(words));
  const exact = found.find(([, text]) => text.toLowerCase() === words);
  return exact?.[0] ?? (found.length === 1 ? (found[0]?.[0] ?? null) : null);
};
