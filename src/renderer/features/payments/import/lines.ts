import type { CurrencySum } from '../../../../shared/model/ids';
import { CurrencyCode, type ImportId } from '../../../../shared/model/ids';
import { addDecimals, parseDecimal, ZERO } from '../../../../shared/money';
import { client } from '../../../client';
import type { ImportLine } from './session';

const PAGE = 200;

/** Every line of an import. Asked for only where lines must be chosen by name. */
export const loadAllLines = async (importId: ImportId): Promise<readonly ImportLine[]> => {
  const lines: ImportLine[] = [];
  for (;;) {
    const page = await client['payments.importLines']({ importId, offset: lines.length, limit: PAGE });
    lines.push(...page.lines);
    if (page.lines.length === 0 || lines.length >= page.total) return lines;
  }
};

export type LineSums = {
  readonly sums: readonly CurrencySum[];
  /** Lines whose amount or currency nobody can read. */
  readonly unreadable: number;
};

/** Exact sums per currency of what lines say. */
export const sumLines = (lines: readonly ImportLine[]): LineSums => {
  const sums = new Map<CurrencyCode, CurrencySum>();
  let unreadable = 0;
  for (const { amountText, currency } of lines) {
    const code = CurrencyCode.safeParse(currency);
    const amount = parseDecimal(amountText, { maxDecimals: 18 });
    if (!code.success || !amount.ok) {
      unreadable += 1;
      continue;
    }
    const before = sums.get(code.data);
    sums.set(code.data, {
      currency: code.data,
      count: (before?.count ?? 0) + 1,
      sum: addDecimals(before?.sum ?? ZERO, amount.value),
    });
  }
  return { sums: [...sums.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1)), unreadable };
};
