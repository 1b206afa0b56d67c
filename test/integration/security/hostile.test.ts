/**
 * A main window that was taken over, on each of three machines with an envelope waiting: every method of its contract with
 * inputs made from the method's own schema, right in form and wrong in meaning, many at a time. It drafts what it likes. No
 * key signs a payment, nobody's yes comes into being, nothing is in the outbox, and no answer is a crash.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ParentMessage } from '../../../src/main/platform/child-protocol';
import { mainContract } from '../../../src/shared/contract';
import type { Contract } from '../../../src/shared/contract/define';
import type { Hash32 } from '../../../src/shared/model/ids';
import { createMachines, type Machine, type MachineName, type Machines, MINUTE } from '../envelopes/machines';

/** Inputs for each method, on each machine. At a release: NOSTRO_HOSTILE_INPUTS=500. */
const INPUTS = Math.max(60, Number(process.env.NOSTRO_HOSTILE_INPUTS ?? 0));
const AT_ONCE = 6;
const NAMES = ['maker', 'approver', 'signer'] as const;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = { readonly [key: string]: unknown };
type Random = (below: number) => number;

const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};
const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)] as T;

const HOSTILE_TEXT = [
  '',
  ' ',
  '0',
  '-1',
  '__proto__',
  'constructor',
  '../../vault/vault.nostro',
  '/dev/zero',
  "'; DROP TABLE envelopes; --",
  '%',
  '\u202egpj.exe',
  '\0',
  '<img src=x onerror=alert(1)>',
  'http://127.0.0.1:1/',
  'file:///etc/passwd',
  'x'.repeat(139),
  '9'.repeat(78),
];

/** What a page knows, by the name of the field that wants it. */
type Known = Readonly<Record<string, readonly string[]>>;

const wordsOf = (schema: Schema, name: string, known: Known, random: Random): string => {
  const own = known[name] ?? [];
  if (own.length > 0 && random(4) > 0) return pick(random, own);
  const pattern = typeof schema.pattern === 'string' ? schema.pattern : '';
  const prefix = /^\^([a-z]{3})_/.exec(pattern)?.[1];
  if (prefix) return `${prefix}_${'0123456789abcdefghijklmn'.slice(random(3))}`;
  if (pattern.includes('{64}')) return `0x${pick(random, ['00', 'ff', 'ab']).repeat(32)}`;
  if (pattern.includes('{40}')) return `0x${pick(random, ['00', 'ff', '1b']).repeat(20)}`;
  if (pattern.includes('eip155') && pattern.includes('erc20'))
    return `eip155:31337/erc20:0x${'1'.repeat(40)}`;
  if (pattern.includes('eip155')) return pick(random, ['eip155:31337', 'eip155:1', 'eip155:999']);
  if (pattern.includes('[A-Z]{3}')) return pick(random, ['EUR', 'USD', 'XXX']);
  if (pattern.includes('\\d{4}-\\d{2}-\\d{2}T')) return '2016-01-01T00:00:00Z';
  if (pattern.includes('\\d{4}-\\d{2}')) return pick(random, ['2016-01-01', '9999-12-31']);
  return pick(random, HOSTILE_TEXT);
};

/** A value of this schema's form, as far as a form goes. */
const makeValue = (schema: Schema, name: string, known: Known, random: Random): Json => {
  if ('const' in schema) return schema.const as Json;
  if (Array.isArray(schema.enum)) return pick(random, schema.enum as Json[]);
  for (const key of ['anyOf', 'oneOf'])
    if (Array.isArray(schema[key]))
      return makeValue(pick(random, schema[key] as Schema[]), name, known, random);
  switch (schema.type) {
    case 'object': {
      const properties = (schema.properties ?? {}) as Record<string, Schema>;
      const required = (schema.required ?? []) as string[];
      return Object.fromEntries(
        Object.entries(properties)
          .filter(([key]) => required.includes(key) || random(2) === 0)
          .map(([key, value]) => [key, makeValue(value, key, known, random)]),
      );
    }
    case 'array':
      return Array.from({ length: Math.max(Number(schema.minItems ?? 0), random(3)) }, () =>
        makeValue((schema.items ?? {}) as Schema, name, known, random),
      );
    case 'string':
      return wordsOf(schema, name, known, random);
    case 'integer':
    case 'number':
      return pick(random, [Number(schema.minimum ?? 0), 1, Number(schema.maximum ?? 1e9), 7]);
    case 'boolean':
      return random(2) === 0;
    case 'null':
      return null;
    default:
      return pick<Json>(random, [null, {}, [], 'x', 0]);
  }
};

