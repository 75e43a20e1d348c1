import { htmlText } from '@polytask/components';

/** An element of SVG or HTML as plain data: {@link markupText} writes it, and a page gives it to its own `h`. */
export interface Markup {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number | true>>;
  readonly children: readonly (Markup | string)[];
}

/** Children of an element. Lists are flattened; false and undefined are left out. */
export type Content = Markup | string | false | undefined | readonly Content[];

/** A coordinate with one decimal: a tenth of a pixel. */
export const short = (value: number): number => Number(value.toFixed(1));

/**
 * Makes an element. An attribute that is undefined or false is left out, and a number gets one decimal.
 *
 * @example h('line', { x1: 0, x2: 10.04, class: 'grid' })
 */
export const h = (
  tag: string,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> | null,
  ...children: readonly Content[]
): Markup => ({
  tag,
  attributes: Object.fromEntries(
    Object.entries(attributes ?? {}).flatMap(([name, value]) =>
      value === undefined || value === false ? [] : [[name, typeof value === 'number' ? short(value) : value]],
    ),
  ),
  children: flat(children),
});

const flat = (content: Content): (Markup | string)[] => {
  if (content === undefined || content === false) return [];
  return Array.isArray(content) ? content.flatMap(flat) : [content as Markup | string];
};

/** Elements that may close at once. */
const EMPTY = /^(path|line|circle|rect|polyline|input)$/;

/** An element as text of HTML, or of a file of SVG. All its texts are escaped. */
export function markupText(node: Markup | string): string {
  if (typeof node === 'string') return htmlText(node);
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${htmlText(String(value))}"`))
    .join('');
  if (node.children.length === 0 && EMPTY.test(node.tag)) return `<${node.tag}${attributes}/>`;
  return `<${node.tag}${attributes}>${node.children.map(markupText).join('')}</${node.tag}>`;
}

/** A text that a pointer reads on the element around it. */
export const tooltip = (text: string): Markup => h('title', null, text);

const COLORS = {
  paper: ['#ffffff', '#14171c'],
  ink: ['#1c2128', '#e4e7eb'],
  quiet: ['#5b6470', '#9aa4b0'],
  line: ['#dfe3e8', '#2e343c'],
  accent: ['#2f66a8', '#7fb0ea'],
  good: ['#1e7a45', '#62c48b'],
  bad: ['#b5402c', '#f08b78'],
} as const;

/** The colors of models: distinct, and readable on light and dark. */
const SERIES = [
  ['#6b7280', '#a9b0bb'],
  ['#c26a14', '#efa35a'],
  ['#2f66a8', '#7fb0ea'],
  ['#2c8a57', '#6cc795'],
  ['#a34a8a', '#d890c3'],
  ['#b08c00', '#d9bd4c'],
  ['#138b98', '#58c4d0'],
  ['#b5402c', '#f08b78'],
] as const;

/**
 * The definitions of all colors as CSS variables, for a style sheet.
 *
 * @param dark the selector of elements with dark colors. Default: the reader's system chooses
 */
export function colorRules(selector: string, dark?: string): string {
  const named = [...Object.entries(COLORS), ...SERIES.map((shades, i) => [`series-${i}`, shades] as const)];
  const rules = (shade: 0 | 1) => named.map(([name, shades]) => `--${name}:${shades[shade]}`).join(';');
  const inDark = `${dark ?? selector}{${rules(1)}}`;
  return `${selector}{${rules(0)}}${dark ? inDark : `@media (prefers-color-scheme:dark){${inDark}}`}`;
}

/** The places at which a model's color repeats with another dash or shape. */
const ROUNDS = 3;

/** The class of the i-th model: its color, and with more models than colors another dash. */
export const seriesClass = (i: number): string => {
  const round = Math.floor(i / SERIES.length) % ROUNDS;
  return `s${i % SERIES.length}${round > 0 ? ` dash${round}` : ''}`;
};

/** The shape of the i-th model in a picture of points: 0 circle, 1 diamond, 2 square. */
export const shapeOf = (i: number): number => Math.floor(i / SERIES.length) % ROUNDS;

/** The rules of all pictures, for the style sheet of a page. They need the {@link colorRules}. */
export const PICTURE_RULES =
  '.picture{font:11px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--quiet);color:var(--quiet)}' +
  '.picture .name{fill:var(--ink);font-size:12px}.picture .title{fill:var(--ink);font-size:12px;font-weight:600}' +
  '.picture .grid{stroke:var(--line)}.picture .zero{stroke:var(--quiet);stroke-dasharray:3 3}' +
  '.picture .line{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linejoin:round}' +
  '.picture .span{stroke:currentColor;stroke-width:2.5}.picture .thin{stroke:var(--quiet)}' +
  '.picture .dot{fill:currentColor}' +
  '.picture .points{stroke:currentColor;stroke-width:6;stroke-linecap:round;stroke-dasharray:none;opacity:.5}' +
  '.picture .ring{fill:none;stroke:var(--ink);stroke-width:1.4}' +
  '.picture .edge{fill:currentColor}.picture .dash1{stroke-dasharray:6 3}.picture .dash2{stroke-dasharray:2 2}' +
  '.picture .cell{fill:var(--accent);stroke:var(--line)}.picture .negative{fill:var(--bad)}' +
  '.picture .small{font-size:9.5px}.picture .better{color:var(--good)}.picture .worse{color:var(--bad)}' +
  '.picture .accent{color:var(--accent)}' +
  SERIES.map((_, i) => `.picture .s${i}{color:var(--series-${i})}`).join('');
