import { defineMetric } from '@polytask/metrics';

/**
 * The mean of |p − y| over the rows of a binary task, weighted. Replace the sums by yours.
 *
 * @example
 * myComponent.create().update([1, 0], [0.9, 0.3]).compute(); // 0.2
 */
export const myComponent = defineMetric({
  name: 'my-package/my-component',
  description: 'the mean distance of probability and label',
  task: 'binary',
  direction: 'lower',
  sums: 2, // of errors, and of weights
  add(sums, { count, labels, predictions, weights }) {
    for (let i = 0; i < count; i++) {
      sums[0]! += weights[i]! * Math.abs(predictions[i]! - labels[i]!);
      sums[1]! += weights[i]!;
    }
  },
  compute: (sums) => sums[0]! / sums[1]!, // NaN without rows
});
