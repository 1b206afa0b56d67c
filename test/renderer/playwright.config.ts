/** The renderer alone, with made-up data. The journeys' Chromium lane runs these tests too. */
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const root = path.resolve(import.meta.dirname, '..', '..');

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(root, 'test-results', 'renderer'),
  timeout: 30_000,
  workers: 1,
  forbidOnly: true,
  reporter: [['list']],
});
