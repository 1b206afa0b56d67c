/** An exported journal (docs/journal.md): the chain from first to last, and anchors that others hold. */
import { sha256, toHex, utf8 } from './bytes.mjs';
import { decodeUtf8, NotCanonical, parseCanonical } from './json.mjs';
import { isMoment, journalEntryShape, journalHeaderShape } from './shape.mjs';

const START = `0x${'0'.repeat(64)}`;

/** The first line that is not as it was written is named; what follows it is not looked at, because all of it depends on it. */
export function checkJournal(bytes, report) {
  let lines;
  try {
    lines = decodeUtf8(bytes).split('\n');
  } catch (error) {
    report.stop('journal', error.message);
  }
  if (lines.pop() !== '') report.stop('journal', 'the last line is not ended');
  const read = (text, shape, what) => {
    let value;
    try {
      value = parseCanonical(text);
    } catch (error) {
      if (!(error instanceof NotCanonical)) throw error;
      report.stop(what, `not in its one form: ${error.message}`);
    }
    const [fault] = shape(value, what);
    if (fault !== undefined) report.stop(what, fault);
    return value;
  };

  const header = read(lines[0] ?? '', journalHeaderShape, 'first line');
  const hashes = [START];
  const keys = new Set();
  for (const [at, text] of lines.slice(1).entries()) {
    const what = `entry ${at + 1}`;
    const { seq, hash, who, at: moment } = read(text, journalEntryShape, what);
    if (seq !== at + 1) report.stop(what, `is numbered ${seq}`);
    if (!isMoment(moment)) report.stop(what, `the moment ${moment} does not exist`);
    // `hash` is the one member that is not hashed. A fact that looks the same would have to hold the hash of itself.
    const hashed = text.replace(`"hash":"${hash}",`, '');
    const actual = toHex(sha256(utf8(`nostro/journal/v1\n${hashes[at]}\n${hashed}`)));
    if (actual !== hash) report.stop(what, `its hash is ${hash}, of it and what is before it ${actual}`);
    hashes.push(hash);
    if (who) keys.add(who.key);
  }
  const count = hashes.length - 1;
  if (header.count === count) report.agree('entries', `${count}, each following the one before`);
  else report.differ('entries', `the first line says ${header.count}, there are ${count}`);
  if (header.head === hashes[count]) report.agree('head', header.head);
  else report.differ('head', `the first line says ${header.head}, it is ${hashes[count]}`);
  report.facts.count = count;
  report.facts.head = hashes[count];
  return { hashes, keys };
}

/** One anchor: so many entries, and the hash of the last of them. */
export function checkAnchor({ hashes }, { count, head }, what, report) {
  if (count >= hashes.length) report.differ(what, `knew ${count} entries, here are ${hashes.length - 1}`);
  else if (hashes[count] !== head)
    report.differ(what, `entry ${count} was ${head}, here it is ${hashes[count]}`);
  else report.agree(what, `entry ${count} is ${head}`);
}

/** Anchors in the acts of an envelope. Those of people who do not occur in this journal are of other machines. */
export function checkAnchors(journal, anchors, report) {
  const own = anchors.filter(({ by, count }) => count > 0 && journal.keys.has(by.key));
  for (const anchor of own)
    checkAnchor(journal, anchor, `anchor in ${anchor.kind} by ${anchor.by.name} at ${anchor.at}`, report);
  const others = anchors.length - own.length;
  if (others > 0)
    report.note('anchors', `${others} in this envelope are of other journals, or of empty ones`);
  if (own.length === 0) report.differ('anchors', 'none in this envelope is of anybody in this journal');
}
