import { mean } from '@polytask/components';
import { readOptions, checks, fail, type FromDescription, groupBy, type Written } from '@polytask/core';
import { friedmanTest, meanInterval, tally, type Verdict, verdictOf } from '@polytask/metrics';
import {
  counted,
  formatCount,
  formatDifference,
  formatInterval,
  formatSeconds,
  joined,
  present,
  rangeText,
} from '../format.ts';
import { type Against, corrected, errorOf, errorsAgainst, LEAST_SEEDS } from '../summary/comparisons.ts';
import { validationScore } from '../summary/summarize.ts';
import { rowCountsOf } from '../suites/row-counts.ts';
import { pairing, pairOf, trialText } from '../results/folds.ts';
import { contentKey, type TrialResult } from '../results/trial-result.ts';
import * as doc from './blocks.ts';
import { signedCell } from './differences.ts';

export interface FolderOfTrials {
  /** Where they are: the folder, or an address. */
  readonly from: string;
  readonly trials: readonly TrialResult[];
}

const { optional, text } = checks;

const documentOptions = {
  /** The configuration that others are compared with. Every data set must have it. */
  baseline: optional(text, 'gradient-boosting'),
  /** The configuration that is compared with it on each data set. Default: the best that shares layers, by validation rows. */
  configuration: optional(text),
};

export interface DataSetsOptions extends Written<typeof documentOptions>, FromDescription {}

interface DataSet {
  readonly name: string;
  /** The trials of each configuration: a model, with the title of its setting. */
  readonly runs: ReadonlyMap<string, readonly TrialResult[]>;
}

const DIGITS = 4;

/**
 * Compares configurations over several data sets, by the mean normalized loss of their tasks on test rows: 0 is perfect, 1 is a constant.
 *
 * Results belong to one data set if they have the same rows, by their hash, tasks and splits. How a suite encodes the columns may differ. A
 * configuration is a model with the title of its setting. The setting of the baseline has no title here: others are compared with it.
 *
 * @throws PolytaskError when a data set lacks the baseline or the configuration, and when two folders have different configurations of one
 *   name; for an unknown option
 */
export function dataSetsDocument(
  folders: readonly FolderOfTrials[],
  options: DataSetsOptions = {},
): doc.ReportDocument {
  const { baseline, configuration } = readOptions(options, documentOptions, 'dataSetsDocument');
  const sets = dataSetsOf(folders, baseline);
  for (const needed of present([baseline, configuration])) {
    const lacking = sets.find(({ runs }) => !runs.has(needed));
    if (lacking)
      fail({
        expected: `trials of ${needed} on every data set`,
        received: `${lacking.name} with ${joined([...lacking.runs.keys()])}`,
        fix: `Run it there, or name another ${needed === baseline ? '--baseline' : '--configuration'}.`,
      });
  }
  const chosen = sets.map((set) => chosenOf(set, baseline, configuration));
  return doc.documentOf(
    `${counted(sets.length, 'data set')}, compared with ${baseline}`,
    doc.text(answerOf(sets, chosen, baseline, configuration), 'answer'),
    doc.section('Data sets', [
      doc.table(setsTable(sets, chosen, baseline)),
      configuration === undefined &&
        doc.note(
          'The best is the configuration that shares layers with the best validation score, so test rows chose nothing.',
        ),
    ]),
    doc.section('Configurations', [
      doc.table(standingsTable(sets, baseline), true),
      doc.note(
        `Mean normalized losses. ▲ significantly better, ▼ significantly worse than ${baseline}. ` +
          'The rank is the mean over data sets ± half its 95% interval, of configurations that all data sets have.',
      ),
      doc.note(seedsNote(sets)),
    ]),
    doc.section('What the settings give', settingBlocks(sets)),
    doc.section('How it was measured', doc.list(measurementOf(sets)), 'detail'),
    doc.section('Where it is from', doc.table(sourcesTable(folders)), 'detail'),
  );
}

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

const meanError = (trials: readonly TrialResult[]): number => mean(trials.map(errorOf));

/** The validation score of the kept epoch, where larger is better. */
const validationOf = (trial: TrialResult): number =>
  (trial.config.training.selection === 'auc' ? 1 : -1) * validationScore(trial);

