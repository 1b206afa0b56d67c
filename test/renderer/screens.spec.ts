/** Every screen and state, light and dark: nothing serious for axe, nothing refused by the policy, nothing thrown. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { createStage, type Stage } from './harness/open';
import { SHOTS } from './harness/shots';

let stage: Stage;
test.beforeAll(async () => {
  stage = await createStage();
});
test.afterAll(async () => {
  await stage.close();
});

for (const theme of ['light', 'dark'] as const) {
  for (const { name, scenario, hash, size, act } of SHOTS) {
    test(`${name} is accessible and quiet (${theme})`, async () => {
      const { page, complaints, close } = await stage.open({
        scenario: { theme, ...scenario },
        ...(hash === undefined ? {} : { hash }),
        ...(size === undefined ? {} : { size }),
      });
      await act?.(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join('; ')}`,
        );
      expect(serious).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    });
  }
}
