import type { TopLevelSpec } from 'vega-lite';
import type { Summary } from '../summary/summary.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { costAndQuality } from './cost-and-quality.ts';
import { forestPlots } from './forest-plot.ts';
import { fusionHeatMaps, slug } from './fusion-heat-maps.ts';
import { learningCurves } from './learning-curves.ts';
import type { DrawnPicture, Picture, TablePictures } from './picture.ts';
import { sensitivityStrips } from './sensitivity-strip.ts';
import { colorRules, pictureConfig } from './theme.ts';

/**
 * The pictures of a table as Vega-Lite specifications. `drawPictures` draws them.
 *
 * @param trials those of the summary
 * @example const { differences } = tablePictures(summary, trials);
 */
export function tablePictures(summary: Summary, trials: readonly TrialResult[]): TablePictures<Picture> {
  const prefix = summary.setting === '' ? '' : `${slug(summary.setting)}-`;
  const named = (pictures: readonly Picture[]) =>
    pictures.map((picture): Picture => ({ ...picture, name: prefix + picture.name }));
  const first = summary.models.flatMap(
    ({ model, seeds }) => trials.find((trial) => trial.model === model && trial.seed === seeds[0]) ?? [],
  );
  return {
    differences: named(forestPlots(summary)),
    curves: named(learningCurves(summary, trials)),
    costs: named(costAndQuality(summary)),
    sensitivity: named(sensitivityStrips(summary)),
    fusion: first
      .map((trial) => ({ model: trial.model, levels: named(fusionHeatMaps(trial)) }))
      .filter(({ levels }) => levels.length > 0),
  };
}

/**
 * Draws the pictures of a table as SVG. Vega is loaded by the first call.
 *
 * @param trials those of the summary
 * @example const pictures = await drawPictures(summary, trials);
 */
export async function drawPictures(summary: Summary, trials: readonly TrialResult[]): Promise<TablePictures> {
  const pictures = tablePictures(summary, trials);
  return {
    differences: await drawn(pictures.differences),
    curves: await drawn(pictures.curves),
    costs: await drawn(pictures.costs),
    sensitivity: await drawn(pictures.sensitivity),
    fusion: await Promise.all(
      pictures.fusion.map(async ({ model, levels }) => ({ model, levels: await drawn(levels) })),
    ),
  };
}

const drawn = (pictures: readonly Picture[]): Promise<DrawnPicture[]> =>
  Promise.all(pictures.map(async ({ spec, ...named }) => ({ ...named, svg: await renderSvg({ ...named, spec }) })));

/** The picture as SVG. Its colors are variables, which the page around it defines. */
export async function renderSvg({ name, spec, caption }: Picture): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]); // large, so only here
  const whole = { ...spec, config: pictureConfig } as TopLevelSpec;
  const view = new View(parse(compile(whole).spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    const unique = svg.replace(/(id="|url\(#)(clip\d+)/g, `$1${name}-$2`); // a page has several pictures, and one name for each id
    return unique.replace(
      '<svg ',
      `<svg role="img" aria-label="${caption.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}" `,
    );
  } finally {
    view.finalize();
  }
}

/** The same for a file of its own: it brings its colors, and a background. */
export const standalone = (svg: string): string =>
  svg.replace('>', `><style>${colorRules(':root')}svg{background:var(--paper)}</style>`);
