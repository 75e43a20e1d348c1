import { checkOptions, fail, suggestion } from '@polytask/core';
import type { Match } from './budgets/budget.ts';
import type { BalancerRow } from './balancers/balancer-row.ts';
import { balancedName, balancers, CONTROL, TUNED } from './balancers/balancers.ts';
import { findRow } from './find-row.ts';
import { contestants, type Contestant, type Entry } from './models/model-entry.ts';
import type { ModelSize } from './models/model-row.ts';
import { BASELINE, models as modelTable } from './models/models.ts';
import { runOptions } from './run-option-checks.ts';
import type { RunOptions } from './run-options.ts';
import type { SearchDeclaration } from './search/search.ts';
import type { BudgetDeclaration } from './suites/declaration.ts';
import { defaultSuite } from './suites/declared-suites.ts';
import { dimension, resolveSuite, type ResolvedSuite } from './suites/resolve-suite.ts';
import type { SuiteDefaults, TrainingDefaults } from './suites/suite.ts';
import { suites } from './suites/suites.ts';
import type { TrialConfig } from './trials/trial.ts';

/** The options of a run with the suite's defaults in their places, all of them checked. */
export interface SuitePlan {
  readonly suite: ResolvedSuite;
  /** A table each. */
  readonly settings: readonly Setting[];
  /** Their rows. */
  readonly contestants: readonly Contestant[];
  /** All models that the suite names: a budget may be that of one of them. */
  readonly known: readonly Contestant[];
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

/** @throws PolytaskError on an unknown option or name, a number out of range, or a directory too many or too few */
export async function planSuite(options: RunOptions): Promise<SuitePlan> {
  checkOptions(options, runOptions, 'runSuite');
  const suite = await resolveSuite(options.suite ?? defaultSuite);
  const { declared, row } = suite;
  const whole = contestants(declared.models ?? modelTable.filter(({ onlyNamed }) => !onlyNamed));
  const chosen =
    options.models === undefined ? whole : contestants(options.models.map((model) => ownEntry(declared.models, model)));
  const chosenBalancers = balancersOf(options.balancers ?? declared.balancers ?? []);
  const order = [...new Set(balanced([...whole, ...chosen], chosenBalancers).map(({ label }) => label))];
  checkDirectory(options, suite);
  checkProcesses(options, suite);
  checkReuse(options);
  const { seeds, size, ...training } = row.defaults;
  const own = seedList(declared.seeds) ?? seeds;
  return {
    suite,
    settings: settingsOf(
      suite,
      { size: { ...size, ...declared.size }, training: { ...training, ...declared.training } },
      options,
    ),
    contestants: balanced(chosen, chosenBalancers),
    known: balanced([...whole, ...chosen], chosenBalancers),
    order,
    baseline: baselineOf(options.baseline ?? declared.baseline ?? BASELINE, order),
    seeds: options.seeds ?? own,
    search: declared.search,
    searchSeed: own[0]!,
  };
}

/** @param chosen what the caller wants everywhere */
function settingsOf(
  { declared }: ResolvedSuite,
  { size, training }: Pick<SuiteDefaults, 'size'> & { readonly training: TrainingDefaults },
  chosen: RunOptions,
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

const trainingOf = (training: TrainingDefaults, chosen: RunOptions): Setting['training'] => ({
  epochs: chosen.epochs ?? training.epochs,
  batchSize: chosen.batchSize ?? training.batchSize,
  learningRate: chosen.learningRate ?? training.learningRate,
  optimizer: 'adam',
  patience: chosen.patience ?? training.patience,
  ...(training.headStart && { headStart: training.headStart }),
});

function checkDirectory({ directory }: RunOptions, { name, row }: ResolvedSuite): void {
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

/** A process of its own knows a suite by its name or its file, not by what stands in this one's memory. */
function checkProcesses({ workers = 0 }: RunOptions, { row, files }: ResolvedSuite): void {
  if (workers === 0 || files.length > 0 || suites.includes(row)) return;
  fail({
    expected: 'a suite by its name or its file, where trials run in processes of their own',
    received: `"${row.name}" as an object`,
    mend: 'Export it from a file and pass that, or leave workers out.',
  });
}

function checkReuse({ reuse, out, force }: RunOptions): void {
  if (reuse === undefined) return;
  if (out === undefined)
    fail({
      expected: 'a directory to write to, where trials of others are reused',
      received: 'none',
      mend: 'Pass --out DIR; in a program, out.',
    });
  if (force)
    fail({
      expected: 'force or reuse',
      received: 'both',
      mend: 'One runs trials again, the other copies them: leave one out.',
    });
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
const balanced = (models: readonly Contestant[], rows: readonly BalancerRow[]): Contestant[] =>
  models.flatMap((model) =>
    rows.map((row) => ({
      ...model,
      label: balancedName(model.label, row),
      balancing: row.spec,
      ...(row.tuned && { tunedFrom: model.label }),
    })),
  );

/** A name means the suite's own entry of that name, if it has one. */
const ownEntry = (entries: readonly Entry[] = [], asked: Entry): Entry =>
  (typeof asked === 'string'
    ? entries.find((entry) => typeof entry === 'object' && 'model' in entry && entry.as === asked)
    : undefined) ?? asked;

function baselineOf(baseline: string, order: readonly string[]): string {
  const known = [...new Set([...order, ...modelTable.map(({ name }) => name)])];
  if (known.includes(baseline)) return baseline;
  return fail({
    expected: 'a model of the suite as the baseline',
    received: `"${baseline}"`,
    mend: suggestion(baseline, known),
  });
}

const seedList = (seeds: number | readonly number[] | undefined): readonly number[] | undefined =>
  typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;
