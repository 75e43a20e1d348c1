import { anything, component, listOf, mapValues, optional, recordOf, text, type Option } from '@polytask/components';
import {
  binary,
  createSpec,
  multiclass,
  regression,
  streamCounters,
  type NetworkSize,
  type NetworkSpec,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { expectAgreement } from '../cases/agreement.ts';
import { check } from '../cases/case.ts';
import { modelProbe } from '../tiny/probe.ts';
import { tester, type Kind } from '../tester.ts';
import { tinyExpert } from '../tiny/parts.ts';
import { gradientsOf, logitsOf, tinyModel, withModels } from '../tiny/tiny-model.ts';

/** A network, or a function from task names to a network whose configuration depends on them. */
export type NetworkSource = NetworkSpec | ((tasks: readonly string[]) => NetworkSpec);

/** A task of each kind, so that heads have different widths and losses different scales. */
const TASKS: Tasks = { a: binary(), b: regression(), c: multiclass({ classes: ['low', 'middle', 'high'] }) };

/** Sorts the numbers of each parameter, as the members of a bank are in the tasks' order. */
const sorted = (gradients: Record<string, number[]>) =>
  mapValues(gradients, (values) => [...values].sort((a, b) => a - b));

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
  const specOf = (tasks: Tasks) => (typeof network === 'function' ? network(Object.keys(tasks)) : network);
  const build = (tasks: Tasks = TASKS, spec = specOf(tasks), seed?: number) =>
    tinyModel(spec, { tasks, features, context, tower, input, seed });
  return {
    spec: specOf(TASKS),
    // rows with all values of a context
    probe: (spec: NetworkSpec, { seed, rows = context ? 16 : 5 } = {}) => modelProbe(build(TASKS, spec, seed), rows),
    tried: 3,
    reachesInputs: true,
    model: (names = Object.keys(TASKS)) => build(recordOf(names, (name) => TASKS[name]!)),
    fuses: true,
    ...(!features && !input && { way: () => ({ network: specOf({ a: binary(), b: regression() }) }) }),
    own: {
      'tasks are treated by name, whatever their order': check(() => {
        const [first, ...rest] = Object.entries(TASKS);
        const models = [build(), build(Object.fromEntries([...rest, first!]))];
        return withModels(models, (model, reordered) => {
          const what = 'when the tasks are listed in another order';
          expectAgreement(logitsOf(reordered, 5), logitsOf(model, 5), 1e-4, `the same outputs ${what}`);
          const before = JSON.stringify(streamCounters(model.store));
          const gradients = sorted(gradientsOf(model, 8));
          if (JSON.stringify(streamCounters(model.store)) !== before) return; // noise may be drawn in the tasks' order
          expectAgreement(sorted(gradientsOf(reordered, 8)), gradients, 1e-4, `the same gradients, sorted, ${what}`);
        });
      }, 'Go by the names of tasks and units, not by their places.'),
    },
  };
});
