import { fail, suggestion, type BinaryTask, type Task } from '@polytask/core';
import type { Declaration } from './declaration.ts';
import type { FeatureDeclaration } from './features.ts';

/** A column to read and in which form; one column can be wanted in two. `key` is its name in {@link Columns}. */
export type Need =
  | { readonly kind: 'numbers' | 'texts'; readonly key: string; readonly column: string }
  | { readonly kind: 'lists'; readonly key: string; readonly column: string; readonly separator: string }
  | { readonly kind: 'vectors'; readonly key: string; readonly column: string; readonly width: number };

/** The separator of multi-valued cells where none is declared. */
export const SEPARATOR = '|';

/** Everything that a declaration reads, each once. Throws where the declaration is wrong in itself. */
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

function featureNeeds(name: string, feature: FeatureDeclaration): Need[] {
  const column = feature.from ?? name;
  switch (feature.kind) {
    case 'numeric':
      return [{ kind: 'numbers', key: column, column }];
    case 'categorical':
    case 'hashed':
      return [{ kind: 'texts', key: column, column }];
    case 'multi-valued':
      return [{ kind: 'lists', key: name, column, separator: feature.separator ?? SEPARATOR }];
    case 'vector':
      if (!feature.columns) return [{ kind: 'vectors', key: name, column, width: feature.width }];
      return feature.columns.map((each): Need => ({ kind: 'numbers', key: each, column: each }));
    default:
      return unknownKind(name, (feature as { kind?: unknown } | undefined)?.kind);
  }
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
  if (task.kind === 'binary') checkAbove(name, task);
  const needs: Need[] = [{ kind: readsNumbers(task) ? 'numbers' : 'texts', key: column, column }];
  if (task.weightFrom !== undefined) needs.push({ kind: 'numbers', key: task.weightFrom, column: task.weightFrom });
  return needs;
}

/** Whether a task's label is a number in its column. */
export const readsNumbers = (task: Task): boolean =>
  task.kind === 'regression' || (task.kind === 'binary' && task.above !== undefined);

function checkAbove(name: string, { above, positive }: BinaryTask): void {
  if (above === undefined || (Number.isFinite(above) && positive === undefined)) return;
  fail({
    expected: `either positive values or a number above which a label of task "${name}" is yes`,
    received: positive === undefined ? `above: ${above}` : 'both',
    mend: 'Write binary({ above: 0 }) for a column of numbers.',
  });
}

const columnsOf = (name: string, feature: FeatureDeclaration): readonly string[] =>
  (feature.kind === 'vector' ? feature.columns : undefined) ?? [feature.from ?? name];

function unknownKind(name: string, kind: unknown): never {
  return fail({
    expected: `feature "${name}" to be declared with numeric, categorical, hashed, multiValued or vector`,
    received: JSON.stringify(kind) ?? 'nothing',
    mend: suggestion(String(kind), ['numeric', 'categorical', 'hashed', 'multiValued', 'vector']),
  });
}
