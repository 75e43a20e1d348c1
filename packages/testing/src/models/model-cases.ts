import {
  binary,
  checks,
  multiclass,
  readOptions,
  regression,
  type FromDescription,
  type NetworkSpec,
  type Option,
  type Schema,
  type Tasks,
  type Written,
} from '@polytask/core';
import { caseOptions, casesOf, registerCases, type Case } from '../cases/case.ts';
import { learningChecks } from '../checks/engines.ts';
import { checkReach, checkSlopes } from '../checks/gradients.ts';
import { checkFusionWeights, checkInModels } from '../checks/in-models.ts';
import { checkLeaks } from '../checks/leaks.ts';
import { checkSaving, checkSeeds, checkSpecJson, checkStreams } from '../checks/repeatable.ts';
import { modelProbe } from '../probes/probe.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { checkMasks, checkModelShapes, checkTaskOrder } from './model-checks.ts';

/** A network, or a function from task names to a network whose configuration depends on them. */
export type NetworkSource = NetworkSpec | ((tasks: readonly string[]) => NetworkSpec);

const { anything, component, flag, listOf, optional, text } = checks;

const description = {
  ...caseOptions,
  /**
   * The features that the network reads, such as the prior of a PEPNet. Without it, one feature `x`, a vector of three numbers. The rows
   * are made up, with all values of a vocabulary.
   */
  features: optional(anything as Option<Schema['features']>),
  /** Names of features that are contexts of the schema. Without it, none. */
  context: optional(listOf(text)),
  /** The tower of each task. Without it, none. */
  tower: optional(component('expert')),
  /** The model's input. Without it, `embed()`. */
  input: optional(component('input')),
  /** Whether gated and constant weights together sum to 1 for each output of each level. */
  normalized: optional(flag, false),
  /** Whether a part's gradient is an estimate on purpose (straight-through). */
  estimated: optional(flag, false),
  /**
   * Whether training draws noise in the tasks' order. Tasks listed in another order then have the same outputs, but other
   * noise and gradients in training.
   */
  noisy: optional(flag, false),
};

/** How a network differs from the defaults of the contract. */
export interface ModelCaseOptions extends Written<typeof description>, FromDescription {}

/** A task of each kind, so that heads have different widths and losses different scales. */
const TASKS: Tasks = { a: binary(), b: regression(), c: multiclass({ classes: ['low', 'middle', 'high'] }) };

const specOf = (network: NetworkSource, tasks: readonly string[]) =>
  typeof network === 'function' ? network(tasks) : network;

/**
 * The promises of a network as cases, one for each. {@link testModel} registers them with a test runner. The tasks are `a`,
 * `b` and `c`, or some of them. Pass a function of the task names if the configuration of the network depends on them.
 *
 * @example
 * modelCases(ple({ levels: [{ experts: mlp([4]), perTask: 2, shared: 1 }] }));
 * modelCases((tasks) => adatt({ levels: [{ experts: mlp([4]), perTask: tasks.map((_, t) => t + 1) }] }));
 */
export function modelCases(network: NetworkSource, options: ModelCaseOptions = {}): Case[] {
  const read = readOptions(options, description, 'testModel');
  const { features, context, tower, input, normalized, estimated, noisy, compiled } = read;
  const build = (tasks: readonly string[] | Tasks = TASKS, seed = 7) =>
    tinyModel(specOf(network, Array.isArray(tasks) ? (tasks as string[]) : Object.keys(tasks)), {
      tasks,
      features,
      context,
      tower,
      input,
      seed,
    });
  const probe = () => modelProbe(build(), context ? 16 : 5); // rows with all values of a context
  const spec = specOf(network, Object.keys(TASKS));
  return casesOf(`network ${read.name ?? spec.name}`, {
    'every task has its outputs, for any batch': () => checkModelShapes(build),
    'its spec is plain JSON and says all': () =>
      checkSpecJson(spec, (each) => modelProbe(tinyModel(each, { tasks: TASKS, features, context, tower, input }))),
    'one seed, one start': () => checkSeeds((seed) => modelProbe(build(TASKS, seed)), { random: true, learned: true }),
    'all chance comes from the seed': () => checkStreams(probe),
    'tasks are treated by name, whatever their order': () => checkTaskOrder(TASKS, build, noisy),
    'missing labels and rows of weight 0 leave all else as it is': () => checkMasks(build),
    'gradients reach every weight': () => checkReach(probe, { inputs: true }),
    ...(!estimated && { 'gradients agree with finite differences': () => checkSlopes(probe, { tried: 3 }) }),
    'it works for one, two and three tasks': () => checkInModels(build),
    'fusionWeights reads it': () => checkFusionWeights(build, { normalized }),
    'saved and loaded it gives the same numbers': () => checkSaving(build),
    ...learningChecks(build, compiled),
    'it leaves no tensor behind': () => checkLeaks(probe),
  });
}

/**
 * Registers {@link modelCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testModel(mmoe({ levels: [{ experts: mlp([4]), pool: 3 }] }), { normalized: true, runner });
 * const features = { tab: { kind: 'categorical', vocabulary: ['home', 'search'] }, x: { kind: 'vector', width: 3 } } as const;
 * testModel(pepnet({ levels: [{ experts: mlp([4]) }] }), { features, context: ['tab'], estimated: true, runner });
 */
export const testModel = (network: NetworkSource, options: ModelCaseOptions = {}): void =>
  registerCases(modelCases(network, options), options);
