import { type FromDescription, mapValues, mean, recordOf } from '@polytask/components';
import { checks, type Lackable, type Option, type Written } from '@polytask/core';
import { counterRandom } from '@polytask/metrics';
import { type Dimension, dimensionOf, type SearchSpace } from '@polytask/training/search';
import { type TunedTraining, tunedOptions } from '../training/choices.ts';
import { partial } from '../checks.ts';
import { modelSize, type ModelSize } from './models.ts';

const { optional } = checks;

const VALUES = { ...tunedOptions, ...partial(modelSize) };

/** The hyper-parameters of a model: those of its training, its size, and the weights of a plain sum. */
export interface Hyperparameters extends Partial<ModelSize>, TunedTraining {
  /** The weights of the plain sum of losses. Only the balancer `tuned-weights` chooses them: a space can't contain them. */
  readonly taskWeights?: TaskWeights;
}

export const spaceOptions = mapValues(VALUES, (values: Option) => optional(dimensionOf(values))) as {
  readonly [K in keyof typeof VALUES]: Option<Dimension> & Lackable;
};

/** The values to try, by hyper-parameter. */
export interface Space extends Written<typeof spaceOptions>, FromDescription {}

export const searchSpace = (space: Space): SearchSpace => ({ ...space }) as SearchSpace;

/** The weight of each task's loss. The mean of the weights is 1. */
export type TaskWeights = Readonly<Record<string, number>>;

/** Weights are drawn from 1 / FURTHEST to FURTHEST, before they are scaled. */
export const FURTHEST = 5;
/** Draws for each task after the first. Adam depends only on the ratios of the weights. */
const DRAWS = 4;

/**
 * The weights that the balancer `tuned-weights` tries: equal weights, and four draws for each task after the first. A draw has a
 * number from 1/5 to 5 for each task, uniform on a logarithmic scale, and is scaled to a mean of 1. The same tasks always have
 * the same weights.
 *
 * @example weightsToTry(['click', 'like']); // [{ click: 1, like: 1 }, …]: five
 */
export function weightsToTry(tasks: readonly string[]): TaskWeights[] {
  const draws = Array.from({ length: DRAWS * (tasks.length - 1) }, (_, i) =>
    scaledWeights(drawWeights(tasks, counterRandom(0, i))),
  );
  return [recordOf(tasks, () => 1), ...draws];
}

export const drawWeights = (tasks: readonly string[], random: () => number): TaskWeights =>
  recordOf(tasks, () => FURTHEST ** (2 * random() - 1));

export function scaledWeights(weights: TaskWeights): TaskWeights {
  const scale = mean(Object.values(weights));
  return mapValues(weights, (weight) => Number((weight / scale).toPrecision(3)));
}
