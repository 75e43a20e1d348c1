import { at, type Drawing, END, label, MIDDLE, textWidth, type Picture, drawPicture, inGrid, slug } from './chart.ts';
import { h, short, tooltip } from './markup.ts';
import type { TaskImportance } from '../../explain/permutation-importance.ts';
import { formatShares, laneShares, levelNames } from '../trial-tables.ts';
import type { FusionLevelWeights } from '../../results/trial-result.ts';

/** Fusion weights, and the name of the model or the rows that they belong to. */
export interface FusionOfModel {
  readonly model: string;
  readonly fusion: readonly FusionLevelWeights[];
  /** The architectures of an ensemble's members. */
  readonly members?: readonly string[] | undefined;
}

/**
 * The fusion weights of a trial or of some rows, with a picture of lanes × experts for each level. The left panel shows the gates
 * with their standard deviations over the rows, the right panel the constant (native) part, as in figure 3 of AdaTT. Behind the rows are
 * the effective numbers of experts. A level without weights has no picture.
 */
export const fusionHeatMaps = ({ model, fusion, members }: FusionOfModel): Picture[] =>
  levelNames(fusion, members).flatMap((name, l) => {
    const panels = levelPanels(fusion[l]!);
    if (panels.length === 0) return [];
    const caption = `${model}, ${name}: what each lane takes from each expert, over the test rows`;
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

const MOST = 40;

/** The importance of features × tasks. The color is relative to the largest drop of the task. */
export function importanceMap(importance: Readonly<Record<string, TaskImportance>>): Picture {
  const tasks = Object.entries(importance).filter(([, { value }]) => !Number.isNaN(value));
  const rows = rankedFeatures(importance).slice(0, MOST);
  const columns = tasks.map(([task]) => task);
  return drawPicture(
    'importance',
    'How much worse the metric of a task gets when a feature has the values of other rows; ' +
      'color: relative to the most important feature of the task',
    heatMap({
      ...{ rows, columns, cellSize: { width: 96, height: 24 } },
      cell(r, c) {
        const [task, { features }] = tasks[c]!;
        const most = Math.max(...features.map(({ drop }) => drop));
        const { drop } = features.find(({ feature }) => feature === rows[r])!;
        const text = drop.toFixed(4);
        return {
          text,
          share: most > 0 ? Math.max(0, drop / most) : 0,
          tip: `${task} loses ${text} without ${rows[r]}`,
        };
      },
    }),
  );
}

/** The features, the most important one first. The drops of a task count relative to the largest of the task. */
export function rankedFeatures(importance: Readonly<Record<string, TaskImportance>>): string[] {
  const totals = new Map<string, number>();
  for (const { features } of Object.values(importance)) {
    const most = Math.max(...features.map(({ drop }) => drop));
    if (!(most > 0)) continue;
    for (const { feature, drop } of features) totals.set(feature, (totals.get(feature) ?? 0) + drop / most);
  }
  const [first] = Object.values(importance);
  return (first?.features ?? [])
    .map(({ feature }) => feature)
    .sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
}

export interface HeatCell {
  readonly text: string;
  /** A second line, such as a standard deviation. */
  readonly below?: string;
  /** How strong the color is, from 0 to 1. */
  readonly share: number;
  readonly negative?: boolean;
  /** What a pointer reads. */
  readonly tip: string;
}

export interface HeatMap {
  readonly title?: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Undefined for an empty cell. */
  cell(row: number, column: number): HeatCell | undefined;
  readonly cellSize?: { readonly width: number; readonly height: number };
  /** A column behind the cells, with a text for each row. */
  readonly behind?: { readonly title: string; readonly texts: readonly string[] };
}

/** A table of numbers, whose cells are colored by their size. Long names of columns are aslant. */
export function heatMap({
  title,
  rows,
  columns,
  cell,
  cellSize: size = { width: 46, height: 30 },
  behind,
}: HeatMap): Drawing {
  const left = Math.max(...rows.map((name) => textWidth(name))) + 8;
  const top = title === undefined ? 0 : 18;
  const aslant = columns.some((name) => textWidth(name, 11) > size.width);
  const longest = Math.max(...columns.map((name) => textWidth(name, 11)));
  const foot = aslant ? 14 + 0.6 * longest : 18;
  const bottom = top + size.height * rows.length;
  const right = left + size.width * columns.length;
  const cells = rows.flatMap((_, r) =>
    columns.flatMap((__, c) => {
      const each = cell(r, c);
      if (!each) return [];
      const [middle, y] = [size.width / 2, size.height / 2];
      return at(left + c * size.width, top + r * size.height, [
        tooltip(each.tip),
        h('rect', {
          ...{ class: each.negative ? 'cell negative' : 'cell', width: size.width, height: size.height },
          'fill-opacity': String(Number((0.04 + 0.6 * each.share).toFixed(2))),
        }),
        label(middle, y + (each.below ? -1 : 4), each.text, { ...MIDDLE, class: 'name' }),
        each.below !== undefined && label(middle, y + 10, each.below, { ...MIDDLE, class: 'small' }),
      ]);
    }),
  );
  return {
    width:
      right +
      (behind ? Math.max(...[behind.title, ...behind.texts].map((text) => textWidth(text, 11))) + 12 : aslant ? 0 : 4),
    height: bottom + foot,
    content: [
      title !== undefined && label(0, 11, title),
      rows.map((name, r) => label(left - 6, top + (r + 0.5) * size.height + 4, name, { ...END, class: 'name' })),
      cells,
      columns.map((name, c) => {
        const x = left + (c + 0.5) * size.width;
        return aslant
          ? label(x, bottom + 12, name, { ...END, transform: `rotate(-35 ${short(x)} ${bottom + 12})` })
          : label(x, bottom + 14, name, MIDDLE);
      }),
      behind && label(right + 8, 11, behind.title),
      behind?.texts.map((text, r) => label(right + 8, top + (r + 0.5) * size.height + 4, text, { class: 'name' })),
    ],
  };
}
