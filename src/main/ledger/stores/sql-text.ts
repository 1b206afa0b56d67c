export { searchText } from '../../../shared/search-text';

/** Pattern for `LIKE … ESCAPE '\'` that finds `text` literally anywhere. */
export const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;

/** `?, ?, ?` for a list of `count` values. */
export const placeholders = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

/** Splits a list so that a statement's parameters stay below SQLite's limit. */
export const inGroups = <T>(items: readonly T[], size = 400): T[][] => {
  const groups: T[][] = [];
  for (let start = 0; start < items.length; start += size) groups.push(items.slice(start, start + size));
  return groups;
};
