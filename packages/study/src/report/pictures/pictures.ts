import { mean } from '@polytask/components';
import type { Summary, ModelSummary } from '../../summary/summary.ts';
import type { TrialResult } from '../../results/trial-result.ts';
import { pairOf, pairing } from '../../results/folds.ts';
import { fusionHeatMaps } from './heat-map.ts';
import { membersOf } from '../../explain/explain-model.ts';
import * as draw from './chart.ts';
import { forestPlots, gainPlot, seedPlots, sensitivityStrips } from './row-plot.ts';
import { capitalized, present } from '../../format.ts';
import { isAmong } from '../../summary/comparisons.ts';
import { selectionMeasure } from '../../summary/metric-entries.ts';
import { lineChart, type Series } from './line-chart.ts';
import { seriesClass, h, tooltip, shapeOf } from './markup.ts';

export interface TablePictures {
  /** The mean gains over the baseline in one plot, in the order of the models. Empty without gains. */
  readonly gains: readonly draw.Picture[];
  readonly differences: readonly draw.Picture[];
  readonly seeds: readonly draw.Picture[];
  readonly sensitivity: readonly draw.Picture[];
  readonly curves: readonly draw.Picture[];
  readonly costs: readonly draw.Picture[];
  /** The fusion weights of the first seed, model by model. */
  readonly fusion: readonly { readonly model: string; readonly levels: readonly draw.Picture[] }[];
}

/**
 * Draws the pictures of a table.
 *
 * @param trials the trials of the summary
 * @example const { differences: [picture] } = tablePictures(summary, trials);
 */
export function tablePictures(summary: Summary, trials: readonly TrialResult[]): TablePictures {
  const prefix = summary.setting === '' ? '' : `${draw.slug(summary.setting)}-`;
  const named = (pictures: readonly draw.Picture[]) => pictures.map((each) => ({ ...each, name: prefix + each.name }));
  const firstTrials = summary.models.flatMap(
    ({ model, seeds }) => trials.find((trial) => trial.model === model && pairOf(trial) === seeds[0]) ?? [],
  );
  return {
    gains: named(gainPlot(summary)),
    differences: named(forestPlots(summary)),
    seeds: named(seedPlots(summary, trials)),
    sensitivity: named(sensitivityStrips(summary)),
    curves: named(learningCurves(summary, trials)),
    costs: named(costAndQuality(summary)),
    fusion: firstTrials
      .map((trial) => ({
        model: trial.model,
        levels: named(fusionHeatMaps({ ...trial, members: membersOf(trial.config.model.network) })),
      }))
      .filter(({ levels }) => levels.length > 0),
  };
}

const LOSS = 'training loss';

/** Validation scores of each task and the training loss, by epoch. A point is the mean over the seeds that reached the epoch. */
function learningCurves({ models, config }: Summary, trials: readonly TrialResult[]): draw.Picture[] {
  const names = models.map(({ model }) => model);
  const curves = names.map((model) => curvesOf(trials.filter((trial) => trial.model === model)));
  const panels = [...new Set(curves.flatMap((own) => [...own.keys()]))];
  if (trials.every(({ curve }) => curve.length < 2)) return [];
  const { curve, explained } = selectionMeasure(config.training.selection);
  const charts = panels.map((panel) => {
    const series = names.flatMap((name, i): Series[] => {
      const points = curves[i]!.get(panel);
      return points ? [{ name, look: seriesClass(i), points }] : [];
    });
    const values = series.flatMap(({ points }) => points.map(([, value]) => value));
    const range = draw.roomyRange(draw.usualRange(values)); // a line outside is cut
    return lineChart({ title: panel === LOSS ? LOSS : `${panel}: ${curve}`, series, xTitle: 'epoch', range });
  });
  const grid = draw.inGrid(charts);
  return [
    draw.drawPicture(
      'learning-curves',
      `${capitalized(curve)} and training loss, epoch by epoch: ` +
        `mean over the ${pairing(config).noun}s that reached the epoch; a line far from all others is cut; ` +
        `the epoch was picked by ${explained}`,
      draw.stacked([grid, draw.legend(names, grid.width)]),
    ),
  ];
}

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

const [LEFT, TOP, WIDTH, HEIGHT] = [52, 22, 350, 240];

interface Place extends ModelSummary {
  readonly index: number;
  readonly quality: number;
}

