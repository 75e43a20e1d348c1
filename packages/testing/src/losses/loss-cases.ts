import { binary, lossesFor, multiclass, regression, type LossSpec, type Task } from '@polytask/core';
import { casesOf, registerCases, type Case, type RunnerOptions } from '../cases/case.ts';
import {
  checkCompiledGradients,
  checkCompiledTrajectory,
  checkLearning,
  eagerTrajectory,
  type Trajectory,
} from '../checks/engines.ts';
import { checkSaving } from '../checks/repeatable.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { checkDoubles, checkLargeOutputs, checkLossGradient, checkLossJson, checkStackedTasks } from './loss-checks.ts';

/** How a loss differs from the defaults of the contract. */
export interface LossOptions {
  /** The name of the group of tests. Default: the loss's name. */
  name?: string;
  /** The kind of task that it is tested with. Default: the first that it is for. */
  task?: Task['kind'];
  /** False where no ONNX Runtime is installed. Default true. */
  compiled?: boolean;
}

const TASKS = {
  binary: (loss: LossSpec) => binary({ loss }),
  multiclass: (loss: LossSpec) => multiclass({ classes: ['low', 'middle', 'high'], loss }),
  regression: (loss: LossSpec) => regression({ loss }),
};

const kindOf = ({ name }: LossSpec): Task['kind'] =>
  (Object.keys(TASKS) as Task['kind'][]).find((kind) => lossesFor(kind).includes(name))!;

/**
 * The promises of a loss as cases, one for each. {@link testLoss} registers them with a test runner. The model has a task with the loss,
 * and another with the loss of its kind.
 *
 * @example lossCases(focal({ gamma: 1 })).map(({ name }) => name).includes('it learns') // true
 */
export function lossCases(loss: LossSpec, options: LossOptions = {}): Case[] {
  const { compiled = true, task: kind = kindOf(loss) } = options;
  const task = TASKS[kind](loss);
  const build = () => tinyModel(tinyNetwork(), { tasks: { a: task, b: binary() } });
  let eager: Promise<Trajectory> | undefined;
  const trajectory = () => (eager ??= eagerTrajectory(build()));
  return casesOf(`loss ${options.name ?? loss.name}`, {
    'its spec is plain JSON and says all': () => checkLossJson(loss, task),
    'tensors have the losses of doubles': () => checkDoubles(loss, task),
    'its gradient is its slope': () => checkLossGradient(loss, task),
    'it is finite for large outputs': () => checkLargeOutputs(task),
    'tasks with the loss are computed together as one by one': () => checkStackedTasks(task),
    'saved and loaded the model gives the same numbers': () => checkSaving(build),
    'it learns': () => checkLearning(trajectory),
    ...(compiled && {
      'compiled it has the gradients that it has eagerly': () => checkCompiledGradients(build),
      'compiled it learns as it does eagerly': () => checkCompiledTrajectory(build, trajectory),
    }),
  });
}

/**
 * Registers {@link lossCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testLoss(focal({ gamma: 1 }), { runner });
 */
export function testLoss(loss: LossSpec, options: LossOptions & RunnerOptions = {}): void {
  registerCases(`loss ${options.name ?? loss.name}`, lossCases(loss, options), options);
}
