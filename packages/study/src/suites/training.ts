import { type Check, checks, type HeadStart, type Options } from '@polytask/core';
import { count, positive } from '../checks.ts';

/** How a suite trains. */
export interface TrainingDefaults {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** A training stops after so many epochs without a better validation score. */
  readonly patience: number;
  /** How the biases of the heads start. Default: `random`. */
  readonly headStart?: HeadStart | undefined;
}

/** A missing choice is the suite's default. */
export type TrainingChoices = { readonly [K in keyof TrainingDefaults]?: TrainingDefaults[K] | undefined };

/** A choice of a training: the check of its value, and its option on a command line. */
interface TrainingChoice {
  readonly check: Check;
  readonly flag: string;
  readonly description: string;
}

/** Each choice of a training. A new one is a row here and a property of {@link TrainingDefaults}. */
export const trainingChoices: Readonly<Record<keyof TrainingDefaults, TrainingChoice>> = {
  epochs: { check: count, flag: '--epochs <n>', description: 'at most so many' },
  batchSize: { check: count, flag: '--batch-size <n>', description: 'rows a step' },
  patience: { check: count, flag: '--patience <n>', description: 'epochs without a better validation score' },
  learningRate: { check: positive, flag: '--learning-rate <x>', description: "Adam's" },
  headStart: {
    check: checks.oneOf('random', 'base-rate'),
    flag: '--head-start <how>',
    description: "random, or base-rate: heads begin at the tasks' base rates",
  },
};

const names = Object.keys(trainingChoices) as (keyof TrainingDefaults)[];

/** The checks of the choices, for core's `checkOptions`. */
export const trainingOptions = Object.fromEntries(
  names.map((name) => [name, checks.optional(trainingChoices[name].check)]),
) as unknown as Options<TrainingChoices>;

/** The choices among other options, without those that are undefined. */
export const trainingIn = (options: TrainingChoices): Partial<TrainingDefaults> =>
  Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
