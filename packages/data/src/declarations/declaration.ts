import { mapValues } from '@polytask/components';
import {
  readOptions,
  checks,
  fail,
  declareTask,
  type Described,
  type Option,
  type Options,
  type Task,
  type Tasks,
} from '@polytask/core';
import { anything, string } from '../options/checks.ts';
import { declaredFeature, type FeatureDeclaration } from './features.ts';

/**
 * The features and tasks of a table: which columns are inputs, and which are labels.
 *
 * @example
 * { features: { age: numeric(), state: categorical() }, tasks: { income: binary({ positive: '50000+.' }) } }
 */
export interface Declaration<T extends Tasks = Tasks, F extends string = string> {
  readonly features: Readonly<Record<F, FeatureDeclaration>>;
  /** By name; `{}` for a table that is only to be predicted. */
  readonly tasks: T;
  /** Further columns to read as text: to split by, for instance. They are no features. */
  readonly keep?: readonly string[];
  /**
   * The column of the groups, such as users, for losses that compare the rows of a group. It is read as text, and is a feature only if it
   * is declared as one, too. A row without a value is a group of its own.
   */
  readonly groups?: string | undefined;
  /**
   * Names of the features that are the context of a row, such as the tab of an app or a country: each a feature with one id, perhaps of a
   * joined table. Experts, gates and architectures read them by name. Default: none.
   */
  readonly context?: readonly string[] | undefined;
}

/** The part of a declaration that all rows have, without options. */
export const declarationOf = <T extends Tasks, F extends string = string>({
  features,
  tasks,
  keep = [],
  groups,
  context,
}: Declaration<T, F>): Declaration<T, F> => ({
  features,
  tasks,
  keep,
  ...(groups !== undefined && { groups }),
  ...(context && { context }),
});

const byName = (example: string): Option =>
  checks.custom((value, where) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
    fail({
      expected: `an object for ${where}, with a key for each`,
      received: JSON.stringify(value) ?? 'nothing',
      fix: `Pass ${example}.`,
    });
  });

const DECLARATION: Options<Declaration> = {
  features: byName('features: { age: numeric() }'),
  tasks: byName('tasks: { income: binary() }, or tasks: {} for rows that are only to be predicted'),
  keep: checks.optional(checks.listOf(string)),
  groups: checks.optional(string),
  context: checks.optional(checks.listOf(string)),
};

/** The further keys of tables and streams, which are declarations too. */
const ROW_KEYS = {
  size: anything,
  columns: anything,
  where: anything,
  subset: anything,
  tables: anything,
  tablesFrom: anything,
};

/**
 * Checks a declaration and the options beside it. Features and tasks may also be those of a data set file, such as `"numeric"`.
 *
 * @param more checks of the options beside the declaration
 * @param where the called function, for messages
 * @returns the same, with features and tasks as their functions declare them
 * @throws PolytaskError for a key that nothing reads, with the name that was meant
 */
export function readDeclaration<D extends Declaration>(declaration: D, more: Described, where: string): D {
  const { subset, tables } = { ...declaration } as Readonly<Record<string, unknown>>;
  const hasRows = typeof subset === 'function' || typeof tables === 'function';
  const options = { ...DECLARATION, ...(hasRows && ROW_KEYS), ...more };
  readOptions(declaration, options, where);
  return {
    ...declaration,
    features: mapValues(declaration.features, (feature, name) => declaredFeature(name, feature)),
    tasks: mapValues(declaration.tasks, (task: Task | string) => (typeof task === 'string' ? declareTask(task) : task)),
  };
}
