import { doubleMath, number, positive, sum } from '@polytask/components';
import { defineCalibration, requireBoth } from './define-calibration.ts';

const options = {
  /** a, above 0. */
  slope: positive,
  /** b */
  offset: number(),
};

/** The least slope: predictions against which labels fall have no better calibration than a constant. */
const LEAST = 1e-6;
const MOST_STEPS = 100;

/**
 * Platt scaling (Platt, 1999): σ(a z + b), by the log loss on labels (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2) instead of 1 and 0. Unlike
 * temperature, it moves the mean. The ranking stays.
 *
 * @example platt({ slope: 0.8, offset: -0.2 })
 */
export const platt = defineCalibration('platt', (z, { add, mul }, { slope, offset }) => add(mul(z, slope), offset), {
  predictions: ['probability'],
  options,
  fit({ logits, labels, weights }) {
    const [no, yes] = requireBoth({ labels, weights });
    const targets = labels.map((label) => (label > 0 ? (yes + 1) / (yes + 2) : 1 / (no + 2)));
    const total = sum(weights);
    const rate = sum(targets, (target, row) => weights[row]! * target) / total;
    const constant = { slope: LEAST, offset: Math.log(rate / (1 - rate)) };
    let [a, b] = [1, 0];
    let now = sumsAt(a, b, { logits, targets, weights });
    for (let step = 0; step < MOST_STEPS; step++) {
      const { da, db, aa, ab, bb } = now;
      const determinant = aa * bb - ab * ab;
      if (!(determinant > 1e-12 * aa * bb)) return constant; // all logits are equal
      const [moveA, moveB] = [(bb * da - ab * db) / determinant, (aa * db - ab * da) / determinant];
      if (moveA * da + moveB * db < 1e-14 * total) break; // twice what the loss can still fall by
      let length = 1; // Newton's step, halved until the loss falls
      let next = sumsAt(a - moveA, b - moveB, { logits, targets, weights });
      while (next.loss > now.loss && length > 1e-6) {
        length /= 2;
        next = sumsAt(a - length * moveA, b - length * moveB, { logits, targets, weights });
      }
      if (next.loss > now.loss) break;
      [a, b, now] = [a - length * moveA, b - length * moveB, next];
    }
    return a > LEAST ? { slope: a, offset: b } : constant;
  },
  description: 'a line through the logit',
  paper: 'Platt, 1999',
  package: '@polytask/core/calibration',
});

/** The log loss at a slope and an offset, with its derivatives. */
function sumsAt(
  a: number,
  b: number,
  { logits, targets, weights }: Readonly<Record<'logits' | 'targets' | 'weights', Float64Array>>,
) {
  let [loss, da, db, aa, ab, bb] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < logits.length; row++) {
    const [z, target, weight] = [logits[row]!, targets[row]!, weights[row]!];
    const p = doubleMath.sigmoid(a * z + b) as number;
    const [slope, curve] = [weight * (p - target), weight * p * (1 - p)];
    loss += weight * (doubleMath.logLoss(a * z + b, target) as number);
    da += slope * z;
    db += slope;
    aa += curve * z * z;
    ab += curve * z;
    bb += curve;
  }
  return { loss, da, db, aa, ab, bb };
}
