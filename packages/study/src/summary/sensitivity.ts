import { isBetter } from '@polytask/metrics';
import { selectionMeasure } from './selection-measure.ts';
import { contentKey } from '../trials/trial-key.ts';
import type { Summary, TriedConfiguration } from './summary.ts';

/** How a model stands to the baseline, configuration by configuration. */
export interface SensitivityRow {
  readonly model: string;
  /** For each of the baseline's configurations: the model's score minus the baseline's; NaN where one of them has none. */
  readonly differences: readonly number[];
  /** In how many of these it is ahead, of those that both have. */
  readonly ahead: number;
  readonly both: number;
  /** Of its own scores over all of its configurations; NaN where none came through. */
  readonly least: number;
  readonly most: number;
}

/** What the searches of a table say besides what they chose. */
export interface SensitivityTable {
  /** What epochs, and configurations, are picked by: `auc` or `loss`. */
  readonly metric: string;
  /** The baseline's, with its scores; empty where it wasn't searched. */
  readonly configurations: readonly TriedConfiguration[];
  /** The baseline too. */
  readonly rows: readonly SensitivityRow[];
}

/** @returns undefined where nothing was searched */
export function sensitivityTable({
  sensitivity,
  baseline,
  config,
}: Pick<Summary, 'sensitivity' | 'baseline' | 'config'>): SensitivityTable | undefined {
  if (sensitivity.length === 0) return undefined;
  const metric = config.training.selection;
  const configurations = sensitivity.find(({ model }) => model === baseline)?.tried ?? [];
  const rows = sensitivity.map(({ model, tried }): SensitivityRow => {
    const own = new Map(tried.map(({ values, score }) => [contentKey(values), score]));
    const differences = configurations.map(({ values, score }) => (own.get(contentKey(values)) ?? NaN) - score);
    const finite = differences.filter((difference) => !Number.isNaN(difference));
    const scores = tried.map(({ score }) => score).filter((score) => !Number.isNaN(score));
    return {
      model,
      differences,
      ahead: finite.filter((difference) => isBetter(selectionMeasure(metric).direction, difference, 0)).length,
      both: finite.length,
      least: scores.length === 0 ? NaN : Math.min(...scores),
      most: scores.length === 0 ? NaN : Math.max(...scores),
    };
  });
  return { metric, configurations, rows };
}

/** By model: `5 of 8`, the configurations in which it is ahead of the baseline. The baseline has none. */
export function aheadOf(summary: Pick<Summary, 'sensitivity' | 'baseline' | 'config'>): ReadonlyMap<string, string> {
  const rows = sensitivityTable(summary)?.rows ?? [];
  return new Map(
    rows
      .filter(({ model, both }) => model !== summary.baseline && both > 0)
      .map(({ model, ahead, both }) => [model, `${ahead} of ${both}`]),
  );
}

/** `learningRate 0.001, start small` */
export const formatValues = (values: TriedConfiguration['values']): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${formatValue(value)}`)
    .join(', ');

const formatValue = (value: unknown): string =>
  Array.isArray(value)
    ? value.join('/')
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([key, each]) => `${key} ${String(each)}`)
          .join(' + ')
      : String(value);
