import { mapValues } from '@polytask/components';
import { embed, randomStream, type TableUpdate, tensorMath } from '@polytask/core';
import { createOptimizer, sgd, type FitOptions, type OptimizerSpec } from '@polytask/training';
import { FlatOptimizer } from '@polytask/training/flat-optimizer';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import { checkBothEngines, fitted } from '../checks/trainings.ts';
import type { FitSubject } from '../subject.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

/** No multiple of the numbers that WebAssembly moves at once. */
const ROWS = 79;
const DIMENSION = 13;
const SIZE = ROWS * DIMENSION;
const STEPS = 5;

const numbers = (name: string): Float32Array => Float32Array.from(randomStream(1, name).normal(SIZE));

/** Tiny gradients too, whose squares are denormal or nothing, and some of 0. */
const gradientsAt = (step: number): Float32Array =>
  numbers(`gradients ${step}`).map((value, i) => (i % 9 === 0 ? 0 : value * 10 ** -(i % 24)));

/** The mean of the squares of each row, once for each number of the row. */
const meanSquares = (gradients: Float32Array): Float32Array =>
  gradients.map((_, i) => {
    const from = i - (i % DIMENSION);
    return gradients.subarray(from, from + DIMENSION).reduce((sum, value) => sum + value ** 2, 0) / DIMENSION;
  });

const rateAt = (step: number): number => 0.1 / step;

/** The parameters and slots after some steps on tensors. */
function onTensors(spec: OptimizerSpec, steps = STEPS, gradientsOf = gradientsAt): Numbers {
  return tf.tidy(() => {
    const optimizer = createOptimizer(spec);
    let parameter: tf.Tensor = tf.tensor1d(numbers('start'));
    let slots: Readonly<Record<string, tf.Tensor>> = mapValues(optimizer.slots, (value) => tf.fill([SIZE], value));
    for (let step = 1; step <= steps; step++) {
      const coefficients = optimizer.coefficients({ step, learningRate: rateAt(step) });
      const scalars = mapValues(coefficients, (value): tf.Tensor => tf.scalar(value));
      const gradients = gradientsOf(step);
      const now = {
        ...{ parameter, slots, gradient: tf.tensor1d(gradients) as tf.Tensor },
        ...(optimizer.perRow && { meanSquare: tf.tensor1d(meanSquares(gradients)) }),
      };
      ({ parameter, slots } = optimizer.update(now, scalars, tensorMath));
    }
    return mapValues({ ...slots, 'the parameters': parameter }, (tensor) => tensor.dataSync<'float32'>().slice());
  });
}

/** The same in flat buffers, which the engines use. */
function inBuffers(spec: OptimizerSpec): Numbers {
  const flat = new FlatOptimizer(spec, SIZE, DIMENSION);
  flat.parameters.set(numbers('start'));
  for (let step = 1; step <= STEPS; step++) {
    flat.gradients.set(gradientsAt(step));
    flat.update({ step, learningRate: rateAt(step) });
  }
  return { ...flat.slots, 'the parameters': flat.parameters };
}

/** How far many steps go with gradients that stay as they are. @param share of the gradients that is left after some steps */
function distanceOf(spec: OptimizerSpec, share = 1): number {
  const [start, first] = [numbers('start'), numbers('gradients')];
  const later = first.map((value) => share * value);
  const end = Array.from(onTensors(spec, 220, (step) => (step > 20 ? later : first))['the parameters']!);
  return Math.hypot(...end.map((value, i) => value - start[i]!));
}

/** Runs a function in a world with another WebAssembly, or without it. */
function withWebAssembly<R>(replaced: unknown, run: () => R): R {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly')!;
  Object.defineProperty(globalThis, 'WebAssembly', { ...own, value: replaced });
  try {
    return run();
  } finally {
    Object.defineProperty(globalThis, 'WebAssembly', own);
  }
}

const FEATURES = { id: { kind: 'hashed', buckets: 40 }, x: { kind: 'vector', width: 3 } } as const;

/**
 * Tests an optimizer. Pass a learning rate with which 90 steps learn something. An optimizer with `perRow` is tested as the optimizer of a
 * table, and one with `engine: 'eager'` on that engine.
 *
 * @throws PolytaskError when the optimizer is unknown, or its configuration doesn't fit
 * @example testOptimizer(adam(0.03), { runner });
 */
export const testOptimizer = tester(
  { kind: 'optimizer', config: () => ({ learningRate: 0.1 }) },
  (spec: OptimizerSpec, { compiled }) => {
    const { isEager, isExactByRows, perRow } = createOptimizer(spec);
    const options: FitOptions = perRow ? { optimizer: sgd(0), tableOptimizer: spec } : { optimizer: spec };
    const fitOf = (update: TableUpdate): FitSubject => {
      const input = embed({ dimension: 4, start: 'pytorch', update });
      return { options, model: () => tinyModel(tinyNetwork(), { tasks: ['a', 'b'], features: FEATURES, input }) };
    };
    const fit = fitOf(perRow ? 'sparse' : 'dense');
    return {
      ...{ spec, fit, learns: { share: perRow ? 0.9 : 0.8 } }, // the rest of the model stays as it was if a table alone is trained
      ...(isEager && { compiled: undefined }),
      numbers: (each: OptimizerSpec) => onTensors(each),
      way: () => ({ input: embed({ dimension: 4, update: isEager ? 'dense' : 'sparse' }), fit: options }),
      own: {
        'its steps do not grow when gradients fall': check(() => {
          const [most, seen] = [3 * distanceOf(spec), distanceOf(spec, 1e-3)];
          const what = `at most ${most.toPrecision(3)} from the start, three times the way of gradients that stay large`;
          expectThat(seen <= most, what, seen.toPrecision(3));
        }, 'Let a mean of squares last longer than the mean that it divides: β₁² < β₂ for Adam.'),
        ...(!isEager && {
          'tensors, WebAssembly and blocks of numbers give the same, bit for bit': check(() => {
            const tensors = onTensors(spec);
            expectFinite(tensors);
            const { Memory } = WebAssembly;
            const worlds = {
              'in WebAssembly': WebAssembly,
              'without vectors': { Memory },
              'without WebAssembly': undefined,
            };
            for (const [where, world] of Object.entries(worlds)) {
              const flat = withWebAssembly(world, () => inBuffers(spec));
              expectAgreement(flat, tensors, 0, `the numbers of tensors ${where}`);
            }
          }, 'Use the functions of `math` alone, and branch on the configuration and on which coefficients there are.'),
          'a table with sparse updates trains as it says': check(async () => {
            const [dense, sparse] = [fitOf('dense'), fitOf('sparse')];
            await checkBothEngines(sparse, compiled, { epochs: 4 });
            if (!isExactByRows) return;
            const [seen, wanted] = [await fitted(sparse, { epochs: 4 }), await fitted(dense, { epochs: 4 })];
            expectAgreement(seen.parameters, wanted.parameters, 1e-4, 'the parameters of a dense table');
          }, 'Let `idle` make up for steps without a gradient, or leave out isExactByRows.'),
        }),
      },
    };
  },
);