/**
 * The costs of the models (parameters, multiply-adds, seconds) against their quality: the mean AUC if all tasks are binary, else the mean
 * normalized loss. An outlier is named at the edge.
 */
export function costAndQuality(summary: Summary): draw.Picture[] {
  const isKnown = ({ parameters, seconds }: ModelSummary) => parameters > 0 && seconds.mean > 0; // trained here
  const models = summary.models.filter(isKnown);
  const tasks = [...new Set(summary.columns.map(({ task }) => task))];
  const isBinary = tasks.every((task) => isAmong({ task, metric: 'auc' }, summary.columns));
  const measure = selectionMeasure(isBinary ? 'auc' : 'normalizedLoss'); // no unit of a task
  const qualityOf = ({ metrics, normalizedLosses }: ModelSummary) =>
    mean(tasks.map((task) => (isBinary ? metrics[task]?.['auc'] : normalizedLosses[task])?.mean ?? NaN));
  const places = models
    .map((each, index): Place => ({ ...each, index, quality: qualityOf(each) }))
    .filter(({ quality }) => Number.isFinite(quality));
  if (places.length < 2) return [];
  const title = tasks.length > 1 ? `${measure.mean} of ${tasks.length} tasks` : measure.label;
  const counted = places.filter(({ multiplyAdds }) => multiplyAdds !== undefined); // not of trees
  const panels = present([
    panel(places, 'parameters', ({ parameters }) => parameters, title),
    counted.length > 1 && panel(counted, 'multiply-adds of a row', ({ multiplyAdds }) => multiplyAdds!, title),
    panel(places, 'seconds of a trial', ({ seconds }) => seconds.mean, title),
  ]);
  const grid = draw.inGrid(panels, panels.length);
  const names = models.map(({ model }) => model);
  return [
    draw.drawPicture(
      'cost-and-quality',
      `${capitalized(tasks.length > 1 ? measure.explained : measure.label)} against what models cost ` +
        `(${measure.direction} is better); scales of cost are logarithmic`,
      draw.stacked([grid, draw.legend(names, grid.width, true)]),
    ),
  ];
}

const LINE = 14;

function panel(
  places: readonly Place[],
  title: string,
  costOf: (place: Place) => number,
  quality: string,
): draw.Drawing {
  const [low, high] = draw.usualRange(places.map((place) => place.quality));
  const below = places.filter((place) => place.quality < low).sort((a, b) => b.quality - a.quality);
  const above = places.filter((place) => place.quality > high).sort((a, b) => a.quality - b.quality);
  const bottom = HEIGHT - draw.AXIS;
  const y = draw.linearScale(
    [low, high === low ? low + 0.01 : high],
    [bottom - 12 - LINE * below.length, TOP + 12 + LINE * above.length],
    4,
  );
  const costs = places.map(costOf);
  const x = draw.logScale([0.8 * Math.min(...costs), 1.25 * Math.max(...costs)], [LEFT, WIDTH - 8]);
  const middle = (LEFT + WIDTH) / 2;
  /** An outlier's name runs towards the middle, so that it stays inside the panel. */
  const edge = (sign: string, yAt: (i: number) => number) => (place: Place, i: number) => {
    const [text, px] = [`${sign} ${place.quality.toFixed(3)} ${place.model}`, x(costOf(place))];
    return px < middle ? draw.label(px - 4, yAt(i), text) : draw.label(px + 4, yAt(i), text, draw.END);
  };
  return {
    ...{ width: WIDTH, height: HEIGHT },
    content: [
      draw.label(LEFT - 40, 11, quality),
      draw.leftAxis(y, LEFT, WIDTH - 8),
      draw.bottomAxis(x, [LEFT, WIDTH - 8], bottom, title),
      places
        .filter((place) => !below.includes(place) && !above.includes(place))
        .map((place) => {
          const tip = tooltip(`${place.model}: ${place.quality.toFixed(4)}, ${x.textOf(costOf(place))} ${title}`);
          return h(
            'g',
            { class: seriesClass(place.index) },
            draw.dot(x(costOf(place)), y(place.quality), 4.5, tip, shapeOf(place.index)),
          );
        }),
      below.map(edge('▼', (i) => bottom - 4 - LINE * (below.length - 1 - i))),
      above.map(edge('▲', (i) => TOP + 10 + LINE * (above.length - 1 - i))),
    ],
  };
}
