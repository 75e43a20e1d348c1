import { defineFinding, type Finding, groupBy, mean } from '@polytask/components';
import { readOptions, checks, fail, type FromDescription, type Written } from '@polytask/core';
import type { Verdict } from '@polytask/metrics';
import { counted, joined, present } from '../format.ts';
import { pairOf, trialText } from '../results/folds.ts';
import { contentKey, type TrialResult } from '../results/trial-result.ts';
import { type Against, errorsAgainst, LEAST_SEEDS } from './comparisons.ts';
import { validationScore } from './summarize.ts';

export interface FolderOfTrials {
  /** Where they are: the folder, or an address. */
  readonly from: string;
  readonly trials: readonly TrialResult[];
}

const { optional, text } = checks;

const comparisonOptions = {
  /** The configuration that others are compared with. Every data set must have it. */
  baseline: optional(text, 'gradient-boosting'),
  /** The configuration that is compared with it on each data set. Default: the best that shares layers, by validation rows. */
  configuration: optional(text),
};

/** The options of {@link compareDataSets}. */
export interface DataSetsOptions extends Written<typeof comparisonOptions>, FromDescription {}

export interface DataSet {
  readonly name: string;
  /** The trials of each configuration: a model, with the title of its setting. */
  readonly runs: ReadonlyMap<string, readonly TrialResult[]>;
}

/** A data set, with the configuration that is compared with the baseline there. Undefined where none shares layers. */
export interface ComparedDataSet extends DataSet {
  readonly best: BestConfiguration | undefined;
}

interface BestConfiguration {
  readonly name: string;
  readonly own: readonly TrialResult[];
  readonly against: Against | undefined;
}

/** Configurations compared over several data sets. */
export interface DataSetsComparison {
  readonly baseline: string;
  /** Whether validation rows chose the configuration of each data set. */
  readonly isChosen: boolean;
  readonly sets: readonly ComparedDataSet[];
  /** On which data sets the configuration is better or worse than the baseline. */
  readonly findings: readonly Finding[];
  readonly folders: readonly FolderOfTrials[];
}

/**
 * Compares a configuration with a baseline over several data sets, by the mean normalized loss of their tasks on test rows.
 *
 * Results belong to one data set if they have the same rows, by their hash, tasks and splits. How a suite encodes the columns may differ. A
 * configuration is a model with the title of its setting. The setting of the baseline has no title here: others are compared with it.
 *
 * @throws PolytaskError when a data set lacks the baseline or the configuration, and when two folders have different configurations of one
 *   name; for an unknown option
 */
export function compareDataSets(folders: readonly FolderOfTrials[], options: DataSetsOptions = {}): DataSetsComparison {
  const { baseline, configuration } = readOptions(options, comparisonOptions, 'compareDataSets');
  const found = dataSetsOf(folders, baseline);
  for (const needed of present([baseline, configuration])) {
    const lacking = found.find(({ runs }) => !runs.has(needed));
    if (lacking)
      fail({
        expected: `trials of ${needed} on every data set`,
        received: `${lacking.name} with ${joined([...lacking.runs.keys()])}`,
        fix: `Run it there, or name another ${needed === baseline ? '--baseline' : '--configuration'}.`,
      });
  }
  const sets = found.map((set) => ({ ...set, best: bestOf(set, baseline, configuration) }));
  const findings = findingsOf(sets, baseline, configuration);
  return { baseline, isChosen: configuration === undefined, sets, findings, folders };
}

interface Verdicts {
  /** Undefined if validation rows chose it on each data set. */
  readonly configuration: string | undefined;
  readonly baseline: string;
  readonly of: number;
  /** The names of the data sets. */
  readonly better: readonly string[];
  readonly worse: readonly string[];
  readonly even: readonly string[];
}

const countOf = (names: readonly string[]): string =>
  `${names.length}${names.length === 0 ? '' : ` (${joined(names)})`}`;

const overDataSets = /* @__PURE__ */ defineFinding<never, Verdicts>('compared-over-data-sets', {
  severity: 'note',
  says: ({ configuration, baseline, of, better, worse, even }) =>
    `${configuration ?? 'One network for all tasks, chosen on validation rows,'} is significantly better than ${baseline} on ` +
    `${better.length} of ${counted(of, 'data set')}${better.length === 0 ? '' : ` (${joined(better)})`}. ` +
    `It is significantly worse on ${countOf(worse)}; on ${countOf(even)} the difference is not significant.`,
});

const nothingShared = /* @__PURE__ */ defineFinding<never, { readonly sets: readonly string[] }>('no-shared-network', {
  severity: 'note',
  says: ({ sets }) => `No network that shares layers was run with validation scores on ${joined(sets)}.`,
});

const tooFewSeeds = /* @__PURE__ */ defineFinding<never, { readonly sets: readonly string[] }>('too-few-seeds', {
  severity: 'note',
  says: ({ sets }) =>
    `A verdict takes at least ${LEAST_SEEDS} seeds: ${joined(sets)} ${sets.length === 1 ? 'has' : 'have'} fewer.`,
});

