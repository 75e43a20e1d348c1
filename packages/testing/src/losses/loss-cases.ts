import {
  binary,
  checks,
  declareTask,
  labelOf,
  lossesFor,
  readOptions,
  registered,
  type FromDescription,
  type Label,
  type LossSpec,
  type Task,
  type Written,
} from '@polytask/core';
import { caseOptions, registerChecks } from '../cases/case.ts';
import { learningChecks } from '../checks/engines.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { deployment, wayChecks } from '../way/whole-way.ts';
import {
  checkDoubles,
  checkLargeOutputs,
  checkLossGradient,
  checkLossJson,
  checkMissingLabel,
  checkStackedTasks,
  isGrouped,
} from './loss-checks.ts';

const description = {
  ...caseOptions,
  ...deployment,
  /** The kind of task that it is tested with. Without it, the first that it is for. */
  task: checks.optional(checks.text),
};

/** How a loss differs from the defaults of the contract. */
export interface LossOptions extends Written<typeof description>, FromDescription {}

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
 * Registers the promises of a loss as a group of tests, one for each. The model has a task with the loss, and another with the loss of its
 * kind. A loss that compares the rows of a group is tested on batches with groups.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testLoss(focal({ gamma: 1 }), { runner });
 */
export function testLoss(loss: LossSpec, options: LossOptions = {}): void {
  const read = readOptions(options, description, 'testLoss');
  const { name = loss.name, compiled, task: kind = kindFor(loss) } = read;
  const task = taskOf(kind, loss);
  const build = () => tinyModel(tinyNetwork(), { tasks: { a: task, b: binary() } });
  const promises = {
    'its spec is plain JSON and says all': () => checkLossJson(loss, task),
    'tensors have the losses of doubles': () => checkDoubles(loss, task),
    'its gradient is its slope': () => checkLossGradient(loss, task),
    'it is finite for large outputs': () => checkLargeOutputs(task),
    'tasks with the loss are computed together as one by one': () => checkStackedTasks(task),
    ...(isGrouped(task) && { 'a row without a label changes nothing': () => checkMissingLabel(task) }),
    ...learningChecks(build, compiled),
    ...wayChecks(() => ({ task }), read),
  };
  registerChecks(`loss ${name}`, promises, read);
}
