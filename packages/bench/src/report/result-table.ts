import { metricRow } from '../summary/metric-rows.ts';
import type { ModelSummary, Summary } from '../summary/summary.ts';
import { metricTitle } from './difference-rows.ts';
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
  readonly title: string;
}

export interface Cell {
  readonly text: string;
  /** Whether it is marked as its column's winner. */
  readonly winner: boolean;
}

/** Model, each task's metrics, gains, parameters and seconds. */
export function resultTable(summary: Summary): ResultTable {
  const { columns, models, seeds, winners } = summary;
  const uneven = models.some((model) => model.seeds.length !== seeds.length);
  const gained = [...new Set(models.flatMap(({ gains }) => Object.keys(gains)))];
  const metricColumns = columns.map(({ task, metric }): ColumnOf => ({
    group: task,
    over: task,
    title: metricTitle(metric),
    cell: (model) => ({
      text: valueOf(model, task, metric),
      winner: winners.some((each) => each.task === task && each.metric === metric && each.model === model.model),
    }),
  }));
  const gainColumns = gained.map((metric): ColumnOf => ({
    group: 'gain',
    over: 'gain %',
    title: metricRow(metric)?.label ?? metric,
    cell: ({ gains }) => ({ text: gains[metric] ? formatPercent(gains[metric].mean) : '', winner: false }),
  }));
  const all: ColumnOf[] = [
    plain('model', ({ model }) => model),
    ...metricColumns,
    ...gainColumns,
    plain('parameters', ({ parameters }) => formatCount(parameters)),
    ...(models.some(({ multiplyAdds }) => multiplyAdds !== undefined) ? [plain('multiply-adds', ({ multiplyAdds }) => (multiplyAdds === undefined ? '' : formatCount(multiplyAdds)))] : []),
    plain('seconds', ({ seconds }) => formatSeconds(seconds.mean)),
    ...(uneven ? [plain('seeds', (model) => String(model.seeds.length))] : []),
  ];
  return { columns: all.map(({ group, over, title }) => ({ group, over, title })), rows: models.map((model) => all.map(({ cell }) => cell(model))) };
}

interface ColumnOf extends ResultColumn {
  cell(model: ModelSummary): Cell;
}

const plain = (title: string, text: (model: ModelSummary) => string): ColumnOf => ({
  group: title === 'model' ? 'model' : 'cost',
  over: '',
  title,
  cell: (model) => ({ text: text(model), winner: false }),
});

/** The mean over seeds with its interval, or a single seed's value with that over rows. */
function valueOf({ metrics, rowIntervals }: ModelSummary, task: string, metric: string): string {
  const value = metrics[task]![metric]!;
  const digits = metricRow(metric)?.digits ?? 4;
  const rows = rowIntervals[task]?.[metric];
  return rows ? formatBounds(value.mean, rows, digits) : formatInterval(value, digits);
}
