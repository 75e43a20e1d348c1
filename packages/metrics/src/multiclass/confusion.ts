import { mean, sum } from '@polytask/components';
import { requireCount } from '../metric-error.ts';
import { family, measuring } from '../state/measure.ts';
import type { About } from '../state/state.ts';
import { meanMetric, sumMetric } from '../state/sum-metric.ts';
import { largest } from './multiclass.ts';

/** The weight of rows by label and by predicted class, [classes][classes]. */
type Confusion = readonly (readonly number[])[];

/** A metric of the confusion matrix of the classes with the highest scores. */
const confusionMetric = <const Name extends string>(
  where: string,
  about: About<Name>,
  compute: (table: Confusion) => number,
) =>
  measuring(where, () =>
    sumMetric<Name>({
      ...about,
      measured: 'named',
      direction: 'higher',
      task: 'multiclass',
      rules: { prediction: 'score' },
      size: 0,
      perClass: (classes) => classes ** 2,
      add: (sums, { count, width, labels, predictions, weights }) => {
        for (let i = 0; i < count; i++)
          sums[labels[i]! * width + largest(predictions, i * width, width)]! += weights[i]!;
      },
      compute(sums) {
        const classes = Math.sqrt(sums.length);
        return compute(
          Array.from({ length: classes }, (_, label) =>
            Array.from(sums.subarray(label * classes, (label + 1) * classes)),
          ),
        );
      },
    }),
  );

/** The weight of each label, and of each predicted class. */
const marginsOf = (table: Confusion): { labels: number[]; predicted: number[] } => ({
  labels: table.map((row) => sum(row)),
  predicted: table.map((_, c) => sum(table, (row) => row[c]!)),
});

/**
 * The macro F1 score: the mean F1 of the classes that occur among the labels or the predictions. Rare classes count as much as
 * frequent ones.
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param scores [rows × classes] row-major: probabilities or logits
 * @returns in [0, 1]. NaN without rows (or weight)
 * @example
 * macroF1([0, 1, 1], [0.9, 0.1, 0.2, 0.8, 0.7, 0.3]); // 0.6667
 */
export const macroF1 = /* @__PURE__ */ confusionMetric(
  'macroF1',
  { name: 'macroF1', label: 'macro F1', also: ['macro-f1'], description: 'the mean F1 of the classes' },
  (table) => {
    const { labels, predicted } = marginsOf(table);
    const present = table.flatMap((row, c) =>
      labels[c]! + predicted[c]! > 0 ? [(2 * row[c]!) / (labels[c]! + predicted[c]!)] : [],
    );
    return mean(present);
  },
);

/**
 * The balanced accuracy: the mean recall of the classes that occur among the labels.
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param scores [rows × classes] row-major: probabilities or logits
 * @returns in [0, 1]. NaN without rows (or weight)
 * @example
 * multiclassBalancedAccuracy([0, 1, 1], [0.9, 0.1, 0.2, 0.8, 0.7, 0.3]); // 0.75
 */
export const multiclassBalancedAccuracy = /* @__PURE__ */ confusionMetric(
  'multiclassBalancedAccuracy',
  {
    name: 'balancedAccuracy',
    label: 'balanced accuracy',
    also: ['balanced-accuracy'],
    description: 'the mean recall of the classes',
  },
  (table) => {
    const { labels } = marginsOf(table);
    return mean(table.flatMap((row, c) => (labels[c]! > 0 ? [row[c]! / labels[c]!] : [])));
  },
);

/**
 * The Matthews correlation coefficient of several classes, R_K.
 *
 * Paper: Gorodkin 2004, "Comparing two K-category assignments by a K-category correlation coefficient".
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param scores [rows × classes] row-major: probabilities or logits
 * @returns in [-1, 1]. 0 if all rows are predicted alike. NaN if only one class has weight
 * @example
 * multiclassMcc([0, 1, 1], [0.9, 0.1, 0.2, 0.8, 0.7, 0.3]); // 0.5
 */
