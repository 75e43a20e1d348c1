import { metricFormat } from '../../summary/metric-entries.ts';
import { mainColumns } from '../../summary/comparisons.ts';
import type { Summary } from '../../summary/summary.ts';
import type { TrialResult } from '../../results/trial-result.ts';
import { pairing, pairOf } from '../../results/folds.ts';
import { dot, inGrid } from './chart.ts';
import { type Content, h, short, tooltip } from './markup.ts';
import { type Picture, drawPicture } from './picture.ts';
import { namesWidth, rowPlot } from './row-plot.ts';
import { roomyRange, type Scale } from './scale.ts';
import { seriesClass } from './theme.ts';

const WIDTH = 400;
const PAGE = 1200;

/** Each trial as a point: a panel for each task in its main metric, a row for each model. A pointer reads the seed and the value. */
export function seedPlots({ models, columns, seeds, config }: Summary, trials: readonly TrialResult[]): Picture[] {
  if (seeds.length < 2) return [];
  const names = models.map(({ model }) => model);
  const across = Math.max(1, Math.floor((PAGE - namesWidth(names)) / (WIDTH + 38)));
  const panels = mainColumns(columns).map(({ task, metric }, i) => {
    const { label, digits } = metricFormat(metric);
    const pointsOf = (model: string) =>
      trials
        .filter((trial) => trial.model === model)
        .map((trial) => ({
          name: `${pairing(config).noun} ${pairOf(trial)}`,
          value: trial.metrics[task]?.[metric] ?? NaN,
        }))
        .filter(({ value }) => Number.isFinite(value));
    return rowPlot({
      ...{ title: task, xTitle: label, width: WIDTH, named: i % across === 0 },
      domain: roomyRange(
        names.flatMap((name) => pointsOf(name).map(({ value }) => value)),
        0.05,
      ),
      rows: names.map((name, m) => ({
        name,
        draw: (x, y) => h('g', { class: seriesClass(m) }, points(pointsOf(name), x, y, digits)),
      })),
    });
  });
  return panels.length === 0 ? [] : [drawPicture('seeds', 'Each trial as a point, by task', inGrid(panels, across))];
}

/** The number of seeds up to which each point can be read. More points are one path, so that the picture stays small. */
const READ = 20;

function points(
  of: readonly { readonly name: string; readonly value: number }[],
  x: Scale,
  y: number,
  digits: number,
): Content {
  if (of.length > READ)
    return h('path', { class: 'points', d: of.map(({ value }) => `M${short(x(value))} ${short(y)}h0`).join('') });
  return of.map(({ name, value }) => dot(x(value), y, 4, tooltip(`${name}: ${value.toFixed(digits)}`)));
}
