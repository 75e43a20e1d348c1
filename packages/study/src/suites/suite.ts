import { checkOptions, fail, suggestion } from '@polytask/core';
import type { BalancerRow } from '../balancers/balancer-row.ts';
import { balancedName, balancers, CONTROL, TUNED } from '../balancers/balancers.ts';
import type { Match } from '../budgets/budget.ts';
import type { ModelSize } from '../models/model-row.ts';
import { type ModelReference, type ModelVariant, modelVariants } from '../models/model-variant.ts';
import { BASELINE, models as modelTable } from '../models/models.ts';
import { findRow } from '../named-row.ts';
import type { SearchDeclaration } from '../search/search.ts';
import type { TrialConfig } from '../trials/trial-result.ts';
import type { BudgetDeclaration } from './declaration.ts';
import { dimension, type ResolvedSuite, resolveSuite } from './resolve-suite.ts';
import { suiteChoices, type SuiteChoices } from './suite-choices.ts';
import type { SuiteDefaults, SuiteRow, TrainingDefaults } from './suite-row.ts';
import { defaultSuite, type SuiteLoader } from './suites.ts';

/** What was asked: data × models × seeds, with the suite's defaults in their places, all of it checked. */
export interface Suite {
  readonly name: string;
  /** Opens the data. */
  readonly row: SuiteRow;
  /** Files that a process must have loaded before it can open the data and build the models. */
  readonly files: readonly string[];
  readonly directory: string | undefined;
  readonly limitRows: number | undefined;
  /** A table each. */
  readonly settings: readonly Setting[];
  /** The rows of the tables. */
  readonly models: readonly ModelVariant[];
  /** All models that the suite names: a budget may be that of one of them. */
  readonly allModels: readonly ModelVariant[];
  /** All labels that the suite knows, in the order of a table's rows. */
  readonly order: readonly string[];
  readonly baseline: string;
  readonly seeds: readonly number[];
  readonly search: SearchDeclaration | undefined;
  /** The suite's own first seed, whichever are run: its rows are searched on. */
  readonly searchSeed: number;
}

/** What is the same for all trials of a table. */
export interface Setting {
  /** The names of its data variant, group of tasks and budget; '' where there is but one setting. */
  readonly title: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly tasks: readonly string[] | undefined;
  readonly size: ModelSize;
  readonly match: Match | undefined;
  readonly training: Omit<TrialConfig['training'], 'selection'>;
}

/**
 * Checks what is asked and fills in the defaults.
 *
 * @param load finds a suite by its name. Default: in the tables
 * @throws PolytaskError on an unknown option or name, a number out of range, or a directory too many or too few
 * @example const suite = await suiteOf({ suite: 'synthetic', models: ['single-task', 'adatt'], seeds: [1, 2, 3] });
 */
export async function suiteOf(choices: SuiteChoices, load?: SuiteLoader): Promise<Suite> {
  checkOptions(choices, suiteChoices, 'suiteOf');
  const base = await resolveSuite(choices.suite ?? defaultSuite, load);
  const { name, declared, row, files } = base;
  const whole = modelVariants(declared.models ?? modelTable.filter(({ onlyNamed }) => !onlyNamed));
  const chosen =
    choices.models === undefined
      ? whole
      : modelVariants(choices.models.map((model) => ownEntry(declared.models, model)));
  const balancerRows = balancersOf(choices.balancers ?? declared.balancers ?? []);
  const allModels = balanced([...whole, ...chosen], balancerRows);
  const order = [...new Set(allModels.map(({ label }) => label))];
  checkDirectory(choices, base);
  const { seeds: defaultSeeds, size, ...training } = row.defaults;
  const ownSeeds = seedList(declared.seeds) ?? defaultSeeds;
  return {
    name,
    row,
    files,
    directory: choices.directory,
    limitRows: choices.limitRows,
    settings: settingsOf(
      base,
      { size: { ...size, ...declared.size }, training: { ...training, ...declared.training } },
      choices,
    ),
    models: balanced(chosen, balancerRows),
    allModels,
    order,
    baseline: baselineOf(choices.baseline ?? declared.baseline ?? BASELINE, order),
    seeds: choices.seeds ?? ownSeeds,
    search: declared.search,
    searchSeed: ownSeeds[0]!,
  };
}

/** @param chosen what the caller wants everywhere */
function settingsOf(
  { declared }: ResolvedSuite,
  { size, training }: Pick<SuiteDefaults, 'size'> & { readonly training: TrainingDefaults },
  chosen: SuiteChoices,
): Setting[] {
  return dimension(declared.variants, {}).flatMap(([variant, data]) =>
    dimension<readonly string[] | undefined>(declared.groups, undefined).flatMap(([group, tasks]) =>
      dimension<BudgetDeclaration>(declared.budgets, {}).map(([budget, own]) => ({
        title: [variant, group, budget].filter(Boolean).join(', '),
        data: { ...declared.data, ...data },
        tasks,
        size: { ...size, ...own.size, ...chosen.size },
        match: own.match,
        training: trainingOf({ ...training, ...own.training }, chosen),
      })),
    ),
  );
}

const trainingOf = (training: TrainingDefaults, chosen: SuiteChoices): Setting['training'] => ({
  epochs: chosen.epochs ?? training.epochs,
  batchSize: chosen.batchSize ?? training.batchSize,
  learningRate: chosen.learningRate ?? training.learningRate,
  optimizer: 'adam',
  patience: chosen.patience ?? training.patience,
  ...(training.headStart && { headStart: training.headStart }),
});

function checkDirectory({ directory }: SuiteChoices, { name, row }: ResolvedSuite): void {
  if (directory !== undefined && !row.needsDirectory) {
    fail({
      expected: `no data directory for ${name}`,
      received: directory,
      mend: 'The suite makes its own data: leave it out.',
    });
  }
  if (directory === undefined && row.needsDirectory) {
    fail({
      expected: `the directory of the data of ${name}`,
      received: 'none',
      mend: 'Pass --data DIR; in a program, directory.',
    });
  }
}

/** The plain sum first; where there are others, that with tuned weights next. */
const balancersOf = (asked: readonly (string | BalancerRow)[]): BalancerRow[] => [
  ...new Set([
    CONTROL,
    ...(asked.length > 0 ? [TUNED] : []),
    ...asked.map((each) => (typeof each === 'string' ? findRow(balancers, each, 'balancer') : each)),
  ]),
];

/** Each model under each balancer. */
const balanced = (models: readonly ModelVariant[], rows: readonly BalancerRow[]): ModelVariant[] =>
  models.flatMap((model) =>
    rows.map((row) => ({
      ...model,
      label: balancedName(model.label, row),
      balancing: row.spec,
      ...(row.tuned && { tunedFrom: model.label }),
    })),
  );

/** A name means the suite's own entry of that name, if it has one. */
const ownEntry = (entries: readonly ModelReference[] = [], asked: ModelReference): ModelReference =>
  (typeof asked === 'string'
    ? entries.find((entry) => typeof entry === 'object' && 'model' in entry && entry.as === asked)
    : undefined) ?? asked;

function baselineOf(baseline: string, order: readonly string[]): string {
  const names = [...new Set([...order, ...modelTable.map(({ name }) => name)])];
  if (names.includes(baseline)) return baseline;
  return fail({
    expected: 'a model of the suite as the baseline',
    received: `"${baseline}"`,
    mend: suggestion(baseline, names),
  });
}

const seedList = (seeds: number | readonly number[] | undefined): readonly number[] | undefined =>
  typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;
