/** What was found: what agrees, what differs and where, what could not be looked at. */

export class Stop extends Error {}

export function createReport() {
  const findings = [];
  const facts = {};
  const say = (kind, what, text) => findings.push({ kind, what, text });
  return {
    facts,
    findings,
    /** This was checked and is as it is stated. */
    agree: (what, text) => say('ok', what, text),
    /** This was checked and is otherwise. */
    differ: (what, text) => say('differs', what, text),
    /** This was not checked, or is worth knowing. */
    note: (what, text) => say('note', what, text),
    count: () => findings.filter(({ kind }) => kind === 'differs').length,
    /** For what makes everything after it meaningless. */
    stop: (what, text) => {
      say('differs', what, text);
      throw new Stop(text);
    },
  };
}

const MARK = { ok: 'ok     ', differs: 'DIFFERS', note: 'note   ' };
const SHOWN = 500;

/** SECURITY: text from a file goes to a terminal; what is no plain character is shown by its number. */
const plain = (text) =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu,
    (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`,
  );

export function printReport(report, write) {
  for (const { kind, what, text } of report.findings.slice(0, SHOWN))
    write(`${MARK[kind]}  ${plain(what)}: ${plain(text)}\n`);
  const more = report.findings.length - SHOWN;
  if (more > 0) write(`${MARK.note}  ${more} more findings; --json shows them all\n`);
  const different = report.count();
  write(different === 0 ? 'agrees\n' : `${different} ${different === 1 ? 'difference' : 'differences'}\n`);
}

export const toJson = (report) => {
  const of = (kind) =>
    report.findings.filter((finding) => finding.kind === kind).map(({ what, text }) => ({ what, text }));
  return {
    agrees: report.count() === 0,
    ...report.facts,
    differences: of('differs'),
    notes: of('note'),
    checked: of('ok'),
  };
};
