/** What holds for every method of the contract, whichever domain answers it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createIpcServer } from '../../src/main/ipc/server';
import {
  approvalContract,
  COMMON_ERRORS,
  contractOf,
  mainContract,
  type WindowKind,
} from '../../src/shared/contract';
import type { Contract, Method } from '../../src/shared/contract/define';
import { ERROR_CODES } from '../../src/shared/errors';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../support/app-harness';

type Listener = (event: unknown, ...args: unknown[]) => unknown;
const { ipcListeners } = vi.hoisted(() => ({ ipcListeners: new Map<string, Listener>() }));
/** Electron's end of the channels: what a page's message meets first. */
vi.mock('electron', () => ({
  ipcMain: {
    removeAllListeners: () => ipcListeners.clear(),
    handle: (channel: string, listener: Listener) => ipcListeners.set(channel, listener),
    on: (channel: string, listener: Listener) => ipcListeners.set(channel, listener),
  },
}));

const windows = ['main', 'approval'] as const satisfies readonly WindowKind[];
const methodsOf = (window: WindowKind): [string, Method][] => Object.entries(contractOf[window] as Contract);

/** Names of all properties anywhere in a schema. */
const propertyNames = (schema: z.ZodType): string[] => {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties' && typeof value === 'object' && value !== null)
          found.push(...Object.keys(value));
        walk(value);
      }
    }
  };
  walk(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'output' }));
  return found;
};

describe.each(windows)('the %s contract', (window) => {
  it.each(methodsOf(window))('%s refuses properties that it does not name, in and out', (_name, method) => {
    const input = z.toJSONSchema(method.input, { unrepresentable: 'any', io: 'input' });
    expect(input).toMatchObject({ additionalProperties: false });
  });

  it.each(methodsOf(window))('%s declares only codes that are listed', (_name, method) => {
    for (const code of method.errors) expect(ERROR_CODES).toContain(code);
    expect(new Set(method.errors).size).toBe(method.errors.length);
  });

  it.each(methodsOf(window))('%s has no output for a secret', (_name, method) => {
    for (const name of propertyNames(method.output)) {
      expect(name).not.toMatch(/passphrase|mnemonic|private|secret|seed|password|entropy/i);
      // The twelve words of a digest are for comparing by voice; recovery words have a window of their own.
      if (/words?$/i.test(name))
        expect([
          'approval.document',
          'approval.wordsFor',
          'payments.batch',
          'payments.batches',
          'payments.preflight',
          'payments.drop',
          'payments.rejectBatch',
        ]).toContain(_name);
    }
  });
});

it('finds a secret in an output that has one', () => {
  expect(
    propertyNames(z.strictObject({ keys: z.array(z.strictObject({ privateKey: z.string() })) })),
  ).toContain('privateKey');
});

it('lists no common code twice and none that is unknown', () => {
  for (const code of COMMON_ERRORS) expect(ERROR_CODES).toContain(code);
  expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
});

it('shares no method between two windows', () => {
  const shared = Object.keys(mainContract).filter((name) => name in approvalContract);
  expect(shared).toEqual([]);
});

const DIGEST = `0x${'ab'.repeat(32)}`;
const KEY = `0x${'0123456789'.repeat(4)}`;
const PAGE = { search: '', offset: 0, limit: 50 };
const PERSON = { name: 'Ada Larkfield', key: KEY, roles: ['maker', 'approver'] };

/**
 * A right input of every method that approvals, envelopes, people and the journal brought. A method that is missing here
 * fails the first test below.
 */
const GOOD: Readonly<Record<WindowKind, Readonly<Record<string, object>>>> = {
  main: {
    'envelopes.list': { filter: 'inbox', ...PAGE },
    'envelopes.get': { digest: DIGEST },
    'envelopes.ofBatch': { batchId: 'bat_0000000001' },
    'envelopes.lines': { digest: DIGEST, ...PAGE },
    'envelopes.create': { batchId: 'bat_0000000001' },
    'envelopes.withdraw': { digest: DIGEST },
    'envelopes.exportFile': { digest: DIGEST },
    'envelopes.importFile': { fileId: 'fil_0000000001' },
    'envelopes.check': { digest: DIGEST },
    'envelopes.review': { digest: DIGEST, act: 'sign' },
    'envelopes.send': { digest: DIGEST },
    'envelopes.report': { digest: DIGEST },
    'exchange.frames': { what: { format: 'envelope', digest: DIGEST }, from: 0, count: 10 },
    'exchange.receive': { text: 'UR:BYTES/1-2/LPADAXCFAOCYCYSNATWLHKADBGLA' },
    'exchange.reset': {},
    'people.identity': {},
    'people.setName': { name: 'Ada Larkfield' },
    'people.exportCard': { passphrase: 'copper lantern 71 drifts' },
    'people.cards': {},
    'people.policies': {},
    'people.draftPolicy': {
      companyName: 'Larkfield Ltd',
      people: [PERSON],
      defaultApprovals: 1,
      table: [{ currency: 'EUR', above: '100000.00', approvals: 2 }],
      changeApprovals: 1,
    },
    'people.discardDraft': { digest: DIGEST },
    'people.exportPolicy': { digest: DIGEST },
    'people.reviewPolicy': { digest: DIGEST },
    'journal.list': PAGE,
    'journal.head': {},
    'journal.exportFile': { format: 'csv' },
    'workspace.setMode': { mode: 'offline', passphrase: 'copper lantern 71 drifts' },
    'workspace.openedFiles': {},
  },
  approval: {
    'approval.challenge': {},
    'approval.compareWords': { words: Array.from({ length: 12 }, () => 'zoo') },
    'approval.wordsFor': { challenge: '04711471' },
  },
};
const good = windows.flatMap((window) =>
  Object.entries(GOOD[window]).map(([name, input]) => [window, name, input] as const),
);
const inputOf = (window: WindowKind, name: string): z.ZodType => {
  const method = (contractOf[window] as Contract)[name];
  if (!method) throw new Error(`no method ${name}`);
  return method.input;
};

