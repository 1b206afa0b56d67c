/** An envelope: form, digest, words, content, what people did, signatures, and whether the policy is met. */

import { writeAmount } from './amounts.mjs';
import { addressOf, checksumAddress, sha256, toHex, utf8 } from './bytes.mjs';
import { checkContent, totalsOf } from './content.mjs';
import { sourceOf } from './json.mjs';
import {
  approvalsNeeded,
  checkInForce,
  checkPolicyFile,
  readDocument,
  readSignature,
  signerOf,
} from './people.mjs';
import { createVerifier, isSignatureForm, recover } from './secp256k1.mjs';
import { envelopeShape, isMoment } from './shape.mjs';
import { signingHash, transactionHash } from './transaction.mjs';
import { actHash } from './typed-data.mjs';
import { voiceWords } from './words.mjs';

const KINDS = ['create', 'approve', 'reject', 'sign', 'send'];
/** 64 MiB: more is no envelope. */
const MAX_BYTES = 64 * 1024 * 1024;
/** With so many signatures by one key a table pays for itself. */
const MANY = 120;
/** How far two honest clocks may be apart. */
const CLOCKS_APART_MS = 5 * 60_000;

/** Acts stand by kind, then by key; one of a kind and key. */
const placeOf = ({ kind, by }) => `${KINDS.indexOf(kind)} ${by.key.toLowerCase()}`;

/** What an act says that cannot be, whoever signed it. */
function* findActFaults(act, content) {
  const { createdAt, expiresAt, maker, accounts, lines } = content;
  if (checksumAddress(act.by.key) !== act.by.key) yield 'the key is not in EIP-55 form';
  if (accounts.some(({ address }) => address === act.by.key)) yield 'the key is that of an account';
  if (!isMoment(act.at)) yield `the moment ${act.at} does not exist`;
  const at = Date.parse(act.at);
  if (at < Date.parse(createdAt)) yield 'before the envelope was made';
  if (act.kind === 'create' && (act.by.key !== maker.key || act.by.name !== maker.name))
    yield 'made by another than the maker';
  if (act.kind === 'create' && act.at !== createdAt) yield `made at ${act.at}, the content says ${createdAt}`;
  if (act.kind === 'approve') {
    const until = act.body.expiresAt;
    if (!isMoment(until)) yield `the moment ${until} does not exist`;
    if (Date.parse(until) > Date.parse(expiresAt)) yield 'approved for longer than the plan holds';
    if (at >= Date.parse(until)) yield 'approved after its own end';
  }
  if (act.kind === 'sign' && at > Date.parse(expiresAt)) yield 'signed after the end of the plan';
  const named = { sign: act.body?.signatures, send: act.body?.lines }[act.kind] ?? [];
  let last = -1;
  for (const { line } of named) {
    if (line >= lines.length) yield `names line ${line}, there are ${lines.length}`;
    if (line <= last) yield `names line ${line} out of order`;
    last = line;
  }
}

/** Every act's own signature, over the digest of the content as it is. */
function checkActs(envelope, digest, report) {
  const { content, acts } = envelope;
  if (acts.filter(({ kind }) => kind === 'create').length !== 1) report.differ('acts', 'not one create');
  const names = new Map([[content.maker.key, content.maker.name]]);
  acts.forEach((act, at) => {
    const place = `act ${at} ${act.kind} by ${act.by.name}`;
    if (at > 0 && placeOf(acts[at - 1]) >= placeOf(act)) report.differ(place, 'out of order, or there twice');
    for (const fault of findActFaults(act, content)) report.differ(place, fault);
    const known = names.get(act.by.key);
    if (known !== undefined && known !== act.by.name)
      report.differ(place, `the same key is also called ${known}`);
    names.set(act.by.key, act.by.name);
    const signer = signerOf(
      actHash(content.company.id, {
        kind: act.kind,
        digest,
        policy: content.policy.number,
        ...act.by,
        at: act.at,
        body: toHex(sha256(utf8(sourceOf(act.body)))),
        journalCount: act.journal.count,
        journalHead: act.journal.head,
      }),
      act.signature,
    );
    if (signer === act.by.key) report.agree(place, `signed by ${act.by.key} at ${act.at}`);
    else report.differ(place, `not signed by ${act.by.key} for this content`);
  });
}

