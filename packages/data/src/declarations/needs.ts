import { fail, type Task } from '@polytask/core';
import { columnsOf, featureNeeds, type Need } from '../fitting/feature-kinds.ts';
import type { Declaration } from './declaration.ts';

/**
 * Lists the columns that a declaration reads, each once.
 *
 * @throws PolytaskError for a declaration without features, a label that is also a feature, and a feature of an unknown kind
 */
export function needsOf({ features, tasks, keep = [] }: Declaration): readonly Need[] {
  if (Object.keys(features).length === 0) {
    fail({ expected: 'at least one feature', received: 'none', mend: 'Pass features: { age: numeric() }.' });
  }
  const needs = [
    ...Object.entries(features).flatMap(([name, feature]) => featureNeeds(name, feature)),
    ...Object.entries(tasks).flatMap(([name, task]) => taskNeeds(name, task, features)),
    ...keep.map((column): Need => ({ kind: 'texts', key: column, column })),
  ];
  return [...new Map(needs.map((need) => [`${need.kind} ${need.key}`, need])).values()];
}

function taskNeeds(name: string, task: Task, features: Declaration['features']): Need[] {
  const column = task.from ?? name;
  const leak = Object.entries(features).find(([feature, declared]) => columnsOf(feature, declared).includes(column));
  if (leak) {
    fail({
      expected: `the label of task "${name}" not to be an input`,
      received: `column "${column}" as the label and as feature "${leak[0]}"`,
      mend: `Take "${leak[0]}" out of the features.`,
    });
  }
  if (task.kind === 'binary' && task.above !== undefined) {
    const { above, positive } = task;
    if (!Number.isFinite(above) || positive !== undefined) {
      fail({
        expected: `either positive values or a number above which a label of task "${name}" is yes`,
        received: positive === undefined ? `above: ${above}` : 'both',
        mend: 'Write binary({ above: 0 }) for a column of numbers.',
      });
    }
  }
  const needs: Need[] = [{ kind: readsNumbers(task) ? 'numbers' : 'texts', key: column, column }];
  if (task.weightFrom !== undefined) needs.push({ kind: 'numbers', key: task.weightFrom, column: task.weightFrom });
  return needs;
}

/** Whether the label's column is read as numbers. */
export const readsNumbers = (task: Task): boolean =>
  task.kind === 'regression' || (task.kind === 'binary' && task.above !== undefined);
