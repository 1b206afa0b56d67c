import type { ApprovalLine } from '../../shared/contract';

export type CreditorRow = {
  readonly name: string;
  readonly address: string;
  readonly count: number;
  readonly sums: readonly { readonly currency: string; readonly units: bigint; readonly decimals: number }[];
};

export type Row =
  | { readonly kind: 'heading'; readonly id: string; readonly text: string; readonly height: number }
  | {
      readonly kind: 'creditor';
      readonly id: string;
      readonly creditor: CreditorRow;
      readonly height: number;
    }
  | { readonly kind: 'payment'; readonly id: string; readonly line: ApprovalLine; readonly height: number }
  | { readonly kind: 'detail'; readonly id: string; readonly line: ApprovalLine; readonly height: number };

const HEADING = 44;
const PAYMENT = 84;
const DETAIL = 312;

/** One row per creditor account, in the order of first payment. A name alone never joins two accounts. */
export const sumCreditors = (lines: readonly ApprovalLine[]): readonly CreditorRow[] => {
  const rows = new Map<
    string,
    { name: string; address: string; count: number; sums: Map<string, CreditorRow['sums'][number]> }
  >();
  for (const line of lines) {
    const key = `${line.creditorAddress.toLowerCase()} ${line.creditorName}`;
    const row = rows.get(key) ?? {
      name: line.creditorName,
      address: line.creditorAddress,
      count: 0,
      sums: new Map(),
    };
    row.count += 1;
    const sumKey = `${line.currency} ${line.decimals}`;
    const units = (row.sums.get(sumKey)?.units ?? 0n) + line.units;
    row.sums.set(sumKey, { currency: line.currency, units, decimals: line.decimals });
    rows.set(key, row);
  }
  return [...rows.values()].map((row) => ({ ...row, sums: [...row.sums.values()] }));
};

const contains = (line: ApprovalLine, words: readonly string[]): boolean => {
  const text =
    `${line.creditorName} ${line.creditorAccount} ${line.creditorAddress} ${line.endToEndId} ${line.currency} ${line.creditorLei ?? ''} ${line.reference} ${line.tokenName} ${line.issuerName}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

export const filterLines = (lines: readonly ApprovalLine[], search: string): readonly ApprovalLine[] => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? lines : lines.filter((line) => contains(line, words));
};

export const layOut = (
  lines: readonly ApprovalLine[],
  openLine: number | null,
  texts: { readonly creditors: string; readonly payments: string },
): readonly Row[] => {
  // A cancellation pays nobody.
  const creditors = sumCreditors(lines.filter(({ action }) => action === 'pay'));
  const rows: Row[] = [];
  if (creditors.length > 0)
    rows.push({ kind: 'heading', id: 'h-creditors', text: texts.creditors, height: HEADING });
  creditors.forEach((creditor, index) => {
    rows.push({
      kind: 'creditor',
      id: `c-${index}`,
      creditor,
      height: Math.max(56, 16 + 22 * (creditor.sums.length + 1)),
    });
  });
  rows.push({ kind: 'heading', id: 'h-payments', text: texts.payments, height: HEADING });
  for (const line of lines) {
    rows.push({ kind: 'payment', id: `p-${line.index}`, line, height: PAYMENT });
    if (line.index === openLine) rows.push({ kind: 'detail', id: `d-${line.index}`, line, height: DETAIL });
  }
  return rows;
};

/** Top of each row, and the whole height as the last element. */
export const measure = (rows: readonly Row[]): readonly number[] => {
  const tops: number[] = [0];
  for (const row of rows) tops.push((tops.at(-1) ?? 0) + row.height);
  return tops;
};

/** First row whose bottom is below `y`. */
export const rowAt = (tops: readonly number[], y: number): number => {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle + 1] ?? 0) <= y) low = middle + 1;
    else high = middle;
  }
  return low;
};
