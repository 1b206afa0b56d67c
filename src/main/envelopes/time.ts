/** Instants and dates of an envelope. The schema knows their form; these know whether such a moment exists. */

/** Milliseconds since 1970 of a moment that exists; `null` for the 30th of February or the 25th hour. */
export const momentOf = (instant: string): number | null => {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return null;
  const full = instant.includes('.') ? instant : instant.replace('Z', '.000Z');
  return new Date(ms).toISOString() === full ? ms : null;
};

/** Of an ISO date `YYYY-MM-DD`. */
export const isRealDate = (date: string): boolean => momentOf(`${date}T00:00:00Z`) !== null;
