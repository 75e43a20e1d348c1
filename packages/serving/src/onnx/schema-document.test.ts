import { nodeRuntime, readMetadata } from '@polytask/compile';
import { binary, type Feature } from '@polytask/core';
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { mixedModel, MODELS } from '../testing/models.ts';
import { mixedSchema } from '../testing/rows.ts';
import { exportOnnx } from './export-onnx.ts';
import { onnxNames, type SchemaDocument } from './schema-document.ts';

it('the file says what another language needs, and who wrote it', async () => {
  const model = mixedModel(MODELS['mmoe']!());
  const file = await exportOnnx(model, { metadata: { trained: '2026-11-24' } });
  model.dispose();
  const { producerVersion, description, properties } = readMetadata(file);
  expect([producerVersion, description]).toEqual([manifest.version, 'A Polytask model of click, stars, minutes']);
  expect(Object.keys(properties)).toEqual(['polytask.version', 'polytask.schema', 'trained']);
  const document = JSON.parse(properties['polytask.schema']!) as SchemaDocument;
  expect(document).toEqual({
    format: 1,
    features: mixedSchema.features,
    tasks: {
      click: { kind: 'binary', output: 'click' },
      stars: { kind: 'multiclass', classes: ['low', 'middle', 'high'], output: 'stars' },
      minutes: { kind: 'regression', output: 'minutes' },
    },
    hash: 'FNV-1a, 32 bits, over UTF-16 code units',
  });
  await (await (await nodeRuntime()).load(file)).release();
});

const number: Feature = { kind: 'numeric', mean: 0, deviation: 1 };
const namesOf = (features: readonly string[], tasks: readonly string[]) =>
  onnxNames({
    features: Object.fromEntries(features.map((name) => [name, number])),
    tasks: Object.fromEntries(tasks.map((name) => [name, binary()])),
  });

it.each<[string[], string[], Record<string, string>]>([
  [['age'], ['click', 'like'], { click: 'click', like: 'like' }],
  [['age', 'income'], ['income', 'click'], { income: 'income_prediction', click: 'click' }],
  [['a', 'a_prediction'], ['a'], { a: 'a_prediction_prediction' }],
  [['a'], ['a', 'a_prediction'], { a: 'a_prediction_prediction', a_prediction: 'a_prediction' }],
  [
    ['a', 'a_prediction'],
    ['a', 'a_prediction'],
    { a: 'a_prediction_prediction', a_prediction: 'a_prediction_prediction_prediction' },
  ],
])('features %j and tasks %j', (features, tasks, outputs) => {
  const names = namesOf(features, tasks);
  expect(names).toEqual({ inputs: features, outputs });
  const all = [...names.inputs, ...Object.values(names.outputs)];
  expect(new Set(all).size).toBe(all.length);
});

it.each([
  [['i:1'], ['a']],
  [['a'], ['t:x']],
  [[''], ['a']],
])('refuses %j and %j', (features, tasks) => {
  expect(() => namesOf(features, tasks)).toThrow('Rename it in the schema.');
});
