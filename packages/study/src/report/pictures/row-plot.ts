import * as draw from './chart.ts';
import { type Content, h, short, tooltip, seriesClass } from './markup.ts';
import { metricFormat, selectionMeasure } from '../../summary/metric-entries.ts';
import { mainColumns } from '../../summary/comparisons.ts';
import type { Summary } from '../../summary/summary.ts';
import type { TrialResult } from '../../results/trial-result.ts';
import { pairing, pairOf } from '../../results/folds.ts';
import { type DifferenceRow, differenceRows } from '../../summary/difference-rows.ts';
import { VERDICTS } from '../differences.ts';
import { formatDifference, capitalized } from '../../format.ts';
import { formatValues } from '../../summary/sensitivity.ts';

const WIDTH = 260;
const WIDE = 400;

function intervalsOf({ config }: Summary): string {
  const { noun, isCorrected } = pairing(config);
  return `${noun}s, 95% t interval${isCorrected ? '' : ' (thick) and bootstrap interval (thin)'}`;
}

/** Differences from the baseline with their intervals: a picture for each metric, a panel for each task, the color of the verdict. */
export function forestPlots(summary: Summary): draw.Picture[] {
  const rows = differenceRows(summary).filter(({ difference }) => !Number.isNaN(difference));
  const main = new Set(mainColumns(summary.columns).map(({ metric }) => metric)); // the tables have all
  return [...main].flatMap((metric): draw.Picture[] => {
    const own = rows.filter((row) => row.metric === metric);
    const tasks = [...new Set(own.map(({ task }) => task))];
    if (tasks.length === 0) return [];
    const { label, direction } = metricFormat(metric);
    const models = summary.models.map(({ model }) => model).filter((model) => own.some((row) => row.model === model));
    const columns = Math.max(1, Math.min(tasks.length, Math.floor((PAGE - namesWidth(models)) / (WIDTH + 38))));
    const panels = tasks.map((task, i) => {
      const ofTask = own.filter((row) => row.task === task);
      const xTitle = `${label} minus ${summary.baseline}`;
      return rowPlot({ title: task, xTitle, ...panelRows(models, ofTask), named: i % columns === 0 });
    });
    return [
      draw.drawPicture(
        `differences-${draw.slug(metric)}`,
        `${label} minus that of ${summary.baseline}, by task (${direction} is better): ` +
          `mean over ${intervalsOf(summary)}; ` +
          'green better, red worse, gray could be chance',
        draw.inGrid(panels, columns),
      ),
    ];
  });
}

/** The mean gain of each model over the baseline in percent, in the order of the models, in the color of the verdict. */
export function gainPlot(summary: Summary): draw.Picture[] {
  const { baseline, models } = summary;
  const rows = models.flatMap(({ model, gain }): Shown[] => {
    if (!gain || Number.isNaN(gain.mean.mean)) return [];
    const [difference, low, high] = [gain.mean.mean, gain.mean.low, gain.mean.high].map((value) => 100 * value);
    return [{ model, difference: difference!, low: low!, high: high!, verdict: gain.verdict, digits: 2 }];
  });
  if (rows.length === 0) return [];
  const names = rows.map(({ model }) => model);
  const plot = rowPlot({ xTitle: `gain over ${baseline}, %`, width: WIDE, ...panelRows(names, rows, WIDE) });
  return [
    draw.drawPicture(
      'gains',
      `The gain over ${baseline}: mean over tasks and ${pairing(summary.config).noun}s, 95% interval; green better, red worse, gray could be chance`,
      plot,
    ),
  ];
}

type Shown = Pick<DifferenceRow, 'model' | 'difference' | 'low' | 'high' | 'verdict' | 'digits'> &
  Partial<Pick<DifferenceRow, 'bootstrapLow' | 'bootstrapHigh'>>;

