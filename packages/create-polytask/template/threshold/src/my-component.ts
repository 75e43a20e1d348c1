import { defineThreshold } from '@polytask/training';

/**
 * The threshold with the largest Jaccard index: of the rows that are yes or are called yes, the share that is both. Replace the worth by
 * yours: it is a function of the weights of rows above the threshold, and the largest is chosen.
 *
 * @example chooseThreshold(myComponent(), { labels, predictions, weights })
 */
export const myComponent = defineThreshold(
  'my-package/my-component',
  ({ truePositives, falsePositives, positives }) => truePositives / (positives + falsePositives) || 0, // 0 / 0 without a yes
  { description: 'the largest Jaccard index', package: 'my-package' },
);
