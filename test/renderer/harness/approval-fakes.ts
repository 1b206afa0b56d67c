/** The approval window's fake main side: a small batch, 10,000 lines, or a replacement. */
import type {
  AppEvent,
  ApprovalDocument,
  ApprovalHandlers,
  ApprovalLine,
} from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import { encodeTransfer } from '../../../src/shared/evm/calldata';
import * as data from './data';
import { detailAt, type Who } from './envelope-data';
import type { Scenario } from './fake-bridge';
import * as company from './people-data';

/** Text from outside as an attacker would write it: a right-to-left override, a bell, markup. */
const HOSTILE_NAME = 'Alpenrose \u202Etliz\u202C <b>GmbH</b>\u0007';

/** As long as ISO 20022 allows: 140 characters. */
const LONG_NAME =
  'Gesellschaft für internationale Warenvermittlung und Lagerhaltung der norddeutschen Seehafenbetriebe mit beschränkter Haftung & Co. KG aA 140';

const lineAt = (index: number, kind: 'pay' | 'cancel'): ApprovalLine => {
  const payment = data.payments[index % data.payments.length] as (typeof data.payments)[number];
  const token = data.tokens.find((each) => each.id === payment.tokenId) as (typeof data.tokens)[number];
  return {
    index,
    paymentId: payment.id,
    action: kind,
    endToEndId: `INV-2026-${40_000 + index}`,
    creditorName: index === 5 ? HOSTILE_NAME : index === 6 ? LONG_NAME : payment.creditorName,
    creditorLei: payment.creditorLei,
    creditorAccount: payment.creditorAccount,
    creditorAddress: payment.creditorAddress,
    debtorName: payment.debtorName,
    debtorAddress: payment.debtorAddress,
    currency: payment.currency,
    units: payment.units,
    decimals: payment.decimals,
    tokenName: token.name,
    tokenAddress: token.address,
    issuerName: token.issuer.name,
    networkName: 'Nostro Sandbox',
    chainId: 31337n,
    nonce: BigInt(118 + index),
    maxFee: 412_000_000_000_000n,
    reference: payment.reference,
    data:
      kind === 'cancel'
        ? '0x'
        : encodeTransfer({ to: payment.creditorAddress, units: payment.units, reference: { form: 'none' } }),
  };
};

/** What the words must be for the challenge of the fake; anything else disagrees. */
const ATTEMPTS = 3;

const ACTS: Partial<Record<NonNullable<Scenario['approval']>, ApprovalDocument['act']>> = {
  approve: 'approve',
  'approve-refused': 'approve',
  'approve-disagreed': 'approve',
  sign: 'sign',
  compare: 'compare',
  adopt: 'adopt',
  'adopt-first': 'adopt',
};

/** Of the made-up envelopes: one that waits for the approver, one for the signer. */
const envelopeOf = (
  variant: Scenario['approval'],
  act: ApprovalDocument['act'],
): ApprovalDocument['envelope'] => {
  if (act === 'pay' || act === 'adopt') return null;
  const who: Who = act === 'sign' ? 'signer' : act === 'compare' ? 'maker' : 'approver';
  const detail = detailAt(act === 'sign' ? 1 : variant === 'approve-refused' ? 2 : 0, who);
  const { summary, findings } = detail;
  const me = who === 'signer' ? company.people[2] : who === 'maker' ? company.me : company.people[1];
  return {
    company: summary.company,
    createdAt: summary.createdAt,
    expiresAt: summary.expiresAt,
    approvalsNeeded: summary.approvals.needed,
    acts: summary.acts,
    findings: findings ?? [],
    me: { name: me?.name ?? '', key: me?.key ?? summary.maker.key },
  };
};

/** A first policy that its approvers have signed, on somebody else's machine. */
const FIRST: ApprovalDocument['policy'] = {
  ...company.firstDraft,
  waitsForMe: false,
  approvals: company.inForce.approvals,
};

const policyOf = (variant: Scenario['approval']): Pick<ApprovalDocument, 'policy' | 'policyBefore'> => {
  // One that waits for this person, and one that others have signed already.
  if (variant === 'adopt')
    return { policy: { ...company.draft, waitsForMe: true }, policyBefore: company.inForce.content };
  return { policy: variant === 'adopt-first' ? FIRST : null, policyBefore: null };
};