/** Every object within an input, the input itself among them, with a way to get a copy that has one more property there. */
const widen = (input: object): object[] => {
  const copies: object[] = [{ ...input, extra: 1 }];
  for (const [key, value] of Object.entries(input)) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      value.forEach((each, at) => {
        if (typeof each !== 'object' || each === null) return;
        for (const copy of widen(each))
          copies.push({ ...input, [key]: value.map((old, index) => (index === at ? copy : old)) });
      });
    } else for (const copy of widen(value)) copies.push({ ...input, [key]: copy });
  }
  return copies;
};

describe('methods for more than one person', () => {
  it('are all tried here', () => {
    const named = methodsOf('main')
      .map(([name]) => name)
      .filter((name) => /^(envelopes|exchange|people|journal|workspace)\./.test(name));
    expect(Object.keys(GOOD.main).sort()).toEqual(named.sort());
  });

  it.each(good)('%s: %s takes a right input', (window, name, input) => {
    expect(inputOf(window, name).safeParse(input)).toMatchObject({ success: true });
  });

  it.each(good)(
    '%s: %s refuses a right input with one property more, at any depth',
    (window, name, input) => {
      for (const wide of widen(input))
        expect(inputOf(window, name).safeParse(wide), JSON.stringify(wide)).toMatchObject({ success: false });
    },
  );

  it.each(good)('%s: %s refuses what is not its input', (window, name, input) => {
    for (const wrong of [null, undefined, 0, '', [], [input], 'sign', () => input])
      expect(inputOf(window, name).safeParse(wrong)).toMatchObject({ success: false });
    for (const key of Object.keys(input))
      for (const value of [null, -1, 1.5, { toString: 1 }, `${'x'.repeat(5000)}`])
        expect(
          inputOf(window, name).safeParse({ ...input, [key]: value }),
          `${key}: ${JSON.stringify(value)}`,
        ).toMatchObject({ success: false });
  });

  it('finds an object that takes any property, however deep it stands', () => {
    const loose = z.strictObject({ people: z.array(z.object({ name: z.string() })) });
    const found = widen({ people: [{ name: 'Ada' }] }).filter((wide) => loose.safeParse(wide).success);
    expect(found).toEqual([{ people: [{ name: 'Ada', extra: 1 }] }]);
  });

  it.each([
    ['people.setName', { name: 'Ada\u202eLarkfield' }],
    ['people.setName', { name: ' Ada' }],
    ['people.setName', { name: 'Ada\u0000' }],
    ['people.setName', { name: 'A\u0308da' }],
    ['envelopes.get', { digest: DIGEST.toUpperCase() }],
    ['envelopes.get', { digest: `${DIGEST}00` }],
    ['envelopes.importFile', { fileId: '/etc/passwd' }],
    ['envelopes.review', { digest: DIGEST, act: 'adopt' }],
    ['envelopes.review', { digest: DIGEST, act: 'pay' }],
    ['workspace.setMode', { mode: 'Online', passphrase: 'x' }],
    ['journal.exportFile', { format: '../csv' }],
  ])('%s refuses %j', (name, input) => {
    expect(inputOf('main', name).safeParse(input)).toMatchObject({ success: false });
  });

  it.each(['1e6', '-1', '007', '1,000', '1.', '.5', '１', '1'.repeat(40)])(
    'a policy has no amount written as %s',
    (above) => {
      const input = { ...GOOD.main['people.draftPolicy'], table: [{ currency: 'EUR', above, approvals: 1 }] };
      expect(inputOf('main', 'people.draftPolicy').safeParse(input)).toMatchObject({ success: false });
    },
  );

  it('lets no page approve, sign, reject or adopt: the main window has no such method', () => {
    const names = methodsOf('main').map(([name]) => name);
    expect(names.filter((name) => /approve$|reject$|sign$|adopt|signBatch/i.test(name))).toEqual([]);
  });
});

