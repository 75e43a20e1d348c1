import { groupBy } from '@polytask/core';
import { meanInterval } from '@polytask/metrics';
import { counted, formatDifference, formatInterval, joined, type Maybe } from '../format.ts';
import { LEAST_SEEDS } from '../summary/comparisons.ts';
import { differencesOf, type TradeOffPoint } from '../summary/fronts.ts';
import { selectionMeasure } from '../summary/metric-entries.ts';
import { documentOf, list, note, pictures, type ReportDocument, section, table, tableOf, text } from './blocks.ts';
import { drawPicture, type Drawing, label, legend, stacked, roomyRange } from './pictures/chart.ts';
import { chartScales, lineChart } from './pictures/line-chart.ts';
import { h, short, tooltip, seriesClass } from './pictures/markup.ts';

/**
 * Points with their intervals as crosses, hollow where they are significantly dominated. A line goes from weight to weight of a model; the
 * dashed one is the Pareto front of all means. @param axes the titles: `AUC of click ↑`
 */
function frontPlot(
  fronts: ReadonlyMap<string, readonly TradeOffPoint[]>,
  axes: { readonly x: string; readonly y: string },
  direction: 'higher' | 'lower',
): Drawing {
  const all = [...fronts.values()].flat();
  const endsOf = (of: 'score' | 'others') => all.flatMap(({ [of]: { mean, low, high } }) => [mean, low, high]);
  const chart = {
    ...{ title: axes.y, range: roomyRange(endsOf('others'), 0.06), height: 400 },
    ...{ xTitle: axes.x, xRange: roomyRange(endsOf('score'), 0.06), width: 560, xTicks: 6 },
    series: [...fronts].map(([name, points], i) => ({
      ...{ name, look: seriesClass(i) },
      points: points.map(({ score, others }) => [score.mean, others.mean] as const),
    })),
  };
  const { x, y } = chartScales(chart);
  const at = ({ score, others }: TradeOffPoint) => [short(x(score.mean)), short(y(others.mean))] as const;
  const marks = (name: string, points: readonly TradeOffPoint[]) =>
    points.map((point, i) => {
      const { score, others, weight, isDominated } = point;
      const [cx, cy] = at(point);
      const across = Number.isFinite(score.low) ? `M${short(x(score.low))} ${cy}H${short(x(score.high))}` : '';
      const along = Number.isFinite(others.low) ? `M${cx} ${short(y(others.low))}V${short(y(others.high))}` : '';
      const fill = isDominated ? 'var(--paper)' : 'currentColor';
      return [
        h('path', { stroke: 'currentColor', 'stroke-opacity': '0.6', d: across + along }),
        h('circle', { cx, cy, r: 4.5, fill, stroke: 'currentColor' }, tooltip(`${name}, weight ${weight}`)),
        (i === 0 || i === points.length - 1) && label(cx + 7, cy - 6, String(weight)),
      ];
    });
  const corners = all.filter(({ isOnFront }) => isOnFront).map(at);
  const steps = corners
    .sort(([a], [b]) => a - b)
    .map(([px, py], i) => (i === 0 ? `M${px} ${py}` : direction === 'higher' ? `V${py}H${px}` : `H${px}V${py}`)); // over what both beat
  const plot = lineChart(chart);
  const content = [
    plot.content,
    h('path', { class: 'zero', fill: 'none', d: steps.join('') }),
    [...fronts].map(([name, points], i) => h('g', { class: seriesClass(i) }, marks(name, points))),
  ];
  return stacked([{ ...plot, content }, legend([...fronts.keys()], plot.width)]);
}

/** The trade-offs between one task and the others, as points of models. */
export interface TradeOffsReport {
  readonly task: string;
  readonly others: readonly string[];
  /** The measure of the scores: `auc`, higher is better, or `normalizedLoss`, lower is better. */
  readonly measure: string;
  readonly seeds: number;
  readonly points: readonly TradeOffPoint[];
}

