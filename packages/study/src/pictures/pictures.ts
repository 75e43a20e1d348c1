import type { Summary } from '../summary/summary.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { costAndQuality } from './cost-and-quality.ts';
import { forestPlots } from './forest-plot.ts';
import { fusionHeatMaps, slug } from './fusion-heat-maps.ts';
import { learningCurves } from './learning-curves.ts';
import type { Picture, TablePictures } from './picture.ts';
import { sensitivityStrips } from './sensitivity-strip.ts';

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
