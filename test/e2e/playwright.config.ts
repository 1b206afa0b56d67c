/**
 * The journeys, in two lanes that share page objects: `chromium` (Debian's Chromium, the built renderer bound to the
 * real main side on Node 24) and `electron` (the real Electron under Xvfb). `global-setup.ts` prepares both.
 */
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const root = path.resolve(import.meta.dirname, '..', '..');

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(root, 'test-results', 'e2e'),
  globalSetup: path.join(import.meta.dirname, 'global-setup.ts'),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // Two cores: each test starts an app, its children and a chain.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  reporter: [['list']],
  use: { trace: 'off', screenshot: 'only-on-failure' },
  projects: [
    { name: 'chromium', testMatch: ['journeys/**/*.spec.ts', 'chromium/**/*.spec.ts'] },
    { name: 'electron', testMatch: ['journeys/**/*.spec.ts', 'electron/**/*.spec.ts'] },
  ],
});