/** Whether there is a trade-off, and the Pareto front as a picture and a table. */
export function tradeOffsDocument(report: TradeOffsReport): ReportDocument {
  const { task, others, measure, points, seeds } = report;
  const { label, direction, digits } = selectionMeasure(measure);
  const fronts = groupBy(points, nameOf);
  const isCorrected = points.some(({ runs }) => runs[0]!.dependence?.testToTrain !== undefined);
  const titleOf = (name: string) => `${label} of ${name} ${direction === 'higher' ? '↑' : '↓'}`;
  const columnOf = (title: string, of: (point: TradeOffPoint) => TradeOffPoint['score']) => ({
    title: titleOf(title),
    cell: (point: TradeOffPoint) => formatInterval(of(point), digits),
  });
  const ofTask = (name: string) => (point: TradeOffPoint) =>
    meanInterval(
      point.runs.map(({ scores }) => scores[name]!),
      point.runs[0]!.dependence,
    );
  const rest = others.length === 1 ? others[0]! : `mean of ${joined(others)}`;
  const caption =
    `Scores at each weight of ${task}, with 95% intervals: hollow, significantly dominated; ` +
    'dashed, the Pareto front of the means';
  return documentOf(
    `Trade-offs between ${task} and ${joined(others)}`,
    [...fronts].map(([name, own]) => text([answerOf(name, own, report)], 'answer')),
    pictures([
      drawPicture('trade-offs', caption, frontPlot(fronts, { x: titleOf(task), y: titleOf(rest) }, direction)),
    ]),
    table(
      tableOf(points, [
        { title: 'model', cell: nameOf },
        { title: `weight of ${task}`, cell: ({ weight }) => String(weight) },
        ...[task, ...others].map((name) => columnOf(name, ofTask(name))),
        others.length > 1 && columnOf('the others', (point) => point.others),
        {
          title: 'front',
          cell: ({ isOnFront, isDominated }) =>
            isDominated ? { text: 'dominated', tone: 'bad' } : isOnFront ? { text: 'on it', tone: 'good' } : '',
        },
      ]),
    ),
    note(
      `Test rows, mean of ${counted(seeds, 'seed')} ± half the 95% interval. The weights of all tasks add up to 1` +
        `${others.length > 1 ? `; those other than ${task} share the rest evenly` : ''}.`,
    ),
    points.some(({ isConditioned }) => isConditioned) &&
      note('One model: trained once for each seed, with the weights as an input.'),
    note(
      'On it: no other point has means that are at least as good in both directions.',
      'Dominated: another point is significantly better in both.',
    ),
    section(
      'How it was measured',
      list([
        `Dominated: ${isCorrected ? 'corrected resampled' : 'paired'} t tests, 5%, with Holm's correction for all pairs of points.`,
      ]),
      'detail',
    ),
  );
}

const nameOf = ({ model, isConditioned }: TradeOffPoint): string => (isConditioned ? `${model}, one model` : model);

/** How a model's scores change from its least to its greatest weight of the task, and how many of its points are dominated. */
function answerOf(name: string, points: readonly TradeOffPoint[], report: TradeOffsReport): Maybe<string> {
  const { task, others, measure } = report;
  const { label, digits } = selectionMeasure(measure);
  const [least, most] = [points[0]!, points.at(-1)!];
  const [own, rest] = differencesOf(most, least, task, measure);
  if (!own || !rest) return undefined;
  const found =
    own.verdict === 'untested'
      ? `undecided, as fewer than ${LEAST_SEEDS} seeds decide nothing`
      : own.verdict === 'better' && rest.verdict === 'worse'
        ? 'a trade-off'
        : 'no trade-off is shown';
  const dominated = points.filter(({ isDominated }) => isDominated).length;
  return (
    `${name}: ${found}. From weight ${least.weight} to ${most.weight} of ${task}, ${label} of ${task} changes by ` +
    `${formatDifference(own, digits)}, and ${others.length === 1 ? '' : 'the mean of '}that of ${joined(others)} by ` +
    `${formatDifference(rest, digits)}. Significantly dominated: ${dominated} of ${counted(points.length, 'point')}.`
  );
}
