import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diagnoseFolder } from './diagnose/diagnose-folder.ts';
import { measureDrift } from './drift/measure-drift.ts';
import { evaluateFile } from './evaluate/evaluate-file.ts';
import { explainFileRows } from './explain/explain-file-rows.ts';
import { explain } from './explain/explain.ts';
import { runSuite } from './run-suite.ts';
import { train } from './train/train.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-notebook-'));
  const rows = (from: number) =>
    Array.from({ length: 200 }, (_, i) => `${from + i},${(i * 7) % 13 > 6 ? 'yes' : 'no'},${i % 7}`).join('\n');
  await writeFile(at('old.csv'), `x,rich,hours\n${rows(0)}\n`);
  await writeFile(at('new.csv'), `x,rich,hours\n${rows(1000)}\n`);
  const tasks = { rich: { kind: 'binary', positive: 'yes' }, hours: 'regression' };
  await writeFile(at('old.json'), JSON.stringify({ files: 'old.csv', features: { x: 'numeric' }, tasks }));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const shown = (value: object) =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')]!();

test('what functions find shows itself in a notebook, as the report of its command', async () => {
  const [model, rows, use] = [at('model'), at('new.csv'), { engine: 'cpu' }];
  const settings = { size: { levels: [4], tower: [2], embedding: 2 }, epochs: 1, ...use };
  const trained = await train(at('old.json'), { model: 'mmoe', out: model, boosting: false, ...settings });
  const again = await train(at('old.json'), { model: 'mmoe', out: model, boosting: false, ...settings });
  for (const each of [trained, again]) expect(shown(each)['text/plain']).toMatch(/^old: mmoe\n/);
  expect(shown(again.model)['text/plain']).toMatch(/^mmoe: /); // a loaded one
  trained.model.dispose();
  again.model.dispose();
  const models = { models: ['single-task', 'mmoe'], seeds: [1], boosting: false };
  const found = {
    'old\nUndecided': await runSuite({ suite: at('old.json'), ...models, ...settings }),
    [`${model} on ${rows}`]: await evaluateFile(model, rows, use),
    [`${model}, explained\nOn 200 rows`]: await explain(model, rows, { repeats: 1, ...use }),
    [`${model}, explained\nEach contribution`]: await explainFileRows(model, rows, { rows: [1], ...use }),
    [`${model} on 200 rows`]: await diagnoseFolder(model, rows, use),
    [`${model}: 200 r`]: await measureDrift(model, rows, use),
  };
  for (const [start, value] of Object.entries(found)) {
    const { 'text/html': html, 'text/plain': text } = shown(value);
    expect(text!.slice(0, start.length)).toBe(start);
    expect(html).toContain(`<div class="polytask"><h3>${start.split('\n')[0]!}`);
  }
});
