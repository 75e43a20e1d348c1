import { type DifferenceRow, differenceRows } from '../differences.ts';
import { formatDifference } from '../../format.ts';
import { metricFormat } from '../../summary/metric-entries.ts';
import type { Summary } from '../../summary/summary.ts';
import { pairing } from '../../results/folds.ts';
import { dot, inGrid } from './chart.ts';
import { type Content, h, short, tooltip } from './markup.ts';
import { type Picture, drawPicture, slug } from './picture.ts';
import { edgeText, namesWidth, type PlotRow, rowPlot } from './row-plot.ts';
import { type Range, roomyRange, type Scale, usualRange } from './scale.ts';

const WIDTH = 260;
/** The largest width of a picture in pixels, on a page of 1280. */
const PAGE = 1200;

/** What the marks of a row are. */
function intervalsOf({ config }: Summary): string {
  const { noun, corrected } = pairing(config);
  return `${noun}s, 95% t interval${corrected === '' ? ' (thick) and bootstrap interval (thin)' : corrected}`;
}

/**
 * Differences from the baseline with their 95% t intervals: a picture for each metric, with a panel for each task. The color shows the
 * verdict. The thin line is the bootstrap interval. An outlier appears as a number at the edge.
 */
export function forestPlots(summary: Summary): Picture[] {
  const rows = differenceRows(summary).filter(({ difference }) => !Number.isNaN(difference));
  return Object.keys(summary.comparisons).flatMap((metric): Picture[] => {
    const own = rows.filter((row) => row.metric === metric);
    const tasks = [...new Set(own.map(({ task }) => task))];
    if (tasks.length === 0) return [];
    const { label, direction } = metricFormat(metric);
    const models = summary.models.map(({ model }) => model).filter((model) => own.some((row) => row.model === model));
    const columns = Math.max(1, Math.min(tasks.length, Math.floor((PAGE - namesWidth(models)) / (WIDTH + 38))));
    const panels = tasks.map((task, i) => {
      const { domain, rows } = panelRows(
        models,
        own.filter((row) => row.task === task),
      );
      return rowPlot({
        title: task,
        xTitle: `${label} minus ${summary.baseline}`,
        rows,
        domain,
        named: i % columns === 0,
      });
    });
    return [
      drawPicture(
        `differences-${slug(metric)}`,
        `${label} minus that of ${summary.baseline}, by task (${direction} is better): ` +
          `mean over ${intervalsOf(summary)}; ` +
          "green better, red worse after Holm's correction, gray no difference shown",
        inGrid(panels, columns),
      ),
    ];
  });
}

/** The rows of a task, and what their axis shows: 0, and all intervals but those of outliers. */
export function panelRows(
  models: readonly string[],
  rows: readonly DifferenceRow[],
): { readonly domain: Range; readonly rows: readonly PlotRow[]; readonly outside: readonly DifferenceRow[] } {
  const rangeOf = (own: readonly DifferenceRow[]) =>
    roomyRange([0, ...own.flatMap(({ difference, low, high }) => [difference, low, high])], 0.06);
  const within = (row: DifferenceRow, [low, high]: Range) => row.difference >= low && row.difference <= high;
  const usual = usualRange(rows.map(({ difference }) => difference));
  const near = rangeOf(rows.filter((row) => within(row, [usual.low, usual.high])));
  const inside = rows.filter((row) => within(row, near)); // an outlier inside this range is shown
  const domain = rangeOf(inside);
  return {
    domain,
    outside: rows.filter((row) => !inside.includes(row)),
    rows: models.map((name) => {
      const row = rows.find(({ model }) => model === name);
      return {
        name,
        draw: (x, y) =>
          row &&
          h(
            'g',
            { class: row.verdict !== 'no difference' && row.verdict },
            tooltip(`${name}: ${textOf(row)}, ${row.verdict}`),
            inside.includes(row)
              ? interval(row, x, y, domain)
              : edgeText(row.difference < domain[0] ? 'left' : 'right', y, textOf(row), WIDTH),
          ),
      };
    }),
  };
}

const textOf = (row: DifferenceRow): string => formatDifference(row, metricFormat(row.metric).digits);

function interval(row: DifferenceRow, x: Scale, y: number, [least, most]: Range): Content {
  const line = (look: string, low: number, high: number, below: number) =>
    Number.isFinite(low) &&
    h('path', {
      class: look,
      d: `M${short(x(Math.max(low, least)))} ${short(y + below)}H${short(x(Math.min(high, most)))}`,
    });
  return [
    line('thin', row.bootstrapLow, row.bootstrapHigh, 6.5),
    line('span', row.low, row.high, 0),
    dot(x(row.difference), y, 4),
  ];
}
