/** Envelopes of the made-up company in every state, with their acts, findings and lines. */

import type { z } from 'zod';
import type {
  EnvelopeAbility,
  EnvelopeAct,
  EnvelopeDetail,
  EnvelopeFinding,
  EnvelopeLineView,
  EnvelopeState,
  EnvelopeSummary,
} from '../../../src/shared/contract';
import type { EnvelopeAccount, EnvelopeToken } from '../../../src/shared/model/envelope';
import type { Person } from '../../../src/shared/model/people';
import * as data from './data';
import { people } from './people-data';

export type Who = 'maker' | 'approver' | 'signer' | 'auditor';
const PEOPLE: Readonly<Record<Who, Person>> = {
  maker: people[0] as Person,
  approver: people[1] as Person,
  signer: people[2] as Person,
  auditor: people[4] as Person,
};
const second = people[3] as Person;
export const personOf = (who: Who): Person => PEOPLE[who];

type Seed = {
  readonly state: EnvelopeState;
  /** Place of the batch in the made-up treasury. */
  readonly batch: number;
  readonly kind?: 'batch' | 'replacement';
  readonly approvals: readonly [given: number, needed: number];
  readonly signed?: 'all' | 'part';
  readonly made: number;
  /** Minutes until it expires; negative when it has. */
  readonly left: number;
  readonly findings: 'none' | 'good' | 'open' | 'refused';
};

const SEEDS: readonly Seed[] = [
  { state: 'waits-approval', batch: 4, approvals: [1, 2], made: 95, left: 1345, findings: 'open' },
  { state: 'waits-signature', batch: 3, approvals: [2, 2], made: 140, left: 1300, findings: 'open' },
  { state: 'waits-signature', batch: 0, approvals: [3, 3], made: 180, left: 1260, findings: 'refused' },
  { state: 'signed', batch: 3, approvals: [2, 2], signed: 'all', made: 240, left: 1200, findings: 'good' },
  { state: 'sent', batch: 1, approvals: [2, 2], signed: 'all', made: 1500, left: 300, findings: 'good' },
  { state: 'settled', batch: 2, approvals: [2, 2], signed: 'all', made: 3000, left: -1200, findings: 'good' },
  { state: 'rejected', batch: 4, approvals: [0, 2], made: 1700, left: 120, findings: 'open' },
  { state: 'expired', batch: 4, approvals: [1, 2], made: 4000, left: -60, findings: 'none' },
  { state: 'withdrawn', batch: 4, approvals: [0, 2], made: 4400, left: -500, findings: 'none' },
  {
    state: 'waits-approval',
    batch: 1,
    kind: 'replacement',
    approvals: [0, 1],
    made: 12,
    left: 60,
    findings: 'none',
  },
];

/** Digest of the n-th envelope; the last is the replacement that speed-up answers. */
export const digestAt = (place: number) => data.hash(place === SEEDS.length - 1 ? 901 : 8801 + place);

const ABILITIES: Readonly<Record<Who, Partial<Record<EnvelopeState, readonly EnvelopeAbility[]>>>> = {
  maker: {
    'waits-approval': ['compare', 'withdraw'],
    'waits-signature': ['compare', 'withdraw'],
    signed: ['compare', 'send', 'withdraw'],
    expired: ['renew', 'withdraw'],
    rejected: ['renew', 'withdraw'],
  },
  approver: { 'waits-approval': ['compare', 'approve', 'reject'] },
  signer: { 'waits-approval': ['compare'], 'waits-signature': ['compare', 'sign'] },
  auditor: {},
};
const TASKS: readonly EnvelopeAbility[] = ['approve', 'sign', 'send', 'renew'];

const ref = ({ name, key }: Person) => ({ name, key });

