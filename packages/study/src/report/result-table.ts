import { metricFormat, metricTitle } from '../summary/metric-rows.ts';
import type { Column, ModelScores, ModelSummary, ScoreTable, Summary } from '../summary/summary.ts';
import { formatBounds, formatCount, formatInterval, formatPercent, formatSeconds } from '../format.ts';
import { columnDigits } from './differences.ts';
import { type MarkedWarnings, markWarnings } from './marked-warnings.ts';
import type { Cell, Table, TableColumn } from './table.ts';

/** The name of the row of a constant prediction. */
export const CONSTANT = 'a constant';

/** Metrics that are the relative error of their task. */
const RELATIVE = ['ne', 'multiclassNe', 'multiLabelNe'];

/** The relative error of a task, unless a metric of the table is the relative error. It is 1 for a constant. */
export const relativeErrorOf = ({ columns, models }: Summary, task: string): boolean =>
  models.some(({ relativeErrors }) => Object.hasOwn(relativeErrors, task)) &&
  !columns.some((column) => column.task === task && RELATIVE.includes(column.metric));

/**
 * The main table of results: metrics and relative error of each task, gains, parameters and seconds, with the marks of the warnings. The
 * last row is that of a constant prediction, if the trials know it.
 */
export const resultTable = (summary: Summary, warnings: MarkedWarnings = markWarnings(summary)): Table =>
  tableOf(
    summary,
    summary.models,
    warnings,
    [
      plain('parameters', ({ parameters }) => known(parameters, formatCount)),
      ...(summary.models.some(({ multiplyAdds }) => multiplyAdds !== undefined)
        ? [
            plain<ModelSummary>('multiply-adds', ({ multiplyAdds }) =>
              multiplyAdds === undefined ? '' : formatCount(multiplyAdds),
            ),
          ]
        : []),
      plain('seconds', ({ seconds }) => known(seconds.mean, formatSeconds)),
    ],
    (task) => (relativeErrorOf(summary, task) ? [relativeColumn(task)] : []),
  );

const relativeColumn = (task: string): ColumnOf<ModelSummary> => ({
  group: `task ${task}`,
  over: task,
  title: 'relative error ↓',
  constant: (1).toFixed(RELATIVE_DIGITS),
  cell: ({ relativeErrors }) => ({
    text: relativeErrors[task] ? formatInterval(relativeErrors[task], RELATIVE_DIGITS) : '',
  }),
});

const RELATIVE_DIGITS = 4;

/** A cost; nothing for a model that was trained elsewhere, whose costs are 0 in the results. */
const known = (cost: number, format: (value: number) => string): string => (cost > 0 ? format(cost) : '');

/** A table of results without costs and warnings. */
export const scoresTable = (scores: ScoreTable): Table => tableOf(scores, scores.models, undefined, []);

function tableOf<M extends ModelScores>(
  scores: ScoreTable,
  models: readonly M[],
  warnings: MarkedWarnings | undefined,
  costs: readonly ColumnOf<M>[],
  relative: (task: string) => readonly ColumnOf<M>[] = () => [],
): Table {
  const { columns, seeds, winners, constants } = scores;
  const uneven = models.some((model) => model.seeds.length !== seeds.length);
  const gained = [...new Set(models.flatMap(({ gains }) => Object.keys(gains)))];
  const metricColumn = ({ task, metric }: Column): ColumnOf<M> => ({
    group: `task ${task}`,
    over: task,
    ...(warnings && { overMarks: warnings.task(task) }),
    title: metricTitle(metric),
    constant: constants[task]?.[metric]?.toFixed(columnDigits(scores, { task, metric })),
    cell: (model) => ({
      text: valueOf(model, { task, metric }, columnDigits(scores, { task, metric })),
      winner: winners.some((each) => each.task === task && each.metric === metric && each.model === model.model),
      marks: warnings?.cell(model.model, { task, metric }) ?? '',
    }),
  });
  const tasks = [...new Set(columns.map(({ task }) => task))];
  const metricColumns = tasks.flatMap((task) => [
    ...columns.filter((column) => column.task === task).map(metricColumn),
    ...relative(task),
  ]);
  const gainColumns = gained.map((metric): ColumnOf<M> => ({
    group: 'gain',
    over: 'gain %',
    title: metricFormat(metric).label,
    cell: ({ gains }) => ({ text: gains[metric] ? formatPercent(gains[metric].mean) : '' }),
  }));
  const all: ColumnOf<M>[] = [
    {
      title: 'model',
      marks: warnings?.all ?? '',
      cell: ({ model }) => ({ text: model, marks: warnings?.model(model) ?? '' }),
    },
    ...metricColumns,
    ...gainColumns,
    ...costs,
    ...(uneven ? [plain<M>('seeds', (model) => String(model.seeds.length))] : []),
  ];
  const constantRow = all.map(({ constant = '' }, i): Cell => ({ text: i === 0 ? CONSTANT : constant }));
  return {
    columns: all.map(({ cell: _, constant: __, ...column }) => column),
    rows: [
      ...models.map((model) => all.map(({ cell }) => cell(model))),
      ...(Object.keys(constants).length > 0 ? [constantRow] : []),
    ],
  };
}

interface ColumnOf<M> extends TableColumn {
  /** The cell of a constant prediction. Default: empty. */
  readonly constant?: string | undefined;
  cell(model: M): Cell;
}

const plain = <M extends ModelScores>(title: string, text: (model: M) => string): ColumnOf<M> => ({
  group: 'cost',
  over: '',
  title,
  cell: (model) => ({ text: text(model) }),
});

/** The mean over seeds with its interval. A single seed's value has the interval over samples of test rows instead. */
function valueOf({ metrics, rowIntervals }: ModelScores, { task, metric }: Column, digits: number): string {
  const value = metrics[task]![metric]!;
  const rows = rowIntervals[task]?.[metric];
  return rows ? formatBounds(value.mean, rows, digits) : formatInterval(value, digits);
}
