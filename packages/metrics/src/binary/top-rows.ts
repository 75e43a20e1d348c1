import { sum } from '@polytask/components';
import { requireBetween } from '../metric-error.ts';
import { argsort } from '../order.ts';
import { family, measuring } from '../state/measure.ts';
import { rowMetric, type StoredRows } from '../state/row-metric.ts';

/** Calls `visit` with the weight of all rows and of positive rows of each score, the highest score first. */
function forEachScore({ count, labels, predictions, weights }: StoredRows, visit: (all: number, yes: number) => void) {
  const order = argsort(predictions);
  for (let i = count - 1; i >= 0;) {
    const score = predictions[order[i]!]!;
    let [all, yes] = [0, 0];
    for (; i >= 0 && predictions[order[i]!] === score; i--) {
      const row = order[i]!;
      all += weights[row]!;
      yes += weights[row]! * labels[row]!;
    }
    visit(all, yes);
  }
}

const weightsOf = ({ labels, weights }: StoredRows) => ({
  all: sum(weights),
  yes: sum(labels, (label, row) => weights[row]! * label),
});

/**
 * The Kolmogorov–Smirnov statistic of credit scoring: the largest difference over thresholds between the share of positive rows and
 * the share of negative rows above the threshold.
 *
 * @param labels [rows] of 0 or 1
 * @param scores [rows] any finite numbers
 * @returns in [0, 1]. NaN if only one class has weight
 * @example
 * ks([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.5
 */
export const ks = /* @__PURE__ */ measuring('ks', () =>
  rowMetric({
    name: 'ks',
    label: 'KS',
    measured: 'named',
    description: 'the largest gap between the score distributions of positive and negative rows',
    direction: 'higher',
    task: 'binary',
    rules: { prediction: 'score' },
    compute(rows) {
      const { all, yes } = weightsOf(rows);
      if (yes === 0 || yes === all) return NaN;
      let [above, aboveYes, most] = [0, 0, 0];
      forEachScore(rows, (ofScore, yesOfScore) => {
        above += ofScore;
        aboveYes += yesOfScore;
        most = Math.max(most, Math.abs(aboveYes / yes - (above - aboveYes) / (all - yes)));
      });
      return Math.min(1, most);
    },
  }),
);

/**
 * The lift: the rate of positives among the rows with the highest scores, over the rate among all rows. A lift of 3 at 10% finds
 * three times as many positives in a tenth of the rows as a random choice does. Of rows with equal scores at the border, the same
 * share counts of each.
 *
 * @param share the share of rows with the highest scores, in (0, 1]
 * @throws MetricError on a share that isn't in (0, 1]
 * @example
 * liftAt(0.25).create().update([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).compute(); // 2
 */
export const liftAt = /* @__PURE__ */ family(
  'lift',
  (share: number) => {
    requireBetween('lift', 'share', share, Number.MIN_VALUE, 1);
    const percent = `${Number((100 * share).toPrecision(12))}%` as const;
    return rowMetric({
      name: `lift@${percent}` as const,
      label: `lift at ${percent}`,
      measured: 'named',
      description: 'the rate of positives among the rows with the highest scores, over the rate among all',
      direction: 'higher',
      range: [0, Infinity],
      task: 'binary',
      config: { share },
      rules: { prediction: 'score' },
      compute(rows) {
        const { all, yes } = weightsOf(rows);
        const wanted = share * all;
        let [left, found] = [wanted, 0];
        forEachScore(rows, (ofScore, yesOfScore) => {
          const taken = Math.min(left, ofScore);
          if (taken > 0) found += (yesOfScore * taken) / ofScore;
          left -= taken;
        });
        return found / wanted / (yes / all);
      },
    });
  },
  (of, text) => (/^\d+(\.\d+)?%$/.test(text) ? of(Number(text.slice(0, -1)) / 100) : undefined),
);
