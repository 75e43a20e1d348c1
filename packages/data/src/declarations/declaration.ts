import type { Tasks } from '@polytask/core';
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
