import type { Tasks } from '@polytask/core';
import { measuredAs } from '@polytask/training';
import type { Calibration } from '../training/calibration.ts';
import type { Picture } from './picture.ts';
import { color } from './theme.ts';

/** The axes, by what a task is measured as. */
const AXES = {
  binary: { x: 'predicted probability', y: 'share of positives' },
  multiclass: { x: 'probability of the likeliest class', y: 'share of rows where it is right' },
  'multi-label': { x: 'predicted probability of a label', y: 'share of rows that have it' },
  regression: { x: 'mean prediction', y: 'mean label' },
  survival: { x: 'predicted survival up to the middle cut point', y: 'share of the life table' },
  quantiles: { x: 'mean of the middle quantile', y: 'mean label' },
} as const;

/** A reliability diagram for each task: a point is a bin of test rows, and the diagonal is perfect calibration. */
export function calibrationPlot(tasks: Tasks, calibration: Calibration): Picture[] {
  const panels = Object.entries(calibration).filter(([, bins]) => bins.length > 0);
  if (panels.length === 0) return [];
  return [
    {
      name: 'calibration',
      caption:
        'Predictions and labels of the test rows: a point is the mean of about a tenth of the rows; ' +
        'the line is perfect calibration',
      spec: {
        columns: Math.min(3, panels.length),
        spacing: 28,
        concat: panels.map(([task, bins]) => {
          const ends = bins.flatMap(({ predicted, observed }) => [predicted, observed]);
          const domain = [Math.min(...ends), Math.max(...ends)];
          const { x, y } = AXES[measuredAs(tasks[task]!)];
          const axis = (field: string, title: string) => ({
            ...{ field, type: 'quantitative', scale: { domain, zero: false }, axis: { title, tickCount: 5 } },
          });
          return {
            ...{ title: { text: task, anchor: 'middle', offset: 6 }, width: 220, height: 220 },
            layer: [
              {
                data: { values: domain.map((end) => ({ predicted: end, observed: end })) },
                mark: { type: 'line', color: color('quiet'), strokeDash: [4, 3], strokeWidth: 1 },
                encoding: { x: axis('predicted', x), y: axis('observed', y) },
              },
              {
                data: { values: bins },
                mark: {
                  type: 'line',
                  color: color('accent'),
                  strokeWidth: 1.6,
                  point: { size: 36, color: color('accent') },
                },
                encoding: { x: axis('predicted', x), y: axis('observed', y) },
              },
            ],
          };
        }),
      },
    },
  ];
}
