/**
 * Takes pictures of screens and states with made-up data, light and dark, to be looked at.
 *
 * `npx tsx test/renderer/harness/look.ts [folder of the built renderer] [folder for pictures] [words to filter by]`
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createStage } from './open';
import { SHOTS } from './shots';

const [folder = 'out/renderer', out = 'test-results/looks', ...filters] = process.argv.slice(2);

const takePictures = async (): Promise<void> => {
  mkdirSync(out, { recursive: true });
  const stage = await createStage(path.resolve(folder));
  const shots = SHOTS.filter(
    ({ name }) => filters.length === 0 || filters.some((word) => name.includes(word)),
  );
  for (const theme of ['light', 'dark'] as const) {
    for (const { name, scenario, hash, size, act } of shots) {
      const { page, complaints, close } = await stage.open({
        scenario: { theme, ...scenario },
        ...(hash === undefined ? {} : { hash }),
        ...(size === undefined ? {} : { size }),
      });
      try {
        await act?.(page);
      } catch (error) {
        complaints.push(String(error).slice(0, 300));
      }
      // A picture of a screen at rest: what was asked has been drawn.
      await page.waitForTimeout(250);
      await page.screenshot({ path: path.join(out, `${name}-${theme}.png`) });
      for (const complaint of complaints) console.log(`${name} [${theme}]: ${complaint.slice(0, 400)}`);
      await close();
    }
  }
  await stage.close();
};

void takePictures();
