import { sum } from '@polytask/components';
import { argsort } from '../order.ts';
import { measuring } from '../state/measure.ts';
import { rowMetric } from '../state/row-metric.ts';

/** Sums of weights by rank, to which weights are added one by one. A Fenwick tree: both take O(log ranks). */
function rankedWeights(ranks: number) {
  const tree = new Float64Array(ranks + 1);
  return {
    add(rank: number, weight: number): void {
      for (let i = rank + 1; i <= ranks; i += i & -i) tree[i]! += weight;
    },
    /** The weight of the ranks below this one. */
    below(rank: number): number {
      let sum = 0;
      for (let i = rank; i > 0; i -= i & -i) sum += tree[i]!;
      return sum;
    },
  };
}

/** The share of comparable pairs in the right order. @param labels times, negative where censored */
function concordanceOf(labels: Float64Array, scores: Float64Array, weights: Float64Array): number {
  const ranks = new Uint32Array(scores.length);
  let last = 0;
  argsort(scores).forEach((row, i, order) => {
    if (i > 0 && scores[row] !== scores[order[i - 1]!]) last++;
    ranks[row] = last;
  });
  const later = rankedWeights(last + 1); // rows known to have no event before the time
  const order = argsort(labels.map(Math.abs)).reverse();
  let [right, pairs, total] = [0, 0, 0];
  const add = (row: number): void => {
    later.add(ranks[row]!, weights[row]!);
    total += weights[row]!;
  };
  for (let i = 0; i < order.length;) {
    const from = i;
    const time = Math.abs(labels[order[i]!]!);
    while (i < order.length && Math.abs(labels[order[i]!]!) === time) i++;
    const tied = order.subarray(from, i);
    tied.filter((row) => labels[row]! < 0).forEach(add); // whoever is censored at the time of an event lives longer
    const events = tied.filter((row) => labels[row]! >= 0);
    for (const row of events) {
      const [lower, upTo] = [later.below(ranks[row]!), later.below(ranks[row]! + 1)];
      right += weights[row]! * (total - (lower + upTo) / 2);
      pairs += weights[row]! * total;
    }
    events.forEach(add);
  }
  return pairs > 0 ? Math.min(1, right / pairs) : NaN;
}

/**
 * Harrell's concordance index: the share of comparable pairs of rows in which the row with the earlier event has the lower predicted
 * survival, which is the mean of its probabilities. A tie counts half. A pair is comparable if one row has the event before the other's
 * time, or at the time at which the other is censored. O(rows × log rows).
 *
 * Paper: Harrell et al. 1982, "Evaluating the yield of medical tests", JAMA 247.
 *
 * @param labels [rows] the time of the event; the negative of the time for a row that is censored then
 * @param survival [rows × times] row-major: the probabilities of no event up to each time. One column for a single time
 * @param weights [rows], or `{ weights, mask }`. A pair has the product of its rows' weights
 * @returns in [0, 1], .5 for a constant. NaN without a comparable pair
 * @throws MetricError on wrong lengths, labels that aren't finite, probabilities outside [0, 1]
 * @example
 * concordance([5, -9, 7, 2], [0.3, 0.6, 0.4, 0.3]); // 0.916667
 */
export const concordance = /* @__PURE__ */ measuring('concordance', () =>
  rowMetric({
    name: 'c-index',
    label: 'C-index',
    also: ['concordance'],
    description: "Harrell's C: how often a row with an earlier event has the lower predicted survival",
    paper: 'Harrell et al., JAMA 1982',
    direction: 'higher',
    task: 'survival',
    compute({ count, labels, predictions, weights }) {
      const width = predictions.length / Math.max(1, count);
      const scores = Float64Array.from(labels, (_, row) => sum(predictions.subarray(row * width, (row + 1) * width)));
      return concordanceOf(labels, scores, weights);
    },
  }),
);
