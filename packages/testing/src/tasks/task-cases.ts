import { binary, lossOf, readOptions, type FromDescription, type Task, type Written } from '@polytask/core';
import { caseOptions, registerChecks } from '../cases/case.ts';
import { learningChecks } from '../checks/engines.ts';
import { checkLossGradient } from '../losses/loss-checks.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { deployment, wayChecks } from '../way/whole-way.ts';
import { checkLabels, checkScores, checkStart, checkTaskJson, fittedTask } from './task-checks.ts';

const description = { ...caseOptions, ...deployment };

/** How a kind of task differs from the defaults of the contract. */
export interface TaskCaseOptions extends Written<typeof description>, FromDescription {}

/**
 * Registers the promises of a kind of task as a group of tests, one for each. The model has the task beside a binary one.
 *
 * @param task a task of the kind; with its classes, labels or cut points where it has some
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testTask(regression({ log: true }), { runner });
 */
export function testTask(task: Task, options: TaskCaseOptions = {}): void {
  const read = readOptions(options, description, 'testTask');
  const build = () => tinyModel(tinyNetwork(), { tasks: { a: fittedTask(task).task, b: binary() } });
  const promises = {
    'it is plain JSON': () => checkTaskJson(task),
    'tensors have the predictions of doubles': () => checkScores(fittedTask(task).task),
    'labels are the same after encoding and decoding': () => checkLabels(task),
    'its head starts at the best constant': () => checkStart(task),
    'the gradient of its loss is the slope': () => checkLossGradient(lossOf(task), task),
    ...learningChecks(build, read.compiled),
    ...wayChecks(() => ({ task }), read),
  };
  registerChecks(`task ${read.name ?? task.kind}`, promises, read);
}
