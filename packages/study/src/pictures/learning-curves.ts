import { capitalized } from '../report/format.ts';
import { selectionMeasure } from '../summary/metric-rows.ts';
import type { Summary } from '../summary/summary.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { type Picture, usualRange } from './picture.ts';
import { modelLines } from './theme.ts';

/** Validation scores of each task and the training loss, by epoch. A point is the mean over the seeds that reached the epoch. */
export function learningCurves({ models, config }: Summary, trials: readonly TrialResult[]): Picture[] {
  const names = models.map(({ model }) => model);
  const points = names.flatMap((model) =>
    pointsOf(
      model,
      trials.filter((trial) => trial.model === model),
    ),
  );
  if (points.length === 0) return [];
  const { label, explained } = selectionMeasure(config.training.selection);
  const panels = [...new Set(points.map(({ panel }) => panel))];
  const spec = {
    columns: Math.min(2, panels.length),
    spacing: 28,
    concat: panels
      .map((panel) => ({ panel, own: points.filter((point) => point.panel === panel) }))
      .map(({ panel, own }) => ({
        title: { text: panel, anchor: 'middle' as const, offset: 6 },
        width: 340,
        height: 200,
        data: { values: own },
        mark: { type: 'line' as const, strokeWidth: 1.6, clip: true, point: { size: 14 } },
        encoding: {
          x: { field: 'epoch', type: 'quantitative' as const, axis: { title: 'epoch', tickMinStep: 1, grid: false } },
          y: {
            field: 'value',
            type: 'quantitative' as const,
            scale: { zero: false, domain: shownRange(own), nice: false },
            axis: { title: panel === LOSS ? 'loss' : `${label}, validation rows`, tickCount: 5 },
          },
          ...modelLines(names),
        },
      })),
  };
  return [
    {
      name: 'learning-curves',
      caption:
        `${capitalized(label)} of the validation rows and the training loss, epoch by epoch: ` +
        'mean over the seeds that reached the epoch; a line far from all others is cut; ' +
        `the epoch was picked by ${explained}`,
      spec,
    },
  ];
}

const LOSS = 'training loss';

/** The range of the values without outliers. A line outside of the range is cut. */
function shownRange(points: readonly Point[]): [number, number] {
  const { low, high } = usualRange(points.map(({ value }) => value));
  const room = 0.05 * (high - low || 1);
  return [low - room, high + room];
}

interface Point {
  readonly model: string;
  readonly panel: string;
  readonly epoch: number;
  readonly value: number;
}

function pointsOf(model: string, trials: readonly TrialResult[]): Point[] {
  const longest = Math.max(0, ...trials.map(({ curve }) => curve.length));
  return Array.from({ length: longest }, (_, e) => {
    const points = trials.flatMap(({ curve }) => curve[e] ?? []);
    const tasks = Object.keys(points[0]?.validation ?? {});
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const values: [panel: string, value: number][] = [
      ...tasks.map((task): [string, number] => [task, mean(points.map(({ validation }) => validation[task] ?? NaN))]),
      [LOSS, mean(points.map(({ loss }) => loss))],
    ];
    return values
      .filter(([, value]) => Number.isFinite(value))
      .map(([panel, value]): Point => ({ model, panel, epoch: e + 1, value }));
  }).flat();
}
