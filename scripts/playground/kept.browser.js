import { expect, it } from 'vitest';
import { forTests } from '../browser/for-tests.js';
import { axeFaults, picture } from '../browser/looks.js';
import { compare, downloaded, drop, ended, openPlayground } from './visit.js';

const SMALL = 'rows=500&epochs=3&seeds=2&models=single-task,adatt';

const playground = forTests(openPlayground);

/** @param {import('playwright-core').Page} page */
const linkTo = async (page) => {
  await page.getByRole('button', { name: 'Copy a link to this result' }).click();
  await page.locator('.exchange [role=status]', { hasText: 'Copied: a link' }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
};

it('goes on after a reload in the middle, to the numbers of a training without one', { tags: ['smoke'] }, async () => {
  const setup = 'rows=2000&epochs=15&seeds=4&models=single-task,adatt';
  const page = await playground.visit(setup);
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.locator('.run-bar', { hasText: /[2-6] of 8 trials/ }).waitFor({ timeout: 120_000 });
  const asked = page.waitForEvent('dialog');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  expect((await asked).type()).toBe('beforeunload');
  const trained = await page.locator('.run-bar', { hasText: /[2-8] of 8 trials/ }).textContent(); // none is trained again
  expect(trained).toContain('of 8 trials');
  await ended(page);
  const table = await page.locator('.verdict table').first().textContent();
  expect(await page.locator('.network-card').count()).toBe(2);
  const fresh = await playground.visit(setup);
  await compare(fresh);
  expect(table).toBe(await fresh.locator('.verdict table').first().textContent());
});

it('keeps file, models and results over a reload, lists comparisons, and opens and deletes them', async () => {
  const page = await playground.visit();
  const lines = Array.from({ length: 400 }, (_, i) => {
    const [age, hours] = [(i * 37) % 60, (i * 53) % 41];
    return `${age};${hours},5;s${i % 3};${age + hours > 50 ? 'yes' : 'no'};${age > hours ? 'yes' : 'no'}`;
  });
  await drop(page, { name: 'people.csv', text: `age;hours;state;bought;liked\n${lines.join('\n')}\n` });
  await page.locator('.described', { hasText: 'people.csv' }).waitFor();
  await page.getByLabel('Seeds', { exact: true }).fill('2');
  await page.getByLabel('Epochs at most').fill('2');
  await compare(page);
  const answer = await page.locator('.answer').textContent();
  await page.reload();
  await page.locator('.described', { hasText: 'people.csv: 400 rows, 5 columns' }).waitFor();
  await page.locator('.try .predictions strong', { hasText: /\d%/ }).first().waitFor();
  expect(await page.locator('.answer').textContent()).toBe(answer);
  expect(await page.locator('.stale-note').count()).toBe(0);
  expect((await downloaded(page, 'Model')).bytes.length).toBeGreaterThan(1000);

  await page.getByText('Synthetic', { exact: true }).click();
  expect(await page.locator('.stale-note').textContent()).toContain('data file (now synthetic)');
  await page.getByLabel('Training rows').fill('500');
  await compare(page);
  const rows = page.locator('.kept li');
  await expect.poll(() => rows.count()).toBe(2);
  const older = rows.filter({ hasText: 'people.csv' });
  await older.getByRole('button', { name: /^Open/ }).click();
  await expect.poll(() => page.locator('.answer').textContent()).toBe(answer);
  expect(await page.locator('.described').textContent()).toContain('people.csv');
  const other = rows.filter({ hasText: 'synthetic' }).getByRole('button', { name: /^Delete/ });
  await other.click();
  await other.click();
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.textContent()).toContain('people.csv');
});

it('dims a result of other settings, says for which ones it was, and goes back to them', async () => {
  const page = await playground.visit(SMALL);
  await compare(page);
  expect(await page.locator('.stale').count()).toBe(0);
  await page.getByLabel('Correlation').fill('0.3');
  expect(await page.locator('.stale-note').textContent()).toContain('for other settings: correlation 0.8 (now 0.3).');
  expect(await page.locator('.stale .verdict').count()).toBe(1);
  await picture(page, 'stale');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Back to these settings' }).click();
  await expect.poll(() => page.locator('.stale').count()).toBe(0);
  expect(await page.getByLabel('Correlation').inputValue()).toBe('0.8');
});