const actsOf = (seed: Seed, count: number, who: Who): EnvelopeAct[] => {
  const { made, approvals, state } = seed;
  const act = (
    kind: EnvelopeAct['kind'],
    by: Person,
    minutesAgo: number,
    more: Partial<EnvelopeAct> = {},
  ): EnvelopeAct => ({
    kind,
    by: ref(by),
    at: data.instant(minutesAgo),
    expiresAt: null,
    voice: null,
    reason: null,
    lines: null,
    problem: null,
    isMine: by.key === PEOPLE[who].key,
    ...more,
  });
  const acts = [act('create', PEOPLE.maker, made)];
  const approvers = [second, PEOPLE.signer, people[5] ?? PEOPLE.approver];
  for (let n = 0; n < approvals[0]; n++)
    acts.push(
      act('approve', approvers[n] as Person, made - 18 - n * 9, {
        voice: n !== 1,
        expiresAt: data.instant(-seed.left),
        problem: state === 'expired' ? 'expired' : null,
      }),
    );
  if (seed.findings === 'refused')
    acts.push(act('approve', PEOPLE.maker, made - 6, { voice: false, problem: 'own-batch' }));
  if (state === 'rejected')
    acts.push(
      act('reject', second, made - 30, {
        reason: 'Lotus Textile Mills changed its account by e-mail only. Call them first.',
      }),
    );
  if (seed.signed)
    acts.push(
      act('sign', PEOPLE.signer, made - 60, { voice: true, lines: seed.signed === 'all' ? count : 4 }),
    );
  if (state === 'sent' || state === 'settled')
    acts.push(act('send', PEOPLE.maker, made - 75, { lines: count }));
  return acts;
};

export const summaryAt = (place: number, who: Who): EnvelopeSummary => {
  const seed = SEEDS[place] as Seed;
  const batch = data.batches[seed.batch] as (typeof data.batches)[number];
  const isReplacement = seed.kind === 'replacement';
  const count = isReplacement ? 1 : batch.count;
  const abilities = ABILITIES[who][seed.state] ?? [];
  return {
    digest: digestAt(place),
    kind: seed.kind ?? 'batch',
    state: seed.state,
    batchId: who === 'maker' ? batch.id : null,
    company: 'Meridian Marketplace Ltd',
    maker: ref(PEOPLE.maker),
    source: batch.source,
    createdAt: data.instant(seed.made),
    expiresAt: data.instant(-seed.left),
    receivedAt: data.instant(seed.made - 4),
    count,
    sums: isReplacement ? [] : batch.sums,
    approvals: { given: seed.approvals[0], needed: seed.approvals[1] },
    signedLines: seed.signed === 'all' ? count : seed.signed === 'part' ? 4 : 0,
    acts: actsOf(seed, count, who),
    abilities: [...abilities],
    waitsForMe: abilities.some((ability) => TASKS.includes(ability)),
    isExported: place !== 0 && place !== 9,
  };
};

export const PLACES: readonly number[] = SEEDS.map((_, place) => place);

const finding = (
  verdict: EnvelopeFinding['verdict'],
  code: EnvelopeFinding['code'],
  count: number,
  firstLine: number | null = null,
  text: string | null = null,
): EnvelopeFinding => ({ verdict, code, count, firstLine, text });

const PASSED: readonly EnvelopeFinding['code'][] = [
  'digest',
  'totals',
  'bytes',
  'act-signatures',
  'maker-role',
  'expired',
  'policy',
  'chain-known',
  'token-known',
  'token-facts',
  'account-known',
  'nonces',
  'already-signed',
  'clock',
];

const findingsOf = (seed: Seed, count: number): EnvelopeFinding[] | null => {
  if (seed.findings === 'none') return null;
  const passed = PASSED.map((code) => finding('passed', code, code === 'bytes' ? count : 0));
  if (seed.findings === 'good') return [...passed, finding('passed', 'creditor-known', count)];
  const open = [
    finding('unchecked', 'creditor-known', 2, 6, 'Alpenrose Möbel GmbH · DE89370400440532013000'),
    finding('unchecked', 'live-nonces', count),
    finding('unchecked', 'funds', count),
    finding('warning', 'facts-age', 0, null, 'Read 3 h 12 min ago'),
    finding('warning', 'first-payment', 3, 2, 'Lotus Textile Mills (Private) Limited and 2 more'),
    finding('warning', 'holds-released', 1, null, 'first-payment line 3'),
  ];
  if (seed.findings === 'open') return [...open, ...passed];
  return [
    finding(
      'refused',
      'look-alike',
      1,
      11,
      'Porto Cork S.A.: like the account of Porto Cork Exportação, Lda',
    ),
    finding('refused', 'account-key', count, 0, 'Main treasury'),
    ...open,
    ...passed,
  ];
};

