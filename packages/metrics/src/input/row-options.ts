import { MetricError, show } from '../metric-error.ts';
import type { NumericArray, RowOptions } from '../metric.ts';

/** The last argument of the plain functions: sample weights alone, or options. */
export type WeightsOr<Options extends RowOptions> = NumericArray | Options;

const isArrayLike = (value: object): value is NumericArray =>
  ArrayBuffer.isView(value) || typeof (value as { length?: unknown }).length === 'number';

/** Reads `weights?` and `{ weights?, mask?, … }` alike. */
export const asOptions = <Options extends RowOptions>(
  where: string,
  given: WeightsOr<Options> | undefined,
): Options => {
  if (given === undefined) return {} as Options;
  if (typeof given !== 'object' || given === null) {
    throw new MetricError(
      where,
      `${show(given)} as the last argument`,
      'an array of sample weights or an options object',
      'Pass weights as an array, or { weights, mask }.',
    );
  }
  return isArrayLike(given) ? ({ weights: given } as unknown as Options) : given;
};
