import { readOptions, checks, fail, type Option, type Options } from '@polytask/core';
import { matchOptions, type Match } from '../budgets/budget.ts';
import { count, folds, seeds } from '../checks.ts';
import { sizeOptions, isRegisteredModel, type ModelSize } from '../models/models.ts';
import type { ModelReference, ModelEntry } from '../models/model-variant.ts';
import { searchCheck, type SearchDeclaration } from '../search/search.ts';
import { spaceOptions } from '../models/space.ts';
import { type TrainingDefaults, trainingOptions } from '../training/choices.ts';

/**
 * A suite as plain data: models, data and settings. A missing property is that of the suite that it extends. Each combination of a data
 * variant, group of tasks and budget has a table. Models and balancers are the rows of the table.
 */
export interface SuiteDeclaration {
  readonly name: string;
  readonly description?: string;
  readonly paper?: string;
  /** The base suite: its name, or its file relative to this file. */
  readonly extends: string;
  /** Settings of the data set, such as `correlation`; for any data, `context` and `numbers`. They are merged with those of the base. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Variants of the data settings, by name. */
  readonly variants?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Groups of tasks that are trained together, by name. Default: one group of all tasks. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /**
   * Packages, or files relative to this file, that define its components, balancers and metrics. Not in a JSON file, which runs no
   * code.
   */
  readonly plugins?: readonly string[];
  readonly models?: readonly ModelReference[];
  /**
   * Names of balancers, with options: `gradnorm(alpha=0.5)`. Each model is trained under each of them, under the plain sum, and
   * under the plain sum with tuned weights.
   */
  readonly balancers?: readonly string[];
  /** Names of experts, with options: `mlp(activation=gelu)`. Each model is trained with its own, and with each of these. */
  readonly experts?: readonly string[];
  /** Names of gates, with options. Each model is trained with its own, and with each of these. */
  readonly gates?: readonly string[];
  /** The model that differences and gains are taken against. */
  readonly baseline?: string;
  readonly size?: Partial<ModelSize>;
  /** Budgets of size and training, which may have data and models of their own, by name. */
  readonly budgets?: Readonly<Record<string, BudgetDeclaration>>;
  /** The number of seeds (5), or a list ([1, 2, 3]). */
  readonly seeds?: number | readonly number[];
  /** The number of folds of each seed. Default: none, the split of the data. */
  readonly folds?: number;
  readonly training?: Partial<TrainingDefaults>;
  /** The search of hyper-parameters. Default: none, all models have those of the suite. */
  readonly search?: SearchDeclaration;
}

/** Size, training, data and models of some tables. */
export interface BudgetDeclaration {
  /** Added to the `data` of the suite and of a variant. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The labels of its models, among those of the suite. Default: all of them. */
  readonly models?: readonly string[];
  readonly size?: Partial<ModelSize>;
  readonly training?: Partial<TrainingDefaults>;
  /** The cost that the widths of the levels make equal. Default: none, all models have the same widths. */
  readonly match?: Match;
}

/**
 * Returns its argument, so that an editor can check and complete a declaration.
 *
 * @example export const suite = defineSuite({ name: 'wide', extends: 'synthetic', size: { levels: [64, 32] } });
 */
export const defineSuite = (declaration: SuiteDeclaration): SuiteDeclaration => declaration;

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

const entryOptions: Options<ModelEntry> = {
  model: custom((value, where) => (isRegisteredModel(value) ? value : text.read(value, where))),
  as: optional(text),
  size: optional(shaped(sizeOptions)),
  network: optional(object),
  space: optional(shaped(spaceOptions)),
};

const modelReference = custom((value, where) => {
  if (typeof value === 'string' || isRegisteredModel(value)) return value;
  return readOptions(value, entryOptions, where);
});

const budgetOptions: Options<BudgetDeclaration> = {
  data: optional(object),
  models: optional(listOf(text, 1)),
  size: optional(shaped(sizeOptions)),
  training: optional(shaped(trainingOptions)),
  match: optional(shaped(matchOptions)),
};

const declarationOptions: Options<SuiteDeclaration> = {
  name: text,
  description: optional(text),
  paper: optional(text),
  extends: text,
  data: optional(object),
  variants: optional(named(object)),
  groups: optional(named(listOf(text, 1))),
  plugins: optional(listOf(text, 1)),
  models: optional(listOf(modelReference, 1)),
  balancers: optional(listOf(text, 1)),
  experts: optional(listOf(text, 1)),
  gates: optional(listOf(text, 1)),
  baseline: optional(text),
  size: optional(shaped(sizeOptions)),
  budgets: optional(named(shaped(budgetOptions))),
  seeds: optional(either(count, seeds)),
  folds: optional(folds),
  training: optional(shaped(trainingOptions)),
  search: optional(searchCheck),
};

/**
 * Checks a declaration.
 *
 * @param where its file or name, for errors
 * @throws PolytaskError on an unknown option, with the nearest known one, or an invalid value
 * @example checkDeclaration(JSON.parse(text), 'suite.json');
 */
export function checkDeclaration(value: unknown, where: string): asserts value is SuiteDeclaration {
  readOptions(value, declarationOptions, where);
}
