import { embed, type TableUpdate, randomStream, tensorMath, type MultiTaskModel } from '@polytask/core';
import { createOptimizer, sgd, type FitOptions, type OptimizerSpec } from '@polytask/training';
import { FlatOptimizer } from '@polytask/training/flat-optimizer';
import * as tf from '@tensorflow/tfjs-core';
import { casesOf, registerCases, type Case, type RunnerOptions } from '../cases/case.ts';
import { checkBothEngines, checkFitLearns, checkResumed, fitted } from '../checks/fits.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { checkJson } from '../checks/repeatable.ts';

/** How an optimizer differs from the defaults of the contract. */
export interface OptimizerOptions {
  /** The name of the group of tests. Default: the optimizer's name. */
  name?: string;
  /** False where no ONNX Runtime is installed. Default true. */
  compiled?: boolean;
}

const FEATURES = { id: { kind: 'hashed', buckets: 40 }, x: { kind: 'vector', width: 3 } } as const;

/** The largest allowed share of the first loss after training; of a table alone, with all else as it was. */
const [LOSS_SHARE, TABLE_SHARE] = [0.8, 0.9];

/**
 * The promises of an optimizer as cases, one for each. {@link testOptimizer} registers them with a test runner. Pass a learning rate with
 * which 90 steps learn something. An optimizer with `perRow` is tested as the optimizer of a table.
 *
 * @throws PolytaskError when the optimizer is unknown, or its configuration doesn't fit
 * @example optimizerCases(adam(0.03)).map(({ name }) => name).includes('it learns'); // true
 */
export function optimizerCases(spec: OptimizerSpec, options: OptimizerOptions = {}): Case[] {
  const { compiled = true } = options;
  const { perRow } = createOptimizer(spec);
  const buildOf = (update: TableUpdate) => () =>
    tinyModel(tinyNetwork(), {
      tasks: ['a', 'b'],
      features: FEATURES,
      input: embed({ dimension: 4, start: 'pytorch', update }),
    });
  const byRows = buildOf('sparse');
  const build = perRow ? byRows : buildOf('dense');
  const recipe: FitOptions = perRow ? { optimizer: sgd(0), tableOptimizer: spec } : { optimizer: spec };
  return casesOf(`optimizer ${options.name ?? spec.name}`, {
    'its spec is plain JSON and says all': () => checkOptimizerJson(spec),
    'tensors, WebAssembly and blocks of numbers give the same, bit for bit': () => checkFlat(spec),
    'it learns': () => checkFitLearns(build, recipe, perRow ? TABLE_SHARE : LOSS_SHARE),
    ...(!perRow && {
      'a fit is finite, and the same on both engines': () =>
        checkBothEngines(build, recipe, { compiled, mend: 'Use the functions of `math` alone.' }),
    }),
    'a table by rows trains as it says': () => checkByRows(spec, buildOf('dense'), byRows, { recipe, compiled }),
    'a killed fit goes on bit for bit': () =>
      checkResumed(build, recipe, 'Keep all that the rule remembers in its slots.'),
  });
}

/**
 * Registers {@link optimizerCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testOptimizer(adam(0.03), { runner });
 */
export function testOptimizer(spec: OptimizerSpec, options: OptimizerOptions & RunnerOptions = {}): void {
  registerCases(`optimizer ${options.name ?? spec.name}`, optimizerCases(spec, options), options);
}

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

/** The parameters and slots after some steps on tensors. */
function onTensors(spec: OptimizerSpec): Numbers {
  return tf.tidy(() => {
    const optimizer = createOptimizer(spec);
    let parameter: tf.Tensor = tf.tensor1d(numbers('start'));
    let slots: Readonly<Record<string, tf.Tensor>> = Object.fromEntries(
      Object.entries(optimizer.slots).map(([slot, value]) => [slot, tf.fill([SIZE], value)]),
    );
    for (let step = 1; step <= STEPS; step++) {
      const coefficients = Object.entries(optimizer.coefficients({ step, learningRate: 0.1 / step }));
      const scalars = coefficients.map(([name, value]): [string, tf.Tensor] => [name, tf.scalar(value)]);
      const gradients = gradientsAt(step);
      const now = {
        ...{ parameter, slots, gradient: tf.tensor1d(gradients) as tf.Tensor },
        ...(optimizer.perRow && { meanSquare: tf.tensor1d(meanSquares(gradients)) }),
      };
      ({ parameter, slots } = optimizer.update(now, Object.fromEntries(scalars), tensorMath));
    }
    const tensors = Object.entries({ ...slots, 'the parameters': parameter });
    return Object.fromEntries(tensors.map(([name, tensor]) => [name, tensor.dataSync<'float32'>().slice()]));
  });
}

/** The same in flat buffers, which the engines use. */
function inBuffers(spec: OptimizerSpec): Numbers {
  const flat = new FlatOptimizer(spec, SIZE, DIMENSION);
  flat.parameters.set(numbers('start'));
  for (let step = 1; step <= STEPS; step++) {
    flat.gradients.set(gradientsAt(step));
    flat.update({ step, learningRate: 0.1 / step });
  }
  return { ...flat.slots, 'the parameters': flat.parameters };
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

/** An update on tensors, in WebAssembly, and in blocks of numbers gives the same parameters and slots. */
function checkFlat(spec: OptimizerSpec): void {
  const tensors = onTensors(spec);
  const mend =
    'Use nothing but the functions of `math` and the arguments, and branch on the configuration and on which coefficients there are alone.';
  expectFinite(tensors, 'Guard divisions and roots at gradients of 0.');
  for (const [where, flat] of [
    ['in WebAssembly', inBuffers(spec)],
    ['without vectors', withWebAssembly({ Memory: WebAssembly.Memory }, () => inBuffers(spec))],
    ['without WebAssembly', withWebAssembly(undefined, () => inBuffers(spec))],
  ] as const) {
    expectAgreement(flat, tensors, 0, { what: `the numbers of tensors ${where}`, mend });
  }
}

/** The spec is plain JSON, and the optimizer of that JSON makes the same steps. */
const checkOptimizerJson = (spec: OptimizerSpec): void => checkJson(spec, onTensors, { what: 'steps', of: 'rule' });

const EPOCHS = 4;

/**
 * A fit of a table by rows is finite and the same on both engines. If the optimizer says that training by rows is exact, it is that of a
 * dense table.
 */
async function checkByRows(
  spec: OptimizerSpec,
  dense: () => MultiTaskModel,
  byRows: () => MultiTaskModel,
  { recipe, compiled }: { readonly recipe: FitOptions; readonly compiled: boolean },
): Promise<void> {
  const options = { ...recipe, epochs: EPOCHS };
  await checkBothEngines(byRows, options, { compiled, mend: 'Use the functions of `math` alone.' });
  if (!createOptimizer(spec).isExactByRows) return;
  const eager = { ...options, engine: 'eager' } as const;
  expectAgreement((await fitted(byRows, eager)).parameters, (await fitted(dense, eager)).parameters, 1e-4, {
    what: 'the parameters of a dense table',
    mend: 'Let `idle` make up for steps without a gradient, or leave out isExactByRows.',
  });
}
