import type { Config } from 'vega-lite';

/** The colors of the report, light and dark. Pictures use them as CSS variables, so that one SVG suits both. */
export const COLORS = {
  paper: { light: '#ffffff', dark: '#14171c' },
  ink: { light: '#1c2128', dark: '#e4e7eb' },
  quiet: { light: '#5b6470', dark: '#9aa4b0' },
  line: { light: '#dfe3e8', dark: '#2e343c' },
  accent: { light: '#3f7fd8', dark: '#4d86d6' },
  good: { light: '#1f8a4c', dark: '#4fbf7c' },
  bad: { light: '#c4442f', dark: '#ef7d68' },
} as const;

export type Color = keyof typeof COLORS;

/** A color as a CSS variable, with the light color as its default. */
export const color = (name: Color): string => `var(--${name}, ${COLORS[name].light})`;

/** The definitions of all colors, for a style sheet. */
export const colorRules = (selector: string): string => {
  const rules = (shade: 'light' | 'dark') =>
    Object.entries(COLORS)
      .map(([name, shades]) => `--${name}:${shades[shade]}`)
      .join(';');
  return `${selector}{${rules('light')}}@media (prefers-color-scheme:dark){${selector}{${rules('dark')}}}`;
};

/** The colors of models: distinct, and readable on light and dark. */
export const SERIES: readonly string[] =
  '#4c78a8 #f58518 #54a24b #e45756 #17a2b8 #b279a2 #c49a00 #9d755d #8a8f98 #e377c2 #7f6fd1 #6b9e23'.split(' ');

/** With more models than colors, the colors repeat with another dash or shape. */
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
];
const SHAPES = ['circle', 'diamond', 'cross'];

const round = (i: number): number => Math.floor(i / SERIES.length);

const channel = (names: readonly string[], range: readonly unknown[], legend: object = {}): object => ({
  field: 'model',
  type: 'nominal',
  sort: names,
  scale: { domain: names, range },
  legend: { title: null, ...legend },
});

const STROKES = { symbolType: 'stroke', symbolSize: 200 };

/** The encoding of models as rows. @param axis options of the axis of names; null: no axis */
export const modelRows = (names: readonly string[], axis: object | null): object => ({
  field: 'model',
  type: 'nominal',
  sort: names,
  scale: { domain: names },
  axis: axis && {
    title: null,
    ticks: false,
    domain: false,
    labelPadding: 8,
    labelFontSize: 12,
    labelColor: color('ink'),
    ...axis,
  },
});

/** The encoding of models as lines: colors, and dashes where colors repeat. */
export const modelLines = (names: readonly string[]): object => ({
  color: channel(names, SERIES, STROKES),
  strokeDash: channel(
    names,
    names.map((_, i) => DASHES[round(i) % DASHES.length]),
    STROKES,
  ),
});

/** The encoding of models as points: colors, and shapes where colors repeat. */
export const modelPoints = (names: readonly string[], legend: object = {}): object => ({
  color: channel(names, SERIES, legend),
  shape: channel(
    names,
    names.map((_, i) => SHAPES[round(i) % SHAPES.length]),
    legend,
  ),
});

const FONT = 'system-ui, -apple-system, "Segoe UI", sans-serif';

/** The longest label in pixels. Without a canvas, Vega overestimates widths by half: there is room for a model with its balancer. */
const LABEL_LIMIT = 600;

/** The common configuration of all pictures. */
export const pictureConfig: Config = {
  background: 'transparent',
  font: FONT,
  aria: false, // the picture is one image with a caption, so nobody would hear the labels of its points
  padding: 8,
  title: { color: color('ink'), fontSize: 13, fontWeight: 600, anchor: 'start', offset: 10 },
  view: { stroke: 'transparent' },
  axis: {
    labelColor: color('quiet'),
    labelLimit: LABEL_LIMIT,
    titleColor: color('quiet'),
    titleFontWeight: 'normal',
    labelFontSize: 11,
    titleFontSize: 11,
    domainColor: color('line'),
    tickColor: color('line'),
    gridColor: color('line'),
  },
  header: { labelColor: color('ink'), labelFontSize: 12, labelFontWeight: 600, titleColor: color('ink') },
  legend: {
    labelColor: color('ink'),
    titleColor: color('quiet'),
    labelFontSize: 11,
    labelLimit: LABEL_LIMIT,
    symbolType: 'circle',
  },
};
