import { custom, fail, isObject, listOf, mapValues, optional, shown, string, under } from '@polytask/components';
import {
  anything,
  type FromDescription,
  type Option,
  readOptions,
  registered,
  type Written,
} from '@polytask/components';
import { type Described, type Task, type Tasks, declareTask } from '@polytask/core';
import { asksForNumbers, cellsOption } from '../columns/cells.ts';
import { type Need, needOf } from '../columns/columns.ts';
import { labeled, readingOf } from '../labels/index.ts';
import { ofKind } from './declared-kind.ts';
import { anyFeature, featureNeeds, type FeatureDeclaration } from './features.ts';

const rowOptions = {
  /** Further columns to read as text: to split by, for instance. They are no features. */
  keep: optional(listOf(string)),
  /**
   * The column of the groups, such as users, for losses that compare the rows of a group. It is read as text, and is a feature only if it
   * is declared as one, too. A row without a value is a group of its own.
   */
  groups: optional(string),
  /**
   * Names of the features that are the context of a row, such as the tab of an app or a country: each a feature with one id, perhaps of a
   * joined table. Experts, gates and architectures read them by name. Default: none.
   */
  context: optional(listOf(string)),
  /** How the cells of columns become values, by the name of the column: spellings, units, impossible numbers. */
  cells: cellsOption,
};

/**
 * The features and tasks of a table: which columns are inputs, and which are labels.
 *
 * @example
 * { features: { age: numeric(), state: categorical() }, tasks: { income: binary({ positive: '50000+.' }) } }
 */
export interface Declaration<T extends Tasks = Tasks, F extends string = string>
  extends Written<typeof rowOptions>, FromDescription {
  readonly features: Readonly<Record<F, FeatureDeclaration>>;
  /** By name; `{}` for a table that is only to be predicted. */
  readonly tasks: T;
}

/** The part of a declaration that all rows have, without options. */
export const declarationOf = <T extends Tasks, F extends string = string>({
  features,
  tasks,
  keep = [],
  groups,
  context,
  cells,
}: Declaration<T, F>): Declaration<T, F> => ({
  features,
  tasks,
  keep,
  ...(groups !== undefined && { groups }),
  ...(context && { context }),
  ...(cells && { cells }),
});

const byName = <T>(of: Option<T>, example: string): Option<Record<string, T>> =>
  custom(
    (value, where) => {
      if (isObject(value)) return mapValues(value, (each, name) => of.read(each, under(where, name)));
      return fail({
        expected: `an object for ${where}, with a key for each`,
        received: shown(value),
        fix: `Pass ${example}.`,
      });
    },
    { record: of },
  );

export const allFeatures = byName(
  anyFeature,
  'features: { age: numeric() }, or "features": { "age": "numeric" } in a file',
);

const EXAMPLE = 'tasks: { income: binary() }, or tasks: {} for rows that are only to be predicted';

export const describedTasks = byName(
  ofKind(
    () => Object.fromEntries(registered('task').map((kind) => [kind, kind])),
    (kind, _, options, where) => declareTask(kind, options, where),
    { definition: 'task' },
  ),
  EXAMPLE,
);

/** A task that its function has declared is taken as it is: it may be fitted. */
const anyTask = custom<Task>((value) => (typeof value === 'string' ? declareTask(value) : (value as Task)));

const DECLARATION = { features: allFeatures, tasks: byName(anyTask, EXAMPLE), ...rowOptions };

/** The further keys of tables and streams, which are declarations too. */
const ROW_KEYS = {
  size: anything,
  columns: anything,
  where: anything,
  subset: anything,
  tables: anything,
  tablesFrom: anything,
};

/** Reads a declaration and the options beside it, `more`. Features and tasks may also be those of a data set file, such as `"numeric"`. */
export function readDeclaration<D extends Declaration>(declaration: D, more: Described, where: string): D {
  const { subset, tables } = { ...declaration } as Readonly<Record<string, unknown>>;
  const hasRows = typeof subset === 'function' || typeof tables === 'function';
  return readOptions(declaration, { ...DECLARATION, ...(hasRows && ROW_KEYS), ...more }, where) as unknown as D;
}

/** The columns that a declaration reads, each once. @throws PolytaskError without features, and for a label that is also a feature */
export function needsOf({ features, tasks, keep = [], groups, cells = {} }: Declaration): readonly Need[] {
  if (Object.keys(features).length === 0) {
    fail({ expected: 'at least one feature', received: 'none', fix: 'Pass features: { age: numeric() }.' });
  }
  for (const [name, task] of Object.entries(tasks)) checkInputs(name, task, features);
  const needs = [
    ...Object.entries(features).flatMap(([name, feature]) => featureNeeds(name, feature)),
    ...Object.entries(tasks).flatMap(([name, task]) => taskNeeds(name, task)),
    ...(groups === undefined ? keep : [...keep, groups]).map((column) => needOf('texts', column)),
  ];
  for (const [column, rule] of Object.entries(cells)) {
    const forms = needs.filter((need) => need.column === column).map(({ kind }) => kind);
    if (forms.length === 0 || forms.includes('numbers') || !asksForNumbers(rule)) continue;
    fail({
      expected: `column "${column}" to be read as numbers, for its unit, thousands or valid range`,
      received: forms.join(', '),
      fix: `Declare the column numeric(), or leave them out of cells["${column}"].`,
    });
  }
  return [...new Map(needs.map((need) => [`${need.kind} ${need.key}`, need])).values()];
}

function labelNeeds(name: string, task: Task): Need[] {
  const of = labeled(name, task);
  return readingOf(of.label).needs(of);
}

/** The columns of a task: those of its label, and that of its sample weights. */
export function taskNeeds(name: string, task: Task): Need[] {
  const { weightFrom } = task;
  return [...labelNeeds(name, task), ...(weightFrom === undefined ? [] : [needOf('numbers', weightFrom)])];
}

function checkInputs(name: string, task: Task, features: Declaration['features']): void {
  const labels = labelNeeds(name, task).map(({ column }) => column);
  for (const [feature, declared] of Object.entries(features)) {
    const need = featureNeeds(feature, declared).find(({ column }) => labels.includes(column));
    if (!need) continue;
    fail({
      expected: `the label of task "${name}" not to be an input`,
      received: `column "${need.column}" as the label and as feature "${feature}"`,
      fix: `Take "${feature}" out of the features.`,
    });
  }
}
