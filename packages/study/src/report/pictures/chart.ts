import stringWidth from 'string-width';
import {
  type Content,
  h,
  type Markup,
  short,
  markupText,
  seriesClass,
  shapeOf,
  colorRules,
  PICTURE_RULES,
} from './markup.ts';

export interface Scale {
  (value: number): number;
  invert(place: number): number;
  ticks(): number[];
  /** A tick as text, with the decimals that tell it from its neighbors. */
  textOf(tick: number): string;
}

export type Range = readonly [low: number, high: number];

/** The distance between round ticks: 1, 2 or 5 times a power of ten. */
function stepOf(low: number, high: number, count: number): number {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const rest = raw / power;
  return power * (rest >= Math.sqrt(50) ? 10 : rest >= Math.sqrt(10) ? 5 : rest >= Math.sqrt(2) ? 2 : 1);
}

/** A linear scale from the values of a domain to the places of a range, with about `count` ticks. */
export function linearScale([low, high]: Range, [start, end]: Range, count: number): Scale {
  const slope = (end - start) / (high - low);
  const step = stepOf(low, high, count);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Object.assign((value: number) => start + slope * (value - low), {
    invert: (place: number) => low + (place - start) / slope,
    ticks: () => {
      const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
      return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(decimals)));
    },
    textOf: (tick: number) => tick.toFixed(decimals).replace('-', '\u2212'),
  });
}

/** A logarithmic scale. Its ticks are powers of ten, with 2 and 5 times these if there are few. */
export function logScale([low, high]: Range, [start, end]: Range): Scale {
  const inner = linearScale([Math.log10(low), Math.log10(high)], [start, end], 4);
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => 10 ** (first + i));
  const among = (factors: readonly number[]) =>
    powers.flatMap((power) => factors.map((factor) => power * factor)).filter((tick) => tick >= low && tick <= high);
  return Object.assign((value: number) => inner(Math.log10(value)), {
    invert: (place: number) => 10 ** inner.invert(place),
    ticks: () => [[1], [1, 2, 5]].map(among).find((ticks) => ticks.length > 2) ?? [low, high],
    textOf: shortNumber,
  });
}

const PREFIXES = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** `1.2M`, `50k`, `0.35` */
function shortNumber(value: number): string {
  const [unit, letter] = PREFIXES.find(([least]) => value >= least) ?? [1, ''];
  return `${Number((value / unit).toPrecision(2))}${letter}`;
}

/** The range of some values, with room at both sides. NaN is left out. @param share of the range, at each side */
export function roomyRange(values: readonly number[], share = 0.05): Range {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const room = share * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

/** How far from the middle half a value may be, in widths of the middle half. */
const REACH = 3;

/**
 * The range of the values without outliers, which are further from the middle half than three times its width (Tukey's outer fences).
 * The range of all if there are fewer than four.
 */
export function usualRange(values: readonly number[]): Range {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high] = [sorted[0] ?? NaN, sorted.at(-1) ?? NaN];
  if (sorted.length < 4) return [low, high];
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [first, third] = [at(0.25), at(0.75)];
  const inside = sorted.filter(
    (value) => value >= first - REACH * (third - first) && value <= third + REACH * (third - first),
  );
  return [inside[0]!, inside.at(-1)!];
}

export interface Picture {
  /** The name of the file, without its extension. */
  readonly name: string;
  /** The caption in one line, without a full stop. */
  readonly caption: string;
  /** An `svg` element. Its colors are CSS variables of the page. */
  readonly drawing: Markup;
}

/** A picture of a drawing, which is described by its caption. */
export function drawPicture(name: string, caption: string, { width, height, content }: Drawing): Picture {
  const [w, t] = [Math.ceil(width), Math.ceil(height)];
  const attributes = {
    ...{ xmlns: 'http://www.w3.org/2000/svg', class: 'picture', width: w, height: t, viewBox: `0 0 ${w} ${t}` },
    ...{ role: 'img', 'aria-label': caption },
  };
  return { name, caption, drawing: h('svg', attributes, content) };
}

/** The text of a picture's element, for a page with the rules and colors of reports. */
export const svgText = ({ drawing }: Picture): string => markupText(drawing);

const STYLE = `${colorRules(':root')}${PICTURE_RULES}svg{background:var(--paper)}`;

/** A picture as a file of SVG, with its rules and colors. @example await writeFile(`${picture.name}.svg`, svgFile(picture)); */
export const svgFile = ({ drawing }: Picture): string =>
  markupText({ ...drawing, children: [h('style', null, STYLE), ...drawing.children] }).replace(
    /(?<=<style>)[^<]*/,
    () => STYLE, // as it is: it has quotes, and no markup
  );

/** A name as a part of a file name: lower-case letters, digits and hyphens. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/(?<=[=[,])-/g, 'minus-') // options with other signs have other names
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** A part of a picture. Its upper left corner is at 0, 0. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly content: Content;
}

const TICK = 11;

/** The width of a text in pixels: an estimate from above, because nothing is measured where reports are written. */
export const textWidth = (text: string, size = 12): number =>
  size * (0.6 * stringWidth(text) + 0.35 * (text.match(/[mwMW@]/g)?.length ?? 0));

