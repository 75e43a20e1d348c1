import { groupBy, isObject, specText } from '@polytask/components';
import type { NetworkSpec } from '@polytask/core';
import type { TestedComparison } from '../auto/run-auto.ts';
import { TUNED } from '../balancers/balancers.ts';
import { BOOSTING } from '../models/models.ts';
import { LEAST_SEEDS } from '../summary/comparisons.ts';
import { metricFormat, selectionMeasure } from '../summary/metric-entries.ts';
import type { Summary } from '../summary/summary.ts';
import { ENSEMBLE } from '../predictions/ensemble.ts';
import { contentKey, type Failure, trainingOf, type TrialResult } from '../results/trial-result.ts';
import { trainingSentences } from '../training/choices.ts';
import { foldsOf, pairing, trialText } from '../results/folds.ts';
import { type Blocks, list, section, table, type Table, textTable } from './blocks.ts';
import { componentText, counted, formatRanges, joined, type Maybe, present, rangeText } from '../format.ts';

export const describeFailure = ({ error, attempts, log, ...trial }: Failure): string =>
  `${trialText(trial)}${attempts > 1 ? `, tried ${attempts} times` : ''}: ${error.message}${log === undefined ? '' : ` (${log})`}`;

/** How the numbers of a table were measured: sentences, then the data, the search and what it chose as tables. */
export const measurementBlocks = (summary: Summary, trials: readonly TrialResult[]): Blocks => {
  const { data, search } = summary.config;
  const chosen = summary.models.flatMap(({ model, chosen: values }) =>
    values ? [[model, values] as const] : trials.flatMap((trial) => choiceOf(trial, model)),
  );
  return [
    list(measurement(summary, trials)),
    section('Data', table(valuesTable(data))),
    search && section('Search', table(valuesTable(search))),
    chosen.length > 0 && section('Chosen', table(valuesTable(Object.fromEntries(chosen)))),
  ];
};

const choiceOf = ({ setting: _, ...trial }: TrialResult, model: string) =>
  trial.model === model && trial.config.model.chosen ? [[trialText(trial), trial.config.model.chosen] as const] : [];

/** Plain data as rows of names and values. The name of an inner value begins with those of the outer ones. */
export function valuesTable(values: Readonly<Record<string, unknown>>): Table {
  const rowsOf = (name: string, value: unknown): string[][] => {
    const component = componentText(value);
    if (component !== undefined) return [[name, component]];
    if (isObject(value) && Object.keys(value).length > 0)
      return Object.entries(value).flatMap(([key, each]) => rowsOf(name === '' ? key : `${name}.${key}`, each));
    const isPlain = Array.isArray(value) && value.every((each) => typeof each !== 'object');
    return [[name, isPlain ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value)]];
  };
  return textTable(['name', 'value'], rowsOf('', values));
}

export function measurement(summary: Summary, trials: readonly TrialResult[]): string[] {
  const { config, engine, seeds, versions, models } = summary;
  const { match, search } = config;
  const folds = foldsOf(config);
  const names = new Set(models.map(({ model }) => model));
  const tuned = trials.some(({ model, parts }) => names.has(model) && parts.balancer === TUNED.name);
  const hasManyVersions = new Set(trials.map((trial) => JSON.stringify(trial.versions))).size > 1;
  const networkOf = (trial: TrialResult) => trial.config.model.network as NetworkSpec | undefined;
  const networks = trials.filter((trial) => networkOf(trial)?.name !== BOOSTING.name);
  const trees = present(trials.map(networkOf)).filter(({ name }) => name === BOOSTING.name);
  const hasNetworks = networks.length > 0;
  const { training, size, rate, isReplaced } = choicesOf(config, networks);
  const measure = selectionMeasure(training.selection);
  const epochs = networks.flatMap((trial) => (trial.epochs > 0 ? [trial.epochs] : [])); // not those of an ensemble
  return present([
    rowsGiven(seeds, folds, seeds.length > 1 && pairing(config).isCorrected),
    hasNetworks &&
      `Training: ${specText(training.optimizer.name, training.optimizer.config)}, ` +
        `${learningRates(training.learningRate, rate, networks)}, batches of ${training.batchSize}, ` +
        `up to ${training.epochs} epochs${epochs.length > 0 ? ` (${rangeText(epochs)} were run)` : ''}; ` +
        `stopped after ${training.patience} epochs without a better ${measure.mean} on the validation rows.` +
        trainingSentences(training)
          .map((sentence) => ` ${sentence}`)
          .join(''),
    hasNetworks && `Selection: the epoch with the best ${measure.explained}, on the validation rows.`,
    hasNetworks &&
      `Models: levels of ${size.levels.join('/')} units, ${size.experts} experts per level if a model has a choice, ` +
        `towers of ${size.tower.join('/')}${size.start ? `, embeddings that start ${size.start}` : ''}` +
        (size.members ? `, ${size.members} members that share weights.` : '.') +
        (match
          ? ` Levels are as wide as it takes to have the ${match.by} of ${match.to}, as near as whole widths allow.`
          : '') +
        (isReplaced ? ' Values that the search chose for a model replace these.' : ''),
    trees.length > 0 &&
      `Gradient boosting: ${[...new Set(trees.map(treesInWords))].join('; ')}. It stops by the loss on the validation rows.`,
    'Test rows: read once, at the end of a trial.',
    search &&
      'The search was for each model by itself, on validation rows alone.' +
        (folds === undefined ? '' : ' Each fold has a search (nested cross-validation).'),
    tuned &&
      'Tuned weights of the plain sum: the best on the validation rows of ' +
        `${folds === undefined ? "the suite's first seed" : 'each fold'}, ` +
        'equal ones among them, under the configuration of the plain sum.',
    ...testsOf(summary),
    `Engine: ${engine}; ${machinesOf(trials)}.`,
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}${hasManyVersions ? ' (some trials were run by others: see results.jsonl)' : ''}.`,
  ]);
}

const TREES = {
  own: 'for each task by itself',
  shared: 'with the same splits for all tasks',
  chosen: 'for each task by itself or with the same splits for all, by the loss on the validation rows',
};

const treesInWords = (network: NetworkSpec): string =>
  `${componentText(network)}, ${TREES[(network.config as { readonly trees?: keyof typeof TREES }).trees ?? 'own']}`;

/** The training and the size of the networks, with what a search chose if all have the same; otherwise those of the setting. */
function choicesOf(config: Summary['config'], networks: readonly TrialResult[]) {
  const choices = networks.map(({ config: { model, ...own } }) => ({
    ...{ training: trainingOf({ ...own, model }), size: model.size ?? own.size, rate: model.rate },
  }));
  const [common] = new Set(choices.map(contentKey)).size === 1 ? choices : [];
  const isReplaced = networks.some(
    ({ model, config: own }) => model === ENSEMBLE || (common === undefined && own.model.chosen !== undefined),
  );
  return { ...(common ?? { training: config.training, size: config.size, rate: 1 }), isReplaced };
}

/** How the intervals over test rows are made. */
export const ROW_METHODS =
  'Intervals over samples of test rows: AUC by DeLong, accuracy by Wilson, RMSE by t, others by the jackknife.';

/** The tests and intervals behind the tables, the signs and the advice. */
export function testsOf({ baseline, comparisons, models, seeds, winners, config }: Summary): string[] {
  const { noun, tests } = pairing(config);
  const isTested = seeds.length >= LEAST_SEEDS;
  const families = Object.entries(comparisons).map(
    ([metric, { family }]) => `${counted(family, 'comparison')} in ${metricFormat(metric).label}`,
  );
  const gains = models.some(({ gain }) => gain) ? [counted(models.length - 1, 'gain')] : [];
  return present([
    models.some(({ rowIntervals }) => Object.keys(rowIntervals).length > 0) && ROW_METHODS,
    isTested &&
      families.length > 0 &&
      `Signs: ${tests} over ${noun}s against ${baseline}, 5%, with Holm's correction for ${joined([...families, ...gains])}.` +
        (gains.length > 0 && models.length > 2
          ? ' The advice compares the gains over the first model in the same way.'
          : ''),
    isTested &&
      winners.length > 0 &&
      `Winners (*): ${tests} against each other model, 5%, without correction: a winner passes all of them.`,
    isTested &&
      Object.values(comparisons).some(({ ranks }) => !Number.isNaN(ranks.criticalDifference)) &&
      "Ranks: Nemenyi's critical difference, 5%.",
  ]);
}

