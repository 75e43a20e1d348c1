import { expect, test } from 'vitest';
import type { MetricTask } from '../metric.ts';
import { findMetric } from '../metrics.ts';
import { expectClose, scipyValues } from './scipy-values.ts';

/** The metrics that scikit-learn or SciPy have too, with weights where they take any. */

const { binary, regression, multiclass } = scipyValues;

const CASES: readonly (readonly [MetricTask, readonly string[], Readonly<Record<string, number | number[]>>])[] = [
  ['binary', ['labels', 'probabilities'], binary],
  ['regression', ['values', 'predictions'], regression],
  ['multiclass', ['labels', 'scores'], multiclass],
];

test.each(CASES)('%s', (task, [labels, predictions], values) => {
  const column = (name: string) => values[name] as readonly number[];
  const named = Object.keys(values).filter((name) => typeof values[name] === 'number' && !name.endsWith('Weighted'));
  expect(named.length).toBeGreaterThan(6);
  for (const name of named) {
    const [y, weights] = [column(labels!), column('weights')];
    const p = name === 'spearman' ? column(predictions!).map(rounded) : column(predictions!);
    const metric = findMetric(name, task);
    expectClose(
      metric
        .create()
        .update(name === 'spearman' ? y.map(rounded) : y, p)
        .compute(),
      values[name] as number,
      1e-12,
    );
    const weighted = values[`${name}Weighted`] as number | undefined;
    if (weighted !== undefined) expectClose(metric.create().update(y, p, { weights }).compute(), weighted, 1e-12);
  }
});

/** NumPy's rounding, half to even: ranks have ties. No value here is a half. */
const rounded = (value: number): number => Math.round(value);
