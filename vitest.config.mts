import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { sqlAsText } from './scripts/sql-as-text.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));

/** Unit and contract tests share nothing with the machine; integration tests start processes, files and a chain. */
export default defineConfig({
  root,
  plugins: [sqlAsText()],
  test: {
    passWithNoTests: false,
    // Two cores: the main thread of vitest and the children of integration tests need one of them.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,contract}/**/*.test.{ts,tsx}'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
