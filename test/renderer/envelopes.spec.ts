/** Envelopes: what waits for whom, how they come in, what is asked of main, and how they travel as QR codes. */
import { expect, type Page, test } from '@playwright/test';
import { encodeQR } from 'qr';
import * as data from './harness/data';
import { digestAt } from './harness/envelope-data';
import { frameAt } from './harness/envelope-fakes';
import { createStage, type Stage } from './harness/open';

let stage: Stage;
test.beforeAll(async () => {
  stage = await createStage();
});
test.afterAll(async () => {
  await stage.close();
});

const inputsOf = (page: Page, method: string): Promise<unknown[]> =>
  page.evaluate(
    (name) => (window.__calls ?? []).filter((call) => call.method === name).map(({ input }) => input),
    method,
  );
const envelope = (place: number): string => `#/inbox/envelope/${digestAt(place)}`;

test('the rail counts what waits, and the inbox lists it first', async () => {
  const { page, complaints, close } = await stage.open({
    scenario: { role: 'signer', mode: 'offline', people: 'settled' },
  });
  await expect(page.getByRole('button', { name: /^Inbox.*2 waiting for you/ })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  const table = page.getByRole('grid', { name: 'Envelopes' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('row').nth(1)).toContainText('Sign');
  await page.getByText('All', { exact: true }).click();
  await expect(page).toHaveURL(/filter=all/);
  await expect(page.getByText('10 envelopes')).toBeVisible();
  await page.getByLabel('Search envelopes').fill('2026-11-23');
  await expect(page.getByText('1 envelope', { exact: true })).toBeVisible();
  expect(complaints).toEqual([]);
  await close();
});

test('an empty inbox says what to do first, by role', async () => {
  const signer = await stage.open({
    hash: '#/inbox',
    scenario: { envelopes: 'none', role: 'signer', mode: 'offline' },
  });
  await expect(signer.page.getByText(/Import an approved envelope/)).toBeVisible();
  await signer.close();
  const nobody = await stage.open({ hash: '#/inbox', scenario: { envelopes: 'none', people: 'none' } });
  await expect(nobody.page.getByText('No policy is in force on this machine')).toBeVisible();
  await nobody.close();
});

test('a dropped envelope is taken in from any screen; another file goes to the import of payments', async () => {
  const { page, close } = await stage.open({ hash: '#/ledger' });
  await page.evaluate(() =>
    window.__emit?.({
      type: 'files.dropped',
      file: { fileId: 'fil_00000nothing' as never, name: 'Payrun.NOSTRO', sizeBytes: 900 },
    }),
  );
  await expect(page).toHaveURL(new RegExp(`inbox/envelope/${digestAt(0)}`));
  await expect(page.getByText('Nothing new: everything in it is here already')).toBeVisible();
  expect(await inputsOf(page, 'envelopes.importFile')).toEqual([{ fileId: 'fil_00000nothing' }]);
  await page.evaluate(() =>
    window.__emit?.({
      type: 'files.dropped',
      file: { fileId: 'fil_0000000right' as never, name: 'payrun.xml', sizeBytes: 900 },
    }),
  );
  await expect(page).toHaveURL(/payments\/import\/fil_0000000right/);
  await close();
});

test('a file that is not right says what is wrong and that nothing was taken in', async () => {
  const { page, close } = await stage.open({
    hash: '#/inbox',
    scenario: { errors: { 'envelopes.importFile': 'envelope/bad-signature' } },
  });
  await page.getByRole('button', { name: 'Import envelope' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing was taken in' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('envelope/bad-signature');
  await expect(page.getByRole('button', { name: 'Import another file' })).toBeVisible();
  await close();
});

test('opened files wait until they are taken in', async () => {
  const { page, close } = await stage.open({ hash: '#/inbox', scenario: { opened: 2, people: 'settled' } });
  await expect(page.getByText('2 files were opened with Nostro')).toBeVisible();
  expect(await inputsOf(page, 'envelopes.importFile')).toEqual([]);
  await page.getByRole('button', { name: 'Take in payrun-2026-11-20.nostro' }).click();
  await expect(page).toHaveURL(/inbox\/envelope\//);
  await page.keyboard.press('Control+2');
  await expect(page.getByText('1 file was opened with Nostro')).toBeVisible();
  await close();
});

test('the page asks for the approval window, by the act that main offers, and for nothing else', async () => {
  const { page, close } = await stage.open({ hash: envelope(0), scenario: { role: 'approver' } });
  await page.getByRole('button', { name: /^Approve 32 payments in 5 currencies$/ }).click();
  await expect
    .poll(() => inputsOf(page, 'envelopes.review'))
    .toEqual([{ digest: digestAt(0), act: 'approve' }]);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Read the words to a checker' }).click();
  await expect
    .poll(() => inputsOf(page, 'envelopes.review'))
    .toEqual([
      { digest: digestAt(0), act: 'approve' },
      { digest: digestAt(0), act: 'compare' },
    ]);
  await expect(page.getByRole('menuitem', { name: 'Withdraw' })).toHaveCount(0);
  await close();
});

test('sending asks once more, with count and sums, and then asks main', async () => {
  const { page, close } = await stage.open({ hash: envelope(3) });
  await page.getByRole('button', { name: 'Send 9 payments in 5 currencies' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send the signed payments' });
  await expect(dialog).toContainText('USD');
  expect(await inputsOf(page, 'envelopes.send')).toEqual([]);
  await dialog.getByRole('button', { name: 'Send 9 payments in 5 currencies' }).click();
  await expect(page.getByText('9 payments put into the outbox')).toBeVisible();
  expect(await inputsOf(page, 'envelopes.send')).toEqual([{ digest: digestAt(3) }]);
  await close();
});

test('an expired envelope is made again: the old one is withdrawn first', async () => {
  const { page, close } = await stage.open({ hash: envelope(7) });
  await page.getByRole('button', { name: 'Make a new envelope', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Make a new envelope of 32/ })
    .click();
  await expect(page).toHaveURL(new RegExp(digestAt(0)));
  expect(await inputsOf(page, 'envelopes.withdraw')).toEqual([{ digest: digestAt(7) }]);
  expect(await inputsOf(page, 'envelopes.create')).toEqual([{ batchId: data.batches[4]?.id }]);
  await close();
});

test('the way names who did what, what does not count and why', async () => {
  const { page, close } = await stage.open({
    hash: envelope(2),
    scenario: { role: 'signer', mode: 'offline' },
  });
  const way = page.getByRole('region', { name: 'The way of this envelope' });
  await expect(way).toContainText('Marguerite Delacroix-Whitfield');
  await expect(way).toContainText('nobody approves a batch that they made');
  await expect(way).toContainText('Compared by voice');
  await expect(way).toContainText('Not compared by voice');
  await expect(way).toContainText('Waits for the signer');
  await page.getByText('Checks (8)').click();
  const checks = page.getByRole('region', { name: 'Checked on this machine' });
  const titles = await checks.getByRole('heading', { level: 3 }).allTextContents();
  expect(titles).toEqual(['Refused', 'Could not be checked here', 'To be looked at', 'Passed']);
  await expect(checks.getByText('Nothing was signed')).toHaveCount(0);
  await checks.getByRole('button', { name: 'Show line' }).first().click();
  await expect(page.getByRole('grid', { name: 'Payments of the envelope' })).toBeVisible();
  await close();
});

test('lines stand with the whole account in groups of four', async () => {
  const { page, close } = await stage.open({ hash: envelope(0) });
  const row = page.getByRole('grid', { name: 'Payments of the envelope' }).getByRole('row').nth(1);
  const address = await row.getByRole('img').getAttribute('aria-label');
  expect(address).toMatch(/^0x[0-9a-fA-F]{40}$/);
  await row.click();
  await expect(page.getByRole('complementary').getByText('Sequence number (nonce)')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'The way of this envelope' })).toBeVisible();
  await close();
});

test('a checker that has not checked yet is shown this machine’s own checks', async () => {
  const { page, close } = await stage.open({ hash: envelope(9), scenario: { role: 'approver' } });
  await expect(page.getByText('Checks (6)')).toBeVisible();
  expect(await inputsOf(page, 'envelopes.check')).toEqual([{ digest: digestAt(9) }]);
  await close();
});

test('under a policy a batch becomes an envelope; without one it is approved here', async () => {
  const hash = `#/payments/batch/${data.batches[4]?.id}`;
  const under = await stage.open({ hash, scenario: { isReady: true } });
  await under.page.getByRole('button', { name: 'Make envelope' }).click();
  await expect(under.page).toHaveURL(new RegExp(`inbox/envelope/${digestAt(0)}`));
  expect(await inputsOf(under.page, 'payments.requestApproval')).toEqual([]);
  await under.close();
  const alone = await stage.open({ hash, scenario: { people: 'none', isReady: true } });
  await alone.page.getByRole('button', { name: 'Review and approve' }).click();
  await expect
    .poll(() => inputsOf(alone.page, 'payments.requestApproval'))
    .toEqual([{ batchId: data.batches[4]?.id }]);
  await expect(alone.page.getByRole('button', { name: 'Make envelope' })).toHaveCount(0);
  await alone.close();
  const reader = await stage.open({ hash, scenario: { role: 'auditor', isReady: true } });
  await expect(reader.page.getByRole('button', { name: 'Make envelope' })).toBeDisabled();
  await reader.close();
});

test('frames are pulled in portions, played, paused and stepped', async () => {
  const { page, complaints, close } = await stage.open({
    hash: `#/inbox/show/${digestAt(0)}?format=envelope`,
  });
  await expect(page.getByRole('img', { name: 'QR code, frame 1' })).toBeVisible();
  await expect(page.getByText('frames stand still until you play or step')).toBeVisible();
  await page.getByRole('button', { name: 'Next frame' }).click();
  await expect(page.getByText('Frame 2', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(page.getByText(/^Frame ([4-9]|\d\d)$/)).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  expect(await inputsOf(page, 'exchange.frames')).toEqual([
    { what: { format: 'envelope', digest: digestAt(0) }, from: 0, count: 50 },
  ]);
  expect(complaints).toEqual([]);
  await close();
});

test('the camera collects frames until the envelope is complete, then goes off', async () => {
  test.setTimeout(60_000);
  const { page, complaints, close } = await stage.open({
    hash: '#/inbox/scan',
    scenario: { camera: 'codes' },
  });
  await page.getByRole('button', { name: 'Start camera' }).click();
  await expect(page.getByText(/^\d+ of about 20 frames$/)).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`inbox/envelope/${digestAt(0)}`), { timeout: 40_000 });
  await expect(page.getByText('New envelope', { exact: true })).toBeVisible();
  expect(complaints).toEqual([]);
  await close();
});

test('frames of something else are said and left out; starting again asks main to forget', async () => {
  const { page, close } = await stage.open({ hash: '#/inbox/scan', scenario: { camera: 'foreign' } });
  await page.getByRole('button', { name: 'Start camera' }).click();
  await expect(page.getByText('A code of something else was seen and left out')).toBeVisible({
    timeout: 15_000,
  });
  await page.getByRole('button', { name: 'Stop camera' }).click();
  const before = (await inputsOf(page, 'exchange.reset')).length;
  await page.getByRole('button', { name: 'Start again' }).click();
  await expect.poll(async () => (await inputsOf(page, 'exchange.reset')).length).toBe(before + 1);
  await expect(page.getByText('Nothing read yet')).toBeVisible();
  await close();
});

/** A picture as somebody would take it: the code on grey, larger than needed, a little turned. */
const drawPicture = (page: Page, texts: readonly string[], turn: number): Promise<string> =>
  page.evaluate(
    ([codes, angle]) => {
      const canvas = document.createElement('canvas');
      canvas.width = 900 * Math.max(1, codes.length);
      canvas.height = 900;
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      context.fillStyle = '#8f8b83';
      context.fillRect(0, 0, canvas.width, canvas.height);
      codes.forEach((modules, place) => {
        const scale = Math.floor(620 / modules.length);
        const size = modules.length * scale;
        context.save();
        context.translate(450 + place * 900, 450);
        context.rotate(angle);
        context.translate(-size / 2, -size / 2);
        context.fillStyle = '#f4f1ea';
        context.fillRect(0, 0, size, size);
        context.fillStyle = '#1b1a18';
        modules.forEach((row, y) => {
          row.forEach((isDark, x) => {
            if (isDark) context.fillRect(x * scale, y * scale, scale, scale);
          });
        });
        context.restore();
      });
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    },
    [texts.map((text) => encodeQR(text, 'raw', { ecc: 'low', border: 4 })), turn] as const,
  );

test('pictures are read in the page: turned ones, and several codes in one; others are named', async () => {
  const { page, complaints, close } = await stage.open({ hash: '#/inbox/scan' });
  const file = async (name: string, texts: readonly string[], turn: number) => ({
    name,
    mimeType: 'image/png',
    buffer: Buffer.from(await drawPicture(page, texts, turn), 'base64'),
  });
  await page
    .getByLabel('Choose pictures')
    .setInputFiles([
      await file('one.png', [frameAt(0)], 0),
      await file('turned.png', [frameAt(1)], 0.12),
      await file('two.png', [frameAt(2), frameAt(3)], 0),
      await file('none.png', [], 0),
      { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') },
    ]);
  await expect(page.getByText('4 codes in 5 pictures.')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('No code was found in 1 picture.')).toBeVisible();
  await expect(page.getByText('Not a picture that can be read: broken.png')).toBeVisible();
  const sent = (await inputsOf(page, 'exchange.receive')) as { text: string }[];
  expect(sent.map(({ text }) => text).sort()).toEqual([0, 1, 2, 3].map(frameAt).sort());
  expect(complaints).toEqual([]);
  await close();
});

test('a camera that is missing or not allowed says what to do instead', async () => {
  for (const [camera, words] of [
    ['missing', 'No camera was found'],
    ['denied', 'The camera was not allowed'],
  ] as const) {
    const { page, close } = await stage.open({ hash: '#/inbox/scan', scenario: { camera } });
    await page.getByRole('button', { name: 'Start camera' }).click();
    await expect(page.getByText(words)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Start camera' })).toBeEnabled();
    await close();
  }
});
