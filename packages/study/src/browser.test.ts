import { builtinModules } from 'node:module';
import { build, type BuildOptions } from 'esbuild';
import { expect, test } from 'vitest';
import { loadInPage } from '../../../page.base.ts';
import { resultDocument, type TrialResult } from './results/trial-result.ts';

const bundle = async (options: BuildOptions) =>
  build({
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    conditions: ['@polytask/source'],
    external: ['onnxruntime-*'],
    logLevel: 'silent',
    absWorkingDir: import.meta.dirname,
    ...options,
  });

test('a bundle for a browser needs no module of Node', { tags: ['long'] }, async () => {
  const { metafile, warnings } = await bundle({
    ...{ entryPoints: ['index.ts'], outdir: 'out', format: 'esm', splitting: true },
  });
  expect(warnings).toEqual([]);
  const external = Object.values(metafile!.outputs).flatMap(({ imports }) => imports.filter((each) => each.external));
  expect(external.map((each) => each.path).filter((name) => isBuiltin(name))).toEqual([]);
  const own = Object.entries(metafile!.inputs).filter(
    ([file]) => !file.includes('node_modules') && file.endsWith('.ts'),
  );
  expect(own.length).toBeGreaterThan(20);
  for (const [file, { imports }] of own)
    expect(
      imports.map((each) => each.original ?? each.path).filter((name) => isBuiltin(name)),
      file,
    ).toEqual([]);
});

const isBuiltin = (name: string) => name.startsWith('node:') || builtinModules.includes(name);

/** What a page does: asks for a suite, runs it here, and shows a table and pictures. */
const PROGRAM = `
  import * as tf from '@tensorflow/tfjs';
  import { comparisonDocument, inProcess, memoryStore, openData, renderText, runStudy, createSuite, tablePictures } from './index.ts';
  export async function run() {
    await tf.setBackend('cpu');
    const suite = await createSuite({
      suite: 'synthetic', models: ['single-task', 'adatt'], seeds: [1, 2], epochs: 1, limitRows: 60,
      size: { levels: [4], experts: 4, tower: [2], embedding: 2 },
    });
    const data = openData(() => Promise.resolve(suite.entry));
    const engine = { name: 'cpu', mode: 'eager' };
    const outcome = await runStudy(suite, { engine, data, executor: inProcess(data), store: memoryStore() });
    const { summaries: [summary], trials } = outcome;
    const table = renderText(comparisonDocument(outcome));
    return JSON.stringify({ trials, table, pictures: tablePictures(summary, trials) });
  }
`;

test('a suite runs and its table is written where there is no Node', { tags: ['long'] }, async () => {
  const { run } = await loadInPage<{ run(): Promise<string> }>(PROGRAM, import.meta.dirname);
  const { trials, table, pictures } = JSON.parse(await run()) as { trials: unknown[]; table: string; pictures: object };
  expect(
    trials.map((trial) => resultDocument.read(trial, '') as TrialResult).map(({ model, seed }) => [model, seed]),
  ).toEqual([
    ['single-task', 1],
    ['adatt', 1],
    ['single-task', 2],
    ['adatt', 2],
  ]);
  expect(table).toContain('2 models, 2 seeds, on cpu.');
  expect(Object.keys(pictures)).toEqual(['gains', 'differences', 'seeds', 'sensitivity', 'curves', 'costs', 'fusion']);
});
