import { expect as base } from '@playwright/test';

/** The same patience whether a journey or the demo waits. */
export const expect = base.configure({ timeout: 20_000 });
