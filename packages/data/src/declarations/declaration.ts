import { checkOptions, checks, fail, type Tasks, type Check, type Options } from '@polytask/core';
import { anything, string } from '../options/checks.ts';
import type { FeatureDeclaration } from './features.ts';

/**
 * What the columns of a table are for.
 *
 * @example
 * { features: { age: numeric(), state: categorical() }, tasks: { income: binary({ positive: '50000+.' }) } }
 */
export interface Declaration<T extends Tasks = Tasks> {
  readonly features: Readonly<Record<string, FeatureDeclaration>>;
  /** By name; `{}` for a table that is only to be predicted. */
  readonly tasks: T;
  /** Further columns to read, as text: to split by, for instance. They are no features. */
  readonly keep?: readonly string[];
}

const byName =
  (example: string): Check =>
  (value, where) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
    fail({
      expected: `an object for ${where}, with a key for each`,
      received: JSON.stringify(value) ?? 'nothing',
      mend: `Pass ${example}.`,
    });
  };

const DECLARATION: Options<Declaration> = {
  features: byName('features: { age: numeric() }'),
  tasks: byName('tasks: { income: binary() }, or tasks: {} for rows that are only to be predicted'),
  keep: checks.optional(checks.listOf(string)),
};

/** What tables and streams, which are declarations too, have besides. */
const OF_ROWS = {
  size: anything,
  columns: anything,
  where: anything,
  subset: anything,
  tables: anything,
  tablesFrom: anything,
};

const hasRows = (declaration: Partial<Record<string, unknown>>): boolean =>
  typeof declaration['subset'] === 'function' || typeof declaration['tables'] === 'function';

/**
 * Throws where a declaration, or what is passed beside it, has a key that nothing reads.
 *
 * @param more checks of the options that stand beside the declaration
 * @param where the function, as errors call it
 */
export function checkDeclaration(declaration: Declaration, more: Readonly<Record<string, Check>>, where: string): void {
  const isObject = typeof declaration === 'object' && declaration !== null;
  const known = { ...DECLARATION, ...(isObject && hasRows({ ...declaration }) ? OF_ROWS : {}), ...more };
  checkOptions(declaration, known as Options<object>, where);
}
