import { number, positive } from '@polytask/components';
import { doubleMath } from '../arithmetic/double-math.ts';
import { defineCalibration, requireBoth } from './define-calibration.ts';

export interface PlattConfig {
  /** a, above 0. */
  slope: number;
  /** b */
  offset: number;
}

/** The least slope: predictions against which labels fall have no better calibration than a constant. */
const LEAST = 1e-6;
const MOST_STEPS = 100;

/**
 * Platt scaling (Platt, 1999): σ(a z + b), by the log loss on labels (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2) instead of 1 and 0. Unlike
 * temperature, it moves the mean. The ranking stays.
 *
 * @example platt({ slope: 0.8, offset: -0.2 })
 */
export const platt = defineCalibration<PlattConfig>(
  'platt',
  (z, { add, mul }, { slope, offset }) => add(mul(z, slope), offset),
  {
    predictions: ['probability'],
    options: () => ({ slope: positive, offset: number() }),
    fit({ logits, labels, weights }) {
      const [no, yes] = requireBoth({ labels, weights });
      const targets = labels.map((label) => (label > 0 ? (yes + 1) / (yes + 2) : 1 / (no + 2)));
      const each = (f: (row: number) => number) => labels.reduce((sum, _, row) => sum + weights[row]! * f(row), 0);
      const loss = (a: number, b: number) =>
        each((row) => doubleMath.logLoss(a * logits[row]! + b, targets[row]!) as number);
      const total = each(() => 1);
      const rate = each((row) => targets[row]!) / total;
      const constant = { slope: LEAST, offset: Math.log(rate / (1 - rate)) };
      let [a, b] = [1, 0];
      for (let step = 0; step < MOST_STEPS; step++) {
        const p = (row: number) => doubleMath.sigmoid(a * logits[row]! + b) as number;
        const curve = (row: number) => p(row) * (1 - p(row));
        const [da, db] = [
          each((row) => (p(row) - targets[row]!) * logits[row]!),
          each((row) => p(row) - targets[row]!),
        ];
        const [aa, ab, bb] = [
          each((row) => curve(row) * logits[row]! ** 2) + total * 1e-12,
          each((row) => curve(row) * logits[row]!),
          each(curve) + total * 1e-12,
        ];
        const determinant = aa * bb - ab * ab;
        if (!(determinant > 0)) return constant; // all logits are equal
        const move = [(bb * da - ab * db) / determinant, (aa * db - ab * da) / determinant] as const;
        if (Math.abs(move[0]) + Math.abs(move[1]) < 1e-12) break;
        let length = 1; // Newton's step, halved until the loss falls
        while (length > 1e-10 && loss(a - length * move[0], b - length * move[1]) > loss(a, b)) length /= 2;
        a -= length * move[0];
        b -= length * move[1];
      }
      return a > LEAST ? { slope: a, offset: b } : constant;
    },
    description: 'a line through the logit',
    paper: 'Platt, 1999',
    package: '@polytask/core/calibration',
  },
);
