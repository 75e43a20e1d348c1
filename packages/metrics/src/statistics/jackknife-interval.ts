import { custom, optional, readOptions, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { gather, requireColumn, toFloat64 } from '../input/rows.ts';
import type { GroupArray, Metric, NumericArray } from '../metric.ts';
import { numbered } from '../state/row-metric.ts';
import { counterRandom } from './counter-random.ts';
import { studentTQuantile } from './distributions.ts';
import { interval, momentsOf } from './mean-interval.ts';

const jackknife = {
  ...interval,
  /** Sample weights. [rows] */
  weights: optional(custom<NumericArray>(() => {})),
  /** The group of each row, such as its user. The rows of a group are in one block. [rows] */
  groups: optional(custom<GroupArray>(() => {})),
  /** The number of blocks. With fewer rows or groups, each one is a block. */
  blocks: optional(wholeNumber(1), 20),
};

export interface JackknifeOptions extends Written<typeof jackknife>, FromDescription {}

export interface JackknifeInterval {
  /** The metric of all rows. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** The degrees of freedom of the standard error: the number of blocks − 1. */
  readonly degrees: number;
}

/** The indices of the rows of each block. Rows, or whole groups, are dealt to the blocks at random. */
const dealtRows = (rows: number, groups: GroupArray | undefined, most: number): Uint32Array[] => {
  const units = new Map<number | string, number>();
  const unitOf = numbered(groups ?? new Uint32Array(rows).map((_, row) => row), units);
  const blocks = Math.min(most, units.size);
  const blockOf = Uint32Array.from({ length: units.size }, (_, unit) => unit % blocks);
  const random = counterRandom(0);
  for (let i = blockOf.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [blockOf[i], blockOf[j]] = [blockOf[j]!, blockOf[i]!];
  }
  const members = Array.from({ length: blocks }, (): number[] => []);
  unitOf.forEach((unit, row) => members[blockOf[unit]!]!.push(row));
  return members.map((block) => Uint32Array.from(block));
};

/**
 * The confidence interval of any metric over samples of rows, by the jackknife. The rows are dealt to B blocks at random, and each block is
 * left out once. θ_b is the metric without block b:
 *
 *     se² = (B − 1) / B · Σ_b (θ_b − mean θ_b)²
 *
 * The bounds are value ± t · se with B − 1 degrees of freedom, cut at the range of the metric. If each row is a block, a mean has the
 * bounds of {@link meanInterval}. It is for smooth metrics, such as means, their ratios, AUC and concordance. It takes as long as the
 * metric of all rows, B times.
 *
 * Papers: Tukey 1958, "Bias and confidence in not-quite large samples"; Shao & Wu 1989, "A general theory for jackknife variance
 * estimation".
 *
 * @param labels [rows]
 * @param predictions [rows], or row-major [rows × columns], as the metric reads them
 * @param config `{ weights, groups, confidence, blocks }`. Pass groups for a metric within groups, and for rows that depend on each other
 * @returns the interval. Bounds are NaN if the metric isn't defined without a block, or no block changes it
 * @throws PolytaskError as the metric does, for groups of another length than the labels, for a confidence outside (0, 1), and for a number of blocks that isn't a positive whole number
 * @example
 * jackknifeInterval(mae.metric(), [0, 0, 0, 0], [1, 2, 4, 1]); // { value: 2, low: 0, high: 4.250329, standardError: 0.707107, degrees: 3 }
 */
export const jackknifeInterval = (
  metric: Metric,
  labels: NumericArray,
  predictions: NumericArray,
  config: JackknifeOptions = {},
): JackknifeInterval => {
  const { weights, groups, confidence, blocks: most } = readOptions(config, jackknife, 'jackknifeInterval');
  const value = metric.create().update(labels, predictions, { weights, groups }).compute();
  if (groups) requireColumn('jackknifeInterval', 'groups', groups, labels.length);
  const width = predictions.length / labels.length;
  const [y, p, w] = [toFloat64(labels), toFloat64(predictions), weights && toFloat64(weights)];
  const states = dealtRows(labels.length, groups, most).map((rows) =>
    metric.create().update(gather(y, rows, 1), gather(p, rows, width), {
      weights: w && gather(w, rows, 1),
      groups: groups && Array.from(rows, (row) => groups[row]!),
    }),
  );
  const without = states.map((left) =>
    states.reduce((sum, state) => (state === left ? sum : sum.merge(state)), metric.create()).compute(),
  );
  const degrees = without.length - 1;
  const [, squares] = momentsOf(without);
  const standardError = Math.sqrt((degrees / without.length) * squares);
  if (!(standardError > 0)) return { value, low: NaN, high: NaN, standardError, degrees };
  const half = studentTQuantile((1 + confidence) / 2, degrees) * standardError;
  const [least, greatest] = metric.range;
  return { value, low: Math.max(least, value - half), high: Math.min(greatest, value + half), standardError, degrees };
};
