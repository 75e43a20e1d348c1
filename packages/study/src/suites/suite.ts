import { specNamed, traitsOf, unique, checkKnown } from '@polytask/components';
import { checks, fail, type FromDescription, type Option, readOptions, type Written } from '@polytask/core';
import { balancerNamed, type BalancerEntry, CONTROL, TUNED } from '../balancers/balancers.ts';
import type { Match } from '../budgets/budget.ts';
import {
  exchangeOptions,
  type ModelReference,
  type ModelVariant,
  modelVariants,
  named,
  withExchange,
} from '../models/model-variant.ts';
import { type ModelSize, BASELINE, BOOSTING, models, someSize } from '../models/models.ts';
import { searchCheck, type SearchDeclaration } from '../search/search.ts';
import type { TrialConfig } from '../results/trial-result.ts';
import type { BudgetDeclaration, SuiteDeclaration } from './declaration.ts';
import { defaultSuite } from './declared-suites.ts';
import { type ResolvedSuite, resolveSuite, type SuiteLoader, type LoadedSuite } from './suites.ts';
import { type TrainingDefaults, trainingConfig, trainingIn, trainingOptions } from '../training/choices.ts';
import { count, folds, seeds } from '../checks.ts';
import type { SuiteEntry } from './suite-entry.ts';

const { anything, flag, listOf, optional, text } = checks;

/** The choices for a comparison. The suite has a default for each missing choice, and names are checked when they are looked up. */
export const suiteChoices = {
  /**
   * A suite, its name, or its file (JSON, TypeScript or JavaScript) where there are files; or a suite that a loader has loaded, so that
   * it isn't loaded again. Default: `when-sharing-helps`.
   */
  suite: optional(anything as Option<string | SuiteEntry | SuiteDeclaration | LoadedSuite>),
  /**
   * Names of models, with options of the network: `adatt(residual=false)`. Or your own rows. Default: the suite's models, or
   * the models of the table.
   */
  models: optional(listOf(anything as Option<ModelReference>, 1)),
  /**
   * Whether gradient boosting is trained beside the models, so that the comparison says whether a network is worth its cost. Default:
   * true for a data set whose tasks trees can learn, false for a suite with models of its own.
   */
  boosting: optional(flag),
  /**
   * Names of balancers, with options: `gradnorm(alpha=0.5)`. Or your own rows. Each model is trained under each of them, under
   * the plain sum, and under the plain sum with weights that are tuned on the validation rows. Default: the suite's balancers,
   * or the plain sum alone.
   */
  balancers: optional(listOf(anything as Option<string | BalancerEntry>, 1)),
  ...exchangeOptions,
  /**
   * The model that the others are compared with. Default: the suite's baseline, or `single-task`. If that isn't run, and experts, gates or
   * balancers are compared: the first model with its own parts.
   */
  baseline: optional(text),
  /** The seeds: one trial of each model for each seed. */
  seeds: optional(seeds),
  /**
   * k-fold cross-validation: each seed deals the rows into so many folds, and each fold is the test rows of one trial of each
   * model. Several seeds repeat it. Default: no folds. With folds, the default of the seeds is the suite's first seed.
   */
  folds: optional(folds),
  /** The name of a search, with options: `tpe(startup=5)`. It takes the place of the suite's, whose space it searches. */
  search: optional(text),
  /** How many configurations of each model a search tries. Default: as many as the suite says. */
  searchTrials: optional(count),
  ...trainingOptions,
  size: optional(someSize),
  /** The directory of the suite's data. */
  directory: optional(text),
  limitRows: optional(count),
};

export interface SuiteChoices extends Written<typeof suiteChoices>, FromDescription {}

/** A checked suite with all defaults: data × models × seeds, and folds. */
export interface Suite extends Pick<ResolvedSuite, 'name' | 'entry' | 'files'> {
  readonly directory: string | undefined;
  readonly limitRows: number | undefined;
  readonly settings: readonly Setting[];
  /** The rows of the tables. */
  readonly models: readonly ModelVariant[];
  /** All models of the suite. A budget may name any of them. */
  readonly allModels: readonly ModelVariant[];
  /** All labels of the suite, in the order of a table's rows. */
  readonly order: readonly string[];
  readonly baseline: string;
  readonly seeds: readonly number[];
  readonly folds?: number | undefined;
  readonly search: SearchDeclaration | undefined;
  /** The seed whose rows a search uses: the first seed of the suite, whichever seeds run. */
  readonly searchSeed: number;
}

