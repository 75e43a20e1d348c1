import { type FromDescription, isObject, mapValues, mean, recordOf } from '@polytask/components';
import { checks, fail, type Lackable, type Option, readOptions, type Written } from '@polytask/core';
import { counterRandom } from '@polytask/metrics';
import { type TunedTraining, tunedOptions } from '../training/choices.ts';
import { partial } from '../checks.ts';
import { modelSize, type ModelSize } from './models.ts';

const { custom, flag, listOf, number, oneOf, optional, shaped } = checks;

/** The values of each hyper-parameter that a space may have. */
const VALUES = { ...tunedOptions, ...partial(modelSize) };

/** The hyper-parameters of a model: those of its training, its size, and the weights of a plain sum. */
export interface Hyperparameters extends Partial<ModelSize>, TunedTraining {
  /** The weights of the plain sum of losses. Only the balancer `tuned-weights` chooses them: a space can't contain them. */
  readonly taskWeights?: TaskWeights;
}

/** A number between two, uniform on a linear or logarithmic scale. `whole`: only integers. */
const range = {
  from: number(),
  to: number(),
  scale: optional(oneOf('linear', 'log')),
  whole: optional(flag),
};

/** The values that a hyper-parameter may take. */
export type Dimension = { readonly choices: readonly unknown[] } | Written<typeof range>;

const dimensionOf = (values: Option) => {
  const some = { choices: listOf(values, 1) };
  return custom<Dimension>(
    (value, where) => {
      if (isObject(value) && 'choices' in value) return readOptions(value, some, where);
      const read = readOptions(value, range, where);
      const { from, to, scale } = read;
      if (!(to > from) || (scale === 'log' && from <= 0)) {
        fail({
          expected: `from below to for ${where}${scale === 'log' ? ', both above 0' : ''}`,
          received: `${from} and ${to}`,
          fix: 'Write { from: 1e-4, to: 1e-2, scale: "log" }.',
        });
      }
      for (const end of [from, to]) values.read(end, where);
      return read;
    },
    { either: [shaped(some), shaped(range)] },
  );
};

export const spaceOptions = mapValues(VALUES, (values: Option) => optional(dimensionOf(values))) as {
  readonly [K in keyof typeof VALUES]: Option<Dimension> & Lackable;
};

/** The values to try, by hyper-parameter. */
export interface Space extends Written<typeof spaceOptions>, FromDescription {}

/**
 * Draws a point of a space.
 *
 * @param random gives numbers in [0, 1), one for each dimension in the order of their names
 */
export function drawFrom(space: Space, random: () => number): Hyperparameters {
  const names = Object.keys(space).sort() as (keyof Space)[];
  return recordOf(names, (name) => valueAt(space[name]!, random())) as Hyperparameters;
}

function valueAt(dimension: Dimension, u: number): unknown {
  if ('choices' in dimension) return dimension.choices[Math.floor(u * dimension.choices.length)];
  const { from, to, scale = 'linear', whole = false } = dimension;
  if (whole && scale === 'linear') return from + Math.floor(u * (to - from + 1));
  const value = scale === 'log' ? from * (to / from) ** u : from + u * (to - from);
  return whole ? Math.round(value) : Number(value.toPrecision(4));
}

/**
 * All combinations of a space's choices. The choice of the last name changes fastest.
 *
 * @throws PolytaskError for a dimension that is a range
 */
export function gridOf(space: Space): Hyperparameters[] {
  let points: Hyperparameters[] = [{}];
  for (const name of Object.keys(space).sort() as (keyof Space)[]) {
    const dimension = space[name]!;
    if (!('choices' in dimension))
      fail({
        expected: `choices for ${name} of a grid`,
        received: `a range from ${dimension.from} to ${dimension.to}`,
        fix: "Write { choices: [1e-3, 1e-2] }, or search by 'random'.",
      });
    const { choices } = dimension;
    points = points.flatMap((point) => choices.map((choice) => ({ ...point, [name]: choice })));
  }
  return points;
}

/** The weight of each task's loss. The mean of the weights is 1. */
export type TaskWeights = Readonly<Record<string, number>>;

/** Weights are drawn from 1 / FURTHEST to FURTHEST, before they are scaled. */
const FURTHEST = 5;
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
  const draws = Array.from({ length: DRAWS * (tasks.length - 1) }, (_, i) => drawWeights(tasks, counterRandom(0, i)));
  return [recordOf(tasks, () => 1), ...draws];
}

/** Draws a weight from 1/5 to 5 for each task, uniform on a logarithmic scale, scaled to a mean of 1. */
export function drawWeights(tasks: readonly string[], random: () => number): TaskWeights {
  const numbers = tasks.map(() => FURTHEST ** (2 * random() - 1));
  const scale = mean(numbers);
  return recordOf(tasks, (_, t) => Number((numbers[t]! / scale).toPrecision(3)));
}
