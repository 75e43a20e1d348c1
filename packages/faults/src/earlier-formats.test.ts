import '@polytask/adatt';
import '@polytask/experts';
import { load } from '@polytask/core';
import { restoreWeights } from '@polytask/training';
import * as tf from '@tensorflow/tfjs';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('../fixtures/format-1', import.meta.url));
const predicted = JSON.parse(readFileSync(path.join(fixture, 'predictions.json'), 'utf8')) as Record<string, number[]>;
const rows = Array.from({ length: 24 }, (_, i) => ({ age: i % 5 === 0 ? null : i, town: 'abc'[i % 3]! }));

beforeAll(() => tf.setBackend('cpu'));

it('a model of format version 1 predicts what it predicted when it was saved', async () => {
  const model = await load(fixture);
  for (const [task, values] of Object.entries(model.predict(rows))) expect([...values]).toEqual(predicted[task]);
  model.dispose();
});

it('a checkpoint of that time gives its weights back', async () => {
  const run = mkdtempSync(path.join(tmpdir(), 'polytask-format-1-'));
  cpSync(path.join(fixture, 'step-00000006'), path.join(run, 'step-00000006'), { recursive: true });
  const model = await load(fixture);
  for (const { variable } of model.store.all()) variable.assign(tf.zerosLike(variable));
  await restoreWeights(model, run);
  for (const [task, values] of Object.entries(model.predict(rows))) expect([...values]).toEqual(predicted[task]);
  model.dispose();
  rmSync(run, { recursive: true });
});
