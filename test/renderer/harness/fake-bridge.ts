/**
 * A main side made of the contract alone, for looking at the renderer. It runs in the page before the page's own code.
 * Every answer passes the contract's output schema, every question its input schema: a fake that lies is found at once.
 */
import { z } from 'zod';
import {
  type AppEvent,
  approvalContract,
  type Bridge,
  type EventEnvelope,
  type MainHandlers,
  mainContract,
} from '../../../src/shared/contract';
import { AppError, toWire } from '../../../src/shared/errors';
import { approvalHandlers } from './approval-fakes';
import * as data from './data';
import { type EnvelopeScenario, envelopeHandlers, identityOf } from './envelope-fakes';
import { type PaymentScenario, paymentHandlers } from './payment-fakes';
import { type PeopleScenario, peopleHandlers } from './people-fakes';

export type Scenario = PaymentScenario &
  EnvelopeScenario &
  PeopleScenario & {
    /** The directory's accounts have their keys on another machine. */
    readonly isWatchOnly?: boolean;
    readonly window?: 'main' | 'approval';
    readonly lock?: 'absent' | 'locked' | 'unlocked';
    readonly theme?: 'light' | 'dark';
    readonly isEmpty?: boolean;
    readonly isOffline?: boolean;
    readonly isTestRuntime?: boolean;
    /** Answers with this error code, by method. */
    readonly errors?: Readonly<Record<string, string>>;
    /** Never answers, by method. */
    readonly hang?: readonly string[];
    readonly position?: 'no-rates' | 'many-banks' | 'one-reading';
    readonly density?: 'normal' | 'compact';
    /** Seconds to wait before the next passphrase. */
    readonly waitSeconds?: number;
    /** What saving a counterparty finds. */
    readonly party?: 'checksum' | 'look-alike';
    /** Approval window: how many lines, or which variant. */
    readonly approval?:
      | 'small'
      | 'large'
      | 'one'
      | 'replacement'
      | 'cancellation'
      | 'mismatch'
      | 'approve'
      | 'approve-refused'
      | 'approve-disagreed'
      | 'sign'
      | 'compare'
      | 'adopt'
      | 'adopt-first';
  };

declare global {
  interface Window {
    __scenario?: Scenario;
    /** Lets a test speak as main. */
    __emit?: (event: AppEvent) => void;
    /** Pretends that an event was lost. */
    __loseEvent?: () => void;
    __lock?: (cause: 'person' | 'idle') => void;
    /** The setting is changed elsewhere. */
    __setTheme?: (theme: 'light' | 'dark') => void;
    __calls?: { method: string; input: unknown }[];
  }
}

const page = <T>(rows: readonly T[], { offset, limit }: { offset: number; limit: number }): T[] =>
  rows.slice(offset, offset + limit);
const has = (search: string, ...texts: (string | null)[]): boolean =>
  search === '' || texts.some((text) => text?.toLowerCase().includes(search.toLowerCase()));

/** The identity of somebody else than the standard maker. */
const identify = (scenario: Scenario, emit: (event: AppEvent) => void): Partial<MainHandlers> => {
  const person = identityOf(scenario);
  if (person === null) return {};
  const standard = peopleHandlers(scenario, emit)['people.identity'];
  return {
    'people.identity': async (input) => ({
      ...(await standard(input)),
      name: person.name,
      key: person.key,
      roles: person.roles,
    }),
  };
};

