import { fail, labelOf, type Label, type Task } from '@polytask/core';
import type { Need } from '../columns/columns.ts';
import { columnsOf, featureNeeds } from './features.ts';
import type { Declaration } from './declaration.ts';

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
  const labels = label.type === 'time' ? [column, label.event] : [column];
  for (const [feature, declared] of Object.entries(features)) {
    const column = columnsOf(feature, declared).find((each) => labels.includes(each));
    if (column === undefined) continue;
    fail({
      expected: `the label of task "${name}" not to be an input`,
      received: `column "${column}" as the label and as feature "${feature}"`,
      fix: `Take "${feature}" out of the features.`,
    });
  }
  if (label.type === 'yes-no' && label.above !== undefined) {
    const { above, positive } = label;
    if (!Number.isFinite(above) || positive !== undefined) {
      fail({
        expected: `either positive values or a number above which a label of task "${name}" is yes`,
        received: positive === undefined ? `above: ${above}` : 'both',
        fix: 'Write binary({ above: 0 }) for a column of numbers.',
      });
    }
  }
  const needs: Need[] = [labelNeed(name, column, label)];
  if (label.type === 'time') needs.push({ kind: 'texts', key: label.event, column: label.event });
  if (task.weightFrom !== undefined) needs.push({ kind: 'numbers', key: task.weightFrom, column: task.weightFrom });
  return needs;
}

function labelNeed(name: string, column: string, label: Label): Need {
  if (label.type !== 'labels') return { kind: readsNumbers(label) ? 'numbers' : 'texts', key: column, column };
  const emptyCell = label.empty === 'missing' ? 'missing' : 'null';
  return {
    ...{ kind: 'lists', key: labelsKey(name), column, separator: label.separator },
    empty: 'left-out',
    emptyCell,
  };
}

/** The key of the column of a task whose cells hold several labels: a feature may have the task's name. */
export const labelsKey = (task: string): string => `labels of ${task}`;

export const readsNumbers = (label: Label): boolean =>
  label.type === 'number' || label.type === 'time' || (label.type === 'yes-no' && label.above !== undefined);
