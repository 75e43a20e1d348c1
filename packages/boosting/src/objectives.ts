import { fail, shown } from '@polytask/components';

/** The name of a loss, as in LightGBM. */
export type ObjectiveName = 'binary' | 'multiclass' | 'regression' | 'poisson';

/** One array for each score of a row, such as one for each class: [scores][rows]. */
export type Scores = readonly Float64Array[];

/** Derivatives of each row's loss by its scores: [scores][rows]. 32 bits, as in LightGBM and scikit-learn. */
export type Derivatives = readonly Float32Array[];

export interface Labeled {
  readonly labels: ArrayLike<number>;
  readonly weights?: ArrayLike<number> | undefined;
}

export interface Objective {
  /** The labels that it has, for error messages. */
  readonly takes: string;
  fits(label: number): boolean;
  width(labels: ArrayLike<number>): number;
  start(rows: Labeled, width: number): number[];
  /** Writes the first and second derivatives of each row's loss by its scores. */
  derive(rows: Labeled, scores: Scores, gradients: Derivatives, hessians: Derivatives): void;
  loss(rows: Labeled, scores: Scores): number;
  /** Turns scores into predictions, in place: probabilities, means. */
  link(scores: Scores): void;
}

const TINY = 1e-15;
/** Added to a Poisson score before its second derivative is taken: poisson_max_delta_step of LightGBM. */
const POISSON_STEP = 0.7;

const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));
const weightOf = (weights: Labeled['weights'], row: number): number => (weights ? weights[row]! : 1);
const first = ([scores]: Scores): Float64Array => scores!;

function weightedMean({ labels, weights }: Labeled, of = (row: number) => labels[row]!): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const weight = weightOf(weights, row);
    sum += weight * of(row);
    total += weight;
  }
  return sum / total;
}

/** A loss of one score, from its derivatives by the score. */
const single = (
  parts: Pick<Objective, 'takes' | 'fits' | 'derive' | 'link'> & {
    from(mean: number): number;
    rowLoss(score: number, label: number): number;
  },
): Objective => ({
  ...parts,
  width: () => 1,
  start: (rows) => [parts.from(weightedMean(rows))],
  loss: (rows, scores) => weightedMean(rows, (row) => parts.rowLoss(first(scores)[row]!, rows.labels[row]!)),
});

const binary = single({
  takes: '0 or 1',
  fits: (label) => label === 0 || label === 1,
  from: (mean) => {
    const share = Math.min(Math.max(mean, TINY), 1 - TINY);
    return Math.log(share / (1 - share));
  },
  derive({ labels, weights }, [scores], [gradients], [hessians]) {
    for (let row = 0; row < labels.length; row++) {
      const probability = sigmoid(scores![row]!);
      const weight = weights ? weights[row]! : 1;
      gradients![row] = weight * (probability - labels[row]!);
      hessians![row] = weight * probability * (1 - probability);
    }
  },
  rowLoss: (score, label) => Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - label * score,
  link: ([scores]) => scores!.forEach((score, row) => (scores![row] = sigmoid(score))),
});

const regression = single({
  takes: 'a number',
  fits: Number.isFinite,
  from: (mean) => mean,
  derive({ labels, weights }, [scores], [gradients], [hessians]) {
    for (let row = 0; row < labels.length; row++) {
      const weight = weights ? weights[row]! : 1;
      gradients![row] = weight * (scores![row]! - labels[row]!);
      hessians![row] = weight;
    }
  },
  rowLoss: (score, label) => (score - label) ** 2,
  link: () => undefined,
});

const poisson = single({
  takes: 'a number of 0 or more',
  fits: (label) => label >= 0 && label < Infinity,
  from: (mean) => Math.log(Math.max(mean, TINY)),
  derive({ labels, weights }, [scores], [gradients], [hessians]) {
    const slower = Math.exp(POISSON_STEP);
    for (let row = 0; row < labels.length; row++) {
      const mean = Math.exp(scores![row]!);
      const weight = weights ? weights[row]! : 1;
      gradients![row] = weight * (mean - labels[row]!);
      hessians![row] = weight * mean * slower;
    }
  },
  rowLoss: (score, label) => Math.exp(score) - label * score,
  link: ([scores]) => scores!.forEach((score, row) => (scores![row] = Math.exp(score))),
});

