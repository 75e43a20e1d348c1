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
  const needs = [
    ...Object.entries(features).flatMap(([name, feature]) => featureNeeds(name, feature)),
    ...Object.entries(tasks).flatMap(([name, task]) => taskNeeds(name, task, features)),
    ...[...keep, ...(groups === undefined ? [] : [groups])].map((column): Need => ({
      kind: 'texts',
      key: column,
      column,
    })),
  ];
  return [...new Map(needs.map((need) => [`${need.kind} ${need.key}`, need])).values()];
}

function taskNeeds(name: string, task: Task, features: Declaration['features']): Need[] {
  const column = task.from ?? name;
  const label = labelOf(task);
  const needs = labelTypeOf(label).needs(name, column, label);
  const labels = needs.map((need) => need.column);
  for (const [feature, declared] of Object.entries(features)) {
    const column = columnsOf(feature, declared).find((each) => labels.includes(each));
    if (column === undefined) continue;
    fail({
      expected: `the label of task "${name}" not to be an input`,
      received: `column "${column}" as the label and as feature "${feature}"`,
      fix: `Take "${feature}" out of the features.`,
    });
  }
  if (task.weightFrom !== undefined) needs.push({ kind: 'numbers', key: task.weightFrom, column: task.weightFrom });
  return needs;
}
