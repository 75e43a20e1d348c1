import { sum } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { check, checksWith, expectThat, type Checks } from '../cases/case.ts';
import { needing, type LossOfRows } from '../subject.ts';
import { slopeOf } from './parameters.ts';

/** Outputs times a factor, labels and weights. */
const tensorsOf = ({ outputs, labels, weights }: LossOfRows, factor = 1): [tf.Tensor, tf.Tensor, tf.Tensor] => [
  tf.tensor2d(outputs.map((row) => row.map((value) => factor * value))),
  tf.tensor1d([...labels]),
  tf.tensor1d([...weights]),
];

/** The losses on tensors, and the gradient of their sum by the outputs, row-major. */
export const lossNumbers = (loss: LossOfRows, factor?: number): Record<'losses' | 'gradient', Float32Array> =>
  tf.tidy(() => {
    const [z, y, weights] = tensorsOf(loss, factor);
    const of = (x: tf.Tensor) => loss.onTensors(x, y, weights);
    const gradient = tf.grad((x) => tf.sum(of(x)))(z);
    return { losses: of(z).dataSync<'float32'>(), gradient: gradient.dataSync<'float32'>() };
  });

const MATH = 'Use the operations of `math` alone, and no branch on values.';

const OF_LOSSES: Checks<LossOfRows> = {
  'tensors have the losses of doubles': check((loss) => {
    expectAgreement(lossNumbers(loss).losses, loss.inDoubles(loss.outputs), 1e-5, 'the losses of doubles on tensors');
  }, MATH),
  'its gradient is its slope': check((loss) => {
    const { gradient } = lossNumbers(loss);
    const width = loss.outputs[0]!.length;
    loss.outputs.flat().forEach((value, i) => {
      const moved = (by: number) =>
        loss.outputs.map((row, r) => row.map((each, c) => (r * width + c === i ? value + by : each)));
      const slope = slopeOf((by) => sum(loss.inDoubles(moved(by))), { tolerance: 1e-3, noise: 1e-12 });
      if (slope === undefined) return;
      const isSlope = Math.abs(gradient[i]! - slope) <= 1e-3 * Math.max(1, Math.abs(slope));
      const what = `the gradient ${slope.toPrecision(5)} at output ${value}, which is the slope of the loss`;
      expectThat(isSlope, what, gradient[i]!.toPrecision(5));
    });
  }, MATH),
  'boosting has its derivatives': check((loss) => {
    const { derivatives } = loss;
    if (!derivatives) return;
    const moved = (row: readonly number[], c: number, by: number) => row.map((each, i) => (i === c ? each + by : each));
    loss.outputs.forEach((row, r) =>
      row.forEach((value, c) => {
        const slopes = [
          ['first', (by: number) => loss.inDoubles(loss.outputs.with(r, moved(row, c, by)))[r]!],
          ['second', (by: number) => derivatives(moved(row, c, by), r, c).first],
        ] as const;
        for (const [order, of] of slopes) {
          const [slope, found] = [slopeOf(of, { tolerance: 1e-3, noise: 1e-12 }), derivatives(row, r, c)[order]];
          if (slope === undefined) continue;
          const isSlope = Math.abs(found - slope) <= 1e-3 * Math.max(1, Math.abs(slope));
          expectThat(
            isSlope,
            `the ${order} derivative ${slope.toPrecision(5)} at output ${value}`,
            found.toPrecision(5),
          );
        }
      }),
    );
  }, MATH),
  'it is finite for large outputs, and without labels': check((loss) => {
    expectFinite(lossNumbers(loss, 150));
    expectFinite(lossNumbers({ ...loss, weights: loss.weights.map(() => 0) }));
  }, 'Write log σ(z) as −softplus(−z), and guard exponents and divisors that may be 0.'),
  'tasks with the loss are computed together as one by one': check((loss) => {
    tf.tidy(() => {
      const one = tensorsOf(loss);
      const other = one.map((each) => tf.reverse(each, 0)) as typeof one;
      const both = loss.onTensors(...(one.map((each, i) => tf.stack([each, other[i]!])) as typeof one)).dataSync();
      const alone = [one, other].flatMap((each) => [...loss.onTensors(...each).dataSync()]);
      expectAgreement(both, alone, 1e-6, 'two tasks at once to have the losses that each has alone');
    });
  }, 'Reduce over the outputs by math.sum and its like, and never over rows.'),
};

export const LOSS_PROPERTIES = needing(
  ['loss'],
  checksWith(({ loss }, holds) => holds(loss()), OF_LOSSES),
);