function findingsOf(sets: readonly ComparedDataSet[], baseline: string, configuration?: string): Finding[] {
  const namesOf = (is: (best: BestConfiguration | undefined) => boolean) =>
    sets.filter(({ best }) => is(best)).map(({ name }) => name);
  const of = (verdict: Verdict) => namesOf((best) => best?.against?.verdict === verdict);
  const [none, untested] = [namesOf((best) => !best), of('untested')];
  const verdicts = { better: of('better'), worse: of('worse'), even: of('no difference') };
  const isTested = Object.values(verdicts).some((names) => names.length > 0);
  return [
    ...(isTested ? [overDataSets({}, { configuration, baseline, of: sets.length, ...verdicts })] : []),
    ...(none.length > 0 ? [nothingShared({}, { sets: none })] : []),
    ...(untested.length > 0 ? [tooFewSeeds({}, { sets: untested })] : []),
  ];
}

function bestOf({ runs }: DataSet, baseline: string, configuration?: string): BestConfiguration | undefined {
  const [best] = [...runs]
    .filter(([name, [trial]]) => name !== baseline && trial!.sharesLayers === true)
    .map(([name, own]) => ({ name, score: mean(own.map(validationOf)) }))
    .filter(({ score }) => !Number.isNaN(score))
    .sort((a, b) => b.score - a.score);
  const name = configuration ?? best?.name;
  if (name === undefined) return undefined;
  const own = runs.get(name)!;
  return { name, own, against: errorsAgainst(own, runs.get(baseline)!) };
}

/** The validation score of the kept epoch, where larger is better. */
const validationOf = (trial: TrialResult): number =>
  (trial.config.training.selection === 'auc' ? 1 : -1) * validationScore(trial);

/** The name of a configuration: its model, and the title of its setting unless that is the baseline's. */
const namedFrom =
  (plain: string) =>
  ({ model, setting = '' }: TrialResult): string =>
    setting === plain ? model : `${model} (${setting})`;

/** The setting of the baseline on a data set, with which other settings are compared. */
function settingOf(trials: readonly TrialResult[], baseline: string): string {
  const settings = [...new Set(trials.flatMap(({ model, setting = '' }) => (model === baseline ? [setting] : [])))];
  if (settings.length < 2) return settings[0] ?? '';
  return fail({
    expected: `one setting with ${baseline}`,
    received: settings.map((each) => `"${each}"`).join(', '),
    fix: 'Give budgets models of their own, so that the baseline is trained once.',
  });
}

/** What identifies the rows of a trial: their hash or their description, but not how columns are encoded and tasks are trained. */
function rowsKey({ config: { data }, metrics }: TrialResult): string {
  const { content, rows, folds, numbers: _, context: __, losses: ___, ...described } = data;
  return contentKey([Object.keys(metrics).sort(), rows, folds, content ?? described]);
}

function dataSetsOf(folders: readonly FolderOfTrials[], baseline: string): DataSet[] {
  const trials = folders.flatMap((folder) => folder.trials);
  if (trials.length === 0)
    fail({ expected: 'folders with finished trials', received: 'none', fix: 'Name folders of polytask bench --out.' });
  const old = trials.find(({ normalizedLosses = {} }) => Object.keys(normalizedLosses).length === 0);
  if (old)
    fail({
      expected: 'trials with normalized losses, which make tasks comparable',
      received: `${trialText(old)} of ${old.suite} without them`,
      fix: 'Run it again.',
    });
  const groups = [...groupBy(trials, rowsKey).values()].map((all) => ({ all, plain: settingOf(all, baseline) }));
  const titles = groups.map(({ all: [trial], plain }) => titlesOf(trial!, plain));
  return groups.map(({ all, plain }, i) => {
    const isOnly = (_: string, kind: number) => titles.every((each, j) => i === j || each[kind] !== titles[i]![kind]);
    const title = titles[i]!.find(isOnly) ?? `${titles[i]!.at(-1)} (${i + 1})`;
    return { name: title, runs: runsOf(groupBy(all, namedFrom(plain)), title) };
  });
}

/** Names of a data set, the shortest first: the first one counts that no other data set has. */
function titlesOf({ config, metrics }: TrialResult, setting: string): string[] {
  const set = String(config.data['set']);
  const tasks = `${set}: ${Object.keys(metrics).join(', ')}`;
  return [set, ...(setting === '' ? [tasks] : [`${set}, ${setting}`]), tasks];
}

/** The trials of each configuration, of several of one seed or fold the last one. */
function runsOf(configurations: ReadonlyMap<string, readonly TrialResult[]>, name: string): DataSet['runs'] {
  return new Map(
    [...configurations].map(([configuration, all]) => {
      // a model from elsewhere has other predictions for each seed
      const kinds = new Set(
        all.map(({ config, epochs }) => contentKey(epochs > 0 ? config : { ...config, model: null })),
      );
      if (kinds.size > 1)
        fail({
          expected: `one configuration ${configuration} on ${name}`,
          received: `${kinds.size}, of the suites ${joined([...new Set(all.map(({ suite }) => suite))])}`,
          fix: 'Give the settings of the suites names (budgets), or leave a folder out.',
        });
      return [configuration, [...new Map(all.map((trial) => [pairOf(trial), trial])).values()]];
    }),
  );
}
