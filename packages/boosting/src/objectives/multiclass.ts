import { TINY, weightedMean, type Derivatives, type Objective, type Scores } from './objective.ts';

/** Replaces the scores of one row by their softmax. @returns the logarithm of the sum of their exponentials */
export function softmaxRow(scores: Scores, row: number, into: Scores | Derivatives): number {
  let most = -Infinity;
  for (const score of scores) most = Math.max(most, score[row]!);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += into[k]![row] = Math.exp(scores[k]![row]! - most);
  for (const each of into) each[row]! /= sum;
  return most + Math.log(sum);
}

export const multiclass: Objective = {
  takes: 'the index of a class: a whole number of 0 or more',
  fits: (label, classes = Infinity) => Number.isInteger(label) && label >= 0 && label < classes,
  isLog: true,
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
};
