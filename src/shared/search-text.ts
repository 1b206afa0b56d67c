/** Text as searches compare it: parts on lines of their own, composed, lower case. Stored and asked in this one form. */
export const searchText = (...parts: readonly (string | null)[]): string =>
  parts
    .filter((part): part is string => part !== null && part !== '')
    .join('\n')
    .normalize('NFKC')
    .toLowerCase();
