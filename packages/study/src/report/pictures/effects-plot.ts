import type { FeatureEffects } from '../../explain/value-effects.ts';
import { inGrid } from './chart.ts';
import { lineChart } from './line-chart.ts';
import { type Picture, drawPicture } from './picture.ts';

/** The most charts of the picture. */
const MOST = 12;

/** The name of a prediction: `income`, or `marital: Widowed`. */
export const predictedName = ({ task, of }: Pick<FeatureEffects, 'task' | 'of'>): string =>
  of === undefined ? task : `${task}: ${of}`;

/** Predictions at the repeated values of numbers, as points, and beside them, as a line. */
export function effectsPlot(effects: readonly FeatureEffects[]): Picture {
  const charts = effects.slice(0, MOST).map(({ feature, effects: all, ...of }) =>
    lineChart({
      ...{ title: predictedName(of), xTitle: feature, width: 280, height: 190, xTicks: 4 },
      series: [
        { name: 'near the value', look: 'dash1', points: all.map(({ value, nearby }) => [value, nearby]) },
        {
          name: 'at the value',
          look: 'accent',
          points: all.flatMap(({ value, prediction }) => [
            [value, prediction],
            [value, NaN], // no line between points
          ]),
          marked: true,
        },
      ],
    }),
  );
  const caption =
    'The mean prediction at repeated values of numbers (points), and at numbers of this size that are not repeated (line)';
  return drawPicture('value-effects', caption, inGrid(charts, Math.min(3, charts.length)));
}
