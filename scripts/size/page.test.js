import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { loadInPage } from '../../page.base.ts';

/** A page that trains, saves, loads and predicts. @param {string[]} imports */
const page = (imports) => `
${imports.map((name) => `import '${name}';`).join('\n')}
import { binary, load, multiTaskModel, toBytes } from '@polytask/core';
import { adatt } from '@polytask/adatt';
import { mlp } from '@polytask/experts';
import { fromRows, split, vector } from '@polytask/data';
import { fit } from '@polytask/training';
export async function run() {
  const rows = Array.from({ length: 64 }, (_, r) => {
    const x = [Math.sin(3 * r), Math.cos(5 * r), Math.sin(7 * r + 1)];
    return { x, click: Number(x[0] + x[1] > 0), like: Number(x[1] + x[2] > 0) };
  });
  const tasks = { click: binary(), like: binary() };
  const table = fromRows(rows, { features: { x: vector({ width: 3 }) }, tasks });
  const { train } = split(table, { test: 0.25, seed: 7 });
  const network = adatt({ levels: [{ experts: mlp([4]), perTask: 2 }, { experts: mlp([4]), perTask: 1 }] });
  const model = multiTaskModel({ schema: train.schema, network, seed: 7 });
  const { history } = await fit(model, train, { epochs: 2, batchSize: 16, progress: false });
  const loaded = await load(await toBytes(model));
  const { click, like } = loaded.predict(rows);
  return JSON.stringify({ losses: history.map(({ loss }) => loss), click: [...click], like: [...like] });
}
`;

/** Runs a page where there is no Node. @param {string[]} imports @returns {Promise<{ losses: number[] }>} */
async function result(...imports) {
  /** @type {{ run(): Promise<string> }} */
  const { run } = await loadInPage(page(imports), import.meta.dirname);
  return JSON.parse(await run());
}

test('a page with one backend computes what a page with all of TensorFlow.js does', { tags: ['long'] }, async () => {
  const small = await result('@tensorflow/tfjs-backend-cpu');
  expect(small.losses).toHaveLength(2);
  expect(small.losses.every(Number.isFinite)).toBe(true);
  expect(small.losses[1]).toBeLessThan(/** @type {number} */ (small.losses[0]));
  expect(await result('@tensorflow/tfjs')).toEqual(small);
});

test('a page without a backend is told which to import', { tags: ['long'] }, async () => {
  await expect(result()).rejects.toThrow('Install and import a backend');
});

test('in Node, a program that imports no TensorFlow.js gets it', { tags: ['long'] }, async () => {
  const program = `${page([])}\nconsole.log(await run());`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type', 'module', '--eval', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  const { losses } = JSON.parse(stdout.trim().split('\n').at(-1) || stderr);
  expect(losses).toHaveLength(2);
  expect(losses[1]).toBeLessThan(losses[0]);
});
