import { metricRow } from '../summary/metric-rows.ts';
import type { ModelScores, ModelSummary, ScoreTable, Summary } from '../summary/summary.ts';
import { metricTitle } from './difference-rows.ts';
import { markWarnings, type MarkedWarnings } from './marked-warnings.ts';
import { formatBounds, formatCount, formatInterval, formatPercent, formatSeconds } from './format.ts';

/** The table of results as text, before it is laid out for a terminal or a document. */
export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  /** A row a model, a cell a column. */
  readonly rows: readonly (readonly Cell[])[];
}

export interface ResultColumn {
  /** Columns of one group stay together: those of a task, the gains. */
  readonly group: string;
  /** Above the title: the task. */
  readonly over: string;
  /** The marks of warnings beside what is above the title: ` [1]`. */
  readonly overMarks?: string;
  readonly title: string;
  /** The marks of warnings beside the title. */
  readonly marks?: string;
}

export interface Cell {
  readonly text: string;
  /** Whether it is marked as its column's winner. */
  readonly winner: boolean;
  /** The marks of its warnings, ` [1] [3]`. */
  readonly marks?: string;
}

/** Model, each task's metrics, gains, parameters and seconds; with the marks of the warnings. */
export const resultTable = (summary: Summary, warnings: MarkedWarnings = markWarnings(summary)): ResultTable =>
  tableOf(summary, summary.models, warnings, [
    plain('parameters', ({ parameters }) => formatCount(parameters)),
    ...(summary.models.some(({ multiplyAdds }) => multiplyAdds !== undefined)
      ? [
          plain<ModelSummary>('multiply-adds', ({ multiplyAdds }) =>
            multiplyAdds === undefined ? '' : formatCount(multiplyAdds),
          ),
        ]
      : []),
    plain('seconds', ({ seconds }) => formatSeconds(seconds.mean)),
  ]);

/** Without what models cost. */
export const scoresTable = (scores: ScoreTable): ResultTable => tableOf(scores, scores.models, undefined, []);

function tableOf<M extends ModelScores>(
  { columns, seeds, winners }: ScoreTable,
  models: readonly M[],
  warnings: MarkedWarnings | undefined,
  costs: readonly ColumnOf<M>[],
): ResultTable {
  const uneven = models.some((model) => model.seeds.length !== seeds.length);
  const gained = [...new Set(models.flatMap(({ gains }) => Object.keys(gains)))];
  const metricColumns = columns.map(({ task, metric }): ColumnOf<M> => ({
    group: task,
    over: task,
    ...(warnings && { overMarks: warnings.task(task) }),
    title: metricTitle(metric),
    cell: (model) => ({
      text: valueOf(model, task, metric),
      winner: winners.some((each) => each.task === task && each.metric === metric && each.model === model.model),
      marks: warnings?.cell(model.model, { task, metric }) ?? '',
    }),
  }));
  const gainColumns = gained.map((metric): ColumnOf<M> => ({
    group: 'gain',
    over: 'gain %',
    title: metricRow(metric)?.label ?? metric,
    cell: ({ gains }) => ({ text: gains[metric] ? formatPercent(gains[metric].mean) : '', winner: false }),
  }));
  const all: ColumnOf<M>[] = [
    {
      group: 'model',
      over: '',
      title: 'model',
      marks: warnings?.all ?? '',
      cell: ({ model }) => ({ text: model, winner: false, marks: warnings?.model(model) ?? '' }),
    },
    ...metricColumns,
    ...gainColumns,
    ...costs,
    ...(uneven ? [plain<M>('seeds', (model) => String(model.seeds.length))] : []),
  ];
  return {
    columns: all.map(({ cell: _, ...column }) => column),
    rows: models.map((model) => all.map(({ cell }) => cell(model))),
  };
}

interface ColumnOf<M> extends ResultColumn {
  cell(model: M): Cell;
}

const plain = <M extends ModelScores>(title: string, text: (model: M) => string): ColumnOf<M> => ({
  group: 'cost',
  over: '',
  title,
  cell: (model) => ({ text: text(model), winner: false }),
});

/** The mean over seeds with its interval, or a single seed's value with that over rows. */
function valueOf({ metrics, rowIntervals }: ModelScores, task: string, metric: string): string {
  const value = metrics[task]![metric]!;
  const digits = metricRow(metric)?.digits ?? 4;
  const rows = rowIntervals[task]?.[metric];
  return rows ? formatBounds(value.mean, rows, digits) : formatInterval(value, digits);
}
