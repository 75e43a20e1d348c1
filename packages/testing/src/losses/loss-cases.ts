import {
  binary,
  labelOf,
  registered,
  declareTask,
  groupedTasks,
  lossesFor,
  type Label,
  type LossSpec,
  type Task,
} from '@polytask/core';
import {
  checkCaseOptions,
  casesOf,
  registerCases,
  type Case,
  type CaseOptions,
  type Checks,
  type RunnerOptions,
} from '../cases/case.ts';
import { learningChecks } from '../checks/engines.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { wayChecks, type Deployment } from '../way/whole-way.ts';
import {
  checkGroupDoubles,
  checkGroupGradient,
  checkGroupJson,
  checkLargeGroups,
  checkMissingLabel,
  checkStackedGroups,
} from './group-checks.ts';
import { checkDoubles, checkLargeOutputs, checkLossGradient, checkLossJson, checkStackedTasks } from './loss-checks.ts';

/** How a loss differs from the defaults of the contract. */
export interface LossOptions extends CaseOptions, Deployment {
  /** The kind of task that it is tested with. Default: the first that it is for. */
  task?: string;
}

/** The options that a label needs before a fit. */
const DECLARED: Partial<Record<Label['type'], object>> = {
  class: { classes: ['low', 'middle', 'high'] },
  labels: { labels: ['low', 'middle', 'high'] },
  time: { cuts: [0.2, 1.4] },
};

/** A task of a kind with a loss; of three classes or labels where its label has some. */
const taskOf = (kind: string, loss: LossSpec): Task => declareTask(kind, { ...DECLARED[labelOf({ kind }).type], loss });

const kindFor = ({ name }: LossSpec): string => registered('task').find((kind) => lossesFor(kind).includes(name))!;

/**
 * The promises of a loss as cases, one for each. {@link testLoss} registers them with a test runner. The model has a task with the loss,
 * and another with the loss of its kind. A loss that compares the rows of a group is tested on batches with groups.
 *
 * @example lossCases(focal({ gamma: 1 })).map(({ name }) => name).includes('it learns') // true
 */
export function lossCases(loss: LossSpec, options: LossOptions = {}): Case[] {
  checkCaseOptions(options, ['task', 'serving', 'server'], 'testLoss');
  const { compiled = true, task: kind = kindFor(loss) } = options;
  const task = taskOf(kind, loss);
  const build = () => tinyModel(tinyNetwork(), { tasks: { a: task, b: binary() } });
  return casesOf(`loss ${options.name ?? loss.name}`, {
    ...(groupedTasks({ a: task }).length > 0 ? groupChecks(loss, task) : rowChecks(loss, task)),
    ...learningChecks(build, compiled),
    ...wayChecks(() => ({ task }), options),
  });
}

const rowChecks = (loss: LossSpec, task: Task): Checks => ({
  'its spec is plain JSON and says all': () => checkLossJson(loss, task),
  'tensors have the losses of doubles': () => checkDoubles(loss, task),
  'its gradient is its slope': () => checkLossGradient(loss, task),
  'it is finite for large outputs': () => checkLargeOutputs(task),
  'tasks with the loss are computed together as one by one': () => checkStackedTasks(task),
});

const groupChecks = (loss: LossSpec, task: Task): Checks => ({
  'its spec is plain JSON and says all': () => checkGroupJson(loss, task),
  'a batch of tensors has the loss of its groups in doubles': () => checkGroupDoubles(loss, task),
  'its gradient is its slope': () => checkGroupGradient(loss, task),
  'a row without a label changes nothing': () => checkMissingLabel(task),
  'it is finite for large outputs, and without labels': () => checkLargeGroups(task),
  'tasks with the loss are computed together as one by one': () => checkStackedGroups(task),
});

/**
 * Registers {@link lossCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testLoss(focal({ gamma: 1 }), { runner });
 */
export const testLoss = (loss: LossSpec, options: LossOptions & RunnerOptions = {}): void =>
  registerCases(lossCases(loss, options), options);