const createHandlers = (scenario: Scenario, emit: (event: AppEvent) => void): Partial<MainHandlers> => {
  const isEmpty = scenario.isEmpty ?? false;
  const some = <T>(rows: readonly T[]): T[] => (isEmpty ? [] : [...rows]);
  let lock = scenario.lock ?? 'unlocked';
  let mode = scenario.mode ?? 'online';
  let settings = {
    ...data.settings,
    theme: scenario.theme ?? data.settings.theme,
    density: scenario.density ?? data.settings.density,
  };
  const readSnapshot = () => ({
    ...data.snapshot,
    mode,
    lock,
    workspaceName: settings.workspaceName,
    isTestRuntime: scenario.isTestRuntime ?? false,
    isStoreAuthenticated: !(scenario.isTestRuntime ?? false),
    networks:
      isEmpty || lock !== 'unlocked' || mode === 'offline'
        ? []
        : data.snapshot.networks.map((network) =>
            scenario.isOffline ? { ...network, state: 'offline' as const } : network,
          ),
  });
  const setLock = (next: typeof lock): void => {
    lock = next;
    emit({ type: 'app.changed', snapshot: readSnapshot() });
  };
  const lockNow = (cause: 'person' | 'idle'): void => {
    lock = 'locked';
    emit({ type: 'vault.locked', cause });
  };
  window.__lock = lockNow;
  window.__setTheme = (theme) => {
    settings = { ...settings, theme };
    emit({ type: 'settings.changed' });
  };
  const token = () => data.tokens[0] as (typeof data.tokens)[number];
  return {
    'app.snapshot': async () => readSnapshot(),
    'app.addSandbox': async () => ({ tokens: 5, counterparties: 26, accounts: 2 }),
    'app.openHelp': async () => ({}),
    'settings.get': async () => settings,
    'settings.set': async (change) => {
      settings = { ...settings, ...(change as Partial<typeof settings>) };
      emit({ type: 'settings.changed' });
      return settings;
    },
    'files.choose': async ({ purpose }) => ({
      file:
        purpose === 'exchange'
          ? { fileId: 'fil_00000merged' as never, name: 'copy.nostro', sizeBytes: 48_120 }
          : { fileId: 'fil_0000000001' as never, name: 'payrun-2026-11-23.xml', sizeBytes: 48_120 },
    }),
    'vault.status': async () => ({
      state: lock,
      failedAttempts: scenario.waitSeconds === undefined ? 0 : 5,
      waitMs: (scenario.waitSeconds ?? 0) * 1000,
      isPreparing: false,
    }),
    'vault.assessPassphrase': async ({ passphrase }) => {
      const score = Math.min(4, Math.floor(passphrase.length / 5));
      const guesses = (['minutes', 'hours', 'days', 'years', 'centuries'] as const)[score] ?? 'minutes';
      return {
        score,
        isAccepted: score >= 3,
        reason: passphrase.length < 12 ? 'too-short' : score >= 3 ? 'ok' : 'too-weak',
        guesses,
      };
    },
    'vault.prepare': async ({ words }) => ({
      pendingId: 'pending',
      confirmPositions: words === 24 ? [3, 11, 20] : [2, 7, 11],
    }),
    'vault.showWords': async () => {
      emit({ type: 'recovery-window', isOpen: true });
      return {};
    },
    'vault.abandon': async () => ({}),
    'vault.confirm': async (input) => {
      mode = input.mode;
      setLock('unlocked');
      return { keys: data.keys };
    },
    'vault.restore': async (input) => {
      mode = input.mode;
      setLock('unlocked');
      return { keys: data.keys };
    },
    'vault.unlock': async ({ passphrase }) => {
      if (passphrase === 'wrong') throw new AppError('vault/wrong-passphrase', { waitMs: 4000 });
      setLock('unlocked');
      return { keys: data.keys };
    },
    'vault.lock': async () => {
      lockNow('person');
      return {};
    },
    'vault.keys': async () => ({ keys: scenario.isWatchOnly ? [] : data.keys }),
    'vault.changePassphrase': async () => ({}),
    'vault.deriveKey': async () => ({
      ...(data.keys[0] as (typeof data.keys)[number]),
      keyId: 'key_0000000003' as never,
      path: "m/44'/60'/0'/0/2",
      address: data.address(13),
    }),
    'vault.importPrivateKey': async (input) => {
      if (lock === 'absent') mode = input.mode;
      setLock('unlocked');
      return data.keys[0] as (typeof data.keys)[number];
    },
    'vault.importKeystore': async (input) => {
      if (lock === 'absent') mode = input.mode;
      setLock('unlocked');
      return data.keys[0] as (typeof data.keys)[number];
    },
    'directory.networks': async () => ({ networks: some(data.networks) }),
    'directory.saveNetwork': async () => ({}),
    'directory.removeNetwork': async () => ({}),
    'directory.tokens': async () => ({ tokens: some(data.tokens) }),
    'directory.probeToken': async ({ address }) => ({
      id: `${data.SANDBOX}/erc20:${address.toLowerCase()}` as never,
      address: address as never,
      probe: {
        ...(token().approved as NonNullable<ReturnType<typeof token>['approved']>),
        name: 'Jameson Deposit USD',
        symbol: 'JDUSD',
      },
      isKnown: false,
      lookAlikes: ['JDUSD of Jameson Trust Bank on Nostro Sandbox has the same name at another address.'],
    }),
    'directory.addToken': async () => token(),
    'directory.approveTokenChange': async () => token(),
    'directory.setTokenLock': async () => token(),
    'directory.removeToken': async () => ({}),
    'directory.accounts': async () => ({
      accounts: some(scenario.isWatchOnly ? data.watchedAccounts : data.accounts),
    }),
    'directory.saveAccount': async () => data.accounts[0] as (typeof data.accounts)[number],
    'directory.removeAccount': async () => ({}),
    'directory.counterparties': async (input) => {
      const rows = some(data.counterparties).filter((party) => has(input.search, party.name, party.lei));
      return { total: rows.length, counterparties: page(rows, input) };
    },
    'directory.counterparty': async ({ id }) => {
      const found = data.counterparties.find((party) => party.id === id);
      if (!found) throw new AppError('directory/counterparty-unknown');
      return found;
    },
    'directory.saveCounterparty': async ({ id, accounts }) => {
      const counterparty = data.counterparties.find((party) => party.id === id) ?? data.counterparties[0];
      if (!counterparty) throw new AppError('directory/counterparty-unknown');
      if (scenario.party === 'checksum')
        throw new AppError('directory/address-checksum', { value: accounts[0]?.address ?? '' });
      const address = counterparty.accounts[0]?.address ?? data.address(1);
      return {
        counterparty,
        lookAlikes:
          scenario.party === 'look-alike'
            ? [{ address, other: data.address(77), otherName: 'Lotus Bay Packaging Co Ltd' }]
            : [],
      };
    },
    'directory.removeCounterparty': async () => ({}),
    'directory.checkEnrolment': async ({ id }) =>
      data.counterparties.find((party) => party.id === id) ??
      (data.counterparties[0] as (typeof data.counterparties)[number]),
    'directory.importFile': async () => ({
      networks: 1,
      tokens: 5,
      accounts: 2,
      counterparties: 26,
      skipped: [{ what: 'Account 0x3f…21', why: 'The vault does not have its key.' }],
    }),
    'directory.exportFile': async () => ({ saved: 'directory-2026-11-23.json' }),
    'payments.batches': async (input) => {
      const rows = some(data.batches).filter((batch) =>
        has(input.search, batch.source.messageId, batch.source.fileName),
      );
      return { total: rows.length, batches: page(rows, input) };
    },
    'payments.batch': async ({ batchId }) => {
      const found = data.batches.find((batch) => batch.id === batchId);
      if (!found) throw new AppError('payments/batch-unknown');
      return found;
    },
    'payments.payments': async (input) => {
      const rows = some(data.payments).filter(
        (each) =>
          (input.batchId === null || each.batchId === input.batchId) &&
          (input.status === null || each.status === input.status) &&
          (input.stage === null || each.settlement?.stage === input.stage) &&
          (input.preflight === null || each.preflight?.state === input.preflight) &&
          has(input.search, each.creditorName, each.endToEndId),
      );
      return { total: rows.length, payments: page(rows, input) };
    },
    'payments.payment': async ({ paymentId }) => {
      const found = data.payments.find((each) => each.id === paymentId);
      if (!found) throw new AppError('payments/payment-unknown');
      return found;
    },
    ...paymentHandlers(scenario, emit),
    ...peopleHandlers(scenario, emit),
    ...envelopeHandlers(scenario, emit),
    ...identify(scenario, emit),
    'workspace.setMode': async (input) => {
      if (input.passphrase === 'wrong') throw new AppError('vault/wrong-passphrase', { waitMs: 0 });
      mode = input.mode;
      lockNow('person');
      return {};
    },
    'settlement.status': async () => ({
      networks: isEmpty ? [] : [{ networkId: data.SANDBOX, waiting: 2, sent: 6, included: 9, final: 71 }],
    }),
    'ledger.entries': async (input) => {
      const all = isEmpty ? [] : Array.from({ length: data.ENTRY_COUNT }, (_, index) => data.entryAt(index));
      const rows = all.filter(
        (entry) =>
          has(input.search, entry.counterName, entry.endToEndId) &&
          (input.direction === null || entry.direction === input.direction) &&
          (input.currency === null || entry.currency === input.currency),
      );
      return { total: rows.length, entries: page(rows, input) };
    },
    'ledger.entry': async ({ id }) => data.entryAt(Number(id.split(':').at(-1) ?? 0)),
    'ledger.sync': async () => ({
      networks: isEmpty
        ? []
        : data.snapshot.networks.map((network) => ({
            networkId: network.networkId,
            state:
              network.state === 'offline' || scenario.isOffline ? ('offline' as const) : ('idle' as const),
            syncedTo: network.headBlock,
            head: network.headBlock,
            asOf: network.asOf,
            error: null,
          })),
    }),
    'ledger.syncNow': async () => ({}),
    'ledger.exportCsv': async () => ({ saved: 'ledger-2026-11-23.csv' }),
    'position.get': async () => ({
      reportingCurrency: settings.reportingCurrency,
      rates:
        isEmpty || scenario.position === 'no-rates'
          ? null
          : {
              date: '2026-11-20',
              source: 'eurofxref-daily.xml',
              count: 30,
              importedAt: data.instant(4000),
            },
      total:
        isEmpty || scenario.position === 'no-rates'
          ? null
          : {
              units: data.currencies.reduce((sum, each) => sum + (each.value?.units ?? 0n), 0n),
              decimals: 2,
            },
      unvalued:
        scenario.position === 'no-rates'
          ? data.currencies
              .map(({ currency }) => currency)
              .filter((code) => code !== settings.reportingCurrency)
          : [],
      currencies: some(data.currencies).map((each) =>
        scenario.position === 'no-rates' ? { ...each, value: null } : each,
      ),
      holdings: some(
        scenario.position === 'many-banks'
          ? data.holdings.map((holding, index) => ({
              ...holding,
              issuerName: `${['North', 'South', 'East', 'West', 'Upper', 'Lower', 'Old', 'New', 'Great', 'Little'][index]} Harbour Commercial and Savings Bank of Trade Aktiengesellschaft`,
            }))
          : data.holdings,
      ),
      asOf: isEmpty ? null : data.instant(0.1),
    }),
    'position.history': async ({ days }) => ({
      reportingCurrency: settings.reportingCurrency,
      points: isEmpty
        ? []
        : Array.from({ length: scenario.position === 'one-reading' ? 1 : Math.min(days, 60) }, (_, day) => ({
            at: data.instant((Math.min(days, 60) - day) * 1440),
            balances: data.currencies.map((each, index) => {
              const factor = BigInt(90 + ((day * 7 + index * 13) % 20));
              return {
                currency: each.currency,
                balance: { units: (each.balance.units * factor) / 100n, decimals: each.balance.decimals },
                value:
                  each.value === null ? null : { units: (each.value.units * factor) / 100n, decimals: 2 },
              };
            }),
          })),
    }),
    'rates.importFile': async () => ({
      date: '2026-11-20',
      source: 'eurofxref-daily.xml',
      count: 30,
      importedAt: data.instant(0),
    }),
  };
};

