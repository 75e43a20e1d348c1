import type { RowLoss } from '@polytask/components';
import { lossJets } from '@polytask/components/arithmetic';

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
  /** @param classes the number of classes, where it is known */
  fits(label: number, classes?: number): boolean;
  width(labels: ArrayLike<number>): number;
  start(rows: Labeled, width: number): number[];
  /** Writes the first and second derivatives of each row's loss by its scores. */
  derive(rows: Labeled, scores: Scores, gradients: Derivatives, hessians: Derivatives): void;
  loss(rows: Labeled, scores: Scores): number;
  /** Whether scores are logarithms of means or of odds, so that labels of one class, or of 0, would have an infinite one. */
  readonly isLog: boolean;
  /**
   * The number that makes the loss of some rows least when it is added to their scores. A loss that is straight, such as the absolute error, has
   * it: its second derivative is 0.
   */
  readonly bestStep?: ((labeled: Labeled, scores: Scores, rows: Uint32Array) => number) | undefined;
}

/** Logarithms of shares and means are those of this at least. */
export const TINY = 1e-15;

export function weightedMean({ labels, weights }: Labeled, of = (row: number) => labels[row]!): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1;
    sum += weight * of(row);
    total += weight;
  }
  return sum / total;
}

export function meanLoss(loss: RowLoss, rows: Labeled, scores: Scores): number {
  const { value } = lossJets(loss, scores, rows.labels);
  return weightedMean(rows, (row) => value[row]!);
}

export const logOfMean = (rows: Labeled): number[] => [Math.log(Math.max(weightedMean(rows), TINY))];