/** Something in it is of another form: refused at the door. */
const spoil = (value: Json, random: Random): unknown =>
  pick<unknown>(random, [
    null,
    [value],
    { ...(value as object), approve: true },
    { ...(value as object), passphrase: 'correct horse battery staple lagoon 41', act: 'sign' },
    JSON.stringify(value),
    undefined,
  ]);

/** Methods that end the session, or try a passphrase: a guess costs memory and time, and waits grow. Looked at by hand. */
const ENDING = ['vault.lock', 'workspace.setMode'];
const isGuess = (schema: unknown): boolean => /"(?:passphrase|current)"/.test(JSON.stringify(schema));

type Watched = { readonly machine: Machine; readonly calls: string[] };
let world: Machines;
let digest: Hash32;
let waiting: Hash32;
/** What the approver's vault was asked to do when a person said yes. */
let askedByYes: readonly string[] = [];
const watched = new Map<MachineName, Watched>();

/** What the vault of a machine is asked to do, by method; of statements also of which kind. */
const watch = async (machine: Machine): Promise<void> => {
  const calls: string[] = [];
  await machine.restart({
    wrapSpawn: (spawn) => (name) => {
      const port = spawn(name);
      if (name !== 'vault') return port;
      return {
        ...port,
        post: (message: ParentMessage) => {
          if (message.kind === 'call') {
            const kind = /"kind":"(\w+)"/.exec(
              JSON.stringify(message.input, (_key, value) =>
                typeof value === 'bigint' ? `${value}` : value,
              ) ?? '',
            )?.[1];
            calls.push(message.method === 'signStatement' ? `statement ${kind}` : message.method);
          }
          port.post(message);
        },
      };
    },
  });
  watched.set(machine.name, { machine, calls });
};

beforeAll(async () => {
  world = await createMachines();
  await world.shareDirectory();
  await world.sharePolicy();
  for (const name of NAMES) await watch(world[name]);
  const { maker, approver, signer } = world;
  ({ digest } = await maker.app.main['envelopes.create']({ batchId: await world.makeBatch('HOSTILE', 5) }));
  // The approver's machine has it without an approval, the signer's with one.
  const unapproved = await world.takeOut(maker, digest);
  await world.takeIn(approver, unapproved);
  await world.answer(approver, digest, 'approve');
  askedByYes = [...(watched.get('approver')?.calls ?? [])];
  await world.hand(approver, signer, digest);
  const other = await world.makeBatch('WAITING', 5);
  ({ digest: waiting } = await maker.app.main['envelopes.create']({ batchId: other }));
  await world.hand(maker, approver, waiting);
}, 4 * MINUTE);
afterAll(() => world.stop(), MINUTE);

const knownOf = async ({ app: { main } }: Machine): Promise<Known> => {
  const ids = (items: readonly object[], key: string) =>
    items.map((item) => String((item as Record<string, unknown>)[key]));
  const page = { search: '', offset: 0, limit: 20 };
  const { envelopes } = await main['envelopes.list']({ filter: 'all', ...page });
  const { batches } = await main['payments.batches'](page);
  const { payments } = await main['payments.payments']({
    batchId: null,
    status: null,
    stage: null,
    preflight: null,
    ...page,
  });
  const { accounts } = await main['directory.accounts']({} as never);
  const { tokens } = await main['directory.tokens']({} as never);
  const { inForce } = await main['people.policies']({});
  return {
    digest: [...ids(envelopes, 'digest'), inForce?.digest ?? ''].filter(Boolean),
    batchId: ids(batches, 'id'),
    paymentId: ids(payments, 'id'),
    accountId: ids(accounts, 'id'),
    tokenId: ids(tokens, 'id'),
    key: ids(inForce?.content.people ?? [], 'key'),
    address: ids(accounts, 'address'),
    name: ['Mia Maker', 'Example Trading AG'],
  };
};

