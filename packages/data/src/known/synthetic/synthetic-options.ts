import {
  either,
  fail,
  listOf,
  notNegative,
  number,
  oneOf,
  optional,
  positive,
  readOptions,
  share,
  shaped,
  text,
  wholeNumber,
} from '@polytask/components';
import type { Option, Read, Written } from '@polytask/components';

/** One value for all tasks, or a list with one for each. */
const oneOrEach = (of: Option<number>) => either(of, listOf(of));

const options = {
  /** The names of the tasks, or their number: `task1`, `task2`, … */
  tasks: either(wholeNumber(1), listOf(text, 1)),
  /** The number of inputs, at least three more than tasks. */
  dimension: optional(wholeNumber(4), 64),
  /** Pearson correlation of the tasks' weight vectors: one number for all pairs, or a matrix. */
  correlation: optional(either(number(), listOf(listOf(number()))), 0.5),
  /** `regression`: numbers, as in the paper. `binary`: whether the number is above a quantile. */
  kind: optional(oneOf('regression', 'binary'), 'regression'),
  /** The share of yes: one number for all tasks, or a list with one for each. */
  positiveRate: optional(oneOrEach(number({ above: 0, below: 1 })), 0.5),
  /**
   * The share of rows with a label, more than 0 and at most 1: one number for all tasks, or a list with one for each. The other
   * rows have weight 0 for that task.
   */
  labelRate: optional(oneOrEach(number({ above: 0, to: 1 })), 1),
  /** The standard deviation of the noise. The paper has 0.1. */
  noise: optional(notNegative, 0.1),
  /**
   * The fraction of the input space, from 0 to 1, in which w becomes −w for every second task. Two tasks that agree elsewhere
   * contradict each other there.
   */
  conflict: optional(share, 0),
  /** The length c of the weight vectors. */
  scale: optional(positive, 1),
  /** The nonlinear part of the labels, the same for all tasks: Σ sin(alpha · s + beta). */
  sines: optional(listOf(shaped({ alpha: number(), beta: number() })), [
    { alpha: 1, beta: 0 },
    { alpha: 2, beta: 1 },
    { alpha: 3, beta: 2 },
  ]),
  /** Of the tasks; `sample` takes a seed of the rows. */
  seed: optional(number({ whole: true }), 0),
};

export interface SyntheticOptions<
  N extends string = string,
  K extends 'regression' | 'binary' = 'regression' | 'binary',
> extends Omit<Written<typeof options>, 'tasks' | 'kind'> {
  /** The names of the tasks, or their number: `task1`, `task2`, … */
  readonly tasks: number | readonly N[];
  /** `regression`, the default: numbers, as in the paper. `binary`: whether the number is above a quantile. */
  readonly kind?: K;
}

export interface ResolvedSynthetic extends Omit<Read<typeof options>, 'tasks' | 'positiveRate' | 'labelRate'> {
  readonly tasks: readonly string[];
  readonly positiveRates: readonly number[];
  readonly labelRates: readonly number[];
}

/** @throws PolytaskError for an option out of its range */
export function resolveSynthetic(given: SyntheticOptions): ResolvedSynthetic {
  const { positiveRate, labelRate, tasks: names, ...read } = readOptions(given, options, 'syntheticTasks');
  const tasks = typeof names === 'number' ? Array.from({ length: names }, (_, t) => `task${t + 1}`) : names;
  if (new Set(tasks).size < tasks.length) wrong('different names of tasks', tasks);
  if (read.dimension < tasks.length + 3) wrong(`a dimension of ${tasks.length + 3} or more`, read.dimension);
  const oneEach = (rate: number | readonly number[], what: string): readonly number[] => {
    if (typeof rate === 'number') return tasks.map(() => rate);
    return rate.length === tasks.length ? rate : wrong(`${tasks.length} ${what}, one for each task`, rate.length);
  };
  return {
    ...{ ...read, tasks },
    positiveRates: oneEach(positiveRate, 'positive rates'),
    labelRates: oneEach(labelRate, 'label rates'),
  };
}

function wrong(expected: string, received: unknown): never {
  return fail({
    expected,
    received: JSON.stringify(received),
    fix: "syntheticTasks({ tasks: 3, dimension: 64, kind: 'binary' }) is one that works.",
  });
}
