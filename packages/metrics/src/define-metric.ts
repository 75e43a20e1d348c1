import { MetricError, show } from './metric-error.ts';
import type { Direction, Metric, MetricTask } from './metric.ts';
import type { RowRules, Rows } from './input/rows.ts';
import { rowMetric, type StoredRows } from './state/row-metric.ts';
import { sumMetric } from './state/sum-metric.ts';

/** What lists say of a metric. */
interface MetricAbout {
  /** How it is called: in scores, in tables, by `findMetric`. A name can be taken once. */
  readonly name: string;
  readonly direction: Direction;
  /**
   * What it reads. `binary`: labels 0 and 1, probabilities. `multiclass`: class indices, probabilities [rows × classes].
   * `regression`: numbers. `ranking`: relevance grades and scores.
   */
  readonly task: MetricTask;
  readonly description?: string;
  readonly paper?: string;
}

/** A metric that is a function of a few sums over rows: constant memory. */
export interface SumMetricDefinition extends MetricAbout {
  /** How many sums. */
  readonly sums: number;
  /** Adds rows to the sums. Labels, predictions and weights have been checked; rows without a label aren't there. */
  add(sums: Float64Array, rows: Pick<Rows, 'count' | 'width' | 'labels' | 'predictions' | 'weights'>): void;
  /** NaN where it isn't defined, such as without rows. */
  compute(sums: Float64Array): number;
}

/** A metric that needs all rows at once, such as a rank correlation. */
export interface RowMetricDefinition extends MetricAbout {
  /** Whether it compares rows within groups only. Default false. */
  readonly grouped?: boolean;
  /** NaN where it isn't defined, such as without rows. */
  compute(rows: StoredRows): number;
}

const RULES: Readonly<Record<MetricTask, Pick<RowRules, 'label' | 'prediction'>>> = {
  binary: { label: 'binary', prediction: 'probability' },
  multiclass: { label: 'class', prediction: 'probability' },
  regression: { label: 'value', prediction: 'value' },
  ranking: { label: 'grade', prediction: 'score' },
};

/** Keys of scores that aren't metrics, and `ndcg@k`. */
const TAKEN = /^(loss|relativeError|ndcg@\d+)$/;

const defined = new Map<string, Metric & Pick<MetricAbout, 'description' | 'paper'>>();

/**
 * Defines a metric of one's own, in whatever package. `evaluate` and `earlyStopping` then know it by its name, and it has
 * all that the package's own metrics have: checked rows, sample weights, masks, merging, snapshots.
 *
 * @throws MetricError when the name is taken
 * @example
 * defineMetric({ name: 'bias', direction: 'lower', task: 'regression', compute: ({ count, labels, predictions }) => labels.reduce((sum, y, i) => sum + predictions[i] - y, 0) / count }).create().update([40, 52], [45, 59]).compute(); // 6
 */
export function defineMetric(definition: SumMetricDefinition): Metric;
export function defineMetric(definition: RowMetricDefinition): Metric;
export function defineMetric(definition: SumMetricDefinition | RowMetricDefinition): Metric {
  const { name, direction, task, description, paper } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new MetricError('defineMetric', `the name ${show(name)}`, 'some text', 'Name it.');
  }
  if (defined.has(name) || TAKEN.test(name)) {
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
  const metric =
    'sums' in definition
      ? sumMetric({
          name,
          direction,
          task,
          rules,
          size: definition.sums,
          add: definition.add,
          compute: definition.compute,
        })
      : rowMetric({
          ...{ name, direction, task, compute: definition.compute },
          rules: { ...rules, ...(definition.grouped && { grouped: true }) },
        });
  const about = { ...(description !== undefined && { description }), ...(paper !== undefined && { paper }) };
  defined.set(name, Object.assign(metric, about));
  return metric;
}

/**
 * The metrics that were defined from outside, by name, in the order of their definition.
 *
 * @example
 * definedMetrics().has('auc'); // false
 */
export const definedMetrics = (): ReadonlyMap<string, Metric & Pick<MetricAbout, 'description' | 'paper'>> => defined;
