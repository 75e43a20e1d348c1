import { clipping, entropyOf, surprise } from '../binary/losses.ts';
import { type MetricRows, weightedMeans } from '../input/rows.ts';
import { MetricError } from '../metric-error.ts';
import { measuring } from '../state/measure.ts';
import { meanMetric, one, sumMetric, weighted } from '../state/sum-metric.ts';

/** The index of the largest of some values, the first one among equals. */
export const largest = (values: Float64Array, start: number, width: number): number => {
  let best = 0;
  for (let c = 1; c < width; c++) if (values[start + c]! > values[start + best]!) best = c;
  return best;
};

/**
 * The share of rows whose class has the highest score. Among equal scores, the first class counts as the highest.
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param scores [rows × classes] row-major: probabilities or logits
 * @returns in [0, 1]. NaN without rows (or weight)
 * @example
 * multiclassAccuracy([2, 0, 1], [0.1, 0.2, 0.7, 0.6, 0.3, 0.1, 0.5, 0.4, 0.1]); // 0.6667
 */
export const multiclassAccuracy = /* @__PURE__ */ measuring('multiclassAccuracy', () =>
  meanMetric({
    name: 'accuracy',
    label: 'accuracy',
    description: 'the share of rows whose likeliest class is right',
    direction: 'higher',
    task: 'multiclass',
    rules: { prediction: 'score' },
    valueOf: ({ width, labels, predictions }, i) => Number(largest(predictions, i * width, width) === labels[i]),
  }),
);

/** The allowed difference between 1 and the sum of a row of float32 or rounded probabilities. */
const SUM_SLACK = 1e-3;

const requireDistributions = (where: string, { count, width, predictions, kept }: MetricRows): void => {
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += predictions[i * width + c]!;
    if (Math.abs(sum - 1) <= SUM_SLACK) continue;
    const start = (kept?.[i] ?? i) * width;
    throw new MetricError(
      where,
      `probabilities[${start}] to [${start + width - 1}] that sum to ${sum}`,
      `${width} probabilities that sum to 1 in each row`,
      'Apply a softmax over the classes, and pass the [rows, classes] matrix row by row.',
    );
  }
};

/** Adds Σ w loss and Σ w to the first two sums. @param where the metric's name in error messages */
function addLogLoss(where: string, sums: Float64Array, rows: MetricRows, epsilon: number): void {
  requireDistributions(where, rows);
  const { width, labels, predictions } = rows;
  weighted((_, i) => surprise(predictions[i * width + labels[i]!]!, epsilon), one).add(sums, rows);
}

/**
 * Mean cross-entropy −log p[label], in nats.
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param probabilities [rows × classes] row-major, each row summing to 1 (± .001), clipped to [epsilon, 1 − epsilon]
 * @returns >= 0. Log(classes) for equal probabilities. NaN without rows (or weight)
 * @throws MetricError on a row whose probabilities don't sum to 1 (± .001)
 * @example
 * multiclassLogLoss([2, 0], [0.1, 0.2, 0.7, 0.6, 0.3, 0.1]); // 0.433750
 */
export const multiclassLogLoss = /* @__PURE__ */ clipping('multiclassLogLoss', (epsilon) =>
  sumMetric({
    name: 'logLoss',
    label: 'log loss',
    description: 'the mean negative log-likelihood of the class',
    direction: 'lower',
    task: 'multiclass',
    config: { epsilon },
    size: 2, // Σ w loss, Σ w
    add: (sums, rows) => addLogLoss('multiclassLogLoss', sums, rows, epsilon),
    compute: ([loss, weight]) => loss! / weight!,
  }),
);

/**
 * The normalized entropy of He et al. 2014 for several classes: the mean log loss / the log loss of always predicting the
 * shares of the classes in the evaluated rows. Tasks with different classes become comparable. Below 1, the model is better
 * than the shares.
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param probabilities [rows × classes] row-major, each row summing to 1 (± .001), clipped to [epsilon, 1 − epsilon]
 * @returns >= 0. NaN if only one class has weight (the shares then have no entropy)
 * @throws MetricError on a row whose probabilities don't sum to 1 (± .001)
 * @example
 * multiclassNormalizedEntropy([0, 1], [0.8, 0.2, 0.2, 0.8]); // 0.321928
 */
export const multiclassNormalizedEntropy = /* @__PURE__ */ clipping('multiclassNormalizedEntropy', (epsilon) =>
  sumMetric({
    name: 'ne',
    label: 'NE',
    measured: 'named',
    description: 'log loss over the entropy of the classes: below 1 is better than a constant',
    direction: 'lower',
    task: 'multiclass',
    config: { epsilon },
    constant: weightedMeans((label, index) => Number(label === index)),
    size: 2, // Σ w loss, Σ w
    perClass: (classes) => classes, // Σ w of the rows of each class
    add: (sums, rows) => {
      addLogLoss('multiclassNormalizedEntropy', sums, rows, epsilon);
      for (let i = 0; i < rows.count; i++) sums[2 + rows.labels[i]!]! += rows.weights[i]!;
    },
    compute: ([loss, weight, ...classes]) => {
      const entropy = entropyOf(classes.map((each) => each / weight!));
      return entropy > 0 ? loss! / weight! / entropy : NaN;
    },
  }),
);
