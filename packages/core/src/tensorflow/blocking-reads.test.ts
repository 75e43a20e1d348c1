import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, it } from 'vitest';
import { fusionWeights, fusionWeightsAsync } from '../model/fusion-weights.ts';
import { tinyModel, tinyRows } from '../testing/tiny.ts';

/** A backend by the name of WebGPU's, which computes as `cpu` does. */
tf.registerBackend('webgpu', () => tf.findBackendFactory('cpu')() as tf.KernelBackend);
for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: 'webgpu' });

afterEach(() => tf.setBackend('cpu'));

it('refuses reads that block on WebGPU, and names the call that waits', async () => {
  await tf.setBackend('webgpu');
  const model = tinyModel();
  const table = { schema: model.schema, size: 3, batch: () => model.encode(tinyRows) };
  expect(() => model.predict(tinyRows)).toThrow('Call await predictAsync with the same arguments.');
  expect(() => fusionWeights(model, table)).toThrow('Call await fusionWeightsAsync with the same arguments.');
  const [predicted, [level]] = [await model.predictAsync(tinyRows), await fusionWeightsAsync(model, table)];
  expect(predicted.click.every((p) => p > 0 && p < 1)).toBe(true);
  expect(level!.outputs).toEqual(['click', 'stars', 'minutes']);
  model.dispose();
});
