import { MetricError, requireOptions, show } from '../metric-error.ts';
import type { GroupArray, Metric, NumericArray, RowOptions } from '../metric.ts';

/** The last argument of the plain functions: sample weights, or options. */
export type WeightsOr<Options extends RowOptions> = NumericArray | Options;

/** A metric of two columns of rows. `weights` are sample weights, or options of the rows and of the metric. */
export type OfPredictions<Config = unknown> = (
  labels: NumericArray,
  predictions: NumericArray,
  weights?: WeightsOr<RowOptions & Config>,
) => number;
export type OfProbabilities<Config = unknown> = (
  labels: NumericArray,
  probabilities: NumericArray,
  weights?: WeightsOr<RowOptions & Config>,
) => number;
export type OfScores<Config = unknown> = (
  labels: NumericArray,
  scores: NumericArray,
  weights?: WeightsOr<RowOptions & Config>,
) => number;

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
export const measure = <Options extends RowOptions>(
  where: string,
  metricOf: (options: Options) => Metric,
  labels: NumericArray,
  predictions: NumericArray,
  weights?: WeightsOr<Options>,
  groups?: GroupArray,
): number => {
  const options = asOptions(where, weights);
  const metric = metricOf(options);
  requireOptions<object>(where, options, ['weights', 'mask', ...Object.keys(metric.config)] as never[]);
  const { weights: ofRows, mask } = options;
  return metric.create().update(labels, predictions, { weights: ofRows, mask, groups }).compute();
};