/** Every transaction's signature; answers the ids of the signed transactions by line. */
function checkTransactions({ content, acts }, report) {
  const { lines, accounts } = content;
  const signed = new Map();
  for (const { body, kind, by } of acts) {
    if (kind !== 'sign') continue;
    for (const { line, signature } of body.signatures) {
      if (!lines[line]) continue;
      const before = signed.get(line);
      if (before !== undefined && before.signature !== signature)
        report.differ(`line ${line}`, `signed otherwise by ${by.name} than by ${before.by.name}`);
      else signed.set(line, { signature, by });
    }
  }
  const counts = new Map();
  for (const at of signed.keys()) counts.set(lines[at].account, (counts.get(lines[at].account) ?? 0) + 1);
  const verifiers = new Map();
  const ids = new Map();
  const before = report.count();
  for (const [at, { signature: text }] of [...signed].sort(([a], [b]) => a - b)) {
    const { transaction, account } = lines[at];
    const address = accounts[account]?.address;
    const hash = signingHash(transaction);
    const signature = readSignature(text);
    let isRight = verifiers.get(account)?.(hash, signature);
    if (isRight === undefined) {
      const key = recover(hash, signature);
      isRight = key !== null && addressOf(key) === address;
      if (isRight && counts.get(account) >= MANY) verifiers.set(account, createVerifier(key));
    }
    if (!isRight)
      report.differ(
        `line ${at}`,
        isSignatureForm(signature) ? `not signed by its account ${address}` : 'its signature is out of range',
      );
    else ids.set(at, transactionHash(transaction, signature));
  }
  if (signed.size > 0 && report.count() === before)
    report.agree('signatures', `${signed.size} of ${lines.length} transactions, each by its account`);
  return ids;
}

/** What was sent against what was signed. */
function checkSending({ acts }, ids, report) {
  let same = 0;
  for (const { kind, body, by } of acts) {
    if (kind !== 'send') continue;
    for (const { line, transaction, stage, status } of body.lines) {
      const id = ids.get(line);
      if (id === transaction) same += 1;
      // A replacement may have taken its place: only the chain can say.
      else if (id)
        report.note(
          `line ${line}`,
          `${by.name} tells of ${transaction} (${status}, ${stage}); signed here is ${id}`,
        );
      else
        report.note(
          `line ${line}`,
          `${by.name} tells of ${transaction} (${status}, ${stage}); its signature is not here`,
        );
    }
  }
  if (same > 0) report.agree('sent', `${same} transactions have the ids of those that are signed here`);
}

const ROLES = {
  create: ['maker'],
  approve: ['approver'],
  reject: ['approver', 'signer'],
  sign: ['signer'],
  send: ['maker'],
};

/** How many people's approvals hold at a moment; notes those that do not. */
function countApprovals(approvals, when, report) {
  const approvers = new Set();
  for (const act of approvals) {
    const place = `${act.kind} by ${act.by.name}`;
    if (Date.parse(when) > Date.parse(act.body.expiresAt))
      report.note(place, `has ended at ${act.body.expiresAt}, before ${when}`);
    else if (Date.parse(act.at) > Date.parse(when) + CLOCKS_APART_MS)
      report.note(place, `of ${act.at} is later than ${when}`);
    else approvers.add(act.by.key);
  }
  return approvers.size;
}

