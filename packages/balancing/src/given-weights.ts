import {
  either,
  fail,
  listOf,
  notNegative,
  optional,
  positive,
  record,
  shown,
  type FromDescription,
  type Option,
  type Written,
} from '@polytask/components';
import type { Moment } from './contracts.ts';
import { defineGramian, defineLosses, type BalancerSpec } from './define.ts';
import { softmax } from './losses/learned-weights.ts';

/** A number for each task: one number for all tasks, a list in the order of the tasks, or an object by task name. */
export type TaskNumbers = number | readonly number[] | Readonly<Record<string, number>>;

/** {@link ofTasks} compares the names with the tasks. */
export const taskNumbers = (each: Option<number>) => either(each, listOf(each), record(each));

/** The numbers in the order of the tasks. @throws PolytaskError when a task has no number, or a number belongs to no task */
export function ofTasks(value: TaskNumbers, tasks: readonly string[], where: string): number[] {
  if (typeof value === 'number') return tasks.map(() => value);
  const isList = Array.isArray(value);
  const names = isList ? tasks.slice(0, value.length) : Object.keys(value);
  const isWhole = tasks.every((task) => names.includes(task)) && names.every((name) => tasks.includes(name));
  if (!isWhole || (isList && value.length !== tasks.length)) {
    fail({
      expected: `a number for each task (${tasks.join(', ')}) for ${where}`,
      received: shown(value),
      fix: 'Give one a task, or a single one for all.',
    });
  }
  return isList ? [...(value as readonly number[])] : tasks.map((task) => (value as Record<string, number>)[task]!);
}

const ones = {
  start: () => null,
  weights: (_state: null, _config: object, { tasks }: Moment) => tasks.map(() => 1),
};

/**
 * Equal weights: the plain sum of losses, Σ L_i. It is the control of every comparison. For weights that you tune by hand,
 * use the tasks' `weight` or {@link staticWeights}.
 *
 * @example equalWeights().name; // 'equal'
 */
export const equalWeights = defineLosses('equal', ones, {
  description: "the plain sum of the losses, with the tasks' own weights",
  variants: {}, // comparisons have it as their control
});

/**
 * The plain sum of gradients, Σ g_i. It trains like `equalWeights`, but at the cost of a Gramian method. Use it to measure gradient
 * diagnostics of the control.
 *
 * @throws PolytaskError when an option is unknown, or `of` is neither `parameters` nor `representation`
 * @example plainSum().config.of; // 'parameters'
 */
export const plainSum = defineGramian('plain-sum', ones, {
  also: ['sum'],
  description: 'the control with its gradients measured, at the cost of a Gramian method',
});

const given = {
  /** One number for all tasks, a list in the order of the tasks, or an object by task name. */
  weights: taskNumbers(notNegative),
};

const ofGiven = defineLosses(
  'static-weights',
  {
    start: ({ weights }, tasks): readonly number[] => ofTasks(weights, tasks, 'static-weights.weights'),
    weights: (weights) => weights,
  },
  {
    also: ['constant'],
    traits: { rescaling: true },
    description: 'weights that stay as they are given',
    options: given,
  },
);

/**
 * Static weights: Σ w_i L_i with constant weights.
 *
 * @param weights one number for all tasks, a list in the order of the tasks, or an object by task name
 * @throws PolytaskError when a weight is negative; in `createBalancer`, when the weights don't fit the tasks
 * @example
 * createBalancer(staticWeights({ click: 1, like: 0.25 }), { tasks: ['click', 'like'], random })
 *   .weights({ step: 9, epoch: 0 }); // [1, 0.25]
 */
export const staticWeights = (weights: TaskNumbers): BalancerSpec<'losses'> => ofGiven({ weights });

const decaying = {
  /** ω_0: the weights in the first epoch. */
  weights: optional(taskNumbers(notNegative), 1),
  /** γ: the factor of a weight after each epoch. */
  rate: taskNumbers(positive),
};

export interface DecayingWeightsOptions extends Written<typeof decaying>, FromDescription {}

/**
 * Decaying weights, as in PLE (Tang et al., RecSys 2020, eq. 10): ω_k = ω_k,0 · γ_k^t in epoch t, counted from 0.
 *
 * @throws PolytaskError when a weight is negative or a rate is not above 0
 * @example
 * createBalancer(decayingWeights({ rate: { a: 0.5, b: 1 } }), { tasks: ['a', 'b'], random })
 *   .weights({ step: 9, epoch: 2 }); // [0.25, 1]
 */
export const decayingWeights: (options: DecayingWeightsOptions) => BalancerSpec<'losses'> = defineLosses(
  'decaying-weights',
  {
    start: ({ weights, rate }, tasks) => ({
      weights: ofTasks(weights, tasks, 'decaying-weights.weights'),
      rate: ofTasks(rate, tasks, 'decaying-weights.rate'),
    }),
    weights: ({ weights, rate }, _config, { epoch }) => weights.map((weight, i) => weight * rate[i]! ** epoch),
  },
  {
    traits: { rescaling: true },
    description: "PLE's schedule, at one rate: all weights shrink by a tenth each epoch",
    paper: 'Tang et al., RecSys 2020',
    variant: { config: { rate: 0.9 } },
    options: decaying,
  },
);

/**
 * Random loss weighting (Lin et al., TMLR 2022, algorithm 1): λ = softmax(x), with x ~ N(0, 1) drawn anew at each step. The
 * weights sum to 1.
 *
 * @example rlw().name; // 'rlw'
 */
export const rlw = defineLosses(
  'rlw',
  {
    start: () => null,
    weights: (_state, _config, { tasks, random }) => softmax(Array.from(random.normal(tasks.length))),
  },
  {
    also: ['random-weights'],
    description: 'a softmax of normal numbers, drawn each step',
    paper: 'Lin et al., TMLR 2022',
  },
);
