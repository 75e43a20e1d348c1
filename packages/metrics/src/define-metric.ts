import { MetricError, show } from './metric-error.ts';
import type { Direction, Metric, MetricTask } from './metric.ts';
import type { RowRules, Rows } from './input/rows.ts';
import { rowMetric, type StoredRows } from './state/row-metric.ts';
import { sumMetric } from './state/sum-metric.ts';

/** The description of a metric in lists. */
interface MetricAbout {
  /** The unique name in scores and tables, and for `findMetric`. */
  readonly name: string;
  readonly direction: Direction;
  /** The smallest and the largest value. Default: any number. */
  readonly range?: readonly [number, number];
  /**
   * The labels and predictions. `binary`: 0 and 1, probabilities. `multiclass`: class indices, probabilities [rows × classes].
   * `regression`: numbers. `ranking`: relevance grades, scores.
   */
  readonly task: MetricTask;
  readonly description?: string;
  readonly paper?: string;
}

/** A metric that is a function of a few sums over rows. Its state has a constant size. */
export interface SumMetricDefinition extends MetricAbout {
  /** The number of sums. */
  readonly sums: number;
  /** Adds rows to the sums. The rows are checked, and don't include masked rows. */
  add(sums: Float64Array, rows: Pick<Rows, 'count' | 'width' | 'labels' | 'predictions' | 'weights'>): void;
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

const RULES: Readonly<Record<MetricTask, Pick<RowRules, 'label' | 'prediction'>>> = {
  binary: { label: 'binary', prediction: 'probability' },
  multiclass: { label: 'class', prediction: 'probability' },
  regression: { label: 'value', prediction: 'value' },
  ranking: { label: 'grade', prediction: 'score' },
};

/** The names of the package's own metrics; a test holds them against `metrics`, which would be imported whole for them. */
const BUILT_IN: ReadonlySet<string> = new Set([
  ...['auc', 'binnedAuc', 'prAuc', 'logLoss', 'ne', 'brier', 'calibration', 'ece', 'accuracy', 'gauc'],
  ...['rmse', 'rmsle', 'mae', 'r2', 'nrmse', 'multiclassAccuracy', 'multiclassLogLoss', 'multiclassNe'],
]);

/** Names that `defineMetric` refuses: keys of scores that aren't metrics, and `ndcg@k`. */
const RESERVED = /^(loss|relativeError|ndcg@\d+)$/;

interface Defined {
  readonly metric: Metric;
  /** The definition's source text: the same text twice is one definition in a module that was loaded twice. */
  readonly text: string;
}

/** The program's, not the module's: two copies of this package share it. */
const definitions = ((globalThis as { [key: symbol]: Map<string, Defined> | undefined })[
  Symbol.for('@polytask/metrics/definitions')
] ??= new Map());

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
  const { name, direction, range = [-Infinity, Infinity], task } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new MetricError('defineMetric', `the name ${show(name)}`, 'some text', 'Name it.');
  }
  const text = Object.values(definition).map(String).join();
  const before = definitions.get(name);
  if ((before && before.text !== text) || RESERVED.test(name) || BUILT_IN.has(name)) {
    throw new MetricError(
      'defineMetric',
      `the name ${show(name)}, which is taken`,
      'a new one',
      'Choose another name.',
    );
  }
  if (!Object.hasOwn(RULES, task)) {
    throw new MetricError(
      `defineMetric ${name}`,
      `the task ${show(task)}`,
      `one of ${Object.keys(RULES).join(', ')}`,
      'Say what the metric reads.',
    );
  }
  const rules = RULES[task];
  const { description, paper } = definition;
  const shared = {
    ...{ name, direction, range, task },
    ...(description !== undefined && { description }),
    ...(paper !== undefined && { paper }),
  };
  const metric =
    'sums' in definition
      ? sumMetric({ ...shared, rules, size: definition.sums, add: definition.add, compute: definition.compute })
      : rowMetric({
          ...shared,
          rules: { ...rules, ...(definition.grouped && { grouped: true }) },
          compute: definition.compute,
        });
  definitions.set(name, { metric, text });
  return metric;
}

/**
 * The metrics from {@link defineMetric} by name, in the order of their definition.
 *
 * @example
 * definedMetrics().has('auc'); // false
 */
export const definedMetrics = (): ReadonlyMap<string, Metric> =>
  new Map([...definitions].map(([name, { metric }]) => [name, metric]));
