import type { Issue, IssueCode } from '../../shared/model/payment-file';

/** What a parser states; the sink fills the rest. */
export type IssueDraft = {
  readonly severity?: 'error' | 'warning';
  readonly code: IssueCode;
  readonly line: number;
  readonly path?: string;
  readonly element?: string;
  readonly value?: string | null;
  readonly expected?: string | null;
  readonly paymentIndex?: number | null;
};

export type IssueSink = {
  readonly report: (draft: IssueDraft) => void;
  /** All findings so far, kept or not. */
  readonly counts: () => { errors: number; warnings: number; more: number };
};

/** Thrown, after its issue was reported, when nothing after this point of the file can be trusted. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

const MAX_VALUE = 140;
const MAX_PATH = 390;

/** Control, format, bidirectional and unpaired characters are shown as `\u{…}` so that a value cannot hide itself. */
export const escapeForDisplay = (text: string): string => {
  const points = Array.from(text.length > 4 * MAX_VALUE ? text.slice(0, 4 * MAX_VALUE) : text);
  const cut = points.length > MAX_VALUE || text.length > 4 * MAX_VALUE;
  const shown = points
    .slice(0, MAX_VALUE)
    .map((point) =>
      /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}]/u.test(point)
        ? `\\u{${point.codePointAt(0)?.toString(16) ?? ''}}`
        : point,
    )
    .join('');
  return cut ? `${shown.slice(0, 560)}…` : shown.slice(0, 560);
};

/**
 * Collects findings. Errors and warnings have separate limits, so that warnings never crowd out an error; what is
 * beyond a limit is counted.
 */
export const createIssueSink = (
  emit: (issue: Issue) => void,
  limits: { readonly errors: number; readonly warnings: number } = { errors: 8000, warnings: 2000 },
): IssueSink => {
  let errors = 0;
  let warnings = 0;
  let more = 0;
  return {
    report: (draft) => {
      const severity = draft.severity ?? 'error';
      const isBeyond = severity === 'error' ? ++errors > limits.errors : ++warnings > limits.warnings;
      if (isBeyond) {
        more++;
        return;
      }
      emit({
        severity,
        code: draft.code,
        line: draft.line,
        path: escapeForDisplay(draft.path ?? '').slice(0, MAX_PATH),
        element: escapeForDisplay(draft.element ?? '').slice(0, MAX_VALUE),
        value: draft.value === undefined || draft.value === null ? null : escapeForDisplay(draft.value),
        expected: draft.expected?.slice(0, 300) ?? null,
        paymentIndex: draft.paymentIndex ?? null,
      });
    },
    counts: () => ({ errors, warnings, more }),
  };
};

/** Hidden or direction-changing characters: nothing that a person reads may contain them. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Noncharacter_Code_Point}]/u;
/** Latin set that SWIFT and CBPR+ carry in names, addresses and remittance text. */
const OUTSIDE_LATIN_SET = /[^a-zA-Z0-9/\-?:().,'+ !#$%&*=^_`{|}~";<>@[\]\\\r\n\t]/;

/** SECURITY: Trojan Source. A name that hides or reorders its letters is refused before anyone sees it. */
export const findCharsetFault = (text: string): 'charset/control' | 'charset/outside' | null => {
  if (!OUTSIDE_LATIN_SET.test(text)) return null;
  // Line breaks and tabs are layout of the file, not hidden content.
  return HIDDEN.test(text.replace(/[\r\n\t]/g, ' ')) ? 'charset/control' : 'charset/outside';
};
