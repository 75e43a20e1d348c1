import { sum } from '@polytask/components';
import {
  labelOf,
  predictionTypeOf,
  type ExplainedScale,
  type OutputExplanation,
  type RowsExplanation,
  type Task,
  type Tasks,
} from '@polytask/core';
import { counted } from '../format.ts';
import * as doc from './blocks.ts';
import * as draw from './pictures/chart.ts';
import { h, tooltip } from './pictures/markup.ts';
import { rowPlot } from './pictures/row-plot.ts';

/** Why rows of a file have their predictions. */
export interface ExplainedRows extends Omit<RowsExplanation, 'rows'> {
  /** The file of the background rows; null for trees that were explained without. */
  readonly source: string | null;
  /** The declarations of the tasks. */
  readonly schema: Tasks;
  readonly rows: readonly {
    /** Such as `people.csv, line 2`. */
    readonly row: string;
    /** By feature, as the file has it; null for a missing value. */
    readonly values: Readonly<Record<string, string | number | null>>;
    readonly tasks: RowsExplanation['rows'][number];
  }[];
}

const MOST = 12;

/** The contributions of features to the predictions of rows: a table and a picture for each task. */
export function rowExplanations(title: string, explained: ExplainedRows): doc.ReportDocument {
  const { rows, schema, method, background, source } = explained;
  const from = source === null ? "the trees' training rows" : `${counted(background, 'random row')} of ${source}`;
  const isCalibrated = Object.values(schema).some(({ calibrated }) => calibrated?.calibration);
  return doc.documentOf(
    title,
    doc.note(
      `Each contribution is what a feature's value changes, compared with ${from}: the base value and all contributions add up to the prediction.`,
      method === 'sampling' &&
        background > 1 &&
        '±: the standard error, over the rows and the sampled orders in which features are added.',
      isCalibrated && 'Calibrated predictions are explained as they are before the calibration.',
      'Contributions explain the model. They show no causes.',
    ),
    rows.map(({ row, values, tasks }) =>
      doc.section(
        row,
        Object.entries(tasks).map(([task, { scale, outputs }]) =>
          shownOutputs(schema[task]!, outputs).map((output) => [
            doc.text([predictionSentence(task, schema[task]!, SCALES[scale], output), expertSentence(task, output)]),
            doc.table(contributionTable(output, values)),
            doc.pictures([contributionPicture(`${row}: ${nameOf(task, output)}`, scale, output)], 'detail'),
          ]),
        ),
      ),
    ),
  );
}

const SCALES: Readonly<Record<ExplainedScale, string>> = {
  'log-odds': 'log-odds',
  logits: 'logit',
  label: "the label's unit",
  'log-label': 'sign(y)·ln(1 + |y|)',
  log: 'natural logarithm',
  prediction: 'the prediction',
};

const shownOutputs = (task: Task, outputs: readonly OutputExplanation[]): readonly OutputExplanation[] =>
  predictionTypeOf(task).isExclusive
    ? [outputs.reduce((best, each) => (each.prediction > best.prediction ? each : best))]
    : outputs;

const nameOf = (task: string, { name }: OutputExplanation): string => (name === undefined ? task : `${task}: ${name}`);

const digits = (value: number): string => String(Number(value.toPrecision(4))).replace('-', '−');
const signed = (value: number): string => `${value < 0 ? '' : '+'}${digits(value)}`;

/** `income: 82.3% for 50000+, log-odds 1.537 (base value −1.2, contributions +2.737).` */
function predictionSentence(task: string, declared: Task, scale: string, output: OutputExplanation): string {
  const { prediction, base, value } = output;
  const label = labelOf(declared);
  const yes =
    label.type === 'yes-no' && label.positive !== undefined ? ` for ${[label.positive].flat().join(' or ')}` : '';
  const shown = predictionTypeOf(declared).isProbability ? `${digits(100 * prediction)}%` : digits(prediction);
  const before = declared.calibrated?.calibration ? ' before the calibration' : '';
  const scaled =
    Number(value.toPrecision(3)) === Number(prediction.toPrecision(3)) ? '' : `, ${scale} ${digits(value)}${before}`;
  return `${nameOf(task, output)}: ${shown}${yes}${scaled} (base value ${digits(base)}, contributions ${signed(value - base)}).`;
}

/** `By the last level: its own experts +0.31, experts of education +0.02, shared experts +0.25, and its gates −0.06.` */
function expertSentence(task: string, { experts }: OutputExplanation): string | undefined {
  if (!experts) return undefined;
  const isOwn =
    experts.gates === 0 && Object.entries(experts.units).every(([unit, each]) => unit === task || each === 0);
  if (isOwn) return undefined; // all of it
  const names: Readonly<Record<string, string>> = { shared: 'shared experts', pool: 'experts of the pool' };
  const parts = Object.entries(experts.units)
    .filter(([unit, each]) => unit === task || each !== 0) // a gate doesn't see others
    .sort(([a], [b]) => Number(b === task) - Number(a === task))
    .map(
      ([unit, each]) => `${unit === task ? 'its own experts' : (names[unit] ?? `experts of ${unit}`)} ${signed(each)}`,
    );
  return `By the last level: ${parts.join(', ')}, and its gates ${signed(experts.gates)}.`;
}

const ranked = ({ contributions }: OutputExplanation): [feature: string, contribution: number][] =>
  Object.entries(contributions).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));

function contributionTable(output: OutputExplanation, values: ExplainedRows['rows'][number]['values']): doc.Table {
  const { errors } = output;
  const all = ranked(output);
  const rest = all.slice(MOST);
  const errorOf = (feature: string) => (errors ? [`±${Number(errors[feature]!.toPrecision(2))}`] : []);
  const shown = (value: string | number | null | undefined) =>
    value === null ? 'missing' : value === undefined ? '' : typeof value === 'number' ? digits(value) : value;
  return doc.textTable(
    ['feature', 'value', 'contribution', ...(errors ? ['±'] : [])],
    [
      ...all
        .slice(0, MOST)
        .map(([feature, each]) => [feature, shown(values[feature]), signed(each), ...errorOf(feature)]),
      ...(rest.length > 0
        ? [[counted(rest.length, 'other feature'), '', signed(sum(rest, ([, each]) => each)), ...(errors ? [''] : [])]]
        : []),
    ],
  );
}

/** The contributions of the features to one number of a prediction, as bars. @param caption in one line, without a full stop */
export function contributionPicture(caption: string, scale: ExplainedScale, output: OutputExplanation): draw.Picture {
  const shown = ranked(output).slice(0, MOST);
  const plot = rowPlot({
    xTitle: `contribution (${SCALES[scale]})`,
    width: 220, // with names of ten letters, it fits a phone
    domain: draw.roomyRange([0, ...shown.map(([, each]) => each)]),
    rows: shown.map(([name, each]) => ({
      name,
      draw: (x, y) =>
        h(
          'g',
          { class: each < 0 ? 's1' : 'accent' },
          tooltip(`${name}: ${signed(each)}`),
          h('rect', {
            ...{ class: 'bar', fill: 'currentColor', y: y - 6, height: 12 },
            ...{ x: Math.min(x(0), x(each)), width: Math.abs(x(each) - x(0)) },
          }),
        ),
    })),
  });
  return draw.drawPicture(`contributions-${draw.slug(caption)}`, caption, plot);
}
