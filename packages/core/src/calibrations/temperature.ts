import { doubleMath, positive } from '@polytask/components';
import { defineCalibration, type CalibrationRows } from './define-calibration.ts';

const options = {
  /** T, which divides all logits. Above 1, probabilities come nearer to one another. */
  temperature: positive,
};

/** T is between its inverse and this. */
const MOST = 100;

/**
 * Temperature scaling (Guo et al., ICML 2017, eq. 9): σ(z / T) or softmax(z / T). T is where the log loss is least. The likeliest class
 * and the ranking stay.
 *
 * @example temperature({ temperature: 1.7 })
 */
export const temperature = defineCalibration('temperature', (z, { div }, config) => div(z, config.temperature), {
  predictions: ['probability', 'probabilities'],
  options,
  fit(rows) {
    // the log loss is convex in 1 / T: bisection on log T
    let [low, high] = [-Math.log(MOST), Math.log(MOST)];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (slopeOfLoss(rows, Math.exp(-middle)) > 0) low = middle;
      else high = middle;
    }
    return { temperature: Math.exp((low + high) / 2) };
  },
  description: 'logits over one temperature',
  paper: 'Guo et al., ICML 2017, eq. 9',
  package: '@polytask/core/calibration',
});

/** ∂ loss / ∂ (1 / T) = Σ w (E z − z of the label), where E is over the predicted probabilities. */
function slopeOfLoss({ logits, labels, weights }: CalibrationRows, inverse: number): number {
  const width = logits.length / labels.length;
  let slope = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (width === 1) {
      const z = logits[row]!;
      slope += weights[row]! * z * ((doubleMath.sigmoid(z * inverse) as number) - label);
      continue;
    }
    const own = [...logits.subarray(row * width, (row + 1) * width)];
    const shares = doubleMath.softmax(own.map((z) => z * inverse)) as readonly number[];
    slope += weights[row]! * (own.reduce((sum, z, i) => sum + z * shares[i]!, 0) - own[label]!);
  }
  return slope;
}
