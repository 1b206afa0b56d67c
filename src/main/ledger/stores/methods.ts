/**
 * Every method of every store, and what it is to the journal. A method that is missing here fails the type check, and
 * cannot be called.
 */

import type { Act } from '../../../shared/model/envelope';
import type { Stores } from './index';
import type { SlotOutcome } from './settlement-store';
import { type Noted, recordDigest, type StoreMethods } from './store-calls';

const ended = ({ paymentId, batchId, status, reason, transaction, block }: SlotOutcome): Noted => ({
  event: status === 'ACSC' ? 'settlement.settled' : 'settlement.ended',
  facts: { paymentId, batchId, status, reason, transaction, block: block === null ? null : String(block) },
});

/** How many acts of each kind an envelope has now. */
const actCounts = (acts: readonly Act[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of acts) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

export const METHODS: StoreMethods<Stores> = {
  directory: {
    revision: 'read',
    networks: 'read',
    putNetwork: (_, network) => [{ facts: { networkId: network.id, record: recordDigest(network) } }],
    removeNetwork: (_, networkId) => [{ facts: { networkId } }],
    tokens: 'read',
    token: 'read',
    putToken: (_, token, isNew) => [
      { facts: { tokenId: token.id, state: token.state, isNew, record: recordDigest(token) } },
    ],
    removeToken: (_, tokenId) => [{ facts: { tokenId } }],
    accounts: 'read',
    account: 'read',
    putAccount: (_, account) => [
      { facts: { accountId: account.id, address: account.address, record: recordDigest(account) } },
    ],
    removeAccount: (_, accountId) => [{ facts: { accountId } }],
    counterparties: 'read',
    counterparty: 'read',
    findCounterparties: 'read',
    putCounterparty: (_, counterparty, isNew) => [
      { facts: { counterpartyId: counterparty.id, isNew, record: recordDigest(counterparty) } },
    ],
    removeCounterparty: (_, counterpartyId) => [{ facts: { counterpartyId } }],
    resolveAccounts: 'read',
    lookAlikes: 'read',
    nameLookAlikes: 'read',
    merge: (_, merge) => {
      const { networks, tokens, accounts, counterparties } = merge;
      if (networks.length + tokens.length + accounts.length + counterparties.length === 0) return [];
      return [
        {
          facts: {
            networks: networks.length,
            tokens: tokens.length,
            accounts: accounts.length,
            counterparties: counterparties.length,
            record: recordDigest(merge),
          },
        },
      ];
    },
  },

  payments: {
    // A half-read file is thrown away at the next start; `createBatch` is the moment that counts.
    beginImport: 'unjournaled',
    stageLines: 'unjournaled',
    addIssues: 'unjournaled',
    finishImport: 'unjournaled',
    importReport: 'read',
    importIssues: 'read',
    importLines: 'read',
    earlierBatches: 'read',
    discardImport: 'unjournaled',
    discardAllImports: 'unjournaled',
    createBatch: ({ count }, { importId, batchId, drop, release }) => [
      { facts: { importId, batchId, payments: count, dropped: drop.length, released: release.length } },
    ],
    batches: 'read',
    batch: 'read',
    payments: 'read',
    statusFacts: 'read',
    payment: 'read',
    paymentsAfter: 'read',
    paymentsById: 'read',
    transition: (payments, { batchId, event, reason }) =>
      payments === 0 ? [] : [{ facts: { batchId, payments, move: event, reason: reason?.code ?? null } }],
    reject: (_, batchId, items) =>
      items.map(({ paymentId, reason }) => ({ facts: { batchId, paymentId, reason: reason.code } })),
    mappings: 'read',
    mappingFor: 'read',
    saveMapping: (_, name, headings, mapping) => [
      { facts: { record: recordDigest({ name, headings, mapping }), columns: headings.length } },
    ],
    removeMapping: (_, name) => [{ facts: { record: recordDigest({ name }) } }],
  },

  settlement: {
    batchFacts: 'read',
    paymentFacts: 'read',
    paymentFactsOf: 'read',
    countFirstPayments: 'read',
    // Verdicts of a check that can be made again at any time.
    savePreflights: 'unjournaled',
    submitBatch: (_, batchId) => [{ facts: { batchId, move: 'submit' } }],
    withdrawBatch: (_, batchId) => [{ facts: { batchId, move: 'withdraw' } }],
    withdrawAll: (batches) => batches.map((batchId) => ({ facts: { batchId, move: 'withdraw' } })),
    // A plan: what becomes of it (approval, withdrawal) is written down.
    reserveNonces: 'unjournaled',
    settledNonce: 'read',
    reservationsOf: 'read',
    commitApproval: (_, batchId, { digest }, transactions) => [
      { digest, facts: { batchId, signed: transactions.length } },
    ],
    commitReplacement: (_, { paymentId, action, nonce, hash }, { digest }) => [
      { digest, facts: { paymentId, action, nonce: String(nonce), transaction: hash } },
    ],
    openSlots: 'read',
    slot: 'read',
    rawOf: 'read',
    // Steps on the way are the chain's; how a payment ends is ours.
    saveSlots: (outcomes) => outcomes.map(ended),
    pendingOut: 'read',
    paymentOfTransaction: 'read',
    networkStatus: 'read',
  },

  // The replica: read from the chain, and read again whenever the file is lost.
  ledger: {
    entriesChanged: 'unjournaled',
    entries: 'read',
    entry: 'read',
    entriesAfter: 'read',
    reversals: 'read',
    holdings: 'read',
    balancePoints: 'read',
    registerPairs: 'unjournaled',
    networkSync: 'read',
    applyRange: 'unjournaled',
    // What was taken back is a fact of the chain, but one that people will ask about.
    rollBack: (entries, networkId, ancestor, reason) => [
      { event: 'ledger.rolled-back', facts: { networkId, ancestor: String(ancestor), reason, entries } },
    ],
    markFinal: 'unjournaled',
    saveBalances: 'unjournaled',
    saveNetworkState: 'unjournaled',
    setHalted: (_, networkId, reason) => [{ facts: { networkId, halted: reason } }],
  },

  rates: {
    save: ({ date, count }, rates) => [{ facts: { date, count, record: recordDigest(rates) } }],
    newest: 'read',
  },

  people: {
    policies: 'read',
    putPolicy: (_, { digest, content, approvals, install }) => [
      { digest, facts: { number: content.number, approvals: approvals.length, installed: install } },
    ],
    removeDraft: (_, digest) => [{ digest, facts: { removed: true } }],
    ownPerson: 'read',
    setName: (_, name) => [{ facts: { record: recordDigest(name) } }],
    putOwnCard: (_, card) => [{ facts: { key: card.key, record: recordDigest(card) } }],
    cards: 'read',
    putCard: (_, card) => [{ facts: { key: card.key, record: recordDigest(card) } }],
  },

  envelopes: {
    // Written in parts that nobody sees; `finish` is the moment that counts.
    begin: 'unjournaled',
    addLines: 'unjournaled',
    discard: 'unjournaled',
    removeUnfinished: 'unjournaled',
    finish: (_, digest, acts) => [{ digest, facts: { acts: acts.length } }],
    get: 'read',
    find: 'read',
    cards: 'read',
    detail: 'read',
    cardsOfBatch: 'read',
    waitingFor: 'read',
    lines: 'read',
    searchLines: 'read',
    putActs: (_, digest, acts) => [{ digest, facts: actCounts(acts) }],
    // Results of a check that can be made again at any time.
    saveFindings: 'unjournaled',
    markExported: (_, digest, isExported) => (isExported ? [{ digest, facts: { exported: true } }] : []),
    withdraw: (_, digest) => [{ digest, facts: { move: 'withdraw' } }],
    memoryConflicts: 'read',
    commitSignatures: (_, digest, acts, memory) => [
      { digest, facts: { ...actCounts(acts), signed: memory.length } },
    ],
    commitSending: (_, digest, approval, transactions) => [
      { digest, facts: { sent: transactions.length, approvedAt: approval.approvedAt } },
    ],
    latestTime: 'read',
    actsBeyondJournal: 'read',
  },

  journal: {
    append: 'unjournaled',
    head: 'read',
    latestTime: 'read',
    list: 'read',
    entriesAfter: 'read',
  },
};
