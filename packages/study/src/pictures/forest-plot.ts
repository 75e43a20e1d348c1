import { slug } from './fusion-heat-maps.ts';
import { type DifferenceRow, differenceRows } from '../report/differences.ts';
import { formatDifference } from '../report/format.ts';
import { metricFormat } from '../summary/metric-rows.ts';
import type { Summary } from '../summary/summary.ts';
import { type Picture, usualRange } from './picture.ts';
import { color, modelRows } from './theme.ts';

const ROW = 24;
const WIDTH = 260;
const SPACING = 24;
/** The largest width of a picture in pixels, on a page of 1280. */
const PAGE = 1200;
/** The largest width of a character in a name, in pixels. */
const CHARACTER = 7.5;

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
    const columns = panelsBeside(models, tasks.length);
    const panels = tasks.map((task, i) =>
      panel(
        own.filter((row) => row.task === task),
        { task, models, named: i % columns === 0, title: `${label} minus ${summary.baseline}` },
      ),
    );
    return [
      {
        name: `differences-${slug(metric)}`,
        caption:
          `${label} minus that of ${summary.baseline}, by task (${direction} is better): ` +
          'mean over seeds, 95% t interval (thick) and bootstrap interval (thin); ' +
          "green better, red worse after Holm's correction, gray no difference shown",
        spec: { concat: panels, columns, spacing: SPACING },
      },
    ];
  });
}

/** How many panels fit beside the names of the models. */
function panelsBeside(models: readonly string[], panels: number): number {
  const names = CHARACTER * Math.max(...models.map((model) => model.length)) + SPACING;
  return Math.max(1, Math.min(panels, Math.floor((PAGE - names) / (WIDTH + SPACING))));
}

interface PanelOptions {
  readonly task: string;
  /** The models in the order of the rows. */
  readonly models: readonly string[];
  /** Whether the panel shows the names of its rows. */
  readonly named: boolean;
  readonly title: string;
}

function panel(rows: readonly DifferenceRow[], { task, models, named, title }: PanelOptions): object {
  const usual = usualRange(rows.map(({ difference }) => difference));
  const near = rangeOf(rows.filter(({ difference }) => difference >= usual.low && difference <= usual.high));
  const inside = rows.filter(({ difference }) => difference >= near[0] && difference <= near[1]); // an outlier inside this range is shown
  const domain = rangeOf(inside);
  const outside = rows
    .filter((row) => !inside.includes(row))
    .map((row) => ({
      ...plain(row),
      left: row.difference < domain[0],
      text: formatDifference(row, metricFormat(row.metric).digits),
    }));
  const x = (field: string, more: object = {}) => ({
    field,
    type: 'quantitative',
    scale: { domain, nice: false },
    axis: { title, tickCount: 5 },
    ...more,
  });
  const y = modelRows(models, named ? { grid: false } : null);
  const text = (side: 'left' | 'right') => ({
    transform: [
      { filter: side === 'left' ? 'datum.left' : '!datum.left' },
      { calculate: side === 'left' ? "'◀ ' + datum.text" : "datum.text + ' ▶'", as: 'shown' },
    ],
    mark: { type: 'text', align: side, fontSize: 11 },
    encoding: { x: { value: side === 'left' ? 2 : WIDTH - 2 }, y, text: { field: 'shown' }, color: VERDICT },
  });
  return {
    title: { text: task, anchor: 'middle', offset: 6 },
    width: WIDTH,
    height: ROW * models.length,
    data: { values: inside.map(plain) },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: color('quiet'), strokeDash: [3, 3], clip: true },
        encoding: { x: x('zero') },
      },
      {
        mark: { type: 'rule', strokeWidth: 1, color: color('quiet'), yOffset: 7, y2Offset: 7, clip: true },
        encoding: { x: x('bootstrapLow'), x2: { field: 'bootstrapHigh' }, y },
      },
      {
        mark: { type: 'rule', strokeWidth: 2.5, clip: true },
        encoding: { x: x('low'), x2: { field: 'high' }, y, color: VERDICT },
      },
      {
        mark: { type: 'point', filled: true, size: 65, opacity: 1, clip: true },
        encoding: { x: x('difference'), y, color: VERDICT },
      },
      ...(outside.length === 0 ? [] : [{ data: { values: outside }, layer: [text('left'), text('right')] }]),
    ],
  };
}

const VERDICT = {
  condition: [
    { test: "datum.verdict === 'better'", value: color('good') },
    { test: "datum.verdict === 'worse'", value: color('bad') },
  ],
  value: color('quiet'),
};

/** What the axis shows: 0, and all intervals, with some room at the sides. */
function rangeOf(rows: readonly DifferenceRow[]): [number, number] {
  const ends = rows.flatMap(({ difference, low, high }) => [difference, low, high]).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const room = 0.06 * (high - low || 1);
  return [low - room, high + room];
}

/** Undefined bounds (one seed) are left out of the picture. */
const plain = (row: DifferenceRow): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' && Number.isNaN(value) ? null : (value as unknown),
    ]),
  );