/** Replaces the scores of one row by their softmax. @returns the logarithm of the sum of their exponentials */
function softmaxRow(scores: Scores, row: number, into: Scores | Derivatives): number {
  let most = -Infinity;
  for (const score of scores) most = Math.max(most, score[row]!);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += into[k]![row] = Math.exp(scores[k]![row]! - most);
  for (const each of into) each[row]! /= sum;
  return most + Math.log(sum);
}

const multiclass: Objective = {
  takes: 'the index of a class: a whole number of 0 or more',
  fits: (label) => Number.isInteger(label) && label >= 0,
  width: (labels) =>
    Array.prototype.reduce.call(labels, (most, label) => Math.max(most as number, label + 1), 2) as number,
  start: (rows, width) =>
    Array.from({ length: width }, (_, k) => {
      const share = weightedMean(rows, (row) => Number(rows.labels[row] === k));
      return Math.log(Math.max(share, TINY));
    }),
  derive({ labels, weights }, scores, gradients, hessians) {
    for (let row = 0; row < labels.length; row++) {
      const weight = weights ? weights[row]! : 1;
      softmaxRow(scores, row, gradients);
      for (let k = 0; k < scores.length; k++) {
        const probability = gradients[k]![row]!;
        gradients[k]![row] = weight * (probability - (labels[row] === k ? 1 : 0));
        hessians[k]![row] = weight * probability * (1 - probability);
      }
    }
  },
  loss(rows, scores) {
    const spare = scores.map((each) => new Float64Array(each.length));
    return weightedMean(rows, (row) => softmaxRow(scores, row, spare) - scores[rows.labels[row]!]![row]!);
  },
  link(scores) {
    for (let row = 0; row < first(scores).length; row++) softmaxRow(scores, row, scores);
  },
};

export const OBJECTIVES: Readonly<Record<ObjectiveName, Objective>> = { binary, multiclass, regression, poisson };

/** The logarithms of {@link TINY} and of its inverse, and what 32 bits make of them, are farther from 0 than this. */
const NEVER = 34;

/**
 * The start of a model that is trained on with further rows. It stays, but where the earlier rows had no label of a class, or that class only, or
 * counts of 0 only: no tree leads away from there, as the second derivatives are 0. These scores start as for a new model.
 */
export function furtherStart(objective: ObjectiveName, start: readonly number[], rows: Labeled): readonly number[] {
  if (objective === 'regression' || start.every((score) => Math.abs(score) < NEVER)) return start;
  const fresh = OBJECTIVES[objective].start(rows, start.length);
  return start.map((score, k) => (Math.abs(score) < NEVER ? score : fresh[k]!));
}

/** @param classes the number of classes that a label may name, if there are more than one score @throws PolytaskError */
export function checkLabels({ labels, weights }: Labeled, rows: number, { takes, fits }: Objective, classes = 1): void {
  checkLength('labels', labels, rows);
  for (let row = 0; row < rows; row++)
    if (!fits(labels[row]!) || (classes > 1 && labels[row]! >= classes))
      fail({
        expected: `${takes}${classes > 1 ? ` and below ${classes}` : ''} for each label`,
        received: `${shown(labels[row])} in row ${row}`,
        fix: 'Leave out rows without a label.',
      });
  if (!weights) return;
  checkLength('weights', weights, rows);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights[row]!;
    if (!(weight >= 0 && weight < Infinity))
      fail({
        expected: 'a number of 0 or more for each weight',
        received: `${shown(weight)} in row ${row}`,
        fix: 'A row of weight 0 has no effect.',
      });
    total += weight;
  }
  if (total === 0)
    fail({
      expected: 'a row with weight',
      received: 'weights of 0 only',
      fix: 'Leave out the weights: each row then counts once.',
    });
}

function checkLength(what: string, values: ArrayLike<number>, rows: number): void {
  if (values.length !== rows)
    fail({
      expected: `${rows} ${what}, one for each row`,
      received: String(values.length),
      fix: `Pass columns and ${what} of the same rows.`,
    });
}
