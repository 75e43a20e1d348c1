import { nodeRuntime, type Runtime } from '@polytask/compile';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { mixedModel, MODELS, trained } from '../testing/models.ts';
import { largestDifference, mixedRows } from '../testing/rows.ts';
import { openPredictor } from './open-predictor.ts';

let runtime: Runtime;

beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await nodeRuntime();
});

it('compiles all graphs before it returns', async () => {
  const model = trained(mixedModel(MODELS['adattSp']!()));
  let loaded = 0;
  const counted: Runtime = { ...runtime, load: (...file) => (loaded++, runtime.load(...file)) };
  const predictor = await openPredictor(model, { runtime: counted, batchSizes: [1, 8] });
  expect([loaded, predictor.engine]).toEqual([2, 'onnxruntime-node']);
  const rows = mixedRows(20);
  expect(largestDifference(await predictor.predict(model.encode(rows)), model.predict(rows))).toBeLessThan(1e-5);
  expect(loaded).toBe(2);
  await predictor.dispose();
  model.dispose();
});

it('predicts on TensorFlow.js, and says why, where a graph can not be loaded', async () => {
  const model = trained(mixedModel(MODELS['adattSp']!()));
  const broken: Runtime = { ...runtime, load: () => Promise.reject(new Error('No such kernel.\nat …')) };
  const predictor = await openPredictor(model, { runtime: broken });
  expect(predictor.engine).toBe('TensorFlow.js on cpu, which is slower: No such kernel.');
  const rows = mixedRows(20);
  expect(await predictor.predict(model.encode(rows))).toEqual(model.predict(rows));
  await predictor.dispose();
  await expect(openPredictor(model, { batchSizes: [0] })).rejects.toThrow('compilePredict.batchSizes[0]');
  model.dispose();
});
