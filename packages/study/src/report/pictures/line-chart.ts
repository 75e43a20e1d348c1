import * as draw from './chart.ts';
import { h, short, tooltip } from './markup.ts';

/** A line of a chart. */
export interface Series {
  readonly name: string;
  /** Classes of its color and dash. */
  readonly look: string;
  /** A value that isn't known breaks the line. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Whether each point is marked. Default: the last one. */
  readonly marked?: boolean;
}

export interface LineChart {
  readonly title: string;
  readonly series: readonly Series[];
  readonly xTitle: string;
  readonly width?: number;
  readonly height?: number;
  /** The range of the values. A line outside of it is cut. Default: that of all points. */
  readonly range?: draw.Range;
  /** The range of x. Default: that of all points. */
  readonly xRange?: draw.Range;
  /** About how many ticks x has. Default: one for each whole number, up to 6. */
  readonly xTicks?: number;
  /** An x with a rule. */
  readonly now?: number;
}

const TOP = 22;

/** The place of the plot in a chart, and its scales. */
export function chartScales({ series, width = 340, height = 190, range, xRange, xTicks }: LineChart) {
  const all = series.flatMap(({ points }) => points);
  const values = range ?? draw.roomyRange(all.map(([, y]) => y));
  const y = draw.linearScale(values, [height - draw.AXIS, TOP], 4);
  const left = 10 + Math.max(20, ...y.ticks().map((tick) => draw.textWidth(y.textOf(tick), 11)));
  const xs = all.map(([each]) => each).filter(Number.isFinite);
  const [first, last] = xRange ?? (xs.length === 0 ? [0, 1] : [Math.min(...xs), Math.max(...xs)]);
  const x = draw.linearScale(
    [first, last === first ? first + 1 : last],
    [left, width - 8],
    xTicks ?? Math.min(6, Math.max(1, last - first)),
  );
  return { x, y, left, right: width - 8, bottom: height - draw.AXIS, width, height };
}

/** Lines over x. A pointer reads the name and the last value of a line. */
export function lineChart(chart: LineChart): draw.Drawing {
  const { x, y, left, right, bottom, width, height } = chartScales(chart);
  const { title, series, xTitle, now } = chart;
  const half = draw.textWidth(title, 12) / 2;
  return {
    width,
    height,
    content: [
      draw.label(Math.max(half, Math.min((left + right) / 2, width - half)), 12, title, {
        ...draw.MIDDLE,
        class: 'title',
      }),
      draw.leftAxis(y, left, right),
      draw.bottomAxis(x, [left, right], bottom, xTitle),
      now !== undefined && h('path', { class: 'zero', d: `M${short(x(now))} ${TOP}V${short(bottom)}` }),
      series.map(({ name, look, points, marked }) => {
        const last = points.findLast(([, value]) => Number.isFinite(value));
        const shown = (marked ? points : last ? [last] : []).filter(([, value]) => isIn(value, y, bottom));
        return h(
          'g',
          { class: look },
          tooltip(last ? `${name}: ${Number(last[1].toPrecision(4))} at ${last[0]}` : name),
          h('path', { class: 'line', d: pathOf(points, x, y, bottom) }),
          shown.map(([px, py]) => draw.dot(x(px), y(py), marked ? 3 : 2.2)),
        );
      }),
    ],
  };
}

const isIn = (value: number, y: draw.Scale, bottom: number): boolean =>
  Number.isFinite(value) && y(value) >= TOP - 0.01 && y(value) <= bottom + 0.01;

/** The path of a line, in steps of tenths of a pixel from point to point. It is cut where it leaves the plot. */
function pathOf(points: Series['points'], x: draw.Scale, y: draw.Scale, bottom: number): string {
  const ends = [y.invert(bottom), y.invert(TOP)] as const;
  let path = '';
  let at: [number, number] | undefined;
  const step = (px: number, py: number) => {
    const next: [number, number] = [Math.round(10 * x(px)), Math.round(10 * y(py))];
    path += at ? `l${(next[0] - at[0]) / 10} ${(next[1] - at[1]) / 10}` : `M${next[0] / 10} ${next[1] / 10}`;
    at = next;
  };
  points.forEach((point, i) => {
    const before = points[i - 1];
    if (!Number.isFinite(point[1])) return void (at = undefined);
    if (!before || !Number.isFinite(before[1])) {
      if (clipped(point, point, ends)) step(...point);
      return;
    }
    const segment = clipped(before, point, ends);
    if (!segment) return void (at = undefined);
    if (!at || segment[0] !== before) {
      at = undefined;
      step(...segment[0]);
    }
    step(...segment[1]);
  });
  return path.replaceAll(' -', '-');
}

type Point = readonly [number, number];

/** The part of a segment between two values. Undefined outside of them. */
function clipped(a: Point, b: Point, [low, high]: readonly [number, number]): [Point, Point] | undefined {
  if (Math.max(a[1], b[1]) < low || Math.min(a[1], b[1]) > high) return undefined;
  const crossing = (from: Point, to: Point): Point => {
    const edge = from[1] < low ? low : from[1] > high ? high : undefined;
    return edge === undefined ? from : [from[0] + ((edge - from[1]) / (to[1] - from[1])) * (to[0] - from[0]), edge];
  };
  return [crossing(a, b), crossing(b, a)];
}
