import type { Metric } from '@polytask/metrics';
import { readOptions } from '@polytask/core';
import { casesOf, registerCases, type Case } from '../cases/case.ts';
import {
  checkDefinition,
  checkMask,
  checkMerge,
  checkOrder,
  checkRange,
  checkRefusals,
  checkSnapshot,
  checkUndefined,
  checkWeights,
  onDraws,
} from './metric-checks.ts';
import { description, type MetricCaseOptions } from './labeled-prediction.ts';

/**
 * The promises of a metric as cases, one for each. {@link testMetric} registers them with a test runner.
 *
 * @example
 * const error = ({ label, prediction: [p] }: LabeledPrediction) => Math.abs(label - p!);
 * metricCases(mae.metric(), { definition: (rows) => rows.reduce((sum, row) => sum + error(row), 0) / rows.length });
 */
export function metricCases(metric: Metric, options: MetricCaseOptions = {}): Case[] {
  const read = readOptions(options, description, 'testMetric');
  const { name = metric.name, definition, groupWeights = metric.task === 'ranking' } = read;
  const draws = (check: Parameters<typeof onDraws>[0]) => () => onDraws(check, metric, options);
  return casesOf(`metric ${name}`, {
    'rows count alike in any order and any updates': draws(checkOrder),
    'merged states give what all rows give at once': draws(checkMerge),
    ...(!groupWeights && { 'a weight is a repetition': draws(checkWeights) }),
    ...(definition && { 'it is what its definition says': draws(checkDefinition) }),
    'it is in its range': draws(checkRange),
    'masked rows are not looked at': draws(checkMask),
    'it is NaN where there is nothing to measure': () => checkUndefined(metric, options),
    'its state comes back from JSON and goes on': draws(checkSnapshot),
    'what does not fit is refused, and changes nothing': () => checkRefusals(metric, options),
  });
}

/**
 * Registers {@link metricCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testMetric(auc.metric(), { oneClass: NaN, runner });
 */
export const testMetric = (metric: Metric, options: MetricCaseOptions = {}): void =>
  registerCases(metricCases(metric, options), options);
