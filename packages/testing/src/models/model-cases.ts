import {
  binary,
  multiclass,
  regression,
  type ExpertSpec,
  type InputSpec,
  type NetworkSpec,
  type Schema,
  type Tasks,
  taskLossAt,
  padBatch,
  labelsOf,
  lossesOf,
  logitsOf as widthOf,
  type Batch,
  type MultiTaskModel,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { casesOf, registerCases, type Case, type RunnerOptions, broken } from '../cases/case.ts';
import { learningChecks } from '../checks/engines.ts';
import { checkReach, checkSlopes } from '../checks/gradients.ts';
import { checkFusionWeights, checkInModels } from '../checks/in-models.ts';
import { checkLeaks } from '../checks/leaks.ts';
import { checkSaving, checkSeeds, checkSpecJson, checkStreams } from '../checks/repeatable.ts';
import { modelProbe } from '../probes/probe.ts';
import { tinyModel, gradientsOf, logitsOf, tinyBatch, withModels } from '../tiny/tiny-model.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { gradientNumbers } from '../tiny/numbers.ts';

/** A network, or a function from task names to a network whose configuration depends on them. */
export type NetworkSource = NetworkSpec | ((tasks: readonly string[]) => NetworkSpec);

/** How a network differs from the defaults of the contract. */
export interface ModelOptions {
  /** The name of the group of tests. Default: the network's name. */
  name?: string;
  /**
   * The features that the network reads, such as the prior of a PEPNet. Default: one feature `x`, a vector of three numbers. The rows
   * are made up, with all values of a vocabulary.
   */
  features?: Schema['features'];
  /** Names of features that are contexts of the schema. Default: none. */
  context?: Schema['context'];
  /** The tower of each task. Default: none. */
  tower?: ExpertSpec;
  /** The model's input. Default: `embed()`. */
  input?: InputSpec;
  /** Whether gated and constant weights together sum to 1 for each output of each level. Default false. */
  normalized?: boolean;
  /** Whether a part's gradient is an estimate on purpose (straight-through). Default false. */
  estimated?: boolean;
  /**
   * Whether training draws noise in the tasks' order. Tasks listed in another order then have the same outputs, but other
   * noise and gradients in training. Default false.
   */
  noisy?: boolean;
  /** False where no ONNX Runtime is installed, or the network can't be compiled. Default true. */
  compiled?: boolean;
}

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
export function modelCases(network: NetworkSource, options: ModelOptions = {}): Case[] {
  const { features, context, tower, input } = options;
  const { normalized = false, estimated = false, noisy = false, compiled = true } = options;
  const build = (tasks: readonly string[] | Tasks = TASKS, seed = 7) =>
    tinyModel(specOf(network, Array.isArray(tasks) ? (tasks as string[]) : Object.keys(tasks)), {
      tasks,
      features,
      context,
      tower,
      input,
      seed,
    });
  const probe = () => modelProbe(build());
  const spec = specOf(network, Object.keys(TASKS));
  return casesOf(`network ${options.name ?? spec.name}`, {
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
export function testModel(network: NetworkSource, options: ModelOptions & RunnerOptions = {}): void {
  registerCases(
    `network ${options.name ?? specOf(network, Object.keys(TASKS)).name}`,
    modelCases(network, options),
    options,
  );
}

/** Each task has finite outputs [batch × width], and a row has the same outputs alone and in a batch. */
function checkModelShapes(build: () => MultiTaskModel): void {
  withModels([build()], (model) => {
    const [one, five] = [logitsOf(model, 1), logitsOf(model, 5)];
    for (const [rows, logits] of [
      [1, one],
      [5, five],
    ] as const) {
      for (const task of model.taskNames) {
        const count = rows * widthOf(task, model.schema.tasks[task]!);
        if (logits[task]?.length === count) continue;
        broken({
          expected: `${count} outputs of task ${task} for ${rows} rows`,
          seen: String(logits[task]?.length),
          mend: 'Give each task a lane [batch, width].',
        });
      }
      expectFinite(logits, 'Guard logarithms, divisions and roots at 0.');
    }
    const first = Object.fromEntries(model.taskNames.map((task) => [task, five[task]!.slice(0, one[task]!.length)]));
    expectAgreement(one, first, 1e-5, {
      what: 'the same outputs of a row alone and in a batch',
      mend: "Let a row's outputs depend on that row alone, when not training.",
    });
  });
}

/**
 * With the same seed, tasks listed in another order have the same outputs and the same gradients. Each task's parameters
 * start from the task's name.
 *
 * @param noisy whether training draws noise in the tasks' order, so that the gradients may differ
 */
function checkTaskOrder(tasks: Tasks, build: (tasks: Tasks) => MultiTaskModel, noisy = false): void {
  const [first, ...rest] = Object.entries(tasks);
  withModels([build(tasks), build(Object.fromEntries([...rest, first!]))], (model, reordered) => {
    const mend = 'Go by the names of tasks and units, not by their places.';
    expectAgreement(logitsOf(reordered, 5), logitsOf(model, 5), 1e-4, {
      what: 'the same outputs when the tasks are listed in another order',
      mend,
    });
    if (noisy) return;
    expectAgreement(sorted(gradientsOf(reordered, 8)), sorted(gradientsOf(model, 8)), 1e-4, {
      what: 'the same gradients, sorted, when the tasks are listed in another order',
      mend,
    });
  });
}

/** Sorts the numbers of each parameter, as the members of a bank are in the tasks' order. */
const sorted = (gradients: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, [...values].sort((a, b) => a - b)]));

const ROWS = 6;
const LEFT = 4;

/** The gradient of one task's loss by parameter, outside of training. */
const gradientOf = (model: MultiTaskModel, batch: Batch, task: string): Numbers =>
  tf.tidy(() => {
    const tensors = model.toTensors(batch);
    const place = model.taskNames.indexOf(task);
    return gradientNumbers(() => taskLossAt(lossesOf(model, tensors), place), model.store.trainable());
  });

/** The batch without labels (NaN, weight 0) of these tasks from row `from` on. */
const without = (batch: Batch, tasks: readonly string[], from: number): Batch => {
  const copy = padBatch(batch, batch.size);
  for (const { labels, weights } of tasks.map((task) => labelsOf(copy, task))) {
    labels.fill(NaN, from);
    weights.fill(0, from);
  }
  return copy;
};

/**
 * A task without labels doesn't change the gradients of the other tasks. A row of weight 0 doesn't change any gradient,
 * whatever its features are.
 */
function checkMasks(build: () => MultiTaskModel): void {
  withModels([build()], (model) => {
    const all = tinyBatch(model, ROWS);
    const mend = "Let a row's outputs depend on that row alone, when not training.";
    const [first] = model.taskNames;
    const cut = without({ ...all, numeric: all.numeric.slice() }, model.taskNames, LEFT);
    cut.numeric.fill(100, LEFT * (cut.numeric.length / ROWS));
    for (const task of model.taskNames) {
      if (task !== first) {
        expectAgreement(gradientOf(model, without(all, [first!], 0), task), gradientOf(model, all, task), 0, {
          what: `the gradient of ${task} without labels of ${first}`,
          mend,
        });
      }
      expectAgreement(gradientOf(model, cut, task), gradientOf(model, tinyBatch(model, LEFT), task), 1e-5, {
        what: `the gradient of ${task} on ${LEFT} rows, with rows of weight 0 after them`,
        mend,
      });
    }
  });
}
