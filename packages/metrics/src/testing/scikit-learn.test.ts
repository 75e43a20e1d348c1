import { test } from 'vitest';
import { findMetric } from '../metrics.ts';
import { expectClose, scipyValues } from './scipy-values.ts';

/** The metrics that scikit-learn has too, with and without weights. */

const { binary, regression } = scipyValues;

test.each(['auc', 'prAuc', 'logLoss', 'brier'] as const)('%s', (name) => {
  const { labels, probabilities, weights } = binary;
  expectClose(findMetric(name).create().update(labels, probabilities).compute(), binary[name], 1e-12);
  expectClose(
    findMetric(name).create().update(labels, probabilities, { weights }).compute(),
    binary[`${name}Weighted`],
    1e-12,
  );
});

test.each(['rmse', 'mae', 'r2'] as const)('%s', (name) => {
  const { values, predictions, weights } = regression;
  expectClose(findMetric(name).create().update(values, predictions).compute(), regression[name], 1e-12);
  expectClose(
    findMetric(name).create().update(values, predictions, { weights }).compute(),
    regression[`${name}Weighted`],
    1e-12,
  );
});