export const approvalHandlers = (scenario: Scenario, emit: (event: AppEvent) => void): ApprovalHandlers => {
  const variant = scenario.approval ?? 'small';
  const act = ACTS[variant] ?? 'pay';
  const envelope = envelopeOf(variant, act);
  let attemptsLeft = ATTEMPTS;
  const count =
    variant === 'large' ? 10_000 : ['one', 'replacement', 'cancellation'].includes(variant) ? 1 : 24;
  const lines = Array.from({ length: count }, (_, index) =>
    lineAt(index, variant === 'cancellation' ? 'cancel' : 'pay'),
  );
  if (variant === 'mismatch') lines[3] = { ...(lines[3] as ApprovalLine), units: 1n };
  const sums = new Map<string, ApprovalDocument['sums'][number]>();
  for (const line of lines) {
    const known = sums.get(line.currency);
    sums.set(line.currency, {
      currency: line.currency as never,
      count: (known?.count ?? 0) + 1,
      sum: { units: (known?.sum.units ?? 0n) + line.units, decimals: line.decimals },
    });
  }
  const document: ApprovalDocument = {
    kind: variant === 'replacement' || variant === 'cancellation' ? 'replacement' : 'batch',
    batchId: act === 'pay' ? (data.batches[0] as (typeof data.batches)[number]).id : null,
    act,
    envelope,
    ...policyOf(variant),
    source: act === 'adopt' ? null : (data.batches[0] as (typeof data.batches)[number]).source,
    digest: data.hash(4711),
    words: act === 'pay' ? data.WORDS : null,
    count: act === 'adopt' ? 0 : count,
    // A cancellation moves nothing.
    sums: variant === 'cancellation' || act === 'adopt' ? [] : [...sums.values()],
    maxFees: [
      {
        networkName: 'Nostro Sandbox',
        symbol: 'ETH',
        amount: { units: 9_888_000_000_000_000n, decimals: 18 },
      },
    ],
    creditors: variant === 'cancellation' ? 0 : Math.min(count, 22),
    unchecked:
      count === 1 || act !== 'pay'
        ? []
        : [
            { code: 'enrolment-unknown', count: 2, text: null },
            { code: 'first-payment', count: 3, text: null },
          ],
    checked:
      act !== 'pay'
        ? []
        : [
            { code: 'bytes-decoded', count },
            { code: 'chain-id', count },
            { code: 'token-unchanged', count: 5 },
            { code: 'preflight-ok', count: Math.max(1, count - 2) },
            { code: 'funds', count },
            { code: 'duplicates', count },
            { code: 'nonces', count },
          ],
    builtAt: data.instant(0.5),
    preflightAt: data.instant(2),
  };
  let isCancelled = false;
  return {
    'approval.document': async () => document,
    'approval.lines': async ({ offset, limit }) => ({
      total: count,
      lines: lines.slice(offset, offset + limit),
    }),
    'approval.approve': async ({ passphrase }) => {
      if (passphrase === 'wrong') throw new AppError('vault/wrong-passphrase');
      if (act === 'approve' || act === 'adopt') return { signed: 0 };
      const startedAt = new Date().toISOString();
      isCancelled = false;
      for (let done = 0; done <= count; done += Math.max(1, Math.floor(count / 40))) {
        if (isCancelled) throw new AppError('cancelled');
        emit({
          type: 'progress',
          task: 'sign',
          batchId: document.batchId,
          done,
          total: count,
          startedAt,
          isFinished: false,
        });
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return { signed: count };
    },
    'approval.challenge': async () => ({
      challenge: '40718263',
      disagreedBefore: variant === 'approve-disagreed',
    }),
    'approval.compareWords': async ({ words }) => {
      if (attemptsLeft > 0) attemptsLeft -= 1;
      return { agrees: words.join() === data.WORDS.join(), attemptsLeft };
    },
    'approval.wordsFor': async () => ({ words: data.WORDS }),
    'approval.reject': async ({ passphrase }) => {
      if (passphrase === 'wrong') throw new AppError('vault/wrong-passphrase');
      return {};
    },
    'approval.cancelSigning': async () => {
      isCancelled = true;
      return {};
    },
    'approval.close': async () => ({}),
  };
};
