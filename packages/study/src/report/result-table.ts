import { metricFormat, metricTitle } from '../summary/metric-rows.ts';
import type { Column, ModelScores, ModelSummary, ScoreTable, Summary } from '../summary/summary.ts';
import { formatBounds, formatCount, formatInterval, formatPercent, formatSeconds } from './format.ts';
import { type MarkedWarnings, markWarnings } from './marked-warnings.ts';

/** A table of results as text, before a renderer lays it out for a terminal or a document. */
export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  /** One row for each model, and perhaps one for a constant prediction, with a cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
}

interface ResultColumn {
  /** Columns of one group stay together where a table is broken: the metrics of a task, the gains. */
  readonly group: string;
  /** The line above the title: the task. */
  readonly over: string;
  /** The marks of warnings after `over`: ` [1]`. */
  readonly overMarks?: string;
  readonly title: string;
  /** The marks of warnings after the title. */
  readonly marks?: string;
}

export interface Cell {
  readonly text: string;
  /** Whether the cell's model is the winner of the column. */
  readonly winner?: boolean;
  /** The marks of the cell's warnings: ` [1] [3]`. */
  readonly marks?: string;
}

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
export const resultTable = (summary: Summary, warnings: MarkedWarnings = markWarnings(summary)): ResultTable =>
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
export const scoresTable = (scores: ScoreTable): ResultTable => tableOf(scores, scores.models, undefined, []);

function tableOf<M extends ModelScores>(
  { columns, seeds, winners, constants }: ScoreTable,
  models: readonly M[],
  warnings: MarkedWarnings | undefined,
  costs: readonly ColumnOf<M>[],
  relative: (task: string) => readonly ColumnOf<M>[] = () => [],
): ResultTable {
  const uneven = models.some((model) => model.seeds.length !== seeds.length);
  const gained = [...new Set(models.flatMap(({ gains }) => Object.keys(gains)))];
  const metricColumn = ({ task, metric }: Column): ColumnOf<M> => ({
    group: `task ${task}`,
    over: task,
    ...(warnings && { overMarks: warnings.task(task) }),
    title: metricTitle(metric),
    constant: constants[task]?.[metric]?.toFixed(metricFormat(metric).digits),
    cell: (model) => ({
      text: valueOf(model, task, metric),
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
      group: 'model',
      over: '',
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

interface ColumnOf<M> extends ResultColumn {
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
function valueOf({ metrics, rowIntervals }: ModelScores, task: string, metric: string): string {
  const value = metrics[task]![metric]!;
  const { digits } = metricFormat(metric);
  const rows = rowIntervals[task]?.[metric];
  return rows ? formatBounds(value.mean, rows, digits) : formatInterval(value, digits);
}

/**
 * Breaks a table into pieces of at most `width`. Each piece begins with the models' names. Columns of one group, such as the
 * metrics of a task, stay together. A wider group is a piece alone.
 *
 * @param width in any unit, such as characters or pixels
 * @param widthOf the width of a column with its margins, from the length of its longest text in characters
 */
export function brokenTable(table: ResultTable, width: number, widthOf: (characters: number) => number): ResultTable[] {
  const widths = table.columns.map(({ over, overMarks = '', title, marks = '' }, i) => {
    const cells = table.rows.map((row) => row[i]!.text.length + (row[i]!.marks ?? '').length + 1); // 1 for the winner's star
    return widthOf(Math.max(over.length + overMarks.length, title.length + marks.length, ...cells));
  });
  const groups = [...new Set(table.columns.slice(1).map(({ group }) => group))].map((group) =>
    table.columns.flatMap((column, i) => (i > 0 && column.group === group ? [i] : [])),
  );
  const pieces: number[][] = [];
  const sum = (columns: readonly number[]) => columns.reduce((total, i) => total + widths[i]!, 0);
  for (const group of groups) {
    const last = pieces.at(-1);
    if (last && sum(last) + sum(group) <= width) last.push(...group);
    else pieces.push([0, ...group]);
  }
  return pieces.map((piece) => ({
    columns: piece.map((i) => table.columns[i]!),
    rows: table.rows.map((row) => piece.map((i) => row[i]!)),
  }));
}