/** A teacher from outside: a trained model, or predictions. */
export interface SavedTeacher {
  readonly kind: 'model' | 'predictions';
  /** The folder of the model, or the files of predictions, whose mean teaches. */
  readonly paths: readonly [string, ...string[]];
  readonly id: string;
}

/** The common properties of the trials of a table. */
export interface Setting {
  /** The names of the data variant, group of tasks and budget; '' for a suite with one setting. */
  readonly title: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly tasks: readonly string[] | undefined;
  /** The labels of its models. Undefined for all models of the suite. */
  readonly models?: readonly string[] | undefined;
  readonly size: ModelSize;
  readonly match: Match | undefined;
  readonly training: Omit<TrialConfig['training'], 'selection'>;
  /** The teachers from outside, by seed. Undefined: gradient boosting, if the training has a teacher. */
  readonly teachers?: ReadonlyMap<number, SavedTeacher> | undefined;
}

/**
 * Checks the choices, resolves the suite, and fills in the defaults.
 *
 * @param load finds a suite by its name or file. Default: by its name
 * @throws PolytaskError on an unknown option or name, a number out of range, or a missing or needless directory
 * @example const suite = await createSuite({ suite: 'synthetic', models: ['single-task', 'adatt'], seeds: [1, 2, 3] });
 */
export async function createSuite(choices: SuiteChoices, load?: SuiteLoader): Promise<Suite> {
  readOptions(choices, suiteChoices, 'createSuite');
  const base = await resolveSuite(choices.suite ?? defaultSuite, load);
  const { name, declared, entry, files } = base;
  const suiteModels = modelVariants(declared.models ?? models().filter(({ onlyNamed }) => !onlyNamed));
  const named = choices.models
    ? modelVariants(choices.models.map((model) => ownEntry(declared.models, model)))
    : suiteModels;
  const chosen = (choices.boosting ?? (entry.treesCanLearn && !declared.models)) ? withBoosting(named) : named;
  const folds = choices.folds ?? declared.folds;
  checkFolds(folds, base);
  const chosenBalancers = balancersOf(choices.balancers ?? declared.balancers ?? []);
  const exchange = { experts: choices.experts ?? declared.experts, gates: choices.gates ?? declared.gates };
  const variants = withExchange(chosen, exchange);
  const allModels = withBalancers([...suiteModels, ...variants], chosenBalancers);
  const order = [...new Set(allModels.map(({ label }) => label))];
  const run = withBalancers(variants, chosenBalancers);
  const baseline = choices.baseline ?? ownBaseline(declared.baseline ?? BASELINE, run, chosen);
  checkDirectory(choices, base);
  checkBudgetModels(declared.budgets, [
    ...order,
    ...withBalancers(withExchange(suiteModels, exchange), chosenBalancers).map(({ label }) => label),
  ]);
  const names = new Set([...order, ...models().map(({ name: own }) => own)]);
  checkKnown(baseline, [...names], 'a model of the suite as the baseline');
  const { seeds: defaultSeeds, size, ...training } = entry.defaults;
  const ownSeeds = seedList(declared.seeds) ?? defaultSeeds;
  const foldSeeds = declared.folds === undefined ? ownSeeds.slice(0, 1) : (seedList(declared.seeds) ?? [ownSeeds[0]!]);
  return {
    name,
    entry,
    files,
    directory: choices.directory,
    limitRows: choices.limitRows,
    settings: settingsOf(declared, { ...size, ...declared.size }, { ...training, ...declared.training }, choices),
    models: run,
    allModels,
    order,
    baseline,
    seeds: choices.seeds ?? (folds === undefined ? ownSeeds : foldSeeds),
    folds,
    search: searchOf(declared.search, choices),
    searchSeed: ownSeeds[0]!,
  };
}

/** The suite's search, with the choices in place of its own. @throws PolytaskError as {@link searchCheck} does, and without a space */
function searchOf(
  declared: SearchDeclaration | undefined,
  { search: method, searchTrials }: SuiteChoices,
): SearchDeclaration | undefined {
  if (!declared) {
    if (method === undefined && searchTrials === undefined) return undefined;
    return fail({
      expected: 'a suite with the space of a search',
      received: 'a suite without `search`',
      fix: 'Write a suite file with one: {"extends": …, "search": {"method": "random", "trials": 9, "space": {…}}}.',
    });
  }
  const { method: own, trials: ownTrials, ...others } = declared;
  const isExhaustive = traitsOf(specNamed('search', method ?? own)).exhaustive;
  const trials = searchTrials ?? (method !== undefined && isExhaustive ? undefined : ownTrials);
  const search = { ...others, method: method ?? own, ...(trials !== undefined && { trials }) };
  return { ...search, method: searchCheck.read(search, 'search').method };
}

