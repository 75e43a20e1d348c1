import { binary, multiclass, regression, type ExpertSpec, type NetworkSpec, type Tasks } from '@polytask/core';
import { casesOf, registerCases, type Case, type RunnerOptions } from '../cases/case.ts';
import {
  checkCompiledGradients,
  checkCompiledTrajectory,
  checkLearning,
  eagerTrajectory,
  type Trajectory,
} from '../checks/engines.ts';
import { checkReach, checkSlopes } from '../checks/gradients.ts';
import { checkFusionWeights, checkInModels } from '../checks/in-models.ts';
import { checkLeaks } from '../checks/leaks.ts';
import { checkSaving, checkSeeds, checkSpecJson, checkStreams } from '../checks/repeatable.ts';
import { modelProbe } from '../probes/probe.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { checkMasks, checkModelShapes, checkTaskOrder } from './model-checks.ts';

/** A network, or how it is declared for these tasks: for one whose configuration names them or counts by them. */
export type NetworkSource = NetworkSpec | ((tasks: readonly string[]) => NetworkSpec);

/** What a network promises beyond the contract, and what it doesn't promise. */
export interface ModelOptions {
  /** What the group of tests is called. Default: the network's name. */
  name?: string;
  /** What stands on each task's lane. Default: none. */
  tower?: ExpertSpec;
  /** True where each level's weights, gated and constant together, sum to 1 for each output. Default false. */
  normalized?: boolean;
  /** True where a part's gradient is an estimate on purpose (straight-through). Default false. */
  estimated?: boolean;
  /**
   * True where training draws noise for the tasks in their order: in another order tasks have the same outputs, but a step
   * has other noise, and so other gradients. Default false.
   */
  noisy?: boolean;
  /** False where onnxruntime-node isn't installed, or the network can't be compiled. Default true. */
  compiled?: boolean;
}

/** A task of each kind: their heads have different widths, their losses different scales. */
const TASKS: Tasks = { a: binary(), b: regression(), c: multiclass({ classes: ['low', 'middle', 'high'] }) };

const specOf = (network: NetworkSource, tasks: readonly string[]) =>
  typeof network === 'function' ? network(tasks) : network;

/**
 * All that a network promises, a case each. {@link testModel} registers them with a test runner. Its tasks are `a`, `b` and
 * `c`, or some of them; one whose configuration names its tasks is given as a function of their names.
 *
 * @example
 * modelCases(ple({ levels: [{ experts: mlp([4]), perTask: 2, shared: 1 }] }));
 * modelCases((tasks) => adatt({ levels: [{ experts: mlp([4]), perTask: tasks.map((_, t) => t + 1) }] }));
 */
export function modelCases(network: NetworkSource, options: ModelOptions = {}): Case[] {
  const { tower, normalized = false, estimated = false, noisy = false, compiled = true } = options;
  const build = (tasks: readonly string[] | Tasks = TASKS, seed = 7) =>
    tinyModel(specOf(network, Array.isArray(tasks) ? (tasks as string[]) : Object.keys(tasks)), { tasks, tower, seed });
  const probe = () => modelProbe(build());
  const spec = specOf(network, Object.keys(TASKS));
  let eager: Promise<Trajectory> | undefined;
  const trajectory = () => (eager ??= eagerTrajectory(build()));
  return casesOf(`network ${options.name ?? spec.name}`, {
    'every task has its outputs, for any batch': () => checkModelShapes(build),
    'its spec is plain JSON and says all': () =>
      checkSpecJson(spec, (each) => modelProbe(tinyModel(each, { tasks: TASKS, tower }))),
    'one seed, one start': () => checkSeeds((seed) => modelProbe(build(TASKS, seed)), { random: true, learned: true }),
    'all chance comes from the seed': () => checkStreams(probe),
    'tasks are treated by name, whatever their order': () => checkTaskOrder(TASKS, build, noisy),
    'missing labels and rows of weight 0 leave all else as it is': () => checkMasks(build),
    'gradients reach every weight': () => checkReach(probe, { inputs: true }),
    ...(!estimated && { 'gradients agree with finite differences': () => checkSlopes(probe, { tried: 3 }) }),
    'it works for one, two and three tasks': () => checkInModels(build),
    'fusionWeights reads it': () => checkFusionWeights(build, { normalized }),
    'saved and loaded it gives the same numbers': () => checkSaving(build),
    'it learns': () => checkLearning(trajectory),
    ...(compiled && {
      'compiled it has the gradients that it has eagerly': () => checkCompiledGradients(build),
      'compiled it learns as it does eagerly': () => checkCompiledTrajectory(build, trajectory),
    }),
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
 */
export function testModel(network: NetworkSource, options: ModelOptions & RunnerOptions = {}): void {
  registerCases(
    `network ${options.name ?? specOf(network, Object.keys(TASKS)).name}`,
    modelCases(network, options),
    options,
  );
}
