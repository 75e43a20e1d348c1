import { sum } from '@polytask/components';
import { MetricError, show } from '../metric-error.ts';
import type { Metric } from '../metric.ts';
import { family } from '../state/measure.ts';
import { rowMetric } from '../state/row-metric.ts';
import { meanMetric } from '../state/sum-metric.ts';

/** Ascending shares in (0, 1). */
function requireLevels(where: string, levels: readonly number[]): void {
  const ascend = levels.every((q, i) => q > 0 && q < 1 && (i === 0 || q > levels[i - 1]!));
  if (ascend && levels.length > 0) return;
  throw new MetricError(
    where,
    `the levels ${show([...levels])}`,
    'shares between 0 and 1, ascending',
    'Pass [0.1, 0.5, 0.9].',
  );
}

const declaredFor = <Name extends string>(name: Name, levels: readonly number[]) => {
  requireLevels(name, levels);
  return {
    name: `${name}@${nameOf(levels)}` as const,
    measured: 'named' as const,
    task: 'quantiles' as const,
    paper: 'Koenker & Bassett 1978',
    config: { levels: nameOf(levels) },
    rules: { columns: levels.length },
  };
};

/** Without a comma, which stands between the metrics of a list. */
const nameOf = (levels: readonly number[]): string => levels.join(':');

const byLevels = (of: (levels: readonly number[]) => Metric, text: string): Metric | undefined =>
  /^\d/.test(text) ? of(text.split(':').map(Number)) : undefined;

const pinballOf = (level: number, label: number, prediction: number): number =>
  Math.max(level * (label - prediction), (level - 1) * (label - prediction));

/**
 * The pinball loss: the mean over quantiles of max(q (y − ŷ), (q − 1) (y − ŷ)), in the unit of the label. It is least for the
 * quantiles of the label's distribution.
 *
 * @param levels the shares of labels below each predicted quantile, ascending
 * @throws MetricError when the levels aren't ascending shares
 * @example
 * pinballAt([0.1, 0.9]).create().update([3], [1, 4]).compute(); // 0.15
 */
export const pinballAt = /* @__PURE__ */ family(
  'pinball',
  (levels: readonly number[]) =>
    meanMetric({
      ...declaredFor('pinball', levels),
      label: 'pinball loss',
      description: 'the pinball loss, as a mean over quantiles',
      direction: 'lower',
      valueOf: ({ labels, predictions, width }, i) =>
        sum(levels, (q, j) => pinballOf(q, labels[i]!, predictions[i * width + j]!)) / levels.length,
    }),
  byLevels,
);

/**
 * The weighted quantiles of some numbers: for each level, the least number with at least that share of the weight at or below it.
 * They are the best constants under the pinball loss.
 *
 * @returns NaN for each level without rows
 * @example
 * weightedQuantiles([1, 3, 8], [1, 1, 2], [0.5, 0.9]); // [3, 8]
 */
export function weightedQuantiles(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  levels: readonly number[],
): number[] {
  const order = Array.from(values, (_, row) => row).sort((a, b) => values[a]! - values[b]!);
  const total = sum(order, (row) => weights[row]!);
  return levels.map((level) => {
    let below = 0;
    const found = order.find((row) => (below += weights[row]!) >= level * total);
    return found === undefined ? NaN : values[found]!;
  });
}

/**
 * The pinball loss over that of the best constants, which are the quantiles of these labels. It has no unit. Below 1, the model is better.
 *
 * @throws MetricError when the levels aren't ascending shares
 * @example
 * pinballRatioAt([0.5]).create().update([1, 3, 8], [2, 3, 6]).compute(); // 0.428571
 */
export const pinballRatioAt = /* @__PURE__ */ family(
  'pinballRatio',
  (levels: readonly number[]) =>
    rowMetric({
      ...declaredFor('pinballRatio', levels),
      description: 'the pinball loss over that of the best constants: below 1 is better',
      direction: 'lower',
      constant: (labels, weights) => weightedQuantiles(labels, weights, levels),
      compute({ labels, predictions, weights }) {
        const constants = weightedQuantiles(labels, weights, levels);
        let [own, best] = [0, 0];
        labels.forEach((label, i) =>
          levels.forEach((level, j) => {
            own += weights[i]! * pinballOf(level, label, predictions[i * levels.length + j]!);
            best += weights[i]! * pinballOf(level, label, constants[j]!);
          }),
        );
        return best > 0 ? own / best : NaN;
      },
    }),
  byLevels,
);

/**
 * The share of labels between the outermost quantiles, over the share that should be there. 1 is right. Below 1, the model is too sure.
 *
 * @throws MetricError when the levels aren't ascending shares, or there is only one
 * @example
 * coverageAt([0.1, 0.9]).create().update([1, 2, 3, 9], [0, 4, 0, 4, 0, 4, 0, 4]).compute(); // 0.9375
 */
export const coverageAt = /* @__PURE__ */ family(
  'coverage',
  (levels: readonly number[]) => {
    if (levels.length < 2)
      throw new MetricError('coverage', `the levels ${show([...levels])}`, 'two or more', 'Pass [0.1, 0.9].');
    const target = levels.at(-1)! - levels[0]!;
    return meanMetric({
      ...declaredFor('coverage', levels),
      description: 'the share of labels between the outer quantiles, over the share that should be there',
      direction: 'one',
      range: [0, 1 / target],
      valueOf: ({ labels, predictions, width }, i) =>
        Number(labels[i]! >= predictions[i * width]! && labels[i]! <= predictions[(i + 1) * width - 1]!) / target,
    });
  },
  byLevels,
);
