/** Facts about the app that journeys compare: with the chain, and with themselves after a restart. */
import type { Page } from '@playwright/test';
import type { BatchId } from '../../../src/shared/model/ids';
import type { Payment } from '../../../src/shared/model/payments';
import type { SandboxControls } from '../../sandbox/index';
import { ask } from './bridge';

const PAGE = 200;

export const readPayments = async (page: Page, batchId: BatchId | null): Promise<readonly Payment[]> => {
  const all: Payment[] = [];
  for (;;) {
    const { total, payments } = await ask(page, 'payments.payments', {
      batchId,
      search: '',
      status: null,
      stage: null,
      preflight: null,
      offset: all.length,
      limit: PAGE,
    });
    all.push(...payments);
    if (payments.length === 0 || all.length >= total) return all;
  }
};

/** Everything that must be the same after a restart: balances, batches, payments and ledger entries. */
export const readBooks = async (page: Page) => {
  const { currencies, holdings } = await ask(page, 'position.get', {});
  const { batches } = await ask(page, 'payments.batches', { search: '', offset: 0, limit: PAGE });
  const entries = await ask(page, 'ledger.entries', {
    search: '',
    accountId: null,
    tokenId: null,
    currency: null,
    direction: null,
    from: null,
    to: null,
    offset: 0,
    limit: 500,
  });
  return {
    currencies,
    holdings: holdings.map(({ accountId, tokenId, balance, available, pendingOut, frozen }) => ({
      accountId,
      tokenId,
      balance,
      available,
      pendingOut,
      frozen,
    })),
    batches,
    payments: await readPayments(page, null),
    entryCount: entries.total,
    // Whether an entry is final is told by the network; a copy read offline may know it later.
    entries: entries.entries.map(({ isFinal: _isFinal, ...entry }) => entry),
  };
};

export type BalanceDifference = {
  readonly account: string;
  readonly token: string;
  readonly shown: bigint;
  readonly onChain: bigint;
};

/** Holdings of the sandbox whose balance is not what the token itself answers. */
export const compareBalances = async (
  page: Page,
  sandbox: SandboxControls,
): Promise<readonly BalanceDifference[]> => {
  const { accounts } = await ask(page, 'directory.accounts', {});
  const { holdings } = await ask(page, 'position.get', {});
  const differences: BalanceDifference[] = [];
  for (const { accountId, tokenId, balance, networkId } of holdings) {
    if (networkId !== `eip155:${sandbox.chainId}`) continue;
    const account = accounts.find(({ id }) => id === accountId);
    const token = tokenId.slice(tokenId.indexOf(':0x') + 1) as `0x${string}`;
    if (!account) throw new Error(`a holding of an unknown account ${accountId}`);
    const onChain = await sandbox.balanceOf(token, account.address as `0x${string}`);
    if (onChain !== balance) differences.push({ account: account.address, token, shown: balance, onChain });
  }
  return differences;
};