/** Who was entitled, and whether there are enough approvals; `null` for no policy at hand. */
function checkEntitlement({ content, acts }, policy, at, report) {
  const { company, maker } = content;
  if (policy === null) {
    report.note(
      'policy',
      `roles and number of approvals not checked: give the policy ${content.policy.digest} with --policy`,
    );
    return;
  }
  if (policy.digest !== content.policy.digest)
    report.differ(
      'policy',
      `the envelope was made under ${content.policy.digest}, given is ${policy.digest}`,
    );
  if (policy.content.number !== content.policy.number)
    report.differ(
      'policy',
      `the envelope was made under number ${content.policy.number}, given is ${policy.content.number}`,
    );
  if (policy.content.company.id !== company.id) report.differ('policy', 'is of another company');
  if (policy.content.company.name !== company.name)
    report.differ('policy', `calls the company ${policy.content.company.name}, the envelope ${company.name}`);

  const entitled = (act) => {
    const person = policy.content.people.find(({ key, name }) => key === act.by.key && name === act.by.name);
    if (!person) return 'is not in the policy';
    if (!ROLES[act.kind].some((role) => person.roles.includes(role)))
      return `is not ${ROLES[act.kind].join(' or ')}`;
    if (act.kind === 'approve' && (act.by.key === maker.key || act.by.name === maker.name)) return 'made it';
    return null;
  };
  const signings = acts.filter(({ kind }) => kind === 'sign');
  const approvals = [];
  for (const act of acts) {
    const place = `${act.kind} by ${act.by.name}`;
    const why = entitled(act);
    if (why !== null) report.differ(place, `does not count: ${act.by.name} ${why}`);
    else if (act.kind === 'reject')
      (signings.length > 0 ? report.differ : report.note)(place, `rejected: ${act.body.reason}`);
    else if (act.kind === 'approve') approvals.push(act);
  }
  const needed = approvalsNeeded(policy.content, content.totals);
  // Every signing must have been covered at its own moment: another one, with other approvals, does not cover it.
  const moments = new Set(signings.map((act) => act.at));
  if (at !== null) moments.add(at);
  if (moments.size === 0) moments.add(new Date().toISOString());
  const counts = [...moments].map((when) => ({
    given: countApprovals(approvals, when, report),
    needed,
    at: when,
  }));
  for (const { given, at: when } of counts) {
    const text = `${given} of ${needed} at ${when}`;
    if (given >= needed) report.agree('approvals', text);
    else if (signings.length > 0) report.differ('approvals', `signed with ${text}`);
    else report.note('approvals', text);
  }
  // Told is the moment that was asked for, else the one with the fewest.
  report.facts.approvals =
    counts.find((count) => count.at === at) ?? counts.reduce((a, b) => (b.given < a.given ? b : a));
}

/**
 * `policyBytes`, `forerunner`: files or `null`. `challenge`: eight digits or `null`. Approvals are counted
 * at the moment of every signing, and at `at` as well if it is given; with neither, now.
 */
export function checkEnvelope(bytes, { policyBytes, challenge, at }, report) {
  if (bytes.length > MAX_BYTES)
    report.stop('envelope', `has ${bytes.length} bytes, at most ${MAX_BYTES} are allowed`);
  const envelope = readDocument(bytes, envelopeShape, report, 'envelope');
  const { content } = envelope;
  const digest = toHex(sha256(utf8(`nostro/envelope/v1\n${sourceOf(content)}`)));
  if (digest === envelope.digest) report.agree('digest', digest);
  else report.differ('digest', `stated ${envelope.digest}, of the content ${digest}`);
  report.facts.digest = digest;
  if (challenge !== null) {
    report.facts.words = voiceWords(challenge, digest);
    report.agree(`words for ${challenge}`, report.facts.words.join(' '));
  }
  report.facts.lines = content.lines.length;

  checkContent(content, report);
  checkActs(envelope, digest, report);
  const ids = checkTransactions(envelope, report);
  report.facts.signatures = ids.size;
  report.facts.transactions = [...ids].map(([line, hash]) => ({ line, hash }));
  checkSending(envelope, ids, report);
  const policy = policyBytes === null ? null : checkPolicyFile(policyBytes, report);
  if (policy !== null) checkInForce(policy, null, report);
  checkEntitlement(envelope, policy, at, report);
  if (content.lines.every(({ token }) => content.tokens[token]))
    report.facts.totals = totalsOf(content.lines, content.tokens).map(({ currency, count, ...total }) => ({
      currency,
      count,
      amount: writeAmount(total),
    }));
  return envelope;
}

export const anchorsOf = ({ acts }) =>
  acts.map(({ kind, by, at, journal }) => ({ kind, by, at, ...journal }));
