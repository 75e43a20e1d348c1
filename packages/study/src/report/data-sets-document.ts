import { mean } from '@polytask/components';
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
import { type Against, corrected, errorOf, errorsAgainst } from '../summary/comparisons.ts';
import type { ComparedDataSet, DataSet, DataSetsComparison, FolderOfTrials } from '../summary/data-sets.ts';
import { rowCountsOf } from '../suites/row-counts.ts';
import { pairing, pairOf } from '../results/folds.ts';
import type { TrialResult } from '../results/trial-result.ts';
import * as doc from './blocks.ts';
import { signedCell } from './differences.ts';

/** Compares configurations over several data sets, by the mean normalized loss of their tasks on test rows: 0 is perfect, 1 is a constant. */
export function dataSetsDocument({
  baseline,
  isChosen,
  sets,
  findings,
  folders,
}: DataSetsComparison): doc.ReportDocument {
  return doc.documentOf(
    `${counted(sets.length, 'data set')}, compared with ${baseline}`,
    doc.text(
      findings.map(({ message }) => message),
      'answer',
    ),
    doc.section('Data sets', [
      doc.table(setsTable(sets, baseline)),
      isChosen &&
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

const DIGITS = 4;

const meanError = (trials: readonly TrialResult[]): number => mean(trials.map(errorOf));

/** The tests of the data sets, which depend on how their rows were split, and the intervals over data sets. */
function measurementOf(sets: readonly DataSet[]): string[] {
  const tests = new Set(sets.map(({ runs }) => pairing([...runs.values()][0]![0]!.config).tests));
  return [
    `Signs on a data set: ${joined([...tests].sort().reverse())}, 5%, without correction for the number of data sets; ` +
      "of configurations with Holm's correction for those of the data set.",
    'Means over data sets: t intervals, 5%, without correction.',
  ];
}

const differenceCell = (against: Pick<Against, 'difference' | 'high' | 'verdict'>): doc.Cell =>
  signedCell(formatDifference(against, DIGITS), against.verdict);

function setsTable(sets: readonly ComparedDataSet[], baseline: string): doc.Table {
  return doc.tableOf(
    sets.map(({ name, runs, best }) => {
      const base = runs.get(baseline)!;
      return { name, base, trial: base[0]!, best };
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