export const multiclassMcc = /* @__PURE__ */ confusionMetric(
  'multiclassMcc',
  {
    name: 'mcc',
    label: 'MCC',
    also: ['matthews'],
    description: 'the correlation of labels and predicted classes',
    paper: 'Gorodkin 2004',
    range: [-1, 1],
  },
  (table) => {
    const { labels, predicted } = marginsOf(table);
    const total = sum(labels);
    const right = sum(table, (row, c) => row[c]!);
    const spread = (of: readonly number[]) => total ** 2 - sum(of, (each) => each ** 2);
    if (!(labels.filter((each) => each > 0).length > 1)) return NaN;
    if (predicted.filter((each) => each > 0).length < 2) return 0;
    const covariance = right * total - sum(labels, (each, c) => each * predicted[c]!);
    return covariance / (Math.sqrt(spread(labels)) * Math.sqrt(spread(predicted)));
  },
);

/** 1 − the observed disagreement over that of independent labels and predictions with the same shares. */
const kappaOf = (table: Confusion, cost: (label: number, predicted: number) => number): number => {
  const { labels, predicted } = marginsOf(table);
  const total = sum(labels);
  const costOf = (weight: (label: number, c: number) => number) =>
    sum(labels, (_, label) => sum(predicted, (__, c) => cost(label, c) * weight(label, c)));
  const expected = costOf((label, c) => (labels[label]! * predicted[c]!) / total);
  return expected > 0 ? 1 - costOf((label, c) => table[label]![c]!) / expected : NaN;
};

/**
 * Cohen's kappa: the agreement of labels and predicted classes beyond that of independent ones with the same shares.
 *
 * Paper: Cohen 1960, "A coefficient of agreement for nominal scales".
 *
 * @param labels [rows] class indices 0 … classes − 1
 * @param scores [rows × classes] row-major: probabilities or logits
 * @returns in [-1, 1], 0 for a constant class. NaN if labels and predictions have one and the same class
 * @example
 * kappa([0, 1, 1], [0.9, 0.1, 0.2, 0.8, 0.7, 0.3]); // 0.4
 */
export const kappa = /* @__PURE__ */ confusionMetric(
  'kappa',
  {
    name: 'kappa',
    label: 'kappa',
    description: 'the agreement with the labels beyond chance agreement',
    paper: 'Cohen 1960',
    range: [-1, 1],
  },
  (table) => kappaOf(table, (label, c) => Number(label !== c)),
);

/**
 * Cohen's kappa with quadratic weights, for classes in an order: a prediction two classes away costs four times one class away.
 *
 * Paper: Cohen 1968, "Weighted kappa".
 *
 * @param labels [rows] class indices 0 … classes − 1, in their order
 * @param scores [rows × classes] row-major: probabilities or logits
 * @returns in [-1, 1], 0 for a constant class. NaN if labels and predictions have one and the same class
 * @example
 * quadraticKappa([0, 1, 2], [0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1, 0.6, 0.3]); // 0.6667
 */
export const quadraticKappa = /* @__PURE__ */ confusionMetric(
  'quadraticKappa',
  {
    name: 'quadraticKappa',
    label: 'quadratic kappa',
    also: ['quadratic-kappa', 'qwk'],
    description: 'the agreement with the labels beyond chance agreement, of ordered classes',
    paper: 'Cohen 1968',
    range: [-1, 1],
  },
  (table) => kappaOf(table, (label, c) => (label - c) ** 2),
);

/**
 * The top-k accuracy: the share of rows whose class is among the k highest scores. Among equal scores, the first class counts as
 * the highest.
 *
 * @param k how many classes count, a whole number >= 1
 * @throws MetricError on a k that isn't a whole number >= 1
 * @example
 * topAt(2).create().update([2, 0], [0.5, 0.3, 0.2, 0.3, 0.6, 0.1]).compute(); // 0.5
 */
export const topAt = /* @__PURE__ */ family(
  'top',
  (k: number) => {
    requireCount('top', 'k', k);
    return meanMetric({
      name: `top@${k}` as const,
      label: `top-${k} accuracy`,
      measured: 'named',
      description: 'the share of rows whose class is among the k highest scores',
      direction: 'higher',
      task: 'multiclass',
      config: { k },
      rules: { prediction: 'score' },
      valueOf({ width, labels, predictions }, i) {
        const own = predictions[i * width + labels[i]!]!;
        let above = 0;
        for (let c = 0; c < width; c++) {
          const score = predictions[i * width + c]!;
          above += Number(score > own || (score === own && c < labels[i]!));
        }
        return Number(above < k);
      },
    });
  },
  (of, text) => (/^[1-9]\d*$/.test(text) ? of(Number(text)) : undefined),
);