/** @param labels all labels of the suite, those that are not run too */
function checkBudgetModels(budgets: ResolvedSuite['declared']['budgets'] = {}, labels: readonly string[]): void {
  for (const [budget, { models: own = [] }] of Object.entries(budgets)) {
    for (const label of own) checkKnown(label, labels, `models of the suite in budgets.${budget}.models`);
  }
}

function settingsOf(
  declared: ResolvedSuite['declared'],
  size: ModelSize,
  training: TrainingDefaults,
  chosen: SuiteChoices,
): Setting[] {
  return dimension(declared.variants, {}).flatMap(([variant, data]) =>
    dimension<readonly string[] | undefined>(declared.groups, undefined).flatMap(([group, tasks]) =>
      dimension<BudgetDeclaration>(declared.budgets, {}).map(([budget, own]) => ({
        title: [variant, group, budget].filter(Boolean).join(', '),
        data: { ...declared.data, ...data, ...own.data },
        tasks,
        models: own.models,
        size: { ...size, ...own.size, ...chosen.size },
        match: own.match,
        training: trainingConfig({ ...training, ...own.training, ...trainingIn(chosen) }),
      })),
    ),
  );
}

const dimension = <V>(entries: Readonly<Record<string, V>> | undefined, only: V): [name: string, value: V][] =>
  entries === undefined ? [['', only]] : Object.entries(entries);

function checkDirectory({ directory }: SuiteChoices, { name, entry }: ResolvedSuite): void {
  if (directory !== undefined && !entry.needsDirectory) {
    fail({
      expected: `no data directory for ${name}`,
      received: directory,
      fix: 'The suite makes its own data: leave it out. The file of a data set comes first: polytask bench people.json.',
    });
  }
  if (directory === undefined && entry.needsDirectory) {
    fail({
      expected: `the directory of the data of ${name}`,
      received: 'none',
      fix: 'Pass --data DIR; in a program, directory.',
    });
  }
}

function checkFolds(folds: number | undefined, { name, entry }: ResolvedSuite): void {
  if (folds !== undefined && !entry.dealsFolds)
    fail({
      expected: `no folds of ${name}, whose rows are split in one way`,
      received: `${folds} folds`,
      fix: 'Compare over seeds, or describe its files as a data set in JSON (docs/data.md).',
    });
}

/** The balancers with their controls: the plain sum first, and, if there are others, the plain sum with tuned weights next. */
const balancersOf = (choices: readonly (string | BalancerEntry)[]): BalancerEntry[] =>
  unique([
    CONTROL,
    ...(choices.length > 0 ? [TUNED] : []),
    ...choices.map((each) => (typeof each === 'string' ? balancerNamed(each) : each)),
  ]);

/** Each model under each balancer. A model that trains itself has none. */
const withBalancers = (models: readonly ModelVariant[], rows: readonly BalancerEntry[]): ModelVariant[] =>
  models.flatMap((model) =>
    (model.entry.trainsItself ? [CONTROL] : rows).map((row) => ({
      ...model,
      ...(row.name !== CONTROL.name && named({ ...model.parts, balancer: row.name })),
      balancing: row.spec,
      ...(row.tuned && { tunedFrom: model.label }),
    })),
  );

const withBoosting = (models: readonly ModelVariant[]): readonly ModelVariant[] =>
  models.some(({ entry }) => entry.trainsItself) ? models : [...models, ...modelVariants([BOOSTING.name])];

const ownEntry = (entries: readonly ModelReference[] = [], model: ModelReference): ModelReference =>
  entries.find((entry) => typeof entry === 'object' && 'model' in entry && entry.as === model) ?? model;

/** The suite's baseline. If it isn't run, and experts, gates or balancers are compared, the first model without these is the baseline. */
function ownBaseline(baseline: string, run: readonly ModelVariant[], chosen: readonly ModelVariant[]): string {
  const isRun = run.some(({ label }) => label === baseline);
  return isRun || run.length === chosen.length ? baseline : chosen[0]!.label;
}

const seedList = (seeds: number | readonly number[] | undefined): readonly number[] | undefined =>
  typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;
