import type { Page } from '@playwright/test';
import type { Scenario } from './fake-bridge';

export type Shot = {
  readonly name: string;
  readonly scenario?: Scenario;
  readonly hash?: string;
  readonly act?: (page: Page) => Promise<void>;
};

/** Every screen and state that is looked at. */
export const SHOTS: readonly Shot[] = [
  { name: 'shell-position', hash: '#/position' },
  {
    name: 'shell-palette',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('pay');
    },
  },
  { name: 'shell-shortcuts', act: (page) => page.keyboard.press('?') },
  { name: 'shell-health', act: (page) => page.getByRole('button', { name: /networks offline/ }).click() },
  { name: 'shell-offline', scenario: { isOffline: true, isTestRuntime: true } },
];