/** The tests of the data sets, which depend on how their rows were split, and the intervals over data sets. */
function measurementOf(sets: readonly DataSet[]): string[] {
  const tests = new Set(sets.map(({ runs }) => pairing([...runs.values()][0]![0]!.config).tests));
  return [
    `Signs on a data set: ${joined([...tests].sort().reverse())}, 5%, without correction for the number of data sets; ` +
      "of configurations with Holm's correction for those of the data set.",
    'Means over data sets: t intervals, 5%, without correction.',
  ];
}

/** The configuration that shares layers with the best validation score, beside the baseline. Undefined where none shares. */
function chosenOf({ runs }: DataSet, baseline: string, configuration?: string) {
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

type Chosen = ReturnType<typeof chosenOf>;

function answerOf(
  sets: readonly DataSet[],
  chosen: readonly Chosen[],
  baseline: string,
  configuration = 'One network for all tasks, chosen on validation rows,',
): string[] {
  const of = (verdict: Verdict) =>
    sets.filter((_, i) => chosen[i]?.against?.verdict === verdict).map(({ name }) => name);
  const named = (names: readonly string[]) => (names.length === 0 ? '' : ` (${joined(names)})`);
  const [better, worse, even, untested] = [of('better'), of('worse'), of('no difference'), of('untested')];
  const none = sets.filter((_, i) => !chosen[i]).map(({ name }) => name);
  return present([
    `${configuration} is significantly better than ${baseline} on ${better.length} of ` +
      `${counted(sets.length, 'data set')}${named(better)}.`,
    `It is significantly worse on ${worse.length}${named(worse)}; on ${even.length}${named(even)} the difference is not significant.`,
    none.length > 0 && `No network that shares layers was run with validation scores on ${joined(none)}.`,
    untested.length > 0 &&
      `A verdict takes at least ${LEAST_SEEDS} seeds: ${joined(untested)} ${untested.length === 1 ? 'has' : 'have'} fewer.`,
  ]);
}

const differenceCell = (against: Pick<Against, 'difference' | 'high' | 'verdict'>): doc.Cell =>
  signedCell(formatDifference(against, DIGITS), against.verdict);

function setsTable(sets: readonly DataSet[], chosen: readonly Chosen[], baseline: string): doc.Table {
  return doc.tableOf(
    sets.map(({ name, runs }, i) => {
      const base = runs.get(baseline)!;
      return { name, base, trial: base[0]!, best: chosen[i] };
    }),
    [
      { title: 'data set', cell: ({ name }) => name },
      { title: 'training rows', cell: ({ trial }) => formatCount(rowCountsOf(trial.config.data).train ?? NaN) },
      { title: 'tasks', cell: ({ trial }) => Object.keys(trial.metrics).join(', ') },
      { title: `${baseline} ↓`, cell: ({ base }) => meanError(base).toFixed(DIGITS) },
      { title: 'compared', cell: ({ best }) => best?.name },
      { title: 'its error ↓', cell: ({ best }) => best && meanError(best.own).toFixed(DIGITS) },
      { title: 'difference', cell: ({ best }) => best?.against && differenceCell(best.against) },
    ],
  );
}

function verdictsOf({ runs }: DataSet, baseline: string): Map<string, Verdict> {
  const others = [...runs].flatMap(([name, own]) => {
    const difference = name === baseline ? undefined : errorsAgainst(own, runs.get(baseline)!);
    return difference ? [{ name, ...difference }] : [];
  });
  return new Map(corrected(others).map(({ name, verdict }) => [name, verdict]));
}

/** Says so where the configurations of a data set have different seeds, because their means can't be compared then. */
const seedsNote = (sets: readonly DataSet[]): string | false => {
  const counts = sets.flatMap(({ runs }) => [...runs.values()].map(({ length }) => length));
  const differ = sets.some(
    ({ runs }) => new Set([...runs.values()].map((own) => own.map(pairOf).sort().join())).size > 1,
  );
  return (
    differ &&
    `Configurations have different seeds, ${rangeText(counts)} of them: their means can't be compared. Marks are of common seeds, and so are ranks.`
  );
};

function standingsTable(sets: readonly DataSet[], baseline: string): doc.Table {
  const names = [...new Set(sets.flatMap(({ runs }) => [...runs.keys()]))];
  const everywhere = names.filter((name) => sets.every(({ runs }) => runs.has(name)));
  const ranksIn = sets.map(({ runs }) => {
    const all = everywhere.map((name) => runs.get(name)!);
    const [first, ...others] = all.map((own) => own.map(pairOf));
    const common = first!.filter((pair) => others.every((pairs) => pairs.includes(pair)));
    const errors = all.map((own) => meanError(common.map((pair) => own.find((trial) => pairOf(trial) === pair)!)));
    const { averageRanks } = friedmanTest([errors], 'lower');
    return new Map(everywhere.map((name, i) => [name, averageRanks[i]!]));
  });
  const verdicts = sets.map((set) => verdictsOf(set, baseline));
  const rows = names.map((name) => ({
    name,
    rank: everywhere.includes(name) ? meanInterval(ranksIn.map((ranks) => ranks.get(name)!)) : undefined,
    won: tally(verdicts.flatMap((each) => each.get(name) ?? [])),
    seconds: sets.flatMap(({ runs }) => (runs.get(name) ?? []).map(({ seconds }) => seconds)),
  }));
  rows.sort((a, b) => (a.rank?.mean ?? Infinity) - (b.rank?.mean ?? Infinity));
  return doc.tableOf(rows, [
    { title: 'configuration', cell: ({ name }) => name },
    { title: 'rank', cell: ({ rank }) => rank && formatInterval(rank, 1) },
    { title: 'won–lost', cell: ({ name, won }) => (name === baseline ? '' : `${won.wins}–${won.losses}`) },
    { title: 'mean seconds', cell: ({ seconds }) => (mean(seconds) > 0 ? formatSeconds(mean(seconds)) : '') },
    ...sets.map(({ name: set, runs }, i): doc.ColumnOf<(typeof rows)[number]> => ({
      title: `${set} ↓`,
      cell({ name }) {
        const own = runs.get(name);
        return own && signedCell(meanError(own).toFixed(DIGITS), verdicts[i]!.get(name) ?? 'untested');
      },
    })),
  ]);
}

/** The same network with and without each setting, and with other experts, gates and balancers. */
function settingBlocks(sets: readonly DataSet[]): doc.Blocks {
  const pairs = new Map<string, { model: string; setting: string; name: string }>();
  for (const { runs } of sets) {
    for (const [name, [trial]] of runs) {
      const { model: label, setting = '', parts } = trial!;
      const { network: model = label, expert = '', gate = '', balancer = '' } = parts ?? {};
      const given = [name === label ? '' : setting, expert, gate, balancer].filter((each) => each !== '').join(', ');
      if (name !== model && given !== '' && runs.has(model)) pairs.set(name, { model, setting: given, name });
    }
  }
  if (pairs.size === 0) return false;
  const rows = [...pairs.values()].map(({ name, ...pair }) => {
    const bySet = sets.map(({ runs }) => {
      const [own, plain] = [runs.get(name), runs.get(pair.model)];
      return own && plain && errorsAgainst(own, plain);
    });
    const over = meanInterval(present(bySet).map(({ difference }) => difference));
    return { ...pair, bySet, over: { ...over, difference: over.mean, verdict: verdictOf(over, 'lower') } };
  });
  const settings = doc.tableOf(rows, [
    { title: 'setting', cell: ({ setting }) => setting },
    { title: 'of', cell: ({ model }) => model },
    { title: 'mean', cell: ({ over }) => differenceCell(over) },
    ...sets.map(({ name }, i): doc.ColumnOf<(typeof rows)[number]> => ({
      title: name,
      cell: ({ bySet }) => bySet[i] && differenceCell({ ...bySet[i], high: NaN }),
    })),
  ]);
  return [
    doc.table(settings),
    doc.note(
      'Normalized loss with the setting minus without it, for the same network and seeds: negative is better. ' +
        'The mean is over data sets ± half its 95% interval. ▲ helps, ▼ harms significantly.',
    ),
  ];
}

const sourcesTable = (folders: readonly FolderOfTrials[]): doc.Table =>
  doc.tableOf(folders, [
    { title: 'data set', cell: ({ trials: [trial] }) => String(trial?.config.data['set'] ?? '') },
    { title: 'results', cell: ({ from }) => from },
    { title: 'trials', cell: ({ trials }) => formatCount(trials.length) },
    { title: 'hash of the rows', cell: ({ trials: [trial] }) => String(trial?.config.data['content'] ?? '') },
    { title: 'machine', cell: ({ trials }) => joined([...new Set(trials.flatMap(({ machine }) => machine ?? []))]) },
    { title: 'repeat it', cell: ({ from }) => `polytask verify ${from}` },
  ]);