/** The rows of a panel, and what their axis shows: 0, and all intervals but those of outliers. */
function panelRows(models: readonly string[], rows: readonly Shown[], width = WIDTH): Pick<RowPlot, 'domain' | 'rows'> {
  const rangeOf = (own: readonly Shown[]) =>
    draw.roomyRange([0, ...own.flatMap(({ difference, low, high }) => [difference, low, high])], 0.06);
  const within = (row: Shown, [low, high]: draw.Range) => row.difference >= low && row.difference <= high;
  const usual = draw.usualRange(rows.map(({ difference }) => difference));
  const near = rangeOf(rows.filter((row) => within(row, usual)));
  const inside = rows.filter((row) => within(row, near)); // an outlier inside this range is shown
  const domain = rangeOf(inside);
  return {
    domain,
    rows: models.map((name) => {
      const row = rows.find(({ model }) => model === name);
      const words = row && formatDifference(row, row.digits);
      return {
        name,
        draw: (x, y) =>
          row &&
          h(
            'g',
            { class: row.verdict !== 'no difference' && row.verdict },
            tooltip(`${name}: ${words}, ${VERDICTS[row.verdict]}`),
            inside.includes(row)
              ? interval(row, x, y, domain)
              : edgeText(row.difference < domain[0] ? 'left' : 'right', y, words!, width),
          ),
      };
    }),
  };
}

function interval(row: Shown, x: draw.Scale, y: number, [least, most]: draw.Range): Content {
  const line = (look: string, low = NaN, high = NaN, below = 0) =>
    Number.isFinite(low) &&
    h('path', {
      class: look,
      d: `M${short(x(Math.max(low, least)))} ${short(y + below)}H${short(x(Math.min(high, most)))}`,
    });
  return [
    line('thin', row.bootstrapLow, row.bootstrapHigh, 6.5),
    line('span', row.low, row.high),
    draw.dot(x(row.difference), y, 4),
  ];
}

/** The largest width of a picture in pixels, on a page of 1280. */
const PAGE = 1200;

/** Each trial as a point: a panel for each task in its main metric, a row for each model. A pointer reads the seed and the value. */
export function seedPlots({ models, columns, seeds, config }: Summary, trials: readonly TrialResult[]): draw.Picture[] {
  if (seeds.length < 2) return [];
  const names = models.map(({ model }) => model);
  const across = Math.max(1, Math.floor((PAGE - namesWidth(names)) / (WIDE + 38)));
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
      ...{ title: task, xTitle: label, width: WIDE, named: i % across === 0 },
      domain: draw.roomyRange(names.flatMap((name) => pointsOf(name).map(({ value }) => value))),
      rows: names.map((name, m) => ({
        name,
        draw: (x, y) => h('g', { class: seriesClass(m) }, points(pointsOf(name), x, y, digits)),
      })),
    });
  });
  return panels.length === 0
    ? []
    : [draw.drawPicture('seeds', 'Each trial as a point, by task', draw.inGrid(panels, across))];
}

/** The number of seeds up to which each point can be read. More points are one path, so that the picture stays small. */
const READ = 20;

function points(
  of: readonly { readonly name: string; readonly value: number }[],
  x: draw.Scale,
  y: number,
  digits: number,
): Content {
  if (of.length > READ)
    return h('path', { class: 'points', d: of.map(({ value }) => `M${short(x(value))} ${short(y)}h0`).join('') });
  return of.map(({ name, value }) => draw.dot(x(value), y, 4, tooltip(`${name}: ${value.toFixed(digits)}`)));
}

export interface PlotRow {
  readonly name: string;
  /** Draws the row. @param x the scale @param y the middle of the row */
  draw(x: draw.Scale, y: number): Content;
}

export interface RowPlot {
  readonly title?: string;
  readonly xTitle: string;
  readonly rows: readonly PlotRow[];
  /** The range of the axis. A rule stands at 0 where the range has it. */
  readonly domain: draw.Range;
  /** Whether the rows have their names at the left. Default: true. */
  readonly named?: boolean;
  /** The width of the plot, without names. Default: 260. */
  readonly width?: number;
}

const ROW = 22;

const namesWidth = (names: readonly string[]): number => Math.max(...names.map((name) => draw.textWidth(name))) + 8;

