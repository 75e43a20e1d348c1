import {
  readOptions,
  component,
  fail,
  isObject,
  number,
  share,
  objectAt,
  optional,
  shaped,
  type Option,
  text,
} from '@polytask/components';
// These define the kinds of task wherever a model is built or loaded.
import './binary.ts';
import './multiclass.ts';
import './regression.ts';
import { labelTypeOf } from './label-types.ts';
import { checkOptions, kindOf, labelOf, predictionOf, predictionWidth } from './task-kind.ts';
import { SHARED, type Calibrated, type Task, type Tasks } from './tasks.ts';

/** What names the numbers of a prediction, and an example, by the type of the label. */
const NAMED: Readonly<Record<string, readonly [what: string, example: string]>> = {
  class: ['classes', "{ classes: ['a', 'b', …] }"],
  labels: ['labels', "{ labels: ['a', 'b', …] }"],
  time: ['cut points', '{ cuts: [30, 90, …] }'],
};

/**
 * The number of outputs of a task's head.
 *
 * @throws PolytaskError when a task has fewer than two classes, or no labels or cut points: a fit finds them
 * @example logitsOf('level', multiclass({ classes: ['low', 'middle', 'high'] })) // 3
 */
export function logitsOf(name: string, task: Task): number {
  const { type, names } = predictionOf(task);
  const least = type === 'probabilities' ? 2 : 1;
  if (names && names.length < least) {
    const [what, example] = NAMED[labelOf(task).type] ?? ['names of the prediction', 'them'];
    fail({
      expected: `the ${what} of task "${name}", ${least === 2 ? 'two' : 'one'} or more`,
      received: names.length === 0 ? 'none' : JSON.stringify(names),
      fix: `Pass ${example}, or fit a table, which finds them.`,
    });
  }
  return kindOf(task).outputs?.() ?? predictionWidth(task);
}

const calibratedOptions = {
  calibration: optional(component('calibration')),
  interval: optional(shaped({ level: share, margin: number() })),
  threshold: optional(shaped({ at: share, rule: component('threshold') })),
} satisfies { [K in keyof Calibrated]-?: Option };

/**
 * Checks the tasks of a model, also those that are written as objects: their names, kinds, options and fitted values.
 *
 * @returns the tasks
 * @throws PolytaskError when there is no task, or a task has an invalid name, kind, option or class list
 * @example checkTasks({ click: binary() })
 */
export function checkTasks(tasks: unknown): Tasks {
  const entries = Object.entries(isObject(tasks) ? tasks : {});
  if (entries.length === 0) {
    fail({ expected: 'at least one task', received: 'none', fix: 'Pass tasks: { click: binary() }.' });
  }
  for (const [name, task] of entries) {
    if (name === '' || name === SHARED || name.includes('.')) {
      fail({
        expected: `a task name without dots that is not "${SHARED}"`,
        received: JSON.stringify(name),
        fix: 'Rename the task; `from` still names the column.',
      });
    }
    checkTask(name, task as Task);
  }
  return tasks as Tasks;
}

function checkTask(name: string, task: Task): void {
  const where = `task "${name}"`;
  text.read(objectAt(task, where)['kind'], `${where}.kind`);
  checkOptions(task, where);
  logitsOf(name, task);
  const { fitted, calibrated } = task;
  if (calibrated !== undefined) readOptions(calibrated, calibratedOptions, `${where}.calibrated`);
  if (fitted === undefined) return;
  const label = labelOf(task);
  readOptions(fitted, labelTypeOf(label).fitted(label), `${where}.fitted`);
  const { shares } = fitted;
  if (!shares || shares.length === predictionWidth(task)) return;
  fail({
    expected: `a share for each of the ${predictionWidth(task)} classes for ${where}.fitted`,
    received: String(shares.length),
    fix: 'Take train.schema, or fitSchema(table).',
  });
}
