/**
 * A stranger's check of Nostro's files: envelopes, policies, exported journals.
 *
 *     npm run verify -- envelope FILE [--policy FILE] [--challenge 12345678] [--at 2026-11-26T10:00:00Z] [--json]
 *     npm run verify -- policy FILE [--forerunner FILE] [--json]
 *     npm run verify -- journal FILE [--envelope FILE | --anchor COUNT:HEAD] [--json]
 *
 * It is written from docs/envelope.md, docs/policy.md and docs/journal.md alone, shares nothing with the app and uses no
 * package: an error of the app, or of a library that the app trusts, is not repeated here. It reads the named files and
 * nothing else. Ends with 0 when everything agrees, 1 when something differs, 2 when it could not look.
 */
import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { anchorsOf, checkEnvelope } from './verify/envelope.mjs';
import { checkAnchor, checkAnchors, checkJournal } from './verify/journal.mjs';
import { checkInForce, checkPolicyFile } from './verify/people.mjs';
import { createReport, printReport, Stop, toJson } from './verify/report.mjs';

const MAX_BYTES = 1024 ** 3;

class Usage extends Error {}

function readFile(path) {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) throw new Error('larger than a gibibyte');
    return readFileSync(path);
  } catch (error) {
    throw new Usage(`${path}: ${error.message}`);
  }
}

const COMMANDS = {
  envelope: (bytes, { policy, challenge = null, at = null }, report) => {
    if (challenge !== null && !/^[0-9]{8}$/.test(challenge)) throw new Usage('a challenge has eight digits');
    if (at !== null && Number.isNaN(Date.parse(at))) throw new Usage('--at is no moment');
    checkEnvelope(
      bytes,
      { policyBytes: policy === undefined ? null : readFile(policy), challenge, at },
      report,
    );
  },
  policy: (bytes, { forerunner }, report) => {
    const before =
      forerunner === undefined ? null : checkPolicyFile(readFile(forerunner), report, 'forerunner');
    checkInForce(checkPolicyFile(bytes, report), before, report);
  },
  journal: (bytes, { envelope, anchor }, report) => {
    const journal = checkJournal(bytes, report);
    if (envelope !== undefined) {
      // Its own signatures first: an anchor is worth as much as the act that holds it.
      const opened = checkEnvelope(
        readFile(envelope),
        { policyBytes: null, challenge: null, at: null },
        report,
      );
      checkAnchors(journal, anchorsOf(opened), report);
    }
    if (anchor !== undefined) {
      const [, count, head] = /^([0-9]{1,15}):(0x[0-9a-f]{64})$/.exec(anchor) ?? [];
      if (head === undefined) throw new Usage('an anchor is COUNT:HEAD, the head with 0x and 64 digits');
      checkAnchor(journal, { count: Number(count), head }, 'anchor', report);
    }
  },
};
const OPTIONS = {
  envelope: ['policy', 'challenge', 'at'],
  policy: ['forerunner'],
  journal: ['envelope', 'anchor'],
};

function run(argv) {
  const [command, ...rest] = argv;
  if (!Object.hasOwn(COMMANDS, command ?? '')) throw new Usage('verify envelope|policy|journal FILE');
  const options = Object.fromEntries(OPTIONS[command].map((name) => [name, { type: 'string' }]));
  let parsed;
  try {
    parsed = parseArgs({
      args: rest,
      options: { ...options, json: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Usage(error.message);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== 1) throw new Usage(`verify ${command} takes one file`);
  const report = createReport();
  try {
    COMMANDS[command](readFile(positionals[0]), values, report);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  if (values.json) process.stdout.write(`${JSON.stringify(toJson(report), null, 2)}\n`);
  else printReport(report, (text) => process.stdout.write(text));
  return report.count() === 0 ? 0 : 1;
}

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Usage ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 2;
}
