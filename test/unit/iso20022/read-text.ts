import { createIssueSink, FileRefused } from '../../../src/main/iso20022/issues';
import { createPain001Parser } from '../../../src/main/iso20022/pain001';
import type { FileHeader, Issue, RawPayment } from '../../../src/shared/model/payment-file';
import type { Decimal } from '../../../src/shared/money';

export type ReadResult = {
  readonly isRefused: boolean;
  readonly header: FileHeader | null;
  readonly payments: readonly RawPayment[];
  readonly issues: readonly Issue[];
  readonly errors: readonly Issue[];
  readonly count: number;
  readonly sums: Readonly<Record<string, Decimal>>;
};

/** Reads bytes as pain.001 in pieces of `step` bytes. */
export const readPain001 = (
  content: string | Uint8Array,
  step = 65_536,
  today = '2000-01-01',
): ReadResult => {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const issues: Issue[] = [];
  const payments: RawPayment[] = [];
  const sink = createIssueSink((issue) => issues.push(issue));
  const parser = createPain001Parser(sink, { onPayment: (payment) => payments.push(payment) }, { today });
  let isRefused = false;
  try {
    for (let at = 0; at < bytes.length; at += step) parser.write(bytes.subarray(at, at + step));
    parser.end();
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    isRefused = true;
  }
  return {
    isRefused,
    header: parser.header(),
    payments,
    issues,
    errors: issues.filter((issue) => issue.severity === 'error'),
    count: parser.totals.count(),
    sums: parser.totals.perCurrency(),
  };
};
