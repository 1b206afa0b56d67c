import { expect, test } from '../fixtures';

test('a first start offers to create, restore or import', async ({ start }) => {
  const app = await start();
  await expect(app.page.getByRole('heading', { level: 1 })).toBeVisible();
  await app.page.screenshot({ path: 'test-results/start.png' });
});
