import type { Summary } from '../../summary/summary.ts';
import type { TrialResult } from '../../results/trial-result.ts';
import { pairOf } from '../../results/folds.ts';
import { costAndQuality } from './cost-and-quality.ts';
import { fusionHeatMaps } from './heat-map.ts';
import { learningCurves } from './learning-curves.ts';
import { type Picture, slug } from './chart.ts';
import { forestPlots, gainPlot, seedPlots } from './row-plot.ts';
import { sensitivityStrips } from './sensitivity-strip.ts';

/** The pictures of one table. */
export interface TablePictures {
  /** The mean gains over the baseline in one plot, in the order of the models. Empty without gains. */
  readonly gains: readonly Picture[];
  readonly differences: readonly Picture[];
  readonly seeds: readonly Picture[];
  readonly sensitivity: readonly Picture[];
  readonly curves: readonly Picture[];
  readonly costs: readonly Picture[];
  /** The fusion weights of the first seed, model by model. */
  readonly fusion: readonly { readonly model: string; readonly levels: readonly Picture[] }[];
}

/**
 * Draws the pictures of a table.
 *
 * @param trials the trials of the summary
 * @example const { differences: [picture] } = tablePictures(summary, trials);
 */
export function tablePictures(summary: Summary, trials: readonly TrialResult[]): TablePictures {
  const prefix = summary.setting === '' ? '' : `${slug(summary.setting)}-`;
  const named = (pictures: readonly Picture[]) => pictures.map((each) => ({ ...each, name: prefix + each.name }));
  const firstTrials = summary.models.flatMap(
    ({ model, seeds }) => trials.find((trial) => trial.model === model && pairOf(trial) === seeds[0]) ?? [],
  );
  return {
    gains: named(gainPlot(summary)),
    differences: named(forestPlots(summary)),
    seeds: named(seedPlots(summary, trials)),
    sensitivity: named(sensitivityStrips(summary)),
    curves: named(learningCurves(summary, trials)),
    costs: named(costAndQuality(summary)),
    fusion: firstTrials
      .map((trial) => ({ model: trial.model, levels: named(fusionHeatMaps(trial)) }))
      .filter(({ levels }) => levels.length > 0),
  };
}
