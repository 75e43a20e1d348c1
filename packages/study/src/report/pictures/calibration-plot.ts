import { type Tasks, predictionTypeOf } from '@polytask/core';
import type { Calibration } from '../../training/calibration.ts';
import { inGrid } from './chart.ts';
import { lineChart } from './line-chart.ts';
import { type Picture, drawPicture } from './picture.ts';

/** A reliability diagram for each task: a point is a bin of test rows, and the diagonal is perfect calibration. */
export function calibrationPlot(tasks: Tasks, calibration: Calibration): Picture[] {
  const panels = Object.entries(calibration).filter(([, bins]) => bins.length > 0);
  if (panels.length === 0) return [];
  const charts = panels.map(([task, bins]) => {
    const ends = bins.flatMap(({ predicted, observed }) => [predicted, observed]);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const { x, y } = predictionTypeOf(tasks[task]!).axes;
    const points = bins.map(({ predicted, observed }) => [predicted, observed] as const);
    return lineChart({
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
  });
  const caption =
    'Predictions and labels of the test rows: a point is the mean of about a tenth of the rows; the line is perfect calibration';
  return [drawPicture('calibration', caption, inGrid(charts, Math.min(3, charts.length)))];
}
