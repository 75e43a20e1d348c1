import { checkOptions, checks, fail, type Check, type Options } from '@polytask/core';
import { count, positive, sizeOptions } from '../checks.ts';
import type { ModelSize } from '../models/model-row.ts';
import type { TaskWeights } from './task-weights.ts';

/** What can be chosen for a model: two settings of training, its size, and the weights of a plain sum. */
export interface Hyperparameters extends Partial<ModelSize> {
  readonly learningRate?: number;
  readonly batchSize?: number;
  /** Of the plain sum of the tasks' losses. The row `tuned-weights` of the balancers chooses them; a space can't name them. */
  readonly taskWeights?: TaskWeights;
}

/** The values that a hyper-parameter may take. */
export type Dimension =
  | { readonly choices: readonly unknown[] }
  /** A number between two, evenly on a linear or a logarithmic scale; `whole` numbers only, if asked for. */
  | { readonly from: number; readonly to: number; readonly scale?: 'linear' | 'log'; readonly whole?: boolean };

type Searchable = Omit<Hyperparameters, 'taskWeights'>;

/** By hyper-parameter. */
export type Space = { readonly [K in keyof Searchable]?: Dimension };

/** A suite's space with what a model has of its own on top. */
export const spaceFor = (common: Space, own: Space): Space => ({ ...common, ...own });

const { flag, listOf, number, oneOf, optional } = checks;

const required =
  (check: Check): Check =>
  (value, where) => {
    if (value === undefined) fail({ expected: `a value for ${where}`, received: 'none', mend: 'Give one.' });
    check(value, where);
  };

/** What each of them may be. */
const VALUES: Options<Searchable> = { learningRate: optional(positive), batchSize: optional(count), ...sizeOptions };

const range: Options<Extract<Dimension, { from: number }>> = {
  from: number('a number', () => true),
  to: number('a number', () => true),
  scale: optional(oneOf('linear', 'log')),
  whole: optional(flag),
};

const dimensionOf =
  (values: Check): Check =>
  (value, where) => {
    if (typeof value === 'object' && value !== null && 'choices' in value) {
      checkOptions(value, { choices: listOf(required(values), 1) }, where);
      return;
    }
    checkOptions(value, range, where);
    const { from, to, scale } = value as Extract<Dimension, { from: number }>;
    if (!(to > from) || (scale === 'log' && from <= 0)) {
      fail({
        expected: `from below to for ${where}${scale === 'log' ? ', both above 0' : ''}`,
        received: `${from} and ${to}`,
        mend: 'Write { from: 1e-4, to: 1e-2, scale: "log" }.',
      });
    }
    for (const end of [from, to]) values(end, where);
  };

/** For core's `checkOptions`. */
export const spaceOptions = Object.fromEntries(
  Object.entries<Check>(VALUES).map(([name, check]) => [name, optional(dimensionOf(check))]),
) as unknown as Options<Space>;

/**
 * A point of the space.
 *
 * @param random numbers in [0, 1), one for each dimension in the order of their names
 */
export function drawFrom(space: Space, random: () => number): Hyperparameters {
  const names = Object.keys(space).sort() as (keyof Space)[];
  return Object.fromEntries(names.map((name) => [name, valueAt(space[name]!, random())]));
}

function valueAt(dimension: Dimension, u: number): unknown {
  if ('choices' in dimension) return dimension.choices[Math.floor(u * dimension.choices.length)];
  const { from, to, scale = 'linear', whole = false } = dimension;
  if (whole && scale === 'linear') return from + Math.floor(u * (to - from + 1));
  const value = scale === 'log' ? from * (to / from) ** u : from + u * (to - from);
  return whole ? Math.round(value) : Number(value.toPrecision(4));
}

/**
 * Every combination of a space's choices, the last name's changing fastest.
 *
 * @throws PolytaskError on a dimension that is a range
 */
export function gridOf(space: Space): Hyperparameters[] {
  let points: Hyperparameters[] = [{}];
  for (const name of Object.keys(space).sort() as (keyof Space)[]) {
    const dimension = space[name]!;
    if (!('choices' in dimension))
      fail({
        expected: `choices for ${name} of a grid`,
        received: `a range from ${dimension.from} to ${dimension.to}`,
        mend: "Write { choices: [1e-3, 1e-2] }, or search by 'random'.",
      });
    const { choices } = dimension;
    points = points.flatMap((point) => choices.map((choice) => ({ ...point, [name]: choice })));
  }
  return points;
}
