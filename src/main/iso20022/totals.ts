import {
  addDecimals,
  compareDecimals,
  type Decimal,
  parseDecimal,
  toPlainString,
  ZERO,
} from '../../shared/money/decimal';
import type { IssueDraft } from './issues';
import type { XmlNode } from './xml-tree';

export type Declared = {
  readonly count: string | null;
  readonly countNode: XmlNode | null;
  readonly sum: XmlNode | null;
};

/** Counts payments and sums amounts: over all currencies for the control sum, and per currency. */
export type Totals = {
  readonly add: (currency: string, amount: Decimal) => void;
  /** A payment whose amount could not be read: counted, and no control sum is compared. */
  readonly addUnreadable: () => void;
  readonly count: () => number;
  readonly sum: () => Decimal;
  readonly isComplete: () => boolean;
  readonly perCurrency: () => Record<string, Decimal>;
  readonly compare: (
    declared: Declared,
    report: (node: XmlNode, draft: Omit<IssueDraft, 'line'>) => void,
  ) => void;
};

export const createTotals = (): Totals => {
  let count = 0;
  let unreadable = 0;
  let sum: Decimal = ZERO;
  const sums = new Map<string, Decimal>();
  return {
    add: (currency, amount) => {
      count++;
      sum = addDecimals(sum, amount);
      sums.set(currency, addDecimals(sums.get(currency) ?? ZERO, amount));
    },
    addUnreadable: () => {
      count++;
      unreadable++;
    },
    count: () => count,
    sum: () => sum,
    isComplete: () => unreadable === 0,
    perCurrency: () => Object.fromEntries(sums),
    compare: (declared, report) => {
      if (declared.count !== null && declared.countNode !== null && /^[0-9]{1,15}$/.test(declared.count)) {
        if (Number(declared.count) !== count)
          report(declared.countNode, { code: 'total/count', value: declared.count, expected: String(count) });
      }
      if (declared.sum === null || unreadable > 0) return;
      const stated = parseDecimal(declared.sum.text, { maxDecimals: 40 });
      if (stated.ok && compareDecimals(stated.value, sum) !== 0)
        report(declared.sum, { code: 'total/sum', value: declared.sum.text, expected: toPlainString(sum) });
    },
  };
};
