import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  alignedMtl,
  caGrad,
  decayingWeights,
  dynamicWeightAverage,
  equal,
  famo,
  gradDrop,
  gradNorm,
  imtlGradient,
  imtlLoss,
  mgda,
  nashMtl,
  pcGrad,
  plainSum,
  randomWeights,
  rotoGradScale,
  staticWeights,
  uncertaintyWeights,
  type BalancerSpec,
} from '@polytask/balancing';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fit } from '../fit/fit.ts';
import type { FitOptions } from '../fit/options.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf } from '../testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

const train = tinyExamples(tinyTasks, 70);
type Options = FitOptions<typeof tinyTasks>;

/** With dropout, running statistics, a loss of its own, missing labels and a last batch of 6. */
async function trained(options: Options) {
  const model = tinyModel({ dropout: 0.2, norm: true });
  const result = await fit(model, train, { batchSize: 32, epochs: 3, optimizer: sgd(0.05), ...options });
  const weights = weightsOf(model);
  model.dispose();
  return { ...result, weights };
}

/** The largest difference of a tensor, relative to its largest number. */
const farthest = (a: Record<string, number[]>, b: Record<string, number[]>): number =>
  Math.max(
    ...Object.entries(a).map(([name, values]) => {
      const largest = Math.max(...values.map(Math.abs), 1e-6);
      return Math.max(...values.map((value, i) => Math.abs(value - b[name]![i]!))) / largest;
    }),
  );

describe.each(['eager', 'compiled'] as const)('%s', (engine) => {
  it.each([
    ['equal', equal()],
    ['static weights of 1', staticWeights(1)],
    ['the plain sum of gradients', plainSum()],
    ['the plain sum of gradients at the representation', plainSum({ of: 'representation' })],
  ] as const)('%s trains as fit does without a balancer', async (_, balancing) => {
    const [plain, balanced] = [await trained({ engine }), await trained({ engine, balancing })];
    expect(balanced.engine).toBe(plain.engine);
    expect(farthest(plain.weights, balanced.weights)).toBeLessThan(1e-5);
    expect(balanced.history.at(-1)!.loss).toBeCloseTo(plain.history.at(-1)!.loss, 5);
    expect(balanced.history.at(-1)!.auxiliary['entropy']).toBeCloseTo(plain.history.at(-1)!.auxiliary['entropy']!, 5);
  });

  it('leaves no tensors behind', async () => {
    const before = (await trained({ engine, balancing: pcGrad(), epochs: 1 }), tf.memory().numTensors);
    await trained({ engine, balancing: mgda({ of: 'representation' }), epochs: 1 });
    await trained({ engine, balancing: gradDrop(), epochs: 1 });
    expect(tf.memory().numTensors).toBe(before);
  });
});

const BALANCERS: readonly (readonly [string, BalancerSpec])[] = [
  ['static-weights', staticWeights({ click: 1, stars: 0.5, minutes: 2 })],
  ['decaying-weights', decayingWeights({ rate: 0.8 })],
  ['random-weights', randomWeights()],
  ['dynamic-weight-average', dynamicWeightAverage()],
  ['uncertainty-weights', uncertaintyWeights()],
  ['imtl-loss', imtlLoss()],
  ['famo', famo()],
  ['mgda', mgda()],
  ['mgda at the representation', mgda({ of: 'representation' })],
  ['pcgrad', pcGrad()],
  ['cagrad', caGrad()],
  ['nash-mtl', nashMtl()],
  ['imtl-gradient', imtlGradient()],
  ['aligned-mtl', alignedMtl()],
  ['gradnorm at the representation', gradNorm({ of: 'representation' })],
  ['rotograd-scale', rotoGradScale()],
  ['graddrop', gradDrop()],
];

describe.each(BALANCERS)('%s', (_, balancing) => {
  it('gives the same training on both engines, clipped', async () => {
    const options: Options = { balancing, clip: { value: 1, norm: 2 } };
    const [eager, compiled] = [await trained({ ...options, engine: 'eager' }), await trained({ ...options, engine: 'compiled' })];
    expect(compiled.engine).toContain('compiled');
    expect(farthest(eager.weights, compiled.weights)).toBeLessThan(2e-4);
    expect(compiled.history.at(-1)!.loss).toBeCloseTo(eager.history.at(-1)!.loss, 4);
  });
});
