import type { Explanation, SegmentFusion } from '../explain/explain-model.ts';
import type { FeatureImportance, TaskImportance } from '../explain/permutation-importance.ts';
import { metricFormat } from '../summary/metric-rows.ts';
import type { FusionLevel } from '../trials/trial-result.ts';
import { formatCount } from './format.ts';
import { linelessTable, type TextTable } from './plain-text.ts';

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

/** The drops of all features, task by task. */
export function importanceTable(importance: Readonly<Record<string, TaskImportance>>): TextTable {
  const tasks = Object.entries(importance).filter(([, { value }]) => !Number.isNaN(value));
  return {
    head: ['feature', ...tasks.map(([task, { metric, value }]) => `${task}: ${titleOf(metric, value)}`)],
    rows: rankedFeatures(importance).map((feature) => [
      feature,
      ...tasks.map(([, { features }]) => dropText(features.find((each) => each.feature === feature)!)),
    ]),
  };
}

const titleOf = (metric: string, value: number): string => `${metricFormat(metric).label} ${value.toFixed(4)} loses`;

/** `0.0213 ±0.0020` */
const dropText = ({ drop, deviation }: FeatureImportance): string =>
  `${drop.toFixed(4)}${Number.isNaN(deviation) ? '' : ` ±${deviation.toFixed(4)}`}`;

/** What a lane takes from the experts of each unit, as shares of the sum of absolute weights. */
export interface LaneDraw {
  readonly segment: string;
  readonly rows: number;
  readonly lane: string;
  /** By unit, such as a task or `shared`: from 0 to 1. */
  readonly shares: Readonly<Record<string, number>>;
}

/** The shares of each segment and lane in one level. @param level the 0-based index */
export const laneDraws = (segments: readonly SegmentFusion[], level: number): LaneDraw[] =>
  segments.flatMap(({ name, rows, fusion }) => {
    const weights = fusion[level]!;
    return weights.outputs.map((lane, u): LaneDraw => ({ segment: name, rows, lane, shares: unitShares(weights, u) }));
  });

function unitShares({ experts, gated, constant }: FusionLevel, lane: number): Record<string, number> {
  const sizes = experts.map((_, e) => Math.abs(gated[lane]![e]! + constant[lane]![e]!));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shares: Record<string, number> = {};
  for (const [e, expert] of experts.entries()) {
    const unit = expert.slice(0, expert.lastIndexOf('.'));
    shares[unit] = (shares[unit] ?? 0) + sizes[e]! / total;
  }
  return shares;
}

/** What each lane draws on in one level, segment by segment. @param level the 0-based index */
export function drawTable({ segments }: Explanation, level: number): TextTable {
  const draws = laneDraws(segments, level);
  const units = Object.keys(draws[0]!.shares);
  return {
    head: ['segment', 'rows', 'lane', ...units.map((unit) => `from ${unit}`)],
    rows: draws.map(({ segment, rows, lane, shares }) => [
      ...[segment, formatCount(rows), lane],
      ...units.map((unit) => `${(100 * shares[unit]!).toFixed(1)}%`),
    ]),
  };
}

/** The explanation as text for a terminal. */
export function renderExplanation(explanation: Explanation): string {
  const { importance, segments, rows } = explanation;
  const table = ({ head, rows: body }: TextTable) => linelessTable([head, ...body]);
  const levels = segments[0]?.fusion ?? [];
  return [
    ...(importance
      ? [
          `How much worse each task gets when a feature has the values of other rows (${formatCount(rows)} rows; mean ± deviation):`,
          table(importanceTable(importance)),
        ]
      : []),
    ...(levels.length === 0
      ? ['The model has no fusion levels: no task draws on the experts of others.']
      : levels.flatMap((_, l) => [
          `Level ${l + 1}, what each lane takes from the experts of whom:`,
          table(drawTable(explanation, l)),
        ])),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}
