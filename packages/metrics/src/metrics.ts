import {
  builderNamed,
  define,
  defining,
  type Definition,
  type ComponentExample,
  groupBy,
  registered,
} from '@polytask/components';
import { auc, binnedAuc, prAuc } from './binary/areas.ts';
import { calibrationRatio, expectedCalibrationError } from './binary/calibration.ts';
import { accuracy, balancedAccuracy, f1, mcc, precision, recall } from './binary/decisions.ts';
import { brierScore, logLoss, normalizedEntropy } from './binary/losses.ts';
import { ks, liftAt } from './binary/top-rows.ts';
import {
  kappa,
  macroF1,
  multiclassBalancedAccuracy,
  multiclassMcc,
  quadraticKappa,
  topAt,
} from './multiclass/confusion.ts';
import { multiclassAccuracy, multiclassLogLoss, multiclassNormalizedEntropy } from './multiclass/multiclass.ts';
import { multiLabelAuc, multiLabelLogLoss, multiLabelNormalizedEntropy } from './multi-label/multi-label.ts';
import { groupedAuc, ndcg, ndcgAt } from './ranking/ranking.ts';
import { pearson, spearman } from './regression/correlations.ts';
import { mae, normalizedRmse, r2, rmse, rmsle } from './regression/errors.ts';
import { mape, medianAe, smape, wape } from './regression/relative-errors.ts';
import { coverageAt, pinballAt, pinballRatioAt } from './regression/quantiles.ts';
import { concordance, survivalRatioAt } from './survival/survival.ts';
import { type MetricRows, taskRules } from './input/rows.ts';
import { MetricError, show } from './metric-error.ts';
import type { Direction, Metric, MetricTask } from './metric.ts';
import type { MetricFamily, MetricFunction } from './state/measure.ts';
import { rowMetric, type StoredRows } from './state/row-metric.ts';
import type { MetricDeclaration } from './state/state.ts';
import { sumMetric } from './state/sum-metric.ts';

/** The package's metrics by name. As a namespace of `all.ts`, a build for pages would keep each of them. */
const own = () => [
  ...[auc, binnedAuc, prAuc, calibrationRatio, expectedCalibrationError],
  ...[accuracy, brierScore, logLoss, normalizedEntropy],
  ...[precision, recall, f1, balancedAccuracy, mcc, ks, liftAt],
  ...[macroF1, multiclassBalancedAccuracy, multiclassMcc, kappa, quadraticKappa, topAt],
  ...[multiclassAccuracy, multiclassLogLoss, multiclassNormalizedEntropy],
  ...[multiLabelAuc, multiLabelLogLoss, multiLabelNormalizedEntropy],
  ...[groupedAuc, ndcg, ndcgAt],
  ...[mae, normalizedRmse, r2, rmse, rmsle],
  ...[mape, smape, wape, medianAe, pearson, spearman],
  ...[coverageAt, pinballAt, pinballRatioAt],
  ...[concordance, survivalRatioAt],
];

/** The name of a metric of this package, without families such as `pinball@0.1:0.9`. */
export type MetricName = ReturnType<typeof own>[number] extends infer Each
  ? Each extends { metric(): { readonly name: infer Name } }
    ? Name
    : never
  : never;

/**
 * The names of metrics from elsewhere, for the types: whoever defines one by `defineMetric` may add its name.
 *
 * @example declare module '@polytask/metrics' { interface DefinedMetrics { 'my-package/lift': true } }
 */
export interface DefinedMetrics {} // eslint-disable-line @typescript-eslint/no-empty-object-type

const MEASURED: readonly Metric['measured'][] = ['log', 'always', 'named'];

/** What the registry has under a name: `accuracy` of yes and no, and of classes. */
interface Named {
  readonly forms: readonly Metric[];
}

/** Metrics of families that lists have: one parameter of each that a user names. */
const LISTED = ['lift@10%', 'top@2'];

/** The names of the families of metrics, such as `pinball@0.1:0.9`. */
let families: readonly MetricFamily[] | undefined;

/**
 * Defines the package's own metrics when a name is first asked for: a page that calls `auc` alone has no other. Of a task, those that a
 * comparison measures come first, and then the names decide.
 */
function defined(): readonly MetricFamily[] {
  if (families) return families;
  const all: readonly unknown[] = own();
  const tasks = Object.keys(taskRules);
  families = all.filter((each): each is MetricFamily => typeof each === 'function' && 'family' in each);
  const metrics = all
    .flatMap((each) => (typeof each === 'function' && 'metric' in each ? [(each as MetricFunction).metric()] : []))
    .concat(LISTED.map((name) => inFamily(name)!))
    .sort(
      (a, b) =>
        tasks.indexOf(a.task) - tasks.indexOf(b.task) ||
        MEASURED.indexOf(a.measured) - MEASURED.indexOf(b.measured) ||
        (a.name < b.name ? -1 : 1),
    );
  for (const [name, forms] of groupBy(metrics, (metric) => metric.name)) {
    const { also, description = '', paper } = forms[0]!;
    const about = { ...(also.length > 0 && { also }), description, ...(paper !== undefined && { paper }) };
    define('metric', name, { forms } satisfies Named, { ...about, package: '@polytask/metrics' });
  }
  return families;
}

