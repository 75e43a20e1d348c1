import { define, registered, type Definition } from '@polytask/components';
import { builderNamed } from '@polytask/components/internal';
import { MetricError, show } from './metric-error.ts';
import type { Metric, MetricTask } from './metric.ts';
import type { MetricRows } from './input/rows.ts';
import { taskRules } from './input/rules.ts';
import { rowMetric, type StoredRows } from './state/row-metric.ts';
import { sumMetric } from './state/sum-metric.ts';

/** Metrics of quantiles have the quantiles in their names: `pinball@0.1:0.9`. */
type DefinedTask = Exclude<MetricTask, 'quantiles'>;

/** The description of a metric in lists. */
interface MetricAbout extends Pick<Metric, 'direction' | 'description' | 'paper'> {
  /** The unique name in scores and tables, and for `findMetric`. */
  readonly name: string;
  /** The smallest and the largest value. Default: any number. */
  readonly range?: readonly [number, number];
  /**
   * The labels and predictions. `binary`: 0 and 1, probabilities. `multiclass`: class indices, probabilities [rows × classes].
   * `multi-label`: bit masks, probabilities [rows × labels]. `regression`: numbers. `survival`: times, negative where censored, and
   * probabilities of no event [rows × times]. `ranking`: relevance grades, scores.
   */
  readonly task: DefinedTask;
  /** The npm package that defines it. A definition that names its package can be loaded anew. */
  readonly package?: string;
}

/** A metric that is a function of a few sums over rows. Its state has a constant size. */
export interface SumMetricDefinition extends MetricAbout {
  /** The number of sums. */
  readonly sums: number;
  /** Adds rows to the sums. The rows are checked, and don't include masked rows. */
  add(sums: Float64Array, rows: Pick<MetricRows, 'count' | 'width' | 'labels' | 'predictions' | 'weights'>): void;
  /** The metric. Return NaN where it isn't defined, such as without rows. */
  compute(sums: Float64Array): number;
}

/** A metric that needs all rows at once, such as a rank correlation. */
export interface RowMetricDefinition extends MetricAbout {
  /** Whether `update` needs `groups`. Default false. */
  readonly grouped?: boolean;
  /** The metric. Return NaN where it isn't defined, such as without rows. */
  compute(rows: StoredRows): number;
}

/** The names of the package's own metrics; a test holds them against `metrics`, which would be imported whole for them. */
const BUILT_IN: ReadonlySet<string> = new Set([
  ...['auc', 'binnedAuc', 'prAuc', 'logLoss', 'ne', 'brier', 'calibration', 'ece', 'accuracy', 'gauc'],
  ...['rmse', 'rmsle', 'mae', 'r2', 'nrmse', 'multiclassAccuracy', 'multiclassLogLoss', 'multiclassNe'],
  ...['multiLabelAuc', 'multiLabelLogLoss', 'multiLabelNe', 'concordance'],
]);

/** Names that `defineMetric` refuses: keys of scores that aren't metrics, and `ndcg@k` and its like. */
const RESERVED = /^(loss|normalizedLoss|(ndcg|pinball|pinballRatio|coverage|survivalRatio)@.*)$/;

/**
 * Defines a metric in your own program or package. `evaluate` and `earlyStopping` find it by its name. It has checked rows,
 * sample weights, masks, merging and snapshots, as the metrics of this package have.
 *
 * @throws MetricError when the name isn't new, or the task is unknown
 * @example
 * defineMetric({
 *   name: 'worstError',
 *   direction: 'lower',
 *   task: 'regression',
 *   description: 'the largest absolute error',
 *   compute: ({ labels, predictions }) => Math.max(...labels.map((label, i) => Math.abs(predictions[i] - label))),
 * }).create().update([40, 52], [45, 59]).compute(); // 7
 */
export function defineMetric(definition: SumMetricDefinition): Metric;
export function defineMetric(definition: RowMetricDefinition): Metric;
export function defineMetric(definition: SumMetricDefinition | RowMetricDefinition): Metric {
  const { name, direction, range = [-Infinity, Infinity], task, description, paper } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new MetricError('defineMetric', `the name ${show(name)}`, 'some text', 'Name it.');
  }
  if (RESERVED.test(name) || BUILT_IN.has(name)) {
    throw new MetricError(
      'defineMetric',
      `the name ${show(name)}, which is taken`,
      'a new one',
      'Choose another name.',
    );
  }
  const tasks = Object.keys(taskRules).filter((each) => each !== 'quantiles');
  if (!tasks.includes(task)) {
    throw new MetricError(
      `defineMetric ${name}`,
      `the task ${show(task)}`,
      `one of ${tasks.join(', ')}`,
      'Say what the metric reads.',
    );
  }
  const shared = { name, direction, range, task, description, paper };
  const metric =
    'sums' in definition
      ? sumMetric({ ...shared, size: definition.sums, add: definition.add, compute: definition.compute })
      : rowMetric({ ...shared, rules: { grouped: definition.grouped ?? false }, compute: definition.compute });
  define('metric', name, { ...definition, metric }, definition as Definition<object>);
  return metric;
}

/**
 * The metrics from {@link defineMetric} by name, in the order of their definition.
 *
 * @example
 * definedMetrics().has('auc'); // false
 */
export const definedMetrics = (): ReadonlyMap<string, Metric> =>
  new Map(
    registered('metric').map((name) => [name, builderNamed<{ metric: Metric }>('metric', name).metric]),
  );
