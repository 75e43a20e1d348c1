import { checkOptions, checks, fail, type Check, type Options } from '@polytask/core';
import { matchOptions, type Match } from '../budgets/budget.ts';
import { count, positive, seeds, sizeOptions } from '../checks.ts';
import type { ModelReference, ModelEntry } from '../models/model-variant.ts';
import type { ModelSize } from '../models/model-row.ts';
import { searchCheck, type SearchDeclaration } from '../search/search.ts';
import { spaceOptions } from '../search/space.ts';
import type { TrainingDefaults } from './suite-row.ts';

/**
 * A suite as plain data: what is compared on which data, under which settings. Whatever is left out is taken from the
 * suite that it extends. Each data variant, group of tasks and budget is a table of its own; models and balancers are
 * its rows.
 */
export interface SuiteDeclaration {
  readonly name: string;
  readonly description?: string;
  readonly paper?: string;
  /** The suite that it begins with: a name of the table, or a file, from the place of this one. */
  readonly extends: string;
  /** Settings of the data set, such as `correlation`. Added to those of the base. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Several such settings, by name. */
  readonly variants?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Which tasks are trained together, by name. Default: all of them. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly models?: readonly ModelReference[];
  /** Names of balancers: each model under each of them, under the plain sum, and under it with tuned weights. */
  readonly balancers?: readonly string[];
  /** The model that differences and gains are taken against. */
  readonly baseline?: string;
  readonly size?: Partial<ModelSize>;
  /** Several sizes and lengths of training, by name. */
  readonly budgets?: Readonly<Record<string, BudgetDeclaration>>;
  /** How many (5), or which ([1, 2, 3]). */
  readonly seeds?: number | readonly number[];
  readonly training?: Partial<TrainingDefaults>;
  /** Chooses hyper-parameters for each model. Default: all have those of the suite. */
  readonly search?: SearchDeclaration;
}

/** What models may cost. */
export interface BudgetDeclaration {
  readonly size?: Partial<ModelSize>;
  readonly training?: Partial<TrainingDefaults>;
  /** What is made equal by the widths of the levels. Default: nothing, all models have the same widths. */
  readonly match?: Match;
}

/** Says the same as its argument, and lets an editor check and complete it. */
export const defineSuite = (declaration: SuiteDeclaration): SuiteDeclaration => declaration;

const { listOf, oneOf, optional, shaped } = checks;

export const text: Check = (value, where) => {
  if (typeof value === 'string' && value !== '') return;
  fail({
    expected: `a text for ${where}`,
    received: JSON.stringify(value) ?? typeof value,
    mend: 'Write it between quotes.',
  });
};

const object: Check = (value, where) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  fail({
    expected: `an object for ${where}`,
    received: JSON.stringify(value) ?? typeof value,
    mend: 'Write { name: value }.',
  });
};

/** An object of any names, one or more, whose values fit. */
export const named =
  (check: Check): Check =>
  (value, where) => {
    object(value, where);
    const entries = Object.entries(value as object);
    if (entries.length === 0)
      fail({ expected: `one entry or more for ${where}`, received: 'none', mend: 'Leave it out for none.' });
    for (const [name, entry] of entries) check(entry, `${where}.${name}`);
  };

const seedsOrCount: Check = (value, where) => (typeof value === 'number' ? count(value, where) : seeds(value, where));

const entryOptions: Options<ModelEntry> = {
  model: (value, where) => (typeof value === 'object' ? object(value, where) : text(value, where)),
  as: optional(text),
  size: optional(shaped(sizeOptions)),
  network: optional(object),
  space: optional(shaped(spaceOptions)),
};

const modelCheck: Check = (value, where) => {
  if (typeof value === 'string') return;
  object(value, where);
  if (!('build' in (value as object))) checkOptions(value, entryOptions, where);
};

const trainingOptions: Options<Partial<TrainingDefaults>> = {
  epochs: optional(count),
  batchSize: optional(count),
  learningRate: optional(positive),
  patience: optional(count),
  headStart: optional(oneOf('random', 'base-rate')),
};

const budgetOptions: Options<BudgetDeclaration> = {
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
  models: optional(listOf(modelCheck, 1)),
  balancers: optional(listOf(text, 1)),
  baseline: optional(text),
  size: optional(shaped(sizeOptions)),
  budgets: optional(named(shaped(budgetOptions))),
  seeds: optional(seedsOrCount),
  training: optional(shaped(trainingOptions)),
  search: optional(searchCheck),
};

/**
 * @param where how errors call it: its file, or its name
 * @throws PolytaskError on an option that isn't known, with the one that was meant, or a value that doesn't fit
 */
export function checkDeclaration(value: unknown, where: string): asserts value is SuiteDeclaration {
  checkOptions(value, declarationOptions, where);
}
