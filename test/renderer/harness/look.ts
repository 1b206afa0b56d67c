/**
 * Takes pictures of screens and states with made-up data, light and dark, to be looked at.
 *
 * `npx tsx test/renderer/harness/look.ts [folder of the built renderer] [folder for pictures] [words to filter by]`
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { NOW } from './data';
import { bundleFakeBridge, servePages } from './page-server';
import { SHOTS } from './shots';

const [folder = 'out/renderer', out = 'test-results/looks', ...filters] = process.argv.slice(2);

const main = async (): Promise<void> => {
  mkdirSync(out, { recursive: true });
  const server = await servePages(path.resolve(folder));
  const fake = await bundleFakeBridge();
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const shots = SHOTS.filter(
    ({ name }) => filters.length === 0 || filters.some((word) => name.includes(word)),
  );
  for (const theme of ['light', 'dark'] as const) {
    for (const shot of shots) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        colorScheme: theme,
        reducedMotion: 'reduce',
        timezoneId: 'Europe/Berlin',
        locale: 'en-GB',
      });
      const page: Page = await context.newPage();
      page.setDefaultTimeout(3000);
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          console.log(`${shot.name} [${theme}]: ${message.text().slice(0, 400)}`);
      });
      page.on('pageerror', (error) =>
        console.log(`${shot.name} [${theme}] page error: ${error.message.slice(0, 600)}`),
      );
      await page.clock.setFixedTime(NOW);
      await page.addInitScript(
        `window.__scenario = ${JSON.stringify({ theme, ...shot.scenario })};\n${fake}`,
      );
      const entry = shot.scenario?.window === 'approval' ? 'approval.html' : 'index.html';
      await page.goto(`${server.url}/${entry}${shot.hash ?? ''}`);
      await page.waitForTimeout(350);
      try {
        await shot.act?.(page);
      } catch (error) {
        console.log(`${shot.name} [${theme}] act: ${String(error).slice(0, 300)}`);
      }
      await page.waitForTimeout(250);
      await page.screenshot({ path: path.join(out, `${shot.name}-${theme}.png`) });
      await context.close();
    }
  }
  await browser.close();
  await server.close();
};

void main();