function inFamily(name: string): Metric | undefined {
  const [, of, parameter] = /^(.+?)@(.+)$/.exec(name) ?? [];
  return defined()
    .find(({ family }) => family === of)
    ?.named(parameter!);
}

/**
 * All metrics that are defined: those of this package in their default configurations, then those of {@link defineMetric}.
 *
 * @example
 * allMetrics().filter(({ name }) => name === 'accuracy').map(({ task }) => task); // ['binary', 'multiclass']
 */
export function allMetrics(): Metric[] {
  defined();
  return registered('metric').flatMap((name) => builderNamed<Named>('metric', name).forms);
}

/** The metric of a name; undefined where none has it. @param task what it reads, for a name that several metrics share */
export function metricNamed(name: string, task?: MetricTask): Metric | undefined {
  const found = allMetrics().filter((metric) => metric.name === name || metric.also.includes(name));
  if (found.length > 0) return found.find((metric) => metric.task === task) ?? found[0];
  return inFamily(name);
}

/**
 * Finds a metric by its name or abbreviation: one of {@link allMetrics}, or one of a family, such as `ndcg@5` or `pinball@0.1:0.9`.
 *
 * @param task what the metric is to read, for a name that several metrics share. Default: the first one
 * @throws MetricError that lists the known names, when the name is unknown
 * @example
 * findMetric('ne').direction; // 'lower'
 * findMetric('ndcg@5').config.k; // 5
 * findMetric('accuracy', 'multiclass').task; // 'multiclass'
 */
export const findMetric = (name: string, task?: MetricTask): Metric => {
  const metric = metricNamed(String(name), task);
  if (metric) return metric;
  throw new MetricError(
    'findMetric',
    `the name ${show(name)}`,
    `one of ${registered('metric').join(', ')}, or ${defined()
      .map(({ family }) => `${family}@…`)
      .join(', ')}`,
    'Correct the name, or import the file that defines the metric.',
  );
};

/** Metrics of quantiles have the quantiles in their names: `pinball@0.1:0.9`. */
type DefinedTask = Exclude<MetricTask, 'quantiles'>;

/** The description of a metric in lists. Its name is unique. */
interface MetricAbout extends Omit<MetricDeclaration, 'task' | 'rules' | 'config'> {
  /**
   * The labels and predictions. `binary`: 0 and 1, probabilities. `multiclass`: class indices, probabilities [rows × classes].
   * `multi-label`: bit masks, probabilities [rows × labels]. `regression`: numbers. `survival`: times, negative where censored, and
   * probabilities of no event [rows × times]. `ranking`: relevance grades, scores. A type of prediction that a package defines: its name, as
   * `my-package/angle`; labels and predictions are numbers.
   */
  readonly task: DefinedTask;
  /** The smallest and the largest value. Default: any number. */
  readonly range?: Metric['range'];
  /** The numbers of a prediction, for a type that a package defines. Default 1. */
  readonly columns?: number;
  /** The npm package that defines it. A definition that names its package can be loaded anew. */
  readonly package?: string;
  /** Options of the conformance test, such as `{ example }`, where its defaults don't fit. */
  readonly examples?: readonly ComponentExample[];
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

/**
 * Defines a metric in your own program or package. `evaluate` and `earlyStopping` find it by its name. It has checked rows,
 * sample weights, masks, merging and snapshots, as the metrics of this package have.
 *
 * @throws MetricError when the name isn't new, or the task or the direction is unknown
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
  const { name, task } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new MetricError('defineMetric', `the name ${show(name)}`, 'some text', 'Name it.');
  }
  const isFamily = defined().some(({ family }) => name.startsWith(`${family}@`));
  if (isFamily || RESERVED.includes(name)) {
    throw new MetricError(
      'defineMetric',
      `the name ${show(name)}, which is taken`,
      'a new one',
      'Choose another name.',
    );
  }
  const tasks = Object.keys(taskRules).filter((each) => each !== 'quantiles');
  if (!tasks.includes(task) && !/^[^/]+\/./.test(String(task))) {
    throw new MetricError(
      `defineMetric ${name}`,
      `the task ${show(task)}`,
      `one of ${tasks.join(', ')}, or the name of a type of prediction`,
      'Say what the metric reads.',
    );
  }
  if (!DIRECTIONS.includes(definition.direction)) {
    throw new MetricError(
      `defineMetric ${name}`,
      `the direction ${show(definition.direction)}`,
      `one of ${DIRECTIONS.join(', ')}`,
      'Say which values are better.',
    );
  }
  const { columns, ...shared } = { range: [-Infinity, Infinity] as const, ...definition };
  const rules = columns === undefined ? {} : { columns };
  const metric =
    'sums' in shared
      ? sumMetric({ ...shared, rules, size: shared.sums })
      : rowMetric({ ...shared, rules: { ...rules, grouped: shared.grouped ?? false } });
  const needed = ['compute', ...('sums' in shared ? ['add'] : [])];
  define('metric', name, { ...definition, forms: [metric] } satisfies Named, definition as Definition<object>, needed);
  return defining('metric', name, metric);
}

const DIRECTIONS: readonly unknown[] = ['higher', 'lower', 'one'] satisfies Direction[];

/** Keys of scores that aren't metrics. */
const RESERVED: readonly string[] = ['loss', 'normalizedLoss'];
