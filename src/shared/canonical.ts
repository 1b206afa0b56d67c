/**
 * Canonical JSON (RFC 8785) for everything that is digested or signed.
 *
 * Deviation, on purpose: numbers other than safe integers are refused and bigint is refused, so that an amount can only
 * stand there as a decimal string. Strings must be well-formed Unicode.
 */
export type Canonical =
  | string
  | number
  | boolean
  | null
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

/** Serialises by RFC 8785: members sorted by UTF-16 code units, no white space, shortest escapes. */
export const canonicalJson = (value: Canonical): string => {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw new Error('canonical JSON takes safe integers only');
    return String(value);
  }
  if (typeof value === 'string') {
    if (!isWellFormed(value)) throw new Error('canonical JSON takes well-formed Unicode only');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item: Canonical) => canonicalJson(item)).join(',')}]`;
  const record = value as { readonly [key: string]: Canonical };
  const members = Object.keys(record)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .map((key) => {
      const member = record[key];
      if (member === undefined) throw new Error(`canonical JSON has no undefined: ${key}`);
      return `${canonicalJson(key)}:${canonicalJson(member)}`;
    });
  return `{${members.join(',')}}`;
};

const isWellFormed = (text: string): boolean =>
  !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
