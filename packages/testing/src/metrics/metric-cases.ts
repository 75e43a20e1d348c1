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
  return casesOf(`metric ${name}`, {
    'rows count alike in any order and any updates': () => checkOrder(metric, options),
    'merged states give what all rows give at once': () => checkMerge(metric, options),
    ...(!groupWeights && { 'a weight is a repetition': () => checkWeights(metric, options) }),
    ...(definition && {
      'it is what its definition says': () => checkDefinition(metric, options, definition, groupWeights),
    }),
    'it is in its range': () => checkRange(metric, options),
    'masked rows are not looked at': () => checkMask(metric, options),
    'it is NaN where there is nothing to measure': () => checkUndefined(metric, options),
    'its state comes back from JSON and goes on': () => checkSnapshot(metric, options),
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
