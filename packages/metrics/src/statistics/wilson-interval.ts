import { MetricError, requireBetween, requireCount, requireOptions, show } from '../metric-error.ts';
import { normalQuantile } from './distributions.ts';
import type { IntervalOptions } from './mean-interval.ts';

/**
 * The confidence interval of a share, such as an accuracy, over samples of rows. It stays in [0, 1], and has a width for a share of 0
 * or 1, too.
 *
 * Paper: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
 *
 * @param share of the rows, 0 to 1. NaN makes the bounds NaN
 * @param rows the number of rows, all of one weight
 * @param config `{ confidence }`, between 0 and 1
 * @throws MetricError on another share, a number of rows that isn't a positive whole number, a confidence outside (0, 1)
 * @example
 * wilsonInterval(0.9, 100); // { low: 0.825634, high: 0.944771 }
 */
export function wilsonInterval(
  share: number,
  rows: number,
  config: IntervalOptions = {},
): { readonly low: number; readonly high: number } {
  requireOptions('wilsonInterval', config, ['confidence']);
  const { confidence = 0.95 } = config;
  if (share < 0 || share > 1)
    throw new MetricError('wilsonInterval', `share = ${show(share)}`, 'a number from 0 to 1', 'Divide by the rows.');
  requireCount('wilsonInterval', 'rows', rows);
  requireBetween('wilsonInterval', 'confidence', confidence, 0, 1);
  const z = normalQuantile((1 + confidence) / 2);
  const scale = 1 + z ** 2 / rows;
  const center = (share + z ** 2 / (2 * rows)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / rows + (z / (2 * rows)) ** 2);
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}