const networkOf = (id: string) => data.networks.find((network) => network.id === id);

const tokensOf = (sums: EnvelopeSummary['sums']): z.infer<typeof EnvelopeToken>[] =>
  data.tokens
    .filter((token) => sums.some(({ currency }) => currency === token.currency))
    .slice(0, 5)
    .map((token) => ({
      id: token.id,
      name: token.name,
      symbol: token.symbol,
      currency: token.currency,
      decimals: token.decimals,
      issuer: { name: token.issuer.name, bic: token.issuer.bic, lei: token.issuer.lei },
      codeHash: data.hash(31),
      implementation: null,
      implementationCodeHash: null,
      reference: token.currency === 'USD' ? 'memo' : 'suffix',
      block: { number: '1378', hash: data.hash(1378), time: data.instant(98) },
    })) as z.infer<typeof EnvelopeToken>[];

export const detailAt = (place: number, who: Who): EnvelopeDetail => {
  const seed = SEEDS[place] as Seed;
  const summary = summaryAt(place, who);
  const findings = findingsOf(seed, summary.count);
  return {
    summary,
    policyNumber: 3,
    networks: [
      {
        id: data.SANDBOX,
        name: networkOf(data.SANDBOX)?.name ?? 'Sandbox',
        nativeSymbol: 'ETH',
        nativeDecimals: 18,
        block: { number: '1378', hash: data.hash(1378), time: data.instant(98) },
      },
    ],
    tokens: tokensOf(summary.sums),
    accounts: data.accounts.slice(0, 2).map((account, index) => ({
      name: account.name,
      entity: { name: 'Meridian Marketplace Ltd', lei: null },
      address: account.address,
      nonces: [
        {
          network: data.SANDBOX,
          first: String(118 + index * 4000),
          count: Math.max(1, summary.count - index),
        },
      ],
    })) as z.infer<typeof EnvelopeAccount>[],
    releasedHolds: ['first-payment line 3', 'same-payment line 5'],
    findings,
    checkedAt: findings === null ? null : data.instant(14),
  };
};

export const linesAt = (place: number, who: Who): EnvelopeLineView[] => {
  const seed = SEEDS[place] as Seed;
  const summary = summaryAt(place, who);
  const batch = data.batches[seed.batch] as (typeof data.batches)[number];
  const own = data.payments.filter(({ batchId }) => batchId === batch.id).slice(0, summary.count);
  return own.map((payment, index) => {
    const token = data.tokens.find(({ id }) => id === payment.tokenId) as (typeof data.tokens)[number];
    const isOut = seed.state === 'sent' || seed.state === 'settled';
    return {
      index,
      paymentId: payment.id,
      action: seed.kind === 'replacement' ? 'cancel' : 'pay',
      endToEndId: payment.endToEndId,
      creditorName: payment.creditorName,
      creditorLei: payment.creditorLei,
      creditorAccount: payment.creditorAccount,
      creditorAddress: payment.creditorAddress,
      debtorName: payment.debtorName,
      debtorAddress: payment.debtorAddress,
      currency: payment.currency,
      units: payment.units,
      decimals: payment.decimals,
      tokenName: token.name,
      issuerName: token.issuer.name,
      networkName: 'Nostro Sandbox',
      nonce: BigInt(118 + index),
      isSigned: seed.signed === 'all' || (seed.signed === 'part' && index < 4),
      status: isOut ? (seed.state === 'settled' || index % 3 === 0 ? 'ACSC' : 'ACSP') : null,
      stage: isOut ? (seed.state === 'settled' || index % 3 === 0 ? 'final' : 'sent') : null,
    };
  });
};
