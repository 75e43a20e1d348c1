import { formatShares, laneShares } from '../trial-tables.ts';
import type { FusionLevelWeights } from '../../results/trial-result.ts';
import { type Drawing, inGrid } from './chart.ts';
import { heatMap } from './heat-map.ts';
import { type Picture, drawPicture, slug } from './picture.ts';

/** Fusion weights, and the name of the model or the rows that they belong to. */
export interface FusionOfModel {
  readonly model: string;
  readonly fusion: readonly FusionLevelWeights[];
}

/**
 * The fusion weights of a trial or of some rows, with a picture of lanes × experts for each level. The left panel shows the gates
 * with their standard deviations over the rows, the right panel the constant (native) part, as in figure 3 of AdaTT. Behind the rows are
 * the effective numbers of experts. A level without weights has no picture.
 */
export const fusionHeatMaps = ({ model, fusion }: FusionOfModel): Picture[] =>
  fusion.flatMap((level, l) => {
    const panels = levelPanels(level);
    if (panels.length === 0) return [];
    const caption = `${model}, level ${l + 1}: what each lane takes from each expert, over the test rows`;
    return drawPicture(`fusion-${slug(model)}-level-${l + 1}`, caption, inGrid(panels, panels.length, 30));
  });

/** The gates and the constant part of a level, those that have a weight other than 0. */
function levelPanels(level: FusionLevelWeights): Drawing[] {
  const { gated, gatedDeviation, constant } = level;
  const parts = [
    { title: 'gates: mean ± deviation', values: gated, deviations: gatedDeviation },
    { title: 'native', values: constant, deviations: undefined },
  ].filter(({ values, deviations }) => [values, deviations ?? []].flat(2).some((value) => value !== 0));
  const shares = laneShares(level);
  return parts.map(({ title, values, deviations }, p) => {
    const most = Math.max(...values.flat().map(Math.abs)) || 1;
    return heatMap({
      ...{ title, rows: level.outputs, columns: level.experts },
      ...(p === parts.length - 1 &&
        shares.length > 0 && { behind: { title: 'effective experts', texts: shares.map(formatShares) } }),
      cell(u, e) {
        const [value, deviation] = [values[u]![e]!, deviations?.[u]![e] ?? 0];
        if (value === 0 && deviation === 0) return undefined;
        return {
          ...{ text: value.toFixed(2), share: Math.abs(value) / most, negative: value < 0 },
          ...(deviation !== 0 && { below: `±${deviation.toFixed(2)}` }),
          tip: `${level.outputs[u]} takes ${value.toFixed(3)} of ${level.experts[e]}`,
        };
      },
    });
  });
}
