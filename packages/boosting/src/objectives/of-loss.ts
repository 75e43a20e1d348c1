import { sum, type RowLoss } from '@polytask/components';
import { lossJets } from '@polytask/components/arithmetic';
import { bestStepOf } from './straight.ts';
import { meanLoss, type Labeled, type Objective, type Scores } from './objective.ts';

/** A loss for which a model is trained. */
export interface LossObjective {
  /** The loss of a row from its scores and its label, over an arithmetic: what `defineLoss` defines. */
  readonly loss: RowLoss;
  /** The number of scores of a row. Default 1. */
  readonly outputs?: number;
  /** Scores near the best constant ones, where their search begins. Default: 0. */
  readonly start?: readonly number[] | undefined;
}

interface Parts extends Partial<Pick<Objective, 'takes' | 'fits' | 'isLog' | 'start'>> {
  /** Takes second derivatives as they are: they are above 0, and grow and fall with the first ones. Default false. */
  readonly isExact?: boolean;
}

/** The search of the best constant scores: steps for each, how often a step is halved, and the share of the loss that steps must gain. */
const [STEPS, HALVED, GAIN] = [30, 40, 1e-11];

/**
 * Trains for any loss, by its first two derivatives.
 *
 * The second derivative of a row may be 0, negative, or so small that a step of Newton goes much too far: that of Huber's loss, of
 * focal losses, of log cosh for large errors. So it is at least the mean over rows of those that are positive, and at least that of the parabola
 * with the mean slope and the mean height of the loss, g² / 2L. If the loss is straight, it is 1, and leaves have a value of their own
 * ({@link Objective.bestStep}), as LightGBM renews them.
 */
export function objectiveOfLoss(
  { loss, outputs = 1, start: near }: LossObjective,
  { isExact = false, ...parts }: Parts = {},
): Objective {
  const bestStep = outputs === 1 ? bestStepOf(loss) : undefined;
  /** Writes the derivatives by one score. */
  function deriveBy(
    output: number,
    { labels, weights }: Labeled,
    scores: Scores,
    gradients: Float32Array | Float64Array,
    hessians: Float32Array | Float64Array,
  ) {
    const { value, first, second } = lossJets(loss, scores, labels, output);
    let [heights, slopes, curved, total] = [0, 0, 0, 0];
    for (let row = 0; row < labels.length; row++) {
      const weight = weights ? weights[row]! : 1;
      gradients[row] = weight * first[row]!;
      hessians[row] = weight * second[row]!;
      heights += weight * value[row]!;
      slopes += weight * Math.abs(first[row]!);
      curved += weight * Math.max(second[row]!, 0);
      total += weight;
    }
    if (isExact) return;
    const parabola = heights > 0 ? slopes ** 2 / (2 * heights * total) : 0;
    const least = bestStep ? 1 : Math.max(curved / total, parabola) || 1;
    for (let row = 0; row < labels.length; row++)
      hessians[row] = Math.max(hessians[row]!, least * (weights ? weights[row]! : 1));
  }

  /** The best constant scores, one after the other by steps of Newton. */
  function searched(rows: Labeled): number[] {
    const size = rows.labels.length;
    const scores = Array.from({ length: outputs }, (_, k) => new Float64Array(size).fill(near?.[k] ?? 0));
    if (bestStep) return [scores[0]![0]! + bestStep(rows, scores, Uint32Array.from(scores[0]!.keys()))];
    const [gradients, hessians] = [new Float64Array(size), new Float64Array(size)];
    let height = meanLoss(loss, rows, scores);
    for (let step = 0, before = Infinity; step < STEPS && before - height > GAIN * Math.abs(height); step++) {
      before = height;
      scores.forEach((score, k) => {
        deriveBy(k, rows, scores, gradients, hessians);
        const [from, least] = [score[0]!, height];
        let move = -sum(gradients) / sum(hessians);
        for (let halved = 0; halved < HALVED; halved++, move /= 2) {
          score.fill(from + move);
          height = meanLoss(loss, rows, scores);
          if (height <= least) return;
        }
        score.fill(from);
        height = least;
      });
    }
    return scores.map((score) => score[0]!);
  }

  return {
    takes: 'a number',
    fits: Number.isFinite,
    isLog: false,
    width: () => outputs,
    start: searched,
    derive: (rows, scores, gradients, hessians) =>
      scores.forEach((_, k) => deriveBy(k, rows, scores, gradients[k]!, hessians[k]!)),
    loss: (rows, scores) => meanLoss(loss, rows, scores),
    bestStep,
    ...parts,
  };
}
