import { nodeRuntime, type Runtime } from '@polytask/compile';
import * as tf from '@tensorflow/tfjs';
import { beforeEach, expect, it } from 'vitest';
import { evaluate } from '../../evaluation/evaluate.ts';
import { fit } from '../../fit/fit.ts';
import { sgd } from '../../optimizers/sgd.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf } from '../../testing/tiny.ts';
import { compiledEngine } from './compiled-engine.ts';

beforeEach(() => tf.setBackend('cpu'));

const train = tinyExamples(tinyTasks, 70);

/** A runtime that changes the numbers of one output. */
async function changing(output: string, change: (value: number) => number): Promise<Runtime> {
  const inner = await nodeRuntime();
  return {
    ...inner,
    async load(file) {
      const session = await inner.load(file);
      return {
        ...session,
        async run(feeds, options) {
          const results = await session.run(feeds, options);
          const data = (results[output]!.data as Float32Array).map(change);
          return { ...results, [output]: { ...results[output]!, data } };
        },
      };
    },
  };
}

async function trained(runtime: Runtime, verify: boolean) {
  const model = tinyModel({ norm: true, dropout: 0.2 });
  const tensors = tf.memory().numTensors;
  await fit(model, train, { engine: compiledEngine({ runtime, verify }), epochs: 2, optimizer: sgd(0.05) });
  expect(tf.memory().numTensors).toBe(tensors);
  return weightsOf(model);
}

it('leaves the weights, running means and random streams as they are', async () => {
  const runtime = await nodeRuntime();
  expect(await trained(runtime, true)).toEqual(await trained(runtime, false));
});

it.each([
  ['losses', () => 0],
  ['gradients', () => 0],
  ['gradients', (value: number) => 1.1 * value],
])('refuses a runtime with other %s before the first step', async (output, change) => {
  const runtime = await changing(output, change);
  await expect(trained(runtime, true)).rejects.toThrow(
    'to compute the losses and gradients that the backend "cpu" of TensorFlow.js computes, received a difference: tensor',
  );
});

it('refuses a runtime with other logits before the first score, and scores as without the comparison', async () => {
  const model = tinyModel({ norm: true, dropout: 0.2 });
  const scores = (runtime: Runtime, verify: boolean) =>
    evaluate(model, train, { engine: compiledEngine({ runtime, verify }) });
  const runtime = await nodeRuntime();
  expect(await scores(runtime, true)).toEqual(await scores(runtime, false));
  const wrong = await changing('click', (value) => 1.1 * value);
  await expect(scores(wrong, true)).rejects.toThrow(
    'to compute the logits that the backend "cpu" of TensorFlow.js computes, received a difference: tensor 0',
  );
});
