/** What holds for every method of the contract, whichever domain answers it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
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
