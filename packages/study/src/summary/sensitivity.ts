import { isObject } from '@polytask/components';
import { isBetter } from '@polytask/metrics';
import { componentText } from '../format.ts';
import { contentKey } from '../results/trial-result.ts';
import { selectionMeasure } from './metric-entries.ts';
import type { Summary, TriedConfiguration } from './summary.ts';

type Searched = Pick<Summary, 'sensitivity' | 'baseline' | 'config'>;

/**
 * The scores of all searched configurations: a row for each model, with its differences from the baseline in each configuration of the
 * baseline, in how many of those that both have it is ahead, and the range of its own scores. NaN where a score is missing.
 */
export function sensitivityTable({ sensitivity, baseline, config }: Searched) {
  const metric = config.training.selection;
  const configurations = sensitivity.find(({ model }) => model === baseline)?.tried ?? [];
  const rows = sensitivity.map(({ model, tried }) => {
    const own = new Map(tried.map(({ values, score }) => [contentKey(values), score]));
    const differences = configurations.map(({ values, score }) => (own.get(contentKey(values)) ?? NaN) - score);
    const finite = differences.filter((difference) => !Number.isNaN(difference));
    const scores = tried.map(({ score }) => score).filter((score) => !Number.isNaN(score));
    return {
      model,
      differences,
      ahead: finite.filter((difference) => isBetter(selectionMeasure(metric).direction, difference, 0)).length,
      both: finite.length,
      ...(scores.length === 0 ? { least: NaN, most: NaN } : { least: Math.min(...scores), most: Math.max(...scores) }),
    };
  });
  return { metric, configurations, rows };
}

/** The share of configurations in which a model is ahead of the baseline, by model: `5 of 8`. The baseline has none. */
export function aheadOf(summary: Searched): ReadonlyMap<string, string> {
  const { rows } = sensitivityTable(summary);
  return new Map(
    rows
      .filter(({ model, both }) => model !== summary.baseline && both > 0)
      .map(({ model, ahead, both }) => [model, `${ahead} of ${both}`]),
  );
}

/** Hyper-parameters as text: `learningRate 0.001, start small`. */
export const formatValues = (values: TriedConfiguration['values']): string => named(values, formatValue).join(', ');

const named = (values: object, textOf: (value: unknown) => string) =>
  Object.entries(values).map(([name, value]) => `${name} ${textOf(value)}`);

const formatValue = (value: unknown): string =>
  Array.isArray(value)
    ? value.join('/')
    : (componentText(value) ?? (isObject(value) ? named(value, String).join(' + ') : String(value)));
