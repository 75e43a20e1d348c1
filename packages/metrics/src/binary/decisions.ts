import { requireBetween } from '../metric-error.ts';
import { family, measuring } from '../state/measure.ts';
import type { About } from '../state/state.ts';
import { sumMetric } from '../state/sum-metric.ts';

export interface ThresholdOptions {
  /** A probability >= `threshold` predicts 1. Default .5. */
  readonly threshold?: number | undefined;
}

/** The confusion matrix of a threshold: the weight of the true and false positives and negatives. */
type Confusion = Readonly<Record<'tp' | 'fp' | 'fn' | 'tn', number>>;

/** A metric of the confusion matrix at a threshold. `f1@0.3` in a list of metrics is F1 at the threshold 0.3. */
const decisionMetric = <const Name extends string>(about: About<Name>, compute: (counts: Confusion) => number) => {
  const of = <const Named extends string>(named: About<Named>, threshold: number) =>
    sumMetric<Named>({
      ...named,
      measured: 'named',
      direction: 'higher',
      task: 'binary',
      config: { threshold },
      size: 4, // Σ w by label, and by the side of the threshold
      add: (sums, { count, labels, predictions, weights }) => {
        for (let i = 0; i < count; i++) sums[2 * labels[i]! + Number(predictions[i]! >= threshold)]! += weights[i]!;
      },
      compute: ([tn, fp, fn, tp]) => compute({ tn: tn!, fp: fp!, fn: fn!, tp: tp! }),
    });
  const metricOf = ({ threshold = 0.5 }: ThresholdOptions) => {
    requireBetween(about.name, 'threshold', threshold, 0, 1);
    return of(about, threshold);
  };
  return family(about.name, measuring(about.name, metricOf), (_, text) => {
    const threshold = Number(text);
    if (!/^[\d.]/.test(text) || !(threshold <= 1)) return undefined;
    const label = `${about.label} at ${Number(threshold.toPrecision(4))}`;
    return of({ ...about, name: `${about.name}@${threshold}`, label, also: [] }, threshold);
  });
};

/**
 * The share of rows whose thresholded probability is their label.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns in [0, 1]. Defined for one class. NaN without rows (or weight)
 * @example
 * accuracy([1, 0, 1], [0.9, 0.2, 0.4]); // 0.6667
 */
export const accuracy = /* @__PURE__ */ decisionMetric(
  {
    name: 'accuracy',
    label: 'accuracy',
    also: ['acc'],
    description: 'the share of rows on the right side of the threshold',
  },
  ({ tp, fp, fn, tn }) => (tp + tn) / (tp + fp + fn + tn),
);

/**
 * The precision: the share of rows predicted as 1 whose label is 1.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns in [0, 1]. NaN if no row is predicted as 1 (scikit-learn returns 0 and warns)
 * @example
 * precision([1, 0, 1, 0], [0.9, 0.8, 0.6, 0.2]); // 0.6667
 */
export const precision = /* @__PURE__ */ decisionMetric(
  { name: 'precision', label: 'precision', description: 'the share of rows predicted as yes that are yes' },
  ({ tp, fp }) => tp / (tp + fp),
);

/**
 * The recall: the share of rows with label 1 that are predicted as 1.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns in [0, 1]. NaN if no label is 1
 * @example
 * recall([1, 0, 1, 0], [0.9, 0.8, 0.4, 0.2]); // 0.5
 */
export const recall = /* @__PURE__ */ decisionMetric(
  {
    name: 'recall',
    label: 'recall',
    also: ['sensitivity', 'tpr'],
    description: 'the share of yes rows predicted as yes',
  },
  ({ tp, fn }) => tp / (tp + fn),
);

/**
 * The F1 score: the harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn).
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns in [0, 1]. NaN if no row is labeled or predicted as 1
 * @example
 * f1([1, 0, 1, 0], [0.9, 0.8, 0.6, 0.2]); // 0.8
 * f1([1, 0, 1, 0], [0.9, 0.8, 0.6, 0.2], { threshold: 0.85 }); // 0.6667
 */
export const f1 = /* @__PURE__ */ decisionMetric(
  { name: 'f1', label: 'F1', description: 'the harmonic mean of precision and recall' },
  ({ tp, fp, fn }) => (2 * tp) / (2 * tp + fp + fn),
);

/**
 * The balanced accuracy: the mean of the recalls of both classes. It is .5 for a constant prediction, whatever the class shares.
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns in [0, 1]. NaN if only one class has weight
 * @example
 * balancedAccuracy([1, 0, 0, 0], [0.9, 0.8, 0.1, 0.2]); // 0.8333
 */
export const balancedAccuracy = /* @__PURE__ */ decisionMetric(
  {
    name: 'balancedAccuracy',
    label: 'balanced accuracy',
    also: ['balanced-accuracy'],
    description: 'the mean of the recalls of both classes',
  },
  ({ tp, fp, fn, tn }) => (tp / (tp + fn) + tn / (tn + fp)) / 2,
);

/**
 * The Matthews correlation coefficient: the correlation of labels and decisions.
 *
 * Paper: Matthews 1975, "Comparison of the predicted and observed secondary structure of T4 phage lysozyme".
 *
 * @param labels [rows] of 0 or 1
 * @param probabilities [rows] in [0, 1]
 * @returns in [-1, 1]. 0 if all rows are predicted alike. NaN if only one class has weight
 * @example
 * mcc([1, 0, 1, 0], [0.9, 0.8, 0.6, 0.2]); // 0.57735
 */
export const mcc = /* @__PURE__ */ decisionMetric(
  {
    name: 'mcc',
    label: 'MCC',
    also: ['matthews'],
    description: 'the correlation of labels and decisions',
    paper: 'Matthews 1975',
    range: [-1, 1],
  },
  ({ tp, fp, fn, tn }) => {
    const [labels, decisions] = [(tp + fn) * (tn + fp), (tp + fp) * (tn + fn)];
    if (labels === 0) return NaN;
    return decisions === 0 ? 0 : (tp * tn - fp * fn) / (Math.sqrt(labels) * Math.sqrt(decisions));
  },
);
