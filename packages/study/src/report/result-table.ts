import { LEAST_SEEDS } from '../summary/comparisons.ts';
import { metricFormat, metricTitle } from '../summary/metric-entries.ts';
import type { Column, ModelScores, ModelSummary, ScoreTable, Summary } from '../summary/summary.ts';
import {
  type Maybe,
  formatBounds,
  formatCount,
  formatInterval,
  formatPercent,
  formatSeconds,
  joined,
  present,
} from '../format.ts';
import { CONSTANT } from '../summary/column-words.ts';
import { columnDigits } from '../summary/difference-rows.ts';
import { known } from './leaderboard.ts';
import { type MarkedWarnings, markWarnings } from './marked-warnings.ts';
import { type Cell, type ColumnOf, type Table, tableOf } from './blocks.ts';
import { pairing } from '../results/folds.ts';
import { aheadOf } from '../summary/sensitivity.ts';

/** Metrics that are the normalized loss of their task. */
const RELATIVE = ['ne'];

/** The normalized loss of a task, unless a metric of the table is the normalized loss. It is 1 for a constant. */
export const normalizedLossOf = ({ columns, models }: Summary, task: string): boolean =>
  models.some(({ normalizedLosses }) => Object.hasOwn(normalizedLosses, task)) &&
  !columns.some((column) => column.task === task && RELATIVE.includes(column.metric));

/** Metrics and normalized loss of each task, gains and costs, with the marks of warnings. The last row is that of a constant prediction. */
export function resultTable(summary: Summary, warnings: MarkedWarnings = markWarnings(summary)): Table {
  const relative = (task: string): ScoreColumn<ModelSummary> => ({
    ...{ group: `task ${task}`, over: task, title: 'normalized loss ↓', constant: (1).toFixed(RELATIVE_DIGITS) },
    cell: ({ normalizedLosses: { [task]: error } }) => error && formatInterval(error, RELATIVE_DIGITS),
  });
  const counted = summary.models.some(({ multiplyAdds }) => multiplyAdds !== undefined);
  const costs = [
    cost<ModelSummary>('parameters', ({ parameters }) => known(parameters, formatCount)),
    counted && cost<ModelSummary>('multiply-adds', ({ multiplyAdds: n }) => (n === undefined ? n : formatCount(n))),
    cost<ModelSummary>('seconds', ({ seconds }) => known(seconds.mean, formatSeconds)),
  ];
  return scoresTable(
    summary,
    summary.models,
    warnings,
    costs,
    (task) => normalizedLossOf(summary, task) && relative(task),
  );
}

const RELATIVE_DIGITS = 4;

/** The scores of models: by default without costs, warnings and normalized losses. */
export function scoresTable<M extends ModelScores>(
  scores: ScoreTable,
  models: readonly M[],
  warnings?: MarkedWarnings,
  costs: readonly Maybe<ScoreColumn<M>>[] = [],
  relative: (task: string) => Maybe<ScoreColumn<M>> = () => false,
): Table {
  const { columns, seeds, winners, constants, comparisons } = scores;
  const uneven = models.some((model) => model.seeds.length !== seeds.length);
  const metricColumn = ({ task, metric }: Column): ScoreColumn<M> => {
    const digits = columnDigits(scores, { task, metric });
    return {
      ...{ group: `task ${task}`, over: task, title: metricTitle(metric) },
      ...(warnings && { overMarks: warnings.task(task) }),
      constant: constants[task]?.[metric]?.toFixed(digits),
      cell: (model) => ({
        text: valueOf(model, { task, metric }, digits),
        winner: winners.some((each) => each.task === task && each.metric === metric && each.model === model.model),
        marks: warnings?.cell(model.model, { task, metric }) ?? '',
      }),
    };
  };
  const all = present<ScoreColumn<M>>([
    {
      ...{ title: 'model', marks: warnings?.all ?? '', constant: CONSTANT },
      cell: ({ model }) => ({ text: model, marks: warnings?.model(model) ?? '' }),
    },
    ...[...new Set(columns.map(({ task }) => task))].flatMap((task) => [
      ...columns.filter((column) => column.task === task).map(metricColumn),
      relative(task),
    ]),
    ...gainedIn(scores).map((metric): ScoreColumn<M> => ({
      ...{ group: 'gain', over: 'gain %', title: metricFormat(metric).label },
      cell({ model }) {
        const gain = comparisons[metric]!.models[model]?.gain;
        return gain && formatPercent(gain.mean);
      },
    })),
    ...costs,
    uneven && cost<M>('seeds', (model) => String(model.seeds.length)),
  ]);
  const table = tableOf(
    models,
    all.map(({ constant: _, ...column }) => column),
  );
  const constantRow = all.map(({ constant = '' }): Cell => ({ text: constant }));
  return Object.keys(constants).length === 0 ? table : { ...table, rows: [...table.rows, constantRow] };
}