describe('a message from a page', () => {
  const dispatch = vi.fn(async () => ({ ok: true as const, value: 'dispatched' }));
  const urls = { main: 'app://nostro/index.html', approval: 'app://approval/approval.html' } as const;
  const ids = { main: 1, approval: 2 } as const;
  const frames = (window: WindowKind, change: object = {}) => {
    const main = { parent: null, routingId: 7, url: urls[window], ...change };
    return { sender: { id: ids[window], mainFrame: { routingId: 7 } }, senderFrame: main };
  };
  const send = async (event: unknown, name: string, input: unknown): Promise<unknown> =>
    ipcListeners.get('nostro:invoke')?.(event, name, input);
  beforeAll(() => {
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const server = createIpcServer({ dispatch, onFileDropped: () => {}, log });
    for (const window of windows) {
      const contents = {
        id: ids[window],
        once: () => {},
        on: () => {},
        isDestroyed: () => false,
        send: () => {},
      };
      server.register(window, contents as never);
    }
  });

  it.each(good)('%s: %s passes from the page of its window', async (window, name, input) => {
    dispatch.mockClear();
    expect(await send(frames(window), name, input)).toEqual({ ok: true, value: 'dispatched' });
    expect(dispatch).toHaveBeenCalledWith(window, name, input);
  });

  it.each(good)(
    '%s: %s is refused from a sub-frame, another page and another window',
    async (window, name, input) => {
      dispatch.mockClear();
      const other = window === 'main' ? 'approval' : 'main';
      const refused = { ok: false, error: { code: 'ipc/forbidden-sender' } };
      expect(await send(frames(window, { parent: { routingId: 7 } }), name, input)).toEqual(refused);
      expect(await send(frames(window, { routingId: 8 }), name, input)).toEqual(refused);
      expect(await send(frames(window, { url: urls[other] }), name, input)).toEqual(refused);
      expect(await send(frames(window, { url: 'https://nostro/index.html' }), name, input)).toEqual(refused);
      expect(
        await send({ ...frames(window), sender: { id: 99, mainFrame: { routingId: 7 } } }, name, input),
      ).toEqual(refused);
      expect(await send({ ...frames(window), senderFrame: null }, name, input)).toEqual(refused);
      expect(dispatch).not.toHaveBeenCalled();
    },
  );
});

describe('with a vault that is not open', () => {
  let folder: AppFolder;
  let app: AppHarness;
  beforeAll(async () => {
    folder = makeAppFolder();
    app = await startApp({ folder });
  });
  afterAll(async () => {
    await app.stop();
    folder.remove();
  });

  it.each(windows.flatMap((window) => methodsOf(window).map(([name]) => [window, name] as const)))(
    '%s: %s refuses an extra property before anything else',
    async (window, name) => {
      const result = await app.dispatch(window, name, { 'not in the contract': 1 });
      expect(result).toMatchObject({ ok: false, error: { code: 'ipc/invalid-input' } });
    },
  );

  it.each(windows.flatMap((window) => methodsOf(window).map(([name]) => [window, name] as const)))(
    '%s: %s is unknown to the other window',
    async (window, name) => {
      const other = window === 'main' ? 'approval' : 'main';
      expect(await app.dispatch(other, name, {})).toEqual({
        ok: false,
        error: { code: 'ipc/unknown-method' },
      });
    },
  );

  const emptyInput = windows.flatMap((window) =>
    methodsOf(window)
      .filter(([, method]) => !method.whileLocked && method.input.safeParse({}).success)
      .map(([name]) => [window, name] as const),
  );
  it.each(emptyInput)('%s: %s answers that the vault is locked', async (window, name) => {
    expect(await app.dispatch(window, name, {})).toEqual({ ok: false, error: { code: 'vault/locked' } });
  });

  it.each(good)('%s: %s answers a right input with: locked', async (window, name, input) => {
    expect(await app.dispatch(window, name, input)).toEqual({ ok: false, error: { code: 'vault/locked' } });
  });

  it.each(good)(
    '%s: %s is unknown to the other window, right as its input may be',
    async (window, name, input) => {
      expect(await app.dispatch(window === 'main' ? 'approval' : 'main', name, input)).toEqual({
        ok: false,
        error: { code: 'ipc/unknown-method' },
      });
    },
  );

  it.each([
    ['__proto__'],
    ['constructor'],
    ['toString'],
    ['vault.signBatch'],
    [''],
    [null],
    [{ toString: 1 }],
  ])('knows no method %s', async (name) => {
    expect(await app.dispatch('main', name, {})).toEqual({
      ok: false,
      error: { code: 'ipc/unknown-method' },
    });
  });
});
