import { mean } from '@polytask/components';
import { capitalized } from '../../format.ts';
import { selectionMeasure } from '../../summary/metric-entries.ts';
import type { Summary } from '../../summary/summary.ts';
import type { TrialResult } from '../../results/trial-result.ts';
import { pairing } from '../../results/folds.ts';
import { inGrid, legend, stacked, type Picture, drawPicture } from './chart.ts';
import { lineChart, type Series } from './line-chart.ts';
import { type Range, usualRange } from './scale.ts';
import { seriesClass } from './theme.ts';

const LOSS = 'training loss';
const COLUMNS = 3;

/** Validation scores of each task and the training loss, by epoch. A point is the mean over the seeds that reached the epoch. */
export function learningCurves({ models, config }: Summary, trials: readonly TrialResult[]): Picture[] {
  const names = models.map(({ model }) => model);
  const curves = names.map((model) => curvesOf(trials.filter((trial) => trial.model === model)));
  const panels = [...new Set(curves.flatMap((own) => [...own.keys()]))];
  if (panels.length === 0) return [];
  const { curve, explained } = selectionMeasure(config.training.selection);
  const charts = panels.map((panel) => {
    const series = names.flatMap((name, i): Series[] => {
      const points = curves[i]!.get(panel);
      return points ? [{ name, look: seriesClass(i), points }] : [];
    });
    const range = shownRange(series.flatMap(({ points }) => points.map(([, value]) => value)));
    return lineChart({ title: panel === LOSS ? LOSS : `${panel}: ${curve}`, series, xTitle: 'epoch', range });
  });
  const grid = inGrid(charts, Math.min(COLUMNS, charts.length));
  return [
    drawPicture(
      'learning-curves',
      `${capitalized(curve)} and training loss, epoch by epoch: ` +
        `mean over the ${pairing(config).noun}s that reached the epoch; a line far from all others is cut; ` +
        `the epoch was picked by ${explained}`,
      stacked([grid, legend(names, grid.width)]),
    ),
  ];
}

/** The range of the values without outliers. A line outside of the range is cut. */
function shownRange(values: readonly number[]): Range {
  const { low, high } = usualRange(values);
  const room = 0.05 * (high - low || 1);
  return [low - room, high + room];
}

/** The curves of a model: the loss and the validation score of each task. */
function curvesOf(trials: readonly TrialResult[]): Map<string, [epoch: number, value: number][]> {
  const longest = Math.max(0, ...trials.map(({ curve }) => curve.length));
  const curves = new Map<string, [number, number][]>();
  for (let e = 0; e < longest; e++) {
    const points = trials.flatMap(({ curve: { [e]: point } }): Record<string, number>[] =>
      point ? [{ ...point.validation, [LOSS]: point.loss }] : [],
    );
    for (const panel of Object.keys(points[0]!)) {
      const value = mean(points.map(({ [panel]: each = NaN }) => each));
      if (Number.isFinite(value)) curves.set(panel, [...(curves.get(panel) ?? []), [e + 1, value]]);
    }
  }
  return curves;
}
