/** Policies: their signatures, whether one is in force, and how many approvals a batch needs by it. */

import { isMore, readAmount, sum } from './amounts.mjs';
import { addressOf, checksumAddress, fromHex, sha256, toHex, toNumber, utf8 } from './bytes.mjs';
import { decodeUtf8, NotCanonical, parseCanonical, sourceOf } from './json.mjs';
import { recover } from './secp256k1.mjs';
import { isMoment, policyShape } from './shape.mjs';
import { policyApprovalHash } from './typed-data.mjs';

/** `0x` and 65 bytes r ‖ s ‖ yParity */
export const readSignature = (text) => ({
  r: toNumber(fromHex(text.slice(0, 66))),
  s: toNumber(fromHex(text.slice(66, 130))),
  yParity: Number.parseInt(text.slice(130), 16),
});
/** The address whose key made a signature, or `null`. */
export const signerOf = (hash, signature) => {
  const key = recover(hash, readSignature(signature));
  return key === null ? null : addressOf(key);
};

/** Reads a file that must be canonical and of a shape; stops the report where it is not. */
export function readDocument(bytes, shape, report, what) {
  let value;
  try {
    value = parseCanonical(decodeUtf8(bytes));
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    report.stop(what, `not in its one form: ${error.message}`);
  }
  const faults = shape(value, what);
  for (const fault of faults.slice(1)) report.differ(what, fault);
  if (faults.length > 0) report.stop(what, faults[0]);
  report.agree(what, 'in its one form, every member known');
  return value;
}

const approversOf = (content) => content.people.filter(({ roles }) => roles.includes('approver'));

/** What a policy's content says that cannot be. */
function findPolicyFaults({ number, previous, createdAt, people, table, ...content }) {
  const faults = [];
  if (!isMoment(createdAt)) faults.push(`createdAt ${createdAt} does not exist`);
  if ((number === 1) !== (previous === null)) faults.push('only the first has no forerunner');
  const names = new Set();
  const keys = new Set();
  for (const { name, key, roles } of people) {
    if (checksumAddress(key) !== key) faults.push(`the key of ${name} is not in EIP-55 form`);
    // A name that only looks like another one is for the machine's own check to find.
    if (names.has(name.toLowerCase())) faults.push(`the name ${name} stands there twice`);
    if (keys.has(key)) faults.push(`the key of ${name} stands there twice`);
    const inOrder = ['maker', 'approver', 'signer', 'auditor'].filter((role) => roles.includes(role));
    if (inOrder.join() !== roles.join()) faults.push(`the roles of ${name} are not in order, each once`);
    names.add(name.toLowerCase());
    keys.add(key);
  }
  const approvers = approversOf({ people });
  const most = Math.max(content.defaultApprovals, ...table.map(({ approvals }) => approvals));
  if (approvers.length < Math.max(most, content.changeApprovals)) faults.push('too few approvers');
  for (const maker of people.filter(({ roles }) => roles.includes('maker')))
    if (approvers.filter(({ key }) => key !== maker.key).length < most)
      faults.push(`too few approvers for batches of ${maker.name}`);
  table.forEach(({ currency, above }, at) => {
    const isSame = (row) =>
      row.currency === currency &&
      !isMore(readAmount(row.above), readAmount(above)) &&
      !isMore(readAmount(above), readAmount(row.above));
    if (table.slice(0, at).some(isSame)) faults.push(`two rows for ${currency} above ${above}`);
  });
  return faults;
}

/** Checks a policy file; answers `{ content, digest, signers }`, the signers being those whose signature is right. */
export function checkPolicyFile(bytes, report, what = 'policy') {
  const file = readDocument(bytes, policyShape, report, what);
  const { content, approvals } = file;
  const digest = toHex(sha256(utf8(`nostro/policy/v1\n${sourceOf(content)}`)));
  if (digest === file.digest) report.agree(`${what} digest`, digest);
  else report.differ(`${what} digest`, `stated ${file.digest}, of the content ${digest}`);
  const faults = findPolicyFaults(content);
  for (const fault of faults) report.differ(what, fault);

  const signers = [];
  let last = '';
  for (const { by, at, signature } of approvals) {
    const place = `${what} approval of ${by.name}`;
    const hash = policyApprovalHash(content.company.id, { digest, number: content.number, ...by, at });
    const signer = signerOf(hash, signature);
    if (!isMoment(at)) report.differ(place, `the moment ${at} does not exist`);
    if (by.key.toLowerCase() <= last) report.differ(place, 'not in the order of keys, each once');
    last = by.key.toLowerCase();
    if (signer === by.key) {
      signers.push(by);
      report.agree(place, `signed by ${by.key} at ${at}`);
    } else
      report.differ(
        place,
        `not signed by ${by.key}${signer ? ` but by ${signer}, or over other content` : ''}`,
      );
  }
  return { content, digest, signers };
}

/** Whether enough have signed: approvers of the forerunner, of itself for number 1. */
export function checkInForce(policy, forerunner, report) {
  const { content, signers } = policy;
  if (content.number > 1 && forerunner === null) {
    report.note('in force', 'not known: give its forerunner with --forerunner');
    return;
  }
  if (forerunner !== null) {
    const before = forerunner.content;
    if (content.company.id !== before.company.id) report.differ('forerunner', 'is of another company');
    if (content.company.name !== before.company.name)
      report.differ('forerunner', `the company was called ${before.company.name}`);
    if (content.number !== before.number + 1)
      report.differ('forerunner', `is number ${before.number}, this one ${content.number}`);
    if (content.previous !== forerunner.digest)
      report.differ('forerunner', `named ${content.previous}, given ${forerunner.digest}`);
  }
  const electors = approversOf((forerunner ?? policy).content);
  const needed = Math.max(forerunner?.content.changeApprovals ?? 1, content.changeApprovals);
  const given = signers.filter((by) =>
    electors.some(({ key, name }) => key === by.key && name === by.name),
  ).length;
  if (given >= needed) report.agree('in force', `${given} of ${needed} approvals`);
  else report.differ('in force', `${given} of ${needed} approvals`);
}

/** Approvals that sums by currency need: the highest row that a sum exceeds, else the default; the most of all currencies. */
export function approvalsNeeded({ table, defaultApprovals }, totals) {
  const sums = new Map();
  for (const { currency, units, decimals } of totals) {
    const own = { units: BigInt(units), decimals };
    sums.set(currency, sums.has(currency) ? sum(sums.get(currency), own) : own);
  }
  const needs = [...sums].map(([currency, total]) => {
    const rows = table
      .map((row) => ({ ...row, amount: readAmount(row.above) }))
      .filter((row) => row.currency === currency && isMore(total, row.amount))
      .sort((a, b) => (isMore(a.amount, b.amount) ? -1 : 1));
    return rows[0]?.approvals ?? defaultApprovals;
  });
  return needs.length === 0 ? defaultApprovals : Math.max(...needs);
}
