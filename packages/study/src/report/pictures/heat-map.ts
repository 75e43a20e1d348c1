import { at, type Drawing, END, label, MIDDLE, textWidth } from './chart.ts';
import { h, short, tooltip } from './markup.ts';

/** A cell of a heat map. */
export interface HeatCell {
  readonly text: string;
  /** A second line, such as a standard deviation. */
  readonly below?: string;
  /** How strong the color is, from 0 to 1. */
  readonly share: number;
  readonly negative?: boolean;
  /** What a pointer reads. */
  readonly tip: string;
}

export interface HeatMap {
  readonly title?: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Undefined for an empty cell. */
  cell(row: number, column: number): HeatCell | undefined;
  readonly cellSize?: { readonly width: number; readonly height: number };
  /** A column behind the cells, with a text for each row. */
  readonly behind?: { readonly title: string; readonly texts: readonly string[] };
}

const LONGEST = 8;

/** A table of numbers, whose cells are colored by their size. Long names of columns are aslant. */
export function heatMap({
  title,
  rows,
  columns,
  cell,
  cellSize: size = { width: 46, height: 30 },
  behind,
}: HeatMap): Drawing {
  const left = Math.max(...rows.map((name) => textWidth(name))) + 8;
  const top = title === undefined ? 0 : 18;
  const aslant = columns.some((name) => textWidth(name, 11) > Math.max(size.width, LONGEST));
  const longest = Math.max(...columns.map((name) => textWidth(name, 11)));
  const foot = aslant ? 14 + 0.6 * longest : 18;
  const bottom = top + size.height * rows.length;
  const right = left + size.width * columns.length;
  const cells = rows.flatMap((_, r) =>
    columns.flatMap((__, c) => {
      const each = cell(r, c);
      if (!each) return [];
      const [middle, y] = [size.width / 2, size.height / 2];
      return at(left + c * size.width, top + r * size.height, [
        tooltip(each.tip),
        h('rect', {
          ...{ class: each.negative ? 'cell negative' : 'cell', width: size.width, height: size.height },
          'fill-opacity': String(Number((0.04 + 0.6 * each.share).toFixed(2))),
        }),
        label(middle, y + (each.below ? -1 : 4), each.text, { ...MIDDLE, class: 'name' }),
        each.below !== undefined && label(middle, y + 10, each.below, { ...MIDDLE, class: 'small' }),
      ]);
    }),
  );
  return {
    width:
      right +
      (behind ? Math.max(...[behind.title, ...behind.texts].map((text) => textWidth(text, 11))) + 12 : aslant ? 0 : 4),
    height: bottom + foot,
    content: [
      title !== undefined && label(0, 11, title),
      rows.map((name, r) => label(left - 6, top + (r + 0.5) * size.height + 4, name, { ...END, class: 'name' })),
      cells,
      columns.map((name, c) => {
        const x = left + (c + 0.5) * size.width;
        return aslant
          ? label(x, bottom + 12, name, { ...END, transform: `rotate(-35 ${short(x)} ${bottom + 12})` })
          : label(x, bottom + 14, name, MIDDLE);
      }),
      behind && label(right + 8, 11, behind.title),
      behind?.texts.map((text, r) => label(right + 8, top + (r + 0.5) * size.height + 4, text, { class: 'name' })),
    ],
  };
}
