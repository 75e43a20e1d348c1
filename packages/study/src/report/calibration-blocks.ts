import { formatCount, formatNumber, formatShare as percent, present } from '../format.ts';
import type { TaskEvaluation } from '../evaluation/evaluate-predictions.ts';
import type { MeasuredCalibration, MeasuredInterval } from '../training/measured-calibration.ts';
import { type Blocks, note, pictures, type Table, textTable } from './blocks.ts';
import { type Tasks, predictionTypeOf } from '@polytask/core';
import { drawPicture, slug } from './pictures/chart.ts';
import { lineChart } from './pictures/line-chart.ts';

/** A reliability diagram for each task: a point is a bin of test rows, and the diagonal is perfect calibration. */
export function calibrationPlots(tasks: Tasks, all: readonly TaskEvaluation[]): Blocks {
  const panels = all.filter(({ calibration }) => calibration.length > 0);
  const plots = panels.map(({ task, calibration: bins }) => {
    const ends = bins.flatMap(({ predicted, observed }) => [predicted, observed]);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const { x, y } = predictionTypeOf(tasks[task]!).plot!;
    const points = bins.map(({ predicted, observed }) => [predicted, observed] as const);
    const chart = lineChart({
      ...{ title: `${task}: ${y}`, xTitle: x, width: 280, height: 250, xRange: [low, high], xTicks: 4 },
      series: [
        {
          name: 'perfect calibration',
          look: 'dash1',
          points: [
            [low, low],
            [high, high],
          ],
        },
        { name: task, look: 'accent', points, marked: true },
      ],
    });
    return drawPicture(`calibration-${slug(task)}`, `${task}: ${y}, by ${x}`, chart);
  });
  return [
    pictures(plots),
    plots.length > 0 &&
      note('A point is the mean of about a tenth of the rows. The dashed line is perfect calibration.'),
  ];
}

const show = (value: number): string => formatNumber(value, 4);

export const intervalSentence = (task: string, { kind, coverage, level }: MeasuredInterval): string =>
  `${percent(coverage)} of the labels of ${task} are within its ${kind}, which promise ${percent(level)}.`;

export const calibrationSentences = (measures: readonly MeasuredCalibration[]): string[] =>
  measures.flatMap(({ task, calibration, leftOut, interval, threshold }) =>
    present([
      calibration &&
        `${task} is calibrated by ${calibration.name}: its calibration error is ${show(calibration.error[1])}, ` +
          `before ${show(calibration.error[0])}.`,
      leftOut &&
        `${task} stays uncalibrated: on held-out validation rows, ${leftOut.name} does not clearly lower the log loss, ` +
          `${show(leftOut.logLoss[1])} against ${show(leftOut.logLoss[0])} without it.`,
      interval && intervalSentence(task, interval),
      threshold &&
        `The decision on ${task} is yes from ${show(threshold.at)} on (${threshold.rule}): ` +
          `F1 ${show(threshold.f1)}, for ${percent(threshold.rate)} of the rows.`,
    ]),
  );

const INTERVAL_SIZES: Readonly<Record<MeasuredInterval['kind'], string>> = {
  intervals: 'mean width',
  sets: 'mean number of classes',
};

export function calibrationTable(measures: readonly MeasuredCalibration[]): Table {
  const change = (values: readonly number[]) => values.map(show).join(' → ');
  const rows = measures.flatMap(({ task, rows: count, calibration: fitted, interval, threshold: at }) =>
    present([
      fitted && ['calibration', fitted.name, 'calibration error, before and after', change(fitted.error)],
      fitted && ['calibration', fitted.name, 'log loss, before and after', change(fitted.logLoss)],
      interval && [interval.kind, percent(interval.level), 'coverage', percent(interval.coverage)],
      interval && [interval.kind, percent(interval.level), INTERVAL_SIZES[interval.kind], show(interval.size)],
      at && ['decision', at.rule, `yes from ${show(at.at)}`, percent(at.rate)],
      at && ['decision', at.rule, 'precision, recall and F1', [at.precision, at.recall, at.f1].map(show).join(', ')],
    ]).map((line) => [task, ...line, formatCount(count)]),
  );
  return textTable(['task', 'what', 'by', 'measure', 'on the test rows', 'rows'], rows);
}