it('goes back through lessons, each with its settings', async () => {
  const page = await playground.visit();
  const title = page.locator('#lesson-title');
  await page.getByRole('link', { name: 'The seesaw' }).click();
  await page.getByRole('button', { name: /^Next/ }).click();
  await page.getByLabel('Seeds', { exact: true }).fill('3'); // a change of a setting is no step
  expect(await title.textContent()).toBe('Gates that collapse');
  await page.goBack();
  await expect.poll(() => title.textContent()).toBe('The seesaw');
  expect(await page.getByLabel('Seeds', { exact: true }).inputValue()).toBe('10');
  expect(await page.title()).toContain('The seesaw');
  await page.goBack();
  await page.locator('.lessons').waitFor();
  expect(await page.getByLabel('Seeds', { exact: true }).inputValue()).toBe('5');
  await page.goForward();
  await page.goForward();
  await expect.poll(() => title.textContent()).toBe('Gates that collapse');
  expect(await page.getByLabel('Seeds', { exact: true }).inputValue()).toBe('3');
});

it('shows a shared result in another browser with the same numbers, and trains it there', async () => {
  const page = await playground.visit(SMALL);
  await compare(page);
  const link = await linkTo(page);
  expect(link.length).toBeLessThan(4000);
  const other = await playground.visit(link.split('#')[1]);
  await other.locator('.stale-note', { hasText: 'A shared result of' }).waitFor();
  for (const part of ['.answer', '.verdict table >> nth=0', '.verdict table >> nth=1'])
    expect(await other.locator(part).textContent()).toBe(await page.locator(part).textContent());
  expect(await other.locator('.kept').count()).toBe(0);
  await picture(other, 'shared');
  await other.getByRole('button', { name: 'Run it yourself' }).click();
  await other.locator('.run-bar', { hasText: 'Done · 4 of 4 trials' }).waitFor();
  expect(await other.locator('.stale-note').count()).toBe(0);
  expect(new URL(other.url()).hash).not.toContain('shared');
});

it('says that a shared result is damaged, and is the normal page then', async () => {
  for (const shared of ['1.00000000.7ZpN', 'nonsense', '']) {
    const page = await playground.visit(`shared=${shared}&correlation=0.3&shape=round`);
    const alert = page.getByRole('alert');
    await alert.getByText('shared result in the address').waitFor();
    expect(await alert.textContent()).toContain('The address has shape=round');
    expect(await page.getByLabel('Correlation').inputValue()).toBe('0.3');
    expect(await page.locator('.welcome').count()).toBe(1);
    await expect.poll(() => new URL(page.url()).hash).toBe('#correlation=0.3');
  }
});

it('draws the verdict as a picture', async () => {
  const page = await playground.visit(SMALL);
  await compare(page);
  const { name, bytes } = await downloaded(page, 'Picture');
  expect([name, bytes.subarray(1, 4).toString(), bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([
    ...['verdict.png', 'PNG', 1200, 630],
  ]);
  const isDrawn = await page.evaluate(async (data) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(data)]));
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1200, 630).getContext('2d'));
    context.drawImage(image, 0, 0);
    /** @param {number} from @param {number} to */
    const shades = (from, to) =>
      new Set(new Uint32Array(context.getImageData(0, from, 1200, to - from).data.buffer)).size;
    return [shades(90, 200), shades(300, 540), shades(570, 620)].map((count) => count > 10); // answer, differences, foot
  }, Array.from(bytes));
  expect(isDrawn).toEqual([true, true, true]);
});

it('works where the browser keeps nothing, and says so', async () => {
  const page = await (await playground.browser.newContext()).newPage();
  await page.addInitScript(() => {
    for (const name of ['indexedDB', 'sessionStorage'])
      Object.defineProperty(globalThis, name, {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
  });
  await page.goto(`${playground.url}#${SMALL}`);
  await compare(page);
  expect(await page.locator('.run-bar').textContent()).toContain('Done · 4 of 4 trials');
  expect(await page.locator('.stale-note').allTextContents()).toEqual([
    expect.stringContaining('keeps nothing for the page'),
  ]);
  await page.locator('.try .predictions strong', { hasText: '%' }).first().waitFor();
});
