import { formatCount } from '../format.ts';
import type { MeasuredCalibration } from '../training/measured-calibration.ts';
import { type Table, textTable } from './table.ts';

const DIGITS = 4;
const show = (value: number): string => (Number.isFinite(value) ? value.toFixed(DIGITS) : '–');

/** A sentence for each calibration, interval and threshold. */
export const calibrationSentences = (measures: readonly MeasuredCalibration[]): string[] =>
  measures.flatMap(({ task, calibration, leftOut, interval, threshold }) => [
    ...(calibration
      ? [
          `${task} is calibrated by ${calibration.name}: its calibration error is ${show(calibration.error[1])}, ` +
            `before ${show(calibration.error[0])}.`,
        ]
      : []),
    ...(leftOut
      ? [
          `${task} stays uncalibrated: on held-out validation rows, ${leftOut.name} does not clearly lower the log loss, ` +
            `${show(leftOut.logLoss[1])} against ${show(leftOut.logLoss[0])} without it.`,
        ]
      : []),
    ...(interval
      ? [
          `${percent(interval.coverage)} of the labels of ${task} are within its intervals or sets, ` +
            `which promise ${percent(interval.level)}.`,
        ]
      : []),
    ...(threshold
      ? [
          `The decision on ${task} is yes from ${show(threshold.at)} on (${threshold.rule}): ` +
            `F1 ${show(threshold.f1)}, for ${percent(threshold.rate)} of the rows.`,
        ]
      : []),
  ]);

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** A table of all that was measured. */
export function calibrationTable(measures: readonly MeasuredCalibration[]): Table {
  const rows = measures.flatMap(({ task, rows: count, calibration, interval, threshold }) => {
    const line = (what: string, by: string, measure: string, value: string) => [
      task,
      what,
      by,
      measure,
      value,
      formatCount(count),
    ];
    return [
      ...(calibration
        ? [
            line(
              'calibration',
              calibration.name,
              'calibration error, before and after',
              calibration.error.map(show).join(' → '),
            ),
            line(
              'calibration',
              calibration.name,
              'log loss, before and after',
              calibration.logLoss.map(show).join(' → '),
            ),
          ]
        : []),
      ...(interval
        ? [
            line('interval', percent(interval.level), 'coverage', percent(interval.coverage)),
            line('interval', percent(interval.level), 'mean width, or classes', show(interval.size)),
          ]
        : []),
      ...(threshold
        ? [
            line('decision', threshold.rule, `yes from ${show(threshold.at)}`, percent(threshold.rate)),
            line(
              'decision',
              threshold.rule,
              'precision, recall and F1',
              [threshold.precision, threshold.recall, threshold.f1].map(show).join(', '),
            ),
          ]
        : []),
    ];
  });
  return textTable(['task', 'what', 'by', 'measure', 'on the test rows', 'rows'], rows);
}
