import { fail, recordOf } from '@polytask/components';
import { BinnedColumns } from './bins/binned-columns.ts';
import type { Columns } from './columns.ts';
import type { BoostingModel } from './model/boosting-model.ts';
import { sharedSettingsOf, taskSettingsOf, type SharedTaskOptions, type SharedTrainingOptions } from './options.ts';
import { lastOf, learn, tableFor } from './rounds.ts';

/** The labels of a task: one for each row. */
export interface TaskLabels {
  /** As for `boost`. NaN is a missing label. */
  readonly labels: ArrayLike<number>;
  /** How often each row counts. Default: once. */
  readonly weights?: ArrayLike<number> | undefined;
}

export interface SharedTask extends TaskLabels, SharedTaskOptions {
  /** The model of this task whose training goes on, as for `boost`. The models of all tasks have the same bins. */
  readonly initModel?: BoostingModel | undefined;
}

export interface BoostTogetherOptions<Name extends string = string> extends SharedTrainingOptions {
  /** The features, as for `boost`. Leave out rows without any label: they would count in `minDataInLeaf`. */
  readonly columns: Columns | BinnedColumns;
  readonly tasks: Readonly<Record<Name, SharedTask>>;
  /** Rows that no tree is grown on. A task stops when its loss on them no longer falls, and its model ends with its least. */
  readonly validation?:
    | { readonly columns: Columns | BinnedColumns; readonly tasks: Readonly<Partial<Record<Name, TaskLabels>>> }
    | undefined;
}

/**
 * Trains a model for each task, with trees that have the same splits: each round grows one tree, with a value for each task in each leaf. A split
 * is chosen by what all tasks gain, so tasks with few labels get the splits of related tasks with many. Labels may be missing.
 *
 * The gain of a split is Σ gainₜ / φₜ over the tasks, where φₜ = Σ g² / Σ h over the rows with a label. Without an effect, a task's gain is φₜ for
 * each split in expectation, whatever its loss, the unit of its labels and their number. C classes count (C − 1) / C times, as two classes are one number.
 *
 * @returns a model for each task, as {@link boost} gives it. The gains of its splits are those of its task
 * @throws PolytaskError for an unknown option, or for columns, labels or weights that don't fit
 * @example
 * const { rent, late } = boostTogether({
 *   columns: { rooms: [1, 2, 3, 4] },
 *   tasks: { rent: { objective: 'regression', labels: [5, 5, 9, NaN] }, late: { objective: 'binary', labels: [0, 0, 1, 1] } },
 *   minDataInLeaf: 1,
 * });
 * rent.predict({ rooms: [4] })[0] > 8; // true
 */
export const boostTogether = <Name extends string>(options: BoostTogetherOptions<Name>): Record<Name, BoostingModel> =>
  lastOf(boostTogetherInRounds(options));

/**
 * Trains as {@link boostTogether} does, and yields the number of rounds after each.
 *
 * @returns the models
 * @throws PolytaskError as {@link boostTogether} does, at the first step
 * @example
 * const tasks = { late: { objective: 'binary', labels: [0, 0, 1, 1] } } as const;
 * boostTogetherInRounds({ columns: { rooms: [1, 2, 3, 4] }, tasks, minDataInLeaf: 1 }).next(); // { done: false, value: 1 }
 */
export function* boostTogetherInRounds<Name extends string>({
  columns,
  tasks,
  validation,
  ...options
}: BoostTogetherOptions<Name>): Generator<number, Record<Name, BoostingModel>> {
  const settings = sharedSettingsOf(options);
  const names = Object.keys(tasks) as Name[];
  if (names.length === 0)
    fail({ expected: 'at least one task', received: '{}', fix: 'Pass the tasks by their names.' });
  const table = tableFor(columns, names.map((name) => tasks[name].initModel).find(Boolean), settings);
  const learned = names.map((name) => {
    const { labels, weights, initModel, ...own } = tasks[name];
    if (!hasLabel(tasks[name]))
      fail({ expected: `a label of task "${name}"`, received: 'missing labels only', fix: 'Leave the task out.' });
    const held = validation?.tasks[name];
    return {
      ...{ ...taskSettingsOf(own, name), name, rows: { labels, weights }, initModel },
      held: held && hasLabel(held) ? held : undefined,
    };
  });
  const tables = { table, held: validation && BinnedColumns.with(table.bins, validation.columns) };
  const models = yield* learn(learned, tables, settings, 'one tree');
  return recordOf(names, (_, t) => models[t]!);
}

const hasLabel = ({ labels }: TaskLabels): boolean =>
  Array.prototype.some.call(labels, (label: number) => !Number.isNaN(label));