const createBridge = (scenario: Scenario): Bridge => {
  const listeners = new Set<(envelope: EventEnvelope) => void>();
  let revision = 1;
  const emit = (event: AppEvent): void => {
    const envelope = { revision: revision++, event };
    for (const listener of listeners) listener(envelope);
  };
  window.__emit = emit;
  window.__loseEvent = () => {
    revision += 1;
  };
  window.__calls = [];
  const isApproval = scenario.window === 'approval';
  const contract: Readonly<
    Record<string, { input: z.ZodType; output: z.ZodType; errors: readonly string[] }>
  > = isApproval ? approvalContract : mainContract;
  const handlers = (
    isApproval ? approvalHandlers(scenario, emit) : createHandlers(scenario, emit)
  ) as Readonly<Record<string, ((input: never) => Promise<unknown>) | undefined>>;
  return {
    invoke: async (method, input) => {
      window.__calls?.push({ method, input });
      if (scenario.hang?.includes(method)) return new Promise(() => {});
      try {
        const forced = scenario.errors?.[method];
        if (forced) throw new AppError(forced as AppError['code']);
        const known = contract[method];
        const handler = handlers[method];
        if (!known || !handler) throw new AppError('ipc/unknown-method', { method });
        const parsed = known.input.safeParse(input);
        if (!parsed.success)
          throw new AppError('ipc/invalid-input', { method, issue: z.prettifyError(parsed.error) });
        const answer = await handler(parsed.data as never);
        const checked = known.output.safeParse(answer);
        if (!checked.success) {
          console.error(`fake answer to ${method} breaks the contract: ${z.prettifyError(checked.error)}`);
          throw new AppError('internal');
        }
        return { ok: true, value: structuredClone(answer) };
      } catch (error) {
        if (!(error instanceof AppError)) console.error(error);
        return { ok: false, error: toWire(error, 'inc_fake') };
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

Object.defineProperty(window, 'bridge', { value: createBridge(window.__scenario ?? {}) });
