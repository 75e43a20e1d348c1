import {
  anything,
  fail,
  optional,
  positive,
  readOptions,
  recordOf,
  wholeNumber,
  type Option,
  type Written,
} from '@polytask/components';
import {
  multiTaskModel,
  trainerOf,
  readVariables,
  writeVariables,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import { fit } from '../fit/fit.ts';
import { stepOptions } from '../fit/options.ts';
import { adam } from '../optimizers/adam.ts';
import type { OptimizerSpec } from '../optimizers/optimizer.ts';
import type { RowSource } from '../rows/rows.ts';
import { type LearningRate, exponentialDecay } from '../schedules/schedules.ts';

const range = {
  /** The first rate. */
  from: optional(positive, 1e-6),
  /** The last rate. The test ends earlier if the loss explodes. */
  to: optional(positive, 10),
  /** The number of steps. */
  steps: optional(wholeNumber(10), 100),
  /** Makes the optimizer of a rate. Default `adam`. */
  optimizer: optional(anything as Option<(rate: LearningRate) => OptimizerSpec>, () => adam),
};

/** The options of {@link findLearningRate}. Those of `fit` are to be those of the training. */
export interface FindLearningRateOptions extends Written<typeof stepOptions>, Written<typeof range> {}

export interface RateTest {
  /** The suggested rate: a tenth of the rate at which the smoothed loss is lowest. */
  readonly suggestion: number;
  readonly rates: readonly number[];
  /** The total loss of each step, smoothed. */
  readonly losses: readonly number[];
  /** Whether the loss exploded before the last rate. */
  readonly exploded: boolean;
}

/** The weight of the losses before in a smoothed loss. */
const SMOOTHING = 0.9;
/** The loss has exploded when it is this many times the lowest one. */
const EXPLODED = 4;
/** At the lowest loss the rate is about to be too high. */
const MARGIN = 10;

/**
 * Suggests a learning rate by a range test: the rate grows from step to step, and the loss falls, and then explodes (Smith 2017,
 * "Cyclical Learning Rates for Training Neural Networks", section 3.3). The suggestion is a tenth of the rate with the lowest
 * smoothed loss, as `minimum` of fast.ai. A copy of the model is trained: the model itself stays the same.
 *
 * @param model a new model, or one that is to be trained further
 * @throws PolytaskError when an option or the rows don't fit, or for a network that trains itself, such as `boostedTrees`
 * @example
 * const { suggestion } = await findLearningRate(model, train);
 * await fit(model, train, { validation, optimizer: adam(suggestion) });
 */
export async function findLearningRate<T extends Tasks>(
  model: MultiTaskModel<T>,
  train: RowSource<T>,
  options: FindLearningRateOptions = {},
): Promise<RateTest> {
  const { from, to, steps, optimizer, ...rest } = readOptions(
    options,
    { ...range, ...stepOptions },
    'findLearningRate',
  );
  if (!(from < to))
    fail({ expected: 'from below to', received: `${from} and ${to}`, fix: 'Pass { from: 1e-6, to: 10 }, say.' });
  if (trainerOf(model.config.network))
    fail({
      expected: 'a network that learns by steps',
      received: `"${model.config.network.name}", which brings its training`,
      fix: 'It has no learning rate of this kind: look at its own options.',
    });
  const copy = await copyOf(model);
  const [rates, losses]: [number[], number[]] = [[], []];
  let [mean, lowest, exploded] = [0, Infinity, false];
  try {
    await fit(copy, train, {
      ...rest,
      optimizer: optimizer(exponentialDecay(from, { rate: to / from, steps: steps - 1 })),
      ...{ epochs: steps, progress: false },
      callbacks: {
        onStep({ loss, learningRate }) {
          mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
          const smoothed = mean / (1 - SMOOTHING ** (losses.length + 1));
          rates.push(learningRate);
          losses.push(smoothed);
          lowest = Math.min(lowest, smoothed);
          exploded = smoothed - lowest > (EXPLODED - 1) * Math.abs(lowest);
          return exploded || losses.length === steps ? 'stop' : undefined;
        },
      },
    });
  } catch (error) {
    // a loss or a parameter that isn't finite ends a range test; before the second step, something else is wrong
    if (losses.length < 2 || !/not finite/.test((error as Error).message)) throw error;
    exploded = true;
  } finally {
    copy.dispose();
  }
  return { suggestion: rates[lowestOf(losses)]! / MARGIN, rates, losses, exploded };
}

async function copyOf<T extends Tasks>(model: MultiTaskModel<T>): Promise<MultiTaskModel<T>> {
  const copy = multiTaskModel(model.config);
  copy.setCalibrated(recordOf(model.taskNames, () => undefined) as { [K in keyof T]?: undefined });
  writeVariables(copy.store, await readVariables(model.store), 'The copy of the model');
  const tables = model.store.tables();
  copy.store.tables().forEach((table, i) => table.set(tables[i]!.values));
  return copy;
}

/** The index of the lowest loss in the later half: noise of losses that don't move yet may be lower than a shallow valley. */
function lowestOf(losses: readonly number[]): number {
  const half = Math.floor(losses.length / 2);
  return losses.indexOf(Math.min(...losses.slice(half)), half);
}