/** Rows with a common axis, such as differences with their intervals. */
export function rowPlot({ title, xTitle, rows, domain, named = true, width = WIDTH }: RowPlot): draw.Drawing {
  const left = named ? namesWidth(rows.map(({ name }) => name)) : 0;
  const top = title === undefined ? 2 : 20;
  const bottom = top + ROW * rows.length;
  const x = draw.linearScale(domain, [0, width], 4);
  const hasZero = domain[0] <= 0 && domain[1] >= 0;
  const plot = [
    title !== undefined && draw.label(width / 2, 12, title, { ...draw.MIDDLE, class: 'title' }),
    draw.bottomAxis(x, [0, width], bottom, xTitle, top),
    hasZero && h('path', { class: 'zero', d: `M${short(x(0))} ${top}V${bottom}` }),
    rows.map((row, r) => row.draw(x, top + ROW * (r + 0.5))),
  ];
  const names =
    named &&
    h(
      'g',
      { ...draw.END, class: 'name' },
      rows.map(({ name }, r) => draw.label(left - 8, top + ROW * (r + 0.5) + 4, name)),
    );
  return { width: left + width + 14, height: bottom + draw.AXIS, content: [names, draw.at(left, 0, plot)] };
}

const edgeText = (side: 'left' | 'right', y: number, text: string, width: number): Content =>
  side === 'left'
    ? draw.label(2, y + 4, `◀ ${text}`, { class: 'edge' })
    : draw.label(width - 2, y + 4, `${text} ▶`, { ...draw.END, class: 'edge' });

const STRIP_WIDTH = 520;
/** The largest number of learning rates, or configurations, that have a color in the legend. */
const MOST = 24;

/** The scores of each model under the configurations of its search, a dot for each; the chosen one has a ring. */
export function sensitivityStrips({ sensitivity, models, config }: Summary): draw.Picture[] {
  const all = sensitivity.flatMap(({ model, tried }) => {
    const chosen = models.find((each) => each.model === model)?.chosen;
    return tried
      .filter(({ score }) => !Number.isNaN(score))
      .map(({ values, score }) => {
        const [text, rate] = [formatValues(values), values['learningRate']];
        return { model, score, rate, text, chosen: chosen !== undefined && formatValues(chosen) === text };
      });
  });
  if (all.length < 2) return [];
  const { mean, digits } = selectionMeasure(config.training.selection);
  const usual = draw.usualRange(all.map(({ score }) => score));
  const [low, high] = usual;
  const byRate = all.every(({ rate }) => rate !== undefined);
  const keys = byRate
    ? [...new Set(all.map(({ rate }) => Number(rate)))].sort((a, b) => a - b).map(String)
    : [...new Set(all.map(({ text }) => text))];
  const rows = sensitivity.map(({ model: name }) => {
    const own = all.filter(({ model }) => model === name);
    const outside = (side: 'left' | 'right', is: (score: number) => boolean, y: number) => {
      const scores = own.filter(({ score }) => is(score)).map(({ score }) => score.toFixed(3));
      return scores.length > 0 && edgeText(side, y, scores.join(', '), STRIP_WIDTH);
    };
    return {
      name,
      draw: (x: (value: number) => number, y: number) => [
        own
          .filter(({ score }) => score >= low && score <= high)
          .map(({ score, rate, text, chosen }) =>
            h(
              'g',
              { class: seriesClass(keys.indexOf(byRate ? String(rate) : text)) },
              draw.dot(x(score), y, 4, tooltip(`${name}, ${text}: ${score.toFixed(digits)}`)),
              chosen && h('circle', { class: 'ring', cx: x(score), cy: y, r: 7 }),
            ),
          ),
        outside('left', (score) => score < low, y),
        outside('right', (score) => score > high, y),
      ],
    };
  });
  const domain = draw.roomyRange(usual);
  const plot = rowPlot({ xTitle: `${mean} of the validation rows`, rows, domain, width: STRIP_WIDTH });
  const title = { width: 100, height: 12, content: draw.label(0, 10, 'learning rate') };
  const key = keys.length <= MOST ? [...(byRate ? [title] : []), draw.legend(keys, plot.width, true)] : [];
  return [
    draw.drawPicture(
      'sensitivity',
      `${capitalized(mean)} on the validation rows of the search's seed under each configuration ` +
        'that was trained in full; a ring is the one that was chosen',
      draw.stacked([plot, ...key]),
    ),
  ];
}
