import { MetricError, requireOptions, show } from '../metric-error.ts';
import type { GroupArray, Metric, NumericArray, RowOptions } from '../metric.ts';

/** The last argument of the plain functions: sample weights, or options. */
export type WeightsOr<Options extends RowOptions> = NumericArray | Options;

/** How a metric measures rows that come in batches, or from several processes. */
interface Streaming<Config, Name extends string> {
  /**
   * The metric in one configuration, whose states take rows batch by batch.
   *
   * `auc.metric().create().update([0, 1], [0.2, 0.7]).update([0, 1], [0.8, 0.9]).compute()` is 0.75.
   *
   * @throws MetricError when an option has a value that isn't allowed
   */
  metric(config?: Config): Metric<Name>;
}

/** A metric of two columns of rows. `weights` are sample weights, or options of the rows and of the metric. */
export interface MetricFunction<Config = unknown, Name extends string = string> extends Streaming<Config, Name> {
  /**
   * @param labels [rows]
   * @param predictions [rows], or row-major [rows × columns]
   * @param weights sample weights [rows], or `{ weights, mask }` with the options of the metric
   * @throws MetricError on arrays of different lengths, and on labels, predictions or options that the metric doesn't take
   */
  (labels: NumericArray, predictions: NumericArray, weights?: WeightsOr<RowOptions & Config>): number;
}

/** A metric of rows in groups. */
export interface GroupedMetricFunction<Config, Name extends string = string> extends Streaming<Config, Name> {
  /**
   * @param labels [rows]
   * @param scores [rows]
   * @param groups the group of each row, such as its user or query. [rows]
   * @param options `{ weights, mask }` with the options of the metric
   * @throws MetricError on arrays of different lengths, and on labels, scores, groups or options that the metric doesn't take
   */
  (labels: NumericArray, scores: NumericArray, groups: GroupArray, options?: RowOptions & Config): number;
}

const isArrayLike = (value: object): value is NumericArray =>
  ArrayBuffer.isView(value) || typeof (value as { length?: unknown }).length === 'number';

/** Turns sample weights into options, and leaves options as they are. */
const asOptions = <Options extends RowOptions>(where: string, weights: WeightsOr<Options> | undefined): Options => {
  if (weights === undefined) return {} as Options;
  if (typeof weights !== 'object' || weights === null) {
    throw new MetricError(
      where,
      `${show(weights)} as the last argument`,
      'an array of sample weights or an options object',
      'Pass weights as an array, or { weights, mask }.',
    );
  }
  return isArrayLike(weights) ? ({ weights } as unknown as Options) : weights;
};

/** The metric of one batch of rows. @param where the function's name in error messages */
const measure = <Config>(
  where: string,
  metricOf: (config: Config) => Metric,
  [labels, predictions, weights]: Parameters<MetricFunction<Config>>,
  groups?: GroupArray,
): number => {
  const options = asOptions(where, weights);
  const metric = metricOf(options);
  requireOptions<object>(where, options, ['weights', 'mask', ...Object.keys(metric.config)] as never[]);
  const { weights: ofRows, mask } = options;
  return metric.create().update(labels, predictions, { weights: ofRows, mask, groups }).compute();
};

/** Makes the function of a metric, and its streaming form. @param where the function's name in error messages */
export const measuring = <Config, const Name extends string>(
  where: string,
  metricOf: (config: Config) => Metric<Name>,
): MetricFunction<Config, Name> =>
  Object.assign((...rows: Parameters<MetricFunction<Config>>) => measure(where, metricOf, rows), {
    metric: (config = {} as Config) => metricOf(config),
  });

/** As {@link measuring}, of a metric whose rows are in groups. */
export const measuringGroups = <Config, const Name extends string>(
  where: string,
  metricOf: (config: Config) => Metric<Name>,
): GroupedMetricFunction<Config, Name> =>
  Object.assign(
    (...[labels, scores, groups, options]: Parameters<GroupedMetricFunction<Config>>) =>
      measure(where, metricOf, [labels, scores, options], groups),
    { metric: (config = {} as Config) => metricOf(config) },
  );

/** Metrics that a parameter tells apart: their names end with `@` and the parameter, such as `ndcg@10`. */
export interface MetricFamily {
  /** The names up to the `@`. */
  readonly family: string;
  /** The metric with the parameter after the `@`; undefined for a text that is no parameter. */
  named(text: string): Metric | undefined;
}

/** @param named the metric of a parameter */
export const family = <Of extends (...parameters: never[]) => unknown>(
  name: string,
  of: Of,
  named: (of: Of, text: string) => Metric | undefined,
): Of & MetricFamily => Object.assign(of, { family: name, named: (text: string) => named(of, text) });
