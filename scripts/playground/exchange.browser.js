import { load } from '@polytask/core';
import { checkDeclaration } from '@polytask/study';
import * as tf from '@tensorflow/tfjs';
import { unzipSync } from 'fflate';
import * as ort from 'onnxruntime-node';
import { beforeAll, expect, it } from 'vitest';
import { forTests } from '../browser/for-tests.js';
import { picture } from '../browser/looks.js';
import { compare, downloaded, drop, openPlayground } from './visit.js';

beforeAll(() => tf.setBackend('cpu'));
const playground = forTests(openPlayground);

/** A table with two labels that its numbers explain. @param {number} rows */
const people = (rows) => {
  const lines = Array.from({ length: rows }, (_, i) => {
    const [age, hours] = [(i * 37) % 60, (i * 53) % 41];
    return `${age},${hours},state${i % 5},${age + hours > 50 ? 'yes' : 'no'},${age - hours > 8 ? 'yes' : 'no'}`;
  });
  return `age,hours,state,bought,liked\n${lines.join('\n')}\n`;
};

it('copies the setup as an address, TypeScript, a command and a suite', async () => {
  const page = await playground.visit('correlation=0.3&models=ple,adatt');
  /** @param {string} name */
  const copied = async (name) => {
    await page.getByRole('button', { name: `Copy ${name}`, exact: true }).click();
    await page.locator('.exchange [role=status]', { hasText: `Copied: ${name}.` }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied('the address')).toBe(page.url());
  expect(await copied('the command')).toBe('npx polytask bench playground.json --workers 2 --out results\n');
  const suite = JSON.parse(await copied('the suite'));
  checkDeclaration(suite, 'playground.json');
  expect(suite).toMatchObject({ extends: 'synthetic', data: { correlation: 0.3 }, models: ['ple', 'adatt'] });
  const program = await copied('TypeScript');
  expect(program).toContain("from 'polytask'");
  expect(JSON.parse(program.slice(program.indexOf('{\n'), program.indexOf('});') + 1))).toEqual(suite);
});

it('describes a dropped CSV, takes another label, and compares on it', { tags: ['smoke'] }, async () => {
  const page = await playground.visit();
  await drop(page, { name: 'people.csv', text: people(600) });
  await page.locator('.described', { hasText: 'people.csv' }).waitFor();
  expect(await page.locator('.use.label').count()).toBe(2);
  await page.getByLabel('liked').uncheck();
  await expect.poll(() => page.locator('.use.label').count()).toBe(1);
  await page.getByLabel('liked').check();
  await expect.poll(() => page.locator('.use.label').count()).toBe(2);
  await page.getByLabel('Seeds', { exact: true }).fill('2');
  await page.getByLabel('Epochs at most').fill('3');
  await compare(page);
  expect(await page.locator('.run-bar').textContent()).toContain('6 of 6 trials');
  const suite = JSON.parse((await downloaded(page, 'playground.json')).bytes.toString());
  const document = JSON.parse((await downloaded(page, 'people.json')).bytes.toString());
  expect(suite.extends).toBe('people.json');
  expect(document.files).toBe('people.csv');
  await picture(page, 'csv');
});

it('does with one click what a warning or a suggestion proposes, and undoes it', async () => {
  const page = await playground.visit();
  const rows = Array.from({ length: 600 }, (_, i) => {
    const churn = (i * 7) % 10 < 3;
    const status = churn && i % 2 ? 'closing' : ['open', 'idle'][i % 2];
    return `${20 + (i % 50)},${i % 40 === 3 ? 99999 : (i % 90) - 5},${status},2024-05-${String(1 + (i % 28)).padStart(2, '0')},${churn ? 1 : 0}\n`;
  });
  await drop(page, { name: 'clients.csv', text: `age,debt,last_status,day,churn\n${rows.join('')}` });
  await page.locator('.described', { hasText: 'clients.csv' }).waitFor();
  for (const summary of await page.locator('.warnings summary').all()) await summary.click();
  await picture(page, 'remedies');
  await page.getByRole('button', { name: 'Leave out last_status' }).click();
  await page.locator('.columns li', { hasText: 'left out: by-you' }).waitFor();
  await page.getByRole('button', { name: 'Read debt so' }).click();
  await page.getByRole('button', { name: 'Split so' }).click();
  await page.getByText('Your choices: without last_status, cells of debt, split by day.').waitFor();
  const document = JSON.parse((await downloaded(page, 'clients.json')).bytes.toString());
  expect(document).toMatchObject({ cells: { debt: { missing: ['99999'] } }, split: { kind: 'time', column: 'day' } });
  expect(Object.keys(document.features)).not.toContain('last_status');
  await picture(page, 'remedies-taken');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Leave out last_status' }).waitFor();
});

it('says what is wrong with a file', async () => {
  const page = await playground.visit();
  await drop(page, { name: 'empty.csv', text: 'a,b\n' });
  expect(await page.getByRole('alert').textContent()).toContain('empty.csv');
  await drop(page, { name: 'results.jsonl', text: '{"suite":1}\n' });
  expect(await page.getByRole('alert').textContent()).toContain(
    'A trial in results.jsonl:1 was changed after it was written. Expected a text for suite, received 1.',
  );
});

it('gives results, a report and models, and shows its own results again', async () => {
  const page = await playground.visit('rows=500&epochs=2&seeds=2&models=single-task,adatt');
  await compare(page);
  const results = await downloaded(page, 'results.jsonl');
  const report = (await downloaded(page, 'Report')).bytes.toString();
  expect(report).toContain('<svg');
  const [answer] = String(await page.locator('.answer').first().textContent()).split(': take '); // each names its own options
  expect(report).toContain(answer);

  await page.getByLabel('The model to download').selectOption('adatt');
  const { name, bytes } = await downloaded(page, 'Model');
  expect(name).toBe('adatt.zip');
  const model = await load(unzipSync(bytes));
  const x = Array.from({ length: 32 }, (_, i) => Math.sin(i));
  const expected = model.predict([{ x }]);
  const onnx = await ort.InferenceSession.create((await downloaded(page, 'ONNX')).bytes);
  const found = await onnx.run({ x: new ort.Tensor('float32', Float32Array.from(x), [1, 32]) });
  for (const task of model.taskNames) expect(found[task]?.data[0]).toBeCloseTo(Number(expected[task]?.[0]), 5);
  model.dispose();

  const other = await playground.visit();
  await drop(other, { name: 'results.jsonl', text: results.bytes.toString() });
  await other.locator('.verdict').waitFor();
  for (const part of ['.answer', '.verdict table >> nth=0']) {
    expect(await other.locator(part).textContent()).toBe(await page.locator(part).textContent());
  }
  expect(await other.locator('.network').count()).toBe(2);
});

it('offers the settings of a file that has several', async () => {
  const page = await playground.visit('rows=500&epochs=2&seeds=2&models=single-task,adatt');
  await compare(page);
  const { bytes } = await downloaded(page, 'results.jsonl');
  const lines = bytes.toString().trim().split('\n');
  const other = lines.map((line) => JSON.stringify({ ...JSON.parse(line), suite: 'other' }));
  await drop(page, { name: 'results.jsonl', text: `${[...lines, ...other.slice(0, 2)].join('\n')}\n` });
  const settings = page.locator('.result-sets select');
  await expect.poll(() => settings.locator('option').count()).toBe(2);
  await settings.selectOption({ index: 1 });
  await page.locator('.run-bar', { hasText: '2 of 2 trials' }).waitFor();
});
