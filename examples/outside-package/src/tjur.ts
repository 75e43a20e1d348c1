import { defineMetric } from '@polytask/metrics';

/** So that TypeScript knows the name: `evaluate(model, rows, { metrics: { bought: ['outside-package/tjur'] } })`. */
declare module '@polytask/metrics' {
  interface DefinedMetrics {
    'outside-package/tjur': true;
  }
}

/**
 * Coefficient of discrimination (Tjur 2009): the mean probability of the positive rows minus that of the negative rows, weighted.
 * NaN with one class.
 *
 * @example
 * tjur.create().update([1, 0, 0], [0.9, 0.2, 0.4]).compute(); // 0.6
 */
export const tjur = defineMetric({
  name: 'outside-package/tjur',
  description: 'the mean probability of positives minus that of negatives',
  paper: 'Tjur, The American Statistician 2009',
  task: 'binary',
  direction: 'higher',
  package: 'outside-package',
  examples: [{ oneClass: NaN }], // for the conformance test
  sums: 4, // of probabilities and of weights; negatives first
  add(sums, { count, labels, predictions, weights }) {
    for (let i = 0; i < count; i++) {
      sums[labels[i]!]! += weights[i]! * predictions[i]!;
      sums[2 + labels[i]!]! += weights[i]!;
    }
  },
  compute: ([negative, positive, negatives, positives]) => positive! / positives! - negative! / negatives!,
});