/** Acts of every envelope that was there, and how far payments are. */
const lookAt = async ({ app: { main } }: Machine) => {
  const page = { search: '', offset: 0, limit: 200 };
  const { envelopes } = await main['envelopes.list']({ filter: 'all', ...page });
  const { payments } = await main['payments.payments']({
    batchId: null,
    status: null,
    stage: null,
    preflight: null,
    ...page,
  });
  return {
    acts: Object.fromEntries(
      envelopes
        .filter((one) => [digest, waiting].includes(one.digest))
        .map((one) => [one.digest, one.acts.map(({ kind, by }) => `${kind} ${by.name}`)]),
    ),
    bindingActs: envelopes
      .filter((one) => ![digest, waiting].includes(one.digest))
      .flatMap(({ acts }) => acts.map(({ kind }) => kind))
      .filter((kind) => kind !== 'create'),
    signed: envelopes.map(({ signedLines }) => signedLines).filter((lines) => lines > 0),
    inOutbox: payments.filter(({ settlement, status }) => settlement !== null || /^AC(SP|SC)$/.test(status)),
    policy: (await main['people.policies']({})).inForce?.digest,
  };
};

it('what is watched is seen when a person says yes', () => {
  expect(askedByYes.filter((call) => call.startsWith('statement'))).toEqual(['statement approve']);
});

describe.each(NAMES)('on the machine of the %s', (name) => {
  it(
    'no method of the main window makes a yes, a signature or a row in the outbox',
    async () => {
      const { machine, calls } = watched.get(name) as Watched;
      const { app } = machine;
      const before = await lookAt(machine);
      const known = await knownOf(machine);
      const random = randomFrom(NAMES.indexOf(name) * 7_919 + 1);
      calls.length = 0;
      const work: { method: string; input: unknown }[] = [];
      for (const [method, { input }] of Object.entries(mainContract as Contract)) {
        if (ENDING.includes(method)) continue;
        const schema = z.toJSONSchema(input, { unrepresentable: 'any', io: 'input' }) as Schema;
        for (let count = 0; count < INPUTS; count += 1) {
          const value = makeValue(schema, '', known, random);
          // A right form with a guessed passphrase is tried by hand, below.
          const isSpoiled = count % 4 === 3 || isGuess(schema);
          work.push({ method, input: isSpoiled ? spoil(value, random) : value });
        }
      }
      for (let at = work.length - 1; at > 0; at -= 1) {
        const other = random(at + 1);
        [work[at], work[other]] = [work[other] as never, work[at] as never];
      }
      const crashes: string[] = [];
      const codes = new Map<string, number>();
      let refusedAtDoor = 0;
      for (let from = 0; from < work.length; from += AT_ONCE)
        await Promise.all(
          work.slice(from, from + AT_ONCE).map(async ({ method, input }) => {
            const answer = await app.dispatch('main', method, input);
            const code = answer.ok ? 'ok' : answer.error.code;
            codes.set(code, (codes.get(code) ?? 0) + 1);
            if (code === 'ipc/invalid-input') refusedAtDoor += 1;
            if (code === 'internal')
              crashes.push(
                `${method} ${JSON.stringify(input)?.slice(0, 200)} ${app.log.at(-1)?.slice(0, 300)}`,
              );
          }),
        );
      expect(crashes).toEqual([]);
      expect(app.isUnlocked()).toBe(true);
      // It got further than the door, with much.
      expect(codes.get('ok') ?? 0).toBeGreaterThan(work.length / 10);
      expect(refusedAtDoor).toBeGreaterThan(work.length / 10);

      await app.approval['approval.close']({}).catch(() => undefined);
      const after = await lookAt(machine);
      expect(after).toMatchObject({ ...before, inOutbox: [], bindingActs: [] });
      expect(calls.filter((call) => /^sign|^statement (?!create)/.test(call))).toEqual([]);
      if (name !== 'maker') expect(calls.filter((call) => call.startsWith('statement'))).toEqual([]);
    },
    4 * MINUTE,
  );

  it('passphrases that it guesses, and locks, lead nowhere', async () => {
    const { machine, calls } = watched.get(name) as Watched;
    const { app } = machine;
    const before = await lookAt(machine);
    calls.length = 0;
    const passphrase = 'wrong horse battery staple lagoon 42';
    for (const [method, input] of [
      ['workspace.setMode', { mode: name === 'signer' ? 'online' : 'offline', passphrase }],
      ['people.exportCard', { passphrase }],
    ] as const)
      expect(await app.dispatch('main', method, input)).toMatchObject({
        error: { code: 'vault/wrong-passphrase' },
      });
    expect((await app.main['app.snapshot']({})).mode).toBe(name === 'signer' ? 'offline' : 'online');
    await app.dispatch('main', 'vault.lock', {});
    expect(await app.dispatch('main', 'envelopes.review', { digest, act: 'sign' })).toMatchObject({
      ok: false,
    });
    await app.main['vault.unlock']({ passphrase: 'correct horse battery staple lagoon 41' });
    expect(await lookAt(machine)).toEqual(before);
  });
});
