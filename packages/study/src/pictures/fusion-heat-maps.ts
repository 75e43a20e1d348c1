import { formatShares, laneShares } from '../report/fusion-tables.ts';
import type { FusionLevel } from '../trials/trial-result.ts';
import type { Picture } from './picture.ts';
import { color } from './theme.ts';

const CELL = { width: 52, height: 34 };

/** Fusion weights, and the name of the model or the rows that they belong to. */
export interface FusionOfModel {
  readonly model: string;
  readonly fusion: readonly FusionLevel[];
}

/**
 * The fusion weights of a trial or of some rows, with a picture of lanes × experts for each level. The left panel shows the gates
 * with their deviations over the rows, the right panel the constant (native) part, as in figure 3 of AdaTT. The last column has
 * the effective numbers of experts.
 */
export const fusionHeatMaps = ({ model, fusion }: FusionOfModel): Picture[] =>
  fusion
    .map((level, l) => {
      const gated = cellsOf(level, ({ gated, gatedDeviation }, u, e) => ({
        mean: gated[u]![e]!,
        deviation: gatedDeviation[u]![e]!,
      }));
      const native = cellsOf(level, ({ constant }, u, e) => ({ mean: constant[u]![e]!, deviation: 0 }));
      const panels = [
        ...(gated.length > 0 ? [panel(level, gated, 'gates: mean ± deviation')] : []),
        ...(native.length > 0 ? [panel(level, native, 'native')] : []),
        ...sharesPanel(level),
      ];
      return {
        name: `fusion-${slug(model)}-level-${l + 1}`,
        caption: `${model}, level ${l + 1}: what each lane takes from each expert, over the test rows`,
        spec: {
          title: `${model}, level ${l + 1}`,
          hconcat: panels,
          spacing: 30,
          resolve: { scale: { fillOpacity: 'independent' } },
        },
      };
    })
    .filter((_, l) =>
      [fusion[l]!.gated, fusion[l]!.gatedDeviation, fusion[l]!.constant].flat(2).some((value) => value !== 0),
    );

interface WeightCell {
  readonly lane: string;
  readonly expert: string;
  readonly mean: number;
  readonly text: string;
  readonly below: string;
}

/** The cells with a weight other than 0. */
function cellsOf(
  level: FusionLevel,
  valueOf: (level: FusionLevel, unit: number, expert: number) => { mean: number; deviation: number },
): WeightCell[] {
  return level.outputs.flatMap((lane, u) =>
    level.experts.flatMap((expert, e): WeightCell[] => {
      const { mean, deviation } = valueOf(level, u, e);
      if (mean === 0 && deviation === 0) return [];
      return [{ lane, expert, mean, text: mean.toFixed(2), below: deviation === 0 ? '' : `±${deviation.toFixed(2)}` }];
    }),
  );
}

function panel({ outputs, experts }: FusionLevel, cells: readonly WeightCell[], title: string): object {
  const most = Math.max(...cells.map(({ mean }) => Math.abs(mean)));
  const text = (field: string, dy: number, fontSize: number, shade: 'ink' | 'quiet') => ({
    mark: { type: 'text', dy, fontSize, color: color(shade) },
    encoding: { text: { field } },
  });
  return {
    title: titleOf(title),
    width: CELL.width * experts.length,
    height: CELL.height * outputs.length,
    data: { values: cells },
    encoding: {
      x: {
        field: 'expert',
        type: 'nominal',
        sort: [...experts],
        scale: { domain: [...experts] },
        axis: {
          title: null,
          orient: 'bottom',
          labelAngle: experts.some((name) => name.length > 8) ? -35 : 0,
          ticks: false,
          domain: false,
        },
      },
      y: lanesOf({ outputs }, { title: null, ticks: false, domain: false, labelColor: color('ink') }),
    },
    layer: [
      {
        mark: { type: 'rect', stroke: color('line'), strokeWidth: 1, cornerRadius: 2 },
        encoding: {
          fill: { condition: { test: 'datum.mean < 0', value: color('bad') }, value: color('accent') },
          fillOpacity: {
            field: 'magnitude',
            type: 'quantitative',
            scale: { domain: [0, most], range: [0.04, 0.75] },
            legend: null,
          },
        },
        transform: [{ calculate: 'abs(datum.mean)', as: 'magnitude' }],
      },
      text('text', cells.some(({ below }) => below !== '') ? -5 : 0, 11.5, 'ink'),
      text('below', 8, 9.5, 'ink'),
    ],
  };
}

/** The effective number of experts of each lane, beside its row. */
function sharesPanel(level: FusionLevel): object[] {
  const values = laneShares(level).map((lane) => ({ lane: lane.lane, text: formatShares(lane) }));
  if (values.length === 0) return [];
  return [
    {
      title: titleOf('effective experts'),
      width: 1.5 * CELL.width,
      height: CELL.height * level.outputs.length,
      data: { values },
      mark: { type: 'text', align: 'left', fontSize: 11.5, color: color('ink') },
      encoding: {
        x: { value: 2 },
        y: lanesOf(level, null),
        text: { field: 'text' },
      },
    },
  ];
}

const titleOf = (text: string): object => ({
  ...{ text, anchor: 'start', fontWeight: 'normal', fontSize: 11, color: color('quiet'), offset: 4 },
});

/** The encoding of lanes as rows. */
const lanesOf = ({ outputs }: Pick<FusionLevel, 'outputs'>, axis: object | null): object => ({
  ...{ field: 'lane', type: 'nominal', sort: [...outputs], scale: { domain: [...outputs] }, axis },
});

/** A name as a part of a file name: lower-case letters, digits and hyphens. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
