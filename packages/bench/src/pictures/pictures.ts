import type { Summary } from '../summary/summary.ts';
import type { Trial } from '../trials/trial.ts';
import { costAndQuality } from './cost-and-quality.ts';
import { forestPlots } from './forest-plot.ts';
import { fusionHeatMaps, slug } from './fusion-heat-maps.ts';
import { learningCurves } from './learning-curves.ts';
import { renderSvg, type Picture } from './picture.ts';
import { sensitivityStrips } from './sensitivity-strip.ts';

/** A picture that is drawn. */
export interface DrawnPicture {
  /** Of its file, without an ending. */
  readonly name: string;
  readonly caption: string;
  readonly svg: string;
}

/** The pictures of one table. */
export interface TablePictures {
  readonly differences: readonly DrawnPicture[];
  readonly curves: readonly DrawnPicture[];
  readonly costs: readonly DrawnPicture[];
  readonly sensitivity: readonly DrawnPicture[];
  /** Of the first seed, model by model. */
  readonly fusion: readonly { readonly model: string; readonly levels: readonly DrawnPicture[] }[];
}

/** @param trials those of the summary */
export async function drawPictures(summary: Summary, trials: readonly Trial[]): Promise<TablePictures> {
  const prefix = summary.setting === '' ? '' : `${slug(summary.setting)}-`;
  const draw = (pictures: readonly Picture[]) =>
    Promise.all(
      pictures.map(async (picture): Promise<DrawnPicture> => {
        const named = { ...picture, name: prefix + picture.name };
        return { name: named.name, caption: named.caption, svg: await renderSvg(named) };
      }),
    );
  const first = summary.models.flatMap(
    ({ model, seeds }) => trials.find((trial) => trial.model === model && trial.seed === seeds[0]) ?? [],
  );
  const fusion = await Promise.all(
    first.map(async (trial) => ({ model: trial.model, levels: await draw(fusionHeatMaps(trial)) })),
  );
  return {
    differences: await draw(forestPlots(summary)),
    curves: await draw(learningCurves(summary, trials)),
    costs: await draw(costAndQuality(summary)),
    sensitivity: await draw(sensitivityStrips(summary)),
    fusion: fusion.filter(({ levels }) => levels.length > 0),
  };
}

export const allPictures = ({ differences, sensitivity, curves, costs, fusion }: TablePictures): DrawnPicture[] => [
  ...differences,
  ...sensitivity,
  ...curves,
  ...costs,
  ...fusion.flatMap(({ levels }) => levels),
];