/** The metrics in which some model has a gain. */
const gainedIn = ({ comparisons }: ScoreTable): string[] =>
  Object.keys(comparisons).filter((metric) => Object.values(comparisons[metric]!.models).some((each) => each?.gain));

interface ScoreColumn<M> extends ColumnOf<M> {
  /** The cell of a constant prediction. Default: empty. */
  readonly constant?: string | undefined;
}

const cost = <M>(title: string, cell: ColumnOf<M>['cell']): ScoreColumn<M> => {
  return { group: 'cost', over: '', title, cell };
};

/** The mean over seeds with its interval. A single seed's value has the interval over samples of test rows instead. */
function valueOf({ metrics, rowIntervals }: ModelScores, { task, metric }: Column, digits: number): string {
  const value = metrics[task]![metric]!;
  const rows = rowIntervals[task]?.[metric];
  return rows ? formatBounds(value.mean, rows, digits) : formatInterval(value, digits);
}

export const ROW_INTERVALS = 'In brackets: the 95% interval over samples of test rows';

export function footnotes(summary: Summary): string[] {
  const { baseline, models, seeds, winners, columns, config } = summary;
  const { noun } = pairing(config);
  const hasBaseline = models.some(({ model }) => model === baseline);
  const hasGains = gainedIn(summary).length > 0;
  const hasRows = models.some(({ rowIntervals }) => Object.keys(rowIntervals).length > 0);
  const isCompared = Object.keys(summary.comparisons).length > 0;
  const isTested = seeds.length >= LEAST_SEEDS;
  return present([
    seeds.length > 1
      ? `Mean over ${seeds.length} ${noun}s ± half its 95% interval.`
      : `One seed${hasRows ? '' : ', no interval'}.`,
    seeds.length === 1 && hasRows && `${ROW_INTERVALS}, not over seeds.`,
    hasGains
      ? `gain: the relative improvement over ${baseline}, ${noun} by ${noun}, mean over tasks; better is positive.`
      : `No gain: ${hasBaseline ? `there is nothing beside ${baseline}` : `it is measured against ${baseline}, which was not run`}.`,
    ...constantNotes(summary),
    !isTested && `Differences aren't marked: a verdict takes at least ${LEAST_SEEDS} ${noun}s.`,
    isTested &&
      models.length > 1 &&
      (winners.length === 0
        ? 'No column has a winner: no model is significantly better than each other one.'
        : '*: significantly better than each other row.' +
          (winners.length < columns.length ? ' A column without it has no winner.' : '')),
    ...(isTested && isCompared
      ? [
          `▲ significantly better, ▼ significantly worse than ${baseline}.`,
          'Without a sign the difference is not significant, which is not the same as no difference.',
          rankNote(summary),
        ]
      : []),
    isCompared &&
      aheadOf(summary).size > 0 &&
      'configurations ahead: in how many of those that a search tried, for both and in full, ' +
        `the model is better than ${baseline} on the validation rows of ${noun === 'seed' ? 'one seed' : 'the folds, by the mean'}.`,
    'seconds: training and test, one trial.',
  ]);
}

/** The explanation of the normalized loss, of the row of a constant, and of what gains leave out because of it. */
export function constantNotes(summary: Summary): string[] {
  const { constants, leftOut, baseline, columns } = summary;
  const tasks = [...new Set(columns.map(({ task }) => task))];
  return present([
    tasks.some((task) => normalizedLossOf(summary, task)) &&
      'normalized loss: the loss of the model over the loss of the baseline that predicts the mean or the class shares; 0 is perfect. NE is the normalized loss of a yes-or-no task.',
    Object.keys(constants).length > 0 &&
      `${CONSTANT}: the base rate, the class shares or the mean of the test labels, for every row.`,
    leftOut.length > 0 &&
      `No gain counts ${joined(leftOut.map(({ task, metric }) => `${task} in ${metricFormat(metric).label}`))}: ` +
        `${baseline} is no better than a ${CONSTANT} there.`,
  ]);
}

function rankNote({ comparisons, config }: Summary): string | false {
  const distances = Object.entries(comparisons)
    .filter(([, { ranks }]) => !Number.isNaN(ranks.criticalDifference))
    .map(([metric, { ranks }]) => `${metricFormat(metric).label} ${ranks.criticalDifference.toFixed(2)}`);
  const what = `rank: mean over tasks and ${pairing(config).noun}s, 1 the best`;
  return distances.length > 0 && `${what}; ranks nearer than ${distances.join(', ')} don't differ significantly.`;
}
