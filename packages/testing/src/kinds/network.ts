import { anything, component, listOf, mapValues, optional, recordOf, text, type Option } from '@polytask/components';
import {
  binary,
  multiclass,
  regression,
  streamCounters,
  type MultiTaskModel,
  type NetworkSpec,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { expectAgreement } from '../cases/agreement.ts';
import { modelProbe, outputsOf, withProbe } from '../probes/probe.ts';
import { tester } from '../tester.ts';
import { gradientsOf, logitsOf, tinyModel, withModels } from '../tiny/tiny-model.ts';

/** A network, or a function from task names to a network whose configuration depends on them. */
export type NetworkSource = NetworkSpec | ((tasks: readonly string[]) => NetworkSpec);

/** A task of each kind, so that heads have different widths and losses different scales. */
const TASKS: Tasks = { a: binary(), b: regression(), c: multiclass({ classes: ['low', 'middle', 'high'] }) };

/**
 * With the same seed, tasks listed in another order have the same outputs. The gradients are the same, too, if training draws no noise:
 * noise may be drawn in the tasks' order. Each task's parameters start from the task's name.
 */
function checkTaskOrder(tasks: Tasks, build: (tasks: Tasks) => MultiTaskModel): void {
  const [first, ...rest] = Object.entries(tasks);
  withModels([build(tasks), build(Object.fromEntries([...rest, first!]))], (model, reordered) => {
    const what = 'when the tasks are listed in another order';
    expectAgreement(logitsOf(reordered, 5), logitsOf(model, 5), 1e-4, `the same outputs ${what}`);
    const before = JSON.stringify(streamCounters(model.store));
    const gradients = sorted(gradientsOf(model, 8));
    if (JSON.stringify(streamCounters(model.store)) !== before) return;
    expectAgreement(sorted(gradientsOf(reordered, 8)), gradients, 1e-4, `the same gradients, sorted, ${what}`);
  });
}

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

/**
 * Tests a network. The tasks are `a`, `b` and `c`, or some of them. Pass a function of the task names if the configuration of the network
 * depends on them.
 *
 * @example
 * testModel(mmoe({ levels: [{ experts: mlp([4]), pool: 3 }] }), { runner });
 * testModel((tasks) => adatt({ levels: [{ experts: mlp([4]), perTask: tasks.map((_, t) => t + 1) }] }), { runner });
 */
export const testModel = tester('network', options, (network: NetworkSource, { features, context, tower, input }) => {
  const specOf = (tasks: Tasks) => (typeof network === 'function' ? network(Object.keys(tasks)) : network);
  const build = (tasks: Tasks = TASKS, spec = specOf(tasks), seed = 7) =>
    tinyModel(spec, { tasks, features, context, tower, input, seed });
  const spec = specOf(TASKS);
  return {
    spec,
    numbers: (each) => withProbe(modelProbe(build(TASKS, each as NetworkSpec)), (probe) => outputsOf(probe)),
    // rows with all values of a context
    probe: ({ seed, rows = context ? 16 : 5 } = {}) => modelProbe(build(TASKS, spec, seed), rows),
    tried: 3,
    reachesInputs: true,
    model: (names = Object.keys(TASKS)) => build(recordOf(names, (name) => TASKS[name]!)),
    fuses: true,
    ...(!features && !input && { way: () => ({ network: specOf({ a: binary(), b: regression() }) }) }),
    own: {
      'tasks are treated by name, whatever their order': [
        'Go by the names of tasks and units, not by their places.',
        () => checkTaskOrder(TASKS, build),
      ],
    },
  };
});
