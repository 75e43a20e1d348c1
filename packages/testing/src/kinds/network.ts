import { anything, component, listOf, optional, recordOf, text, type Option } from '@polytask/components';
import {
  binary,
  createSpec,
  multiclass,
  regression,
  type NetworkSize,
  type NetworkSpec,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { tester, type Kind } from '../tester.ts';
import { tinyExpert } from '../tiny/parts.ts';
import type { ModelOf } from '../subject.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

/** A network, or a function from task names to a network whose configuration depends on them. */
export type NetworkSource = NetworkSpec | ((tasks: readonly string[]) => NetworkSpec);

/** A task of each kind, so that heads have different widths and losses different scales. */
const TASKS: Tasks = { a: binary(), b: regression(), c: multiclass({ classes: ['low', 'middle', 'high'] }) };

const options = {
  /**
   * The features that the network reads, such as the prior of a PEPNet. Default: one feature `x`, a vector of three numbers. The rows
   * are made up, with all values of a vocabulary.
   */
  features: optional(anything as Option<Schema['features']>),
  /** Names of features that are contexts of the schema. Default: none. */
  context: optional(listOf(text)),
  /** The tower of each task. Default: none. */
  tower: optional(component('expert')),
  /** The model's input. Default: `embed()`. */
  input: optional(component('input')),
};

/** Widths and a number of experts that fit one, two and three tasks, and leave some to share. */
const sizeFor = (tasks: readonly string[]): NetworkSize => ({
  ...{ tasks, widths: [4, 4], experts: 6 },
  expert: (widths) => tinyExpert({ units: widths.at(-1) ?? 4 }),
});

type OfTasks = (tasks: readonly string[]) => object;

const KIND: Kind<typeof options> = {
  ...{ kind: 'network', options },
  of: (name, config) =>
    typeof config === 'function'
      ? (tasks: readonly string[]) => createSpec('network', name, (config as OfTasks)(tasks))
      : createSpec('network', name, config),
  variant: ({ config }) => ({ config: (tasks: readonly string[]) => config(sizeFor(tasks)) }),
};

/**
 * Tests a network. The tasks are `a`, `b` and `c`, or some of them. Pass a function of the task names if the configuration of the network
 * depends on them.
 *
 * @example
 * testModel(mmoe({ levels: [{ experts: mlp([4]), pool: 3 }] }), { runner });
 * testModel((tasks) => adatt({ levels: [{ experts: mlp([4]), perTask: tasks.map((_, t) => t + 1) }] }), { runner });
 */
export const testModel = tester(KIND, (network: NetworkSource, { features, context, tower, input }) => {
  const specOf = (tasks: readonly string[]) => (typeof network === 'function' ? network(tasks) : network);
  const names = Object.keys(TASKS);
  return {
    spec: specOf(names),
    parameters: /./,
    batch: context && 16, // with all values of a context
    fuses: true,
    model: ({ tasks = names, spec = specOf(tasks), seed }: ModelOf<NetworkSpec> = {}) =>
      tinyModel(spec, { tasks: recordOf(tasks, (name) => TASKS[name]!), features, context, tower, input, seed }),
    ...(!features && !input && { way: () => ({ network: specOf(['a', 'b']) }) }),
  };
});
