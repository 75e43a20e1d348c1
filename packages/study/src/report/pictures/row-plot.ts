import { AXIS, at, bottomAxis, type Drawing, END, label, MIDDLE, textWidth } from './chart.ts';
import { type Content, h, short } from './markup.ts';
import { linearScale, type Range, type Scale } from './scale.ts';

/** A row of a plot. */
export interface PlotRow {
  readonly name: string;
  /** Draws the row. @param x the scale @param y the middle of the row */
  draw(x: Scale, y: number): Content;
}

export interface RowPlot {
  readonly title?: string;
  readonly xTitle: string;
  readonly rows: readonly PlotRow[];
  /** The range of the axis. A rule stands at 0 where the range has it. */
  readonly domain: Range;
  /** Whether the rows have their names at the left. Default: true. */
  readonly named?: boolean;
  /** The width of the plot, without names. Default: 260. */
  readonly width?: number;
}

const ROW = 22;

/** The width of the names at the left of the rows. */
export const namesWidth = (names: readonly string[]): number => Math.max(...names.map((name) => textWidth(name))) + 8;

/** Rows with a common axis, such as differences with their intervals. */
export function rowPlot({ title, xTitle, rows, domain, named = true, width = 260 }: RowPlot): Drawing {
  const left = named ? namesWidth(rows.map(({ name }) => name)) : 0;
  const top = title === undefined ? 2 : 20;
  const bottom = top + ROW * rows.length;
  const x = linearScale(domain, [0, width], 4);
  const hasZero = domain[0] <= 0 && domain[1] >= 0;
  const plot = [
    title !== undefined && label(width / 2, 12, title, { ...MIDDLE, class: 'title' }),
    bottomAxis(x, [0, width], bottom, xTitle, top),
    hasZero && h('path', { class: 'zero', d: `M${short(x(0))} ${top}V${bottom}` }),
    rows.map(({ draw }, r) => draw(x, top + ROW * (r + 0.5))),
  ];
  const names =
    named &&
    h(
      'g',
      { ...END, class: 'name' },
      rows.map(({ name }, r) => label(left - 8, top + ROW * (r + 0.5) + 4, name)),
    );
  return { width: left + width + 14, height: bottom + AXIS, content: [names, at(left, 0, plot)] };
}

/** A number at the edge of a plot that ends before it. */
export const edgeText = (side: 'left' | 'right', y: number, text: string, width = 260): Content =>
  side === 'left'
    ? label(2, y + 4, `◀ ${text}`, { class: 'edge' })
    : label(width - 2, y + 4, `${text} ▶`, { ...END, class: 'edge' });