/** How pairs of models were compared on the same test rows. */
export function comparedBy(pairs: readonly Maybe<TestedComparison>[]): string | false {
  const methods = new Set(present(pairs).flatMap(({ tasks }) => Object.values(tasks).map(({ method }) => method)));
  return (
    methods.size > 0 &&
    `Differences of two models: ${joined([...methods])}, on the same rows. The intervals hold for all tasks together.`
  );
}

function learningRates(given: number | 'find', rate: number, trials: readonly TrialResult[]): string {
  if (given !== 'find') return `learning rate ${Number((rate * given).toPrecision(6))}`;
  const found = trials.flatMap(({ learningRate }) => learningRate ?? []);
  if (found.length === 0) return 'learning rate by a range test';
  return `learning rate ${rangeText(found)}, by a range test before each training`;
}

/** What a seed, or a fold, gives every model. */
const rowsGiven = (pairs: readonly number[], folds: number | undefined, shareRows: boolean): string =>
  folds === undefined
    ? `Seeds: ${formatRanges(pairs)}. A seed gives the rows of training and validation, their order, and the start of the weights; ` +
      'it gives every model the same rows in the same order, so differences are paired.' +
      (shareRows
        ? ' Each seed splits all rows anew, so splits share rows: tests and intervals have the variance of Nadeau & Bengio (2003), ' +
          '1 / J + n_test / n_train over J seeds.'
        : '')
    : `Folds: ${formatRanges(pairs)}; ${folds} for each seed. A seed deals the rows into folds, and gives the order of the rows and the ` +
      'start of the weights. Each fold is the test rows once. Every model has the same rows in the same order, so ' +
      'differences are paired. Training rows of folds overlap: tests and intervals have the variance of Nadeau & Bengio (2003), ' +
      '1 / J + n_test / n_train over J folds.';

/** `4 × AMD EPYC, 16 GB, linux x64`. Several machines appear with their numbers of trials. */
function machinesOf(trials: readonly TrialResult[]): string {
  const machines = groupBy(trials, ({ machine = 'a machine that was not recorded' }) => machine);
  const [[only] = ['no machine'], ...others] = machines;
  return others.length === 0
    ? only
    : [...machines].map(([machine, own]) => `${machine} (${counted(own.length, 'trial')})`).join('; ');
}

export const caveats = (summaries: readonly Summary[]): string[] => [
  summaries.every(({ config }) => config.search)
    ? 'Hyper-parameters were searched as declared: a larger space, or more trials, might give another order.'
    : 'One learning rate (ten times it for the logistic regression), batch size and stopping rule for all models: ' +
      'a model that was tuned might stand elsewhere.',
  'Unless a budget says otherwise, models have the same number of experts per level, ' +
    'and different numbers of parameters: see that column. ' +
    'Single-task, shared-bottom and cross-stitch have one expert per task representation.',
  'Single-task networks share the embeddings of categorical features, and one stopping rule.',
  'Seconds are those of the machine that ran a trial, with whatever else it was doing.',
];
