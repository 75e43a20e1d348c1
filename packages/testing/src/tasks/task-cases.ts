import { binary, lossOf, type Task } from '@polytask/core';
import {
  checkCaseOptions,
  casesOf,
  registerCases,
  type Case,
  type CaseOptions,
  type RunnerOptions,
} from '../cases/case.ts';
import { learningChecks } from '../checks/engines.ts';
import { checkLossGradient } from '../losses/loss-checks.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { wayChecks, type Deployment } from '../way/whole-way.ts';
import { checkLabels, checkScores, checkStart, checkTaskJson, fittedTask } from './task-checks.ts';

/** How a kind of task differs from the defaults of the contract. */
export interface TaskCaseOptions extends CaseOptions, Deployment {}

/**
 * The promises of a kind of task as cases, one for each. {@link testTask} registers them with a test runner. The model has the task
 * beside a binary one.
 *
 * @param task a task of the kind; with its classes, labels or cut points where it has some
 * @example taskCases(regression()).map(({ name }) => name).includes('it learns') // true
 */
export function taskCases(task: Task, options: TaskCaseOptions = {}): Case[] {
  checkCaseOptions(options, ['serving', 'server'], 'testTask');
  const { compiled = true } = options;
  const build = () => tinyModel(tinyNetwork(), { tasks: { a: fittedTask(task).task, b: binary() } });
  return casesOf(`task ${options.name ?? task.kind}`, {
    'it is plain JSON': () => checkTaskJson(task),
    'tensors have the predictions of doubles': () => checkScores(fittedTask(task).task),
    'labels are the same after encoding and decoding': () => checkLabels(task),
    'its head starts at the best constant': () => checkStart(task),
    'the gradient of its loss is the slope': () => checkLossGradient(lossOf(task), task),
    ...learningChecks(build, compiled),
    ...wayChecks(() => ({ task }), options),
  });
}

/**
 * Registers {@link taskCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testTask(regression({ log: true }), { runner });
 */
export const testTask = (task: Task, options: TaskCaseOptions & RunnerOptions = {}): void =>
  registerCases(taskCases(task, options), options);
