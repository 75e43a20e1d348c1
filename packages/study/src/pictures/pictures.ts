import type { TopLevelSpec } from 'vega-lite';
import type { Summary } from '../summary/summary.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { costAndQuality } from './cost-and-quality.ts';
import { htmlText, mapTexts, vegaText, xmlText } from '../report/safe-text.ts';
import { forestPlots } from './forest-plot.ts';
import { fusionHeatMaps, slug } from './fusion-heat-maps.ts';
import { learningCurves } from './learning-curves.ts';
import type { DrawnPicture, Picture, TablePictures } from './picture.ts';
import { sensitivityStrips } from './sensitivity-strip.ts';
import { colorRules, pictureConfig } from './theme.ts';

/**
 * The pictures of a table as Vega-Lite specifications, for `drawPictures` or another renderer.
 *
 * @param trials the trials of the summary
 * @example const { differences } = tablePictures(summary, trials);
 */
export function tablePictures(summary: Summary, trials: readonly TrialResult[]): TablePictures<Picture> {
  const prefix = summary.setting === '' ? '' : `${slug(summary.setting)}-`;
  const named = (pictures: readonly Picture[]) =>
    pictures.map((picture): Picture => ({ ...picture, name: prefix + picture.name }));
  const firstTrials = summary.models.flatMap(
    ({ model, seeds }) => trials.find((trial) => trial.model === model && trial.seed === seeds[0]) ?? [],
  );
  return {
    differences: named(forestPlots(summary)),
    curves: named(learningCurves(summary, trials)),
    costs: named(costAndQuality(summary)),
    sensitivity: named(sensitivityStrips(summary)),
    fusion: firstTrials
      .map((trial) => ({ model: trial.model, levels: named(fusionHeatMaps(trial)) }))
      .filter(({ levels }) => levels.length > 0),
  };
}

/**
 * Draws the pictures of a table as SVG. The first call loads Vega.
 *
 * @param trials the trials of the summary
 * @example const pictures = await drawPictures(summary, trials);
 */
export async function drawPictures(summary: Summary, trials: readonly TrialResult[]): Promise<TablePictures> {
  const pictures = tablePictures(summary, trials);
  return {
    differences: await draw(pictures.differences),
    curves: await draw(pictures.curves),
    costs: await draw(pictures.costs),
    sensitivity: await draw(pictures.sensitivity),
    fusion: await Promise.all(
      pictures.fusion.map(async ({ model, levels }) => ({ model, levels: await draw(levels) })),
    ),
  };
}

const draw = (pictures: readonly Picture[]): Promise<DrawnPicture[]> =>
  Promise.all(pictures.map(async ({ spec, ...named }) => ({ ...named, svg: await renderSvg({ ...named, spec }) })));

/**
 * Draws a picture as SVG. Its colors are CSS variables of the page.
 *
 * @example const svg = await renderSvg(tablePictures(summary, trials).costs[0]!);
 */
export async function renderSvg({ name, spec, caption }: Picture): Promise<string> {
  const { parse, View, compile } = await import('#vega'); // loaded on demand: it is large
  const whole = { ...mapTexts(spec, vegaText), config: pictureConfig } as TopLevelSpec;
  const view = new View(parse(compile(whole).spec), { renderer: 'none' });
  try {
    return xmlText(named(await view.toSVG(), name)).replace(
      '<svg ',
      () => `<svg role="img" aria-label="${htmlText(caption)}" `,
    );
  } finally {
    view.finalize();
  }
}

/**
 * Gives the clips of a picture ids of its own, which are unique in a page of several pictures. Vega counts the clips of the whole
 * process. Numbers from 1 on make the same picture the same text.
 */
function named(svg: string, name: string): string {
  const ids = new Map<string, string>();
  return svg.replace(/(id="|url\(#)(clip\d+)/g, (_, before: string, clip: string) => {
    if (!ids.has(clip)) ids.set(clip, `${name}-clip${ids.size + 1}`);
    return before + ids.get(clip)!;
  });
}

/** Adds the definitions of colors and a background to an SVG, for a separate file. */
export const standalone = (svg: string): string =>
  svg.replace('>', `><style>${colorRules(':root')}svg{background:var(--paper)}</style>`);
