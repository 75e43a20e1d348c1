import { DEFAULT_EPSILON, surprise } from '../binary/losses.ts';
import { MetricError } from '../metric-error.ts';
import { family, measuring } from '../state/measure.ts';
import { rowMetric } from '../state/row-metric.ts';
import { sum } from '@polytask/components';
import { argsort, forEachTie } from '../order.ts';

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
  const times = labels.map(Math.abs);
  const order = argsort(times).reverse();
  let [right, pairs, total] = [0, 0, 0];
  const add = (row: number): void => {
    later.add(ranks[row]!, weights[row]!);
    total += weights[row]!;
  };
  forEachTie(times, order, (start, end) => {
    const tied = order.subarray(start, end);
    tied.filter((row) => labels[row]! < 0).forEach(add); // whoever is censored at the time of an event lives longer
    const events = tied.filter((row) => labels[row]! >= 0);
    for (const row of events) {
      const [lower, upTo] = [later.below(ranks[row]!), later.below(ranks[row]! + 1)];
      right += weights[row]! * (total - (lower + upTo) / 2);
      pairs += weights[row]! * total;
    }
    events.forEach(add);
  });
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

/** Times as 32-bit floats, which the labels of a model are. */
const rounded = (cuts: readonly number[]): number[] => cuts.map(Math.fround);

/**
 * The interval in which a row's event is, and the number of intervals that it has survived. An interval holds the cut point at its end. A
 * censored row (a negative label) has no event, and has survived an interval if it has reached the middle.
 */
function placeOf(label: number, cuts: readonly number[]): { event: number | undefined; survived: number } {
  const middle = (i: number) => Math.fround(((cuts[i - 1] ?? 0) + cuts[i]!) / 2);
  const ends = cuts.findIndex((cut, i) => (label < 0 ? -label < middle(i) : label <= cut));
  const survived = ends < 0 ? cuts.length : ends;
  return { event: label < 0 || ends < 0 ? undefined : ends, survived };
}

/**
 * The share of rows without an event up to each cut point, by the life table of the rows. A row counts in the intervals up to its event,
 * or up to the last one whose middle it has reached. They are the best constant predictions under the likelihood of the times.
 *
 * @param labels [rows] the time of the event; the negative of the time for a row that is censored then
 * @param cuts the cut points, ascending
 * @example
 * survivalShares([3, 8, -8, -20], [1, 1, 1, 1], [5, 10]); // [0.75, 0.5]
 */
export function survivalShares(
  labels: ArrayLike<number>,
  weights: ArrayLike<number>,
  cuts: readonly number[],
): number[] {
  const ends = rounded(cuts);
  const [events, counted] = [new Float64Array(cuts.length), new Float64Array(cuts.length)];
  for (let row = 0; row < labels.length; row++) {
    const { event, survived } = placeOf(labels[row]!, ends);
    for (let i = 0; i < survived; i++) counted[i]! += weights[row]!;
    if (event === undefined) continue;
    events[event]! += weights[row]!;
    counted[event]! += weights[row]!;
  }
  let share = 1;
  return cuts.map((_, i) => (share *= counted[i]! > 0 ? 1 - events[i]! / counted[i]! : 1));
}

/**
 * The negative log likelihood of the times over that of the best constant prediction, which is the life table of these rows. It
 * has no unit. Below 1, the model is better. Paper: Kvamme and Borgan 2021, eq. 3.5 (the likelihood).
 *
 * Predictions are the probabilities of no event up to each cut point, [rows × cut points].
 *
 * @param cuts the cut points, ascending
 * @throws MetricError when there are no cut points, or they don't ascend
 * @example
 * survivalRatioAt([5, 10]).create().update([3, 8, -8, -20], [0.5, 0.4, 0.8, 0.4, 0.8, 0.5, 0.9, 0.8]).compute(); // 0.607309
 */
export const survivalRatioAt = /* @__PURE__ */ family(
  'survivalRatio',
  (cuts: readonly number[]) => {
    const ends = rounded(cuts);
    if (ends.length === 0 || !ends.every((cut, i) => cut > (ends[i - 1] ?? 0))) {
      throw new MetricError(
        'survivalRatio',
        `the cut points [${cuts.join(', ')}]`,
        'times that ascend',
        'Pass [30, 90].',
      );
    }
    const count = cuts.length;
    return rowMetric({
      name: `survivalRatio@${cuts.join(':')}`,
      description: 'the log loss of the times over that of the best constant: below 1 is better',
      paper: 'Kvamme & Borgan 2021',
      direction: 'lower',
      measured: 'named',
      task: 'survival',
      config: { cuts: cuts.join(':') },
      rules: { columns: count },
      constant: (labels, weights) => survivalShares(labels, weights, cuts),
      compute({ labels, predictions, weights }) {
        const lossOf = (survivalAt: (row: number, i: number) => number) =>
          labels.reduce((sum, label, row) => {
            const { event, survived } = placeOf(label, ends);
            const before = survived === 0 ? 1 : survivalAt(row, survived - 1);
            const probability = event === undefined ? before : before - survivalAt(row, event);
            return probability < 1 ? sum + weights[row]! * surprise(probability, DEFAULT_EPSILON) : sum;
          }, 0);
        const shares = survivalShares(labels, weights, cuts);
        const best = lossOf((_, i) => shares[i]!);
        return best > 0 ? lossOf((row, i) => predictions[row * count + i]!) / best : NaN;
      },
    });
  },
  (of, text) => (/^\d/.test(text) ? of(text.split(':').map(Number)) : undefined),
);