export const at = (x: number, y: number, content: Content): Markup =>
  h('g', { transform: `translate(${short(x)} ${short(y)})` }, content);

export const label = (x: number, y: number, text: string, more: Readonly<Record<string, string>> = {}): Markup =>
  h('text', { x, y, ...more }, text);

export const MIDDLE = { 'text-anchor': 'middle' };
export const END = { 'text-anchor': 'end' };

/** Drawings in rows of `columns`, from left to right. Default: of three. */
export function inGrid(drawings: readonly Drawing[], columns = 3, gap = 24): Drawing {
  const rows = Array.from({ length: Math.ceil(drawings.length / columns) }, (_, r) =>
    drawings.slice(r * columns, (r + 1) * columns),
  );
  let y = 0;
  const placed = rows.flatMap((row) => {
    let x = 0;
    const parts = row.map(({ width, content }) => {
      const part = at(x, y, content);
      x += width + gap;
      return part;
    });
    y += Math.max(...row.map(({ height }) => height)) + gap;
    return parts;
  });
  const widths = rows.map((row) => row.reduce((sum, { width }) => sum + width + gap, -gap));
  return { width: Math.max(0, ...widths), height: Math.max(0, y - gap), content: placed };
}

export const stacked = (drawings: readonly Drawing[], gap = 10): Drawing => inGrid(drawings, 1, gap);

/** The height of an axis below a plot, with its title. */
export const AXIS = 34;

/** The room at the right of a plot, into which the label of its last tick may reach. */
const EDGE = 8;

/** The axis below a plot. @param width the plot's places from left to right @param y its lower end @param top its upper end */
export function bottomAxis(scale: Scale, [left, right]: Range, y: number, title: string, top?: number): Content {
  const labelled = roomyTicks(scale);
  const inside = (tick: number) => Math.min(scale(tick), right + EDGE - textWidth(scale.textOf(tick), TICK) / 2);
  return [
    h('path', { class: 'grid', d: `M${short(left)} ${short(y)}H${short(right)}` }),
    scale
      .ticks()
      .map((tick) => [
        top !== undefined && h('path', { class: 'grid', d: `M${short(scale(tick))} ${short(y)}V${short(top)}` }),
        labelled.includes(tick) && label(inside(tick), y + 14, scale.textOf(tick), MIDDLE),
      ]),
    label((left + right) / 2, y + 29, title, MIDDLE),
  ];
}

/** The ticks whose labels have room beside each other, from the one that is nearest to 0 on. */
function roomyTicks(scale: Scale): number[] {
  const widest = Math.max(...scale.ticks().map((tick) => textWidth(scale.textOf(tick), TICK)));
  const roomy: number[] = [];
  for (const tick of scale.ticks().sort((a, b) => Math.abs(a) - Math.abs(b)))
    if (roomy.every((other) => Math.abs(scale(tick) - scale(other)) > widest)) roomy.push(tick);
  return roomy;
}

/** The axis at the left of a plot, with lines across it. @param x its place @param right the right end of the lines */
export const leftAxis = (scale: Scale, x: number, right: number): Content =>
  scale
    .ticks()
    .map((tick) => [
      h('path', { class: 'grid', d: `M${short(x)} ${short(scale(tick))}H${short(right)}` }),
      label(x - 6, scale(tick) + 4, scale.textOf(tick), END),
    ]);

/** A point in the color of the element around it. @param shape 0 circle, 1 diamond, 2 square */
export function dot(x: number, y: number, r: number, tip?: Markup, shape = 0): Markup {
  if (shape === 0) return h('circle', { class: 'dot', cx: x, cy: y, r }, tip);
  const half = short(shape === 1 ? 1.3 * r : r);
  const d =
    shape === 1
      ? `m0 ${-half}l${half} ${half} ${-half} ${half} ${-half} ${-half}z`
      : `m${-half} ${-half}h${2 * half}v${2 * half}h${-2 * half}z`;
  return h('path', { class: 'dot', d: `M${short(x)} ${short(y)}${d}` }, tip);
}

const KEY = 20;
const LINE = 18;

/** The names of series beside their colors, in rows that are `width` wide. @param points whether a series is points, not a line */
export function legend(names: readonly string[], width: number, points = false): Drawing {
  let [x, y] = [0, 0];
  const keys = names.map((name, i) => {
    const own = KEY + 8 + textWidth(name);
    if (x > 0 && x + own > width) [x, y] = [0, y + LINE];
    const mark = points ? dot(8, 9, 4, undefined, shapeOf(i)) : h('path', { class: 'line', d: 'M0 9H16' });
    const key = at(x, y, [h('g', { class: seriesClass(i) }, mark), label(KEY, 13, name, { class: 'name' })]);
    x += own + 8;
    return key;
  });
  return { width, height: y + LINE, content: keys };
}
