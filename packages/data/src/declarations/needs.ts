import { fail, labelOf, type Task } from '@polytask/core';
import type { Need } from '../columns/columns.ts';
import { columnsOf, featureNeeds } from './features.ts';
import type { Declaration } from './declaration.ts';
import { labelTypeOf } from '../labels/index.ts';

/**
 * Lists the columns that a declaration reads, each once.
 *
 * @throws PolytaskError for a declaration without features, a label that is also a feature, and a feature of an unknown kind
 */
export function needsOf({ features, tasks, keep = [], groups }: Declaration): readonly Need[] {
  if (Object.keys(features).length === 0) {
    fail({ expected: 'at least one feature', received: 'none', fix: 'Pass features: { age: numeric() }.' });
  }
  for (const [name, task] of Object.entries(tasks)) checkInputs(name, task, features);
  const needs = [
    ...Object.entries(features).flatMap(([name, feature]) => featureNeeds(name, feature)),
    ...Object.entries(tasks).flatMap(([name, task]) => taskNeeds(name, task)),
    ...[...keep, ...(groups === undefined ? [] : [groups])].map((column): Need => ({
      kind: 'texts',
      key: column,
      column,
    })),
  ];
  return [...new Map(needs.map((need) => [`${need.kind} ${need.key}`, need])).values()];
}

/** The columns of a task's label. */
function labelNeeds(name: string, task: Task): Need[] {
  const label = labelOf(task);
  return labelTypeOf(label).needs(name, task.from ?? name, label);
}

/** The columns of a task: those of its label, and that of its sample weights. */
export function taskNeeds(name: string, task: Task): Need[] {
  const { weightFrom } = task;
  const weights: Need[] = weightFrom === undefined ? [] : [{ kind: 'numbers', key: weightFrom, column: weightFrom }];
  return [...labelNeeds(name, task), ...weights];
}

function checkInputs(name: string, task: Task, features: Declaration['features']): void {
  const labels = labelNeeds(name, task).map(({ column }) => column);
  for (const [feature, declared] of Object.entries(features)) {
    const column = columnsOf(feature, declared).find((each) => labels.includes(each));
    if (column === undefined) continue;
    fail({
      expected: `the label of task "${name}" not to be an input`,
      received: `column "${column}" as the label and as feature "${feature}"`,
      fix: `Take "${feature}" out of the features.`,
    });
  }
}
