/** Asks the main side what it says, to compare it with what a screen shows. Journeys act through screens, not here. */
import type { Page } from '@playwright/test';
import type { MainClient } from '../../../src/shared/contract';

type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: { readonly code: string; readonly details?: unknown } };

type Bridge = { readonly invoke: (method: string, input: unknown) => Promise<unknown> };

/** What a method answers, errors included. */
export const tryAsk = async <K extends keyof MainClient>(
  page: Page,
  method: K,
  input: Parameters<MainClient[K]>[0],
): Promise<Answer<Awaited<ReturnType<MainClient[K]>>>> =>
  (await page.evaluate(
    ([name, value]) => (window as unknown as { bridge: Bridge }).bridge.invoke(name, value),
    [method as string, input as unknown] as const,
  )) as Answer<Awaited<ReturnType<MainClient[K]>>>;

/** What a method answers. Throws with the error's code. */
export const ask = async <K extends keyof MainClient>(
  page: Page,
  method: K,
  input: Parameters<MainClient[K]>[0],
): Promise<Awaited<ReturnType<MainClient[K]>>> => {
  const answer = await tryAsk(page, method, input);
  if (!answer.ok) throw new Error(`${method}: ${answer.error.code}`);
  return answer.value;
};
