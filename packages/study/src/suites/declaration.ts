import { checks, fail, type FromDescription, type Option, readOptions, type Written } from '@polytask/core';
import { matchOptions } from '../budgets/budget.ts';
import { count, folds, seeds } from '../checks.ts';
import { exchangeOptions, modelReference } from '../models/model-variant.ts';
import { someSize } from '../models/models.ts';
import { searchCheck } from '../search/search.ts';
import { someTraining } from '../training/choices.ts';

const { anything, custom, either, listOf, optional, record, shaped, text } = checks;

const object = record(anything);

/** An object with one entry or more, of any names. */
const named = <F extends Option>(of: F) =>
  custom(
    (value, where) => {
      const entries = record(of).read(value, where);
      if (Object.keys(entries).length > 0) return entries;
      return fail({ expected: `one entry or more for ${where}`, received: 'none', fix: 'Leave it out for none.' });
    },
    { record: of },
  );

const budgetOptions = {
  /** Added to the `data` of the suite and of a variant. */
  data: optional(object),
  /** The labels of its models, among those of the suite. Default: all of them. */
  models: optional(listOf(text, 1)),
  size: optional(someSize),
  training: optional(someTraining),
  /** The cost that the widths of the levels make equal. Default: none, all models have the same widths. */
  match: optional(shaped(matchOptions)),
};

/** Size, training, data and models of some tables. */
export interface BudgetDeclaration extends Written<typeof budgetOptions>, FromDescription {}

/** The keys of a suite file. */
export const suiteOptions = {
  /** The JSON Schema of this file, for editors: `polytask schema suite` prints it. */
  $schema: optional(text),
  /** The name in tables and results. */
  name: text,
  /** What it compares, in one line. */
  description: optional(text),
  paper: optional(text),
  /** The base suite: its name, or its file relative to this file. */
  extends: text,
  /** Settings of the data set, such as `correlation`; for any data, `context` and `numbers`. They are merged with those of the base. */
  data: optional(object),
  /** Variants of the data settings, by name. */
  variants: optional(named(object)),
  /** Groups of tasks that are trained together, by name. Default: one group of all tasks. */
  groups: optional(named(listOf(text, 1))),
  /**
   * Packages, or files relative to this file, that define its components, balancers and metrics. Not in a JSON file, which runs no
   * code.
   */
  plugins: optional(listOf(text, 1)),
  /** The models: names of `polytask list models`, perhaps with options, or objects. */
  models: optional(listOf(modelReference, 1)),
  /**
   * Names of balancers, with options: `gradnorm(alpha=0.5)`. Each model is trained under each of them, under the plain sum, and
   * under the plain sum with tuned weights.
   */
  balancers: optional(listOf(text, 1)),
  ...exchangeOptions,
  /** The model that differences and gains are taken against. */
  baseline: optional(text),
  /** How large the models are. */
  size: optional(someSize),
  /** Budgets of size and training, which may have data and models of their own, by name. */
  budgets: optional(named(shaped(budgetOptions))),
  /** The number of seeds (5), or a list ([1, 2, 3]). */
  seeds: optional(either(count, seeds)),
  /** The number of folds of each seed. Default: none, the split of the data. */
  folds: optional(folds),
  /** How the models are trained. */
  training: optional(someTraining),
  /** The search of hyper-parameters. Default: none, all models have those of the suite. */
  search: optional(searchCheck),
};

/**
 * A suite as plain data: models, data and settings. A missing property is that of the suite that it extends. Each combination of a data
 * variant, group of tasks and budget has a table. Models and balancers are the rows of the table.
 */
export interface SuiteDeclaration extends Written<typeof suiteOptions>, FromDescription {}

/**
 * Returns its argument, so that an editor can check and complete a declaration.
 *
 * @example export const suite = defineSuite({ name: 'wide', extends: 'synthetic', size: { levels: [64, 32] } });
 */
export const defineSuite = (declaration: SuiteDeclaration): SuiteDeclaration => declaration;

/**
 * Checks a declaration.
 *
 * @param where its file or name, for errors
 * @throws PolytaskError on an unknown option, with the nearest known one, or an invalid value
 * @example checkDeclaration(JSON.parse(text), 'suite.json');
 */
export function checkDeclaration(value: unknown, where: string): asserts value is SuiteDeclaration {
  readOptions(value, suiteOptions, where);
}
