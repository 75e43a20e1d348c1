import { describe, expect, it } from 'vitest';
import { doubleMath } from '@polytask/components';
import { binary } from '../binary.ts';
import { multiclass } from '../multiclass.ts';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { classBalancedWeights } from './class-balance.ts';
import { crossEntropy } from './cross-entropy.ts';
import { focal } from './focal.ts';
import { fittedLoss } from './loss.ts';
import { lossOf, rowLossOf } from './loss-of.ts';

describe('classBalancedWeights', () => {
  /** NumPy: w = (1 - b) / (1 - b**n); w / w.sum() * 3, with n = [9000, 900, 100]. */
  it.each([
    [0, [1, 1, 1]],
    [0.9, [0.9999911460435884, 0.9999911460435884, 1.0000177079128227]],
    [0.99, [0.8385778251868229, 0.8386767419136804, 1.3227454328994965]],
    [0.999, [0.22750650606511774, 0.3832099550242427, 2.3892835389106395]],
    [0.9999, [0.04442217800398435, 0.30627842789983784, 2.649299394096178]],
  ])('are those of the formula for β = %d', (beta, expected) => {
    const weights = classBalancedWeights([9000, 900, 100], { beta });
    weights.forEach((weight, i) => expect(weight).toBeCloseTo(expected[i]!, 12));
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(3, 12);
  });

  it('go with 1 / count for β near 1, and are 1 for equal counts', () => {
    const [a, b, c] = classBalancedWeights([9000, 900, 100], { beta: 1 - 1e-12 });
    expect(b! / a!).toBeCloseTo(10, 6);
    expect(c! / a!).toBeCloseTo(90, 5);
    expect(classBalancedWeights([7, 7])).toEqual([1, 1]);
    expect(classBalancedWeights([9000, 900, 100])).toEqual(classBalancedWeights([9000, 900, 100], { beta: 0.999 }));
  });

  it("are those of scikit-learn's compute_class_weight for balanced", () => {
    // sklearn.utils.class_weight.compute_class_weight('balanced', classes=[0, 1, 2], y=[0] * 9000 + [1] * 900 + [2] * 100)
    const weights = classBalancedWeights([9000, 900, 100], { beta: 'balanced' });
    [0.37037037037037035, 3.7037037037037037, 33.333333333333336].forEach((weight, i) =>
      expect(weights[i]).toBeCloseTo(weight, 12),
    );
  });

  it('refuse a class without rows, and another β', () => {
    expect(() => classBalancedWeights([5, 0])).toThrow(
      'one training row or more of each class, for class-balanced weights',
    );
    expect(() => classBalancedWeights([5, NaN])).toThrow('received the counts');
    expect(() => classBalancedWeights([])).toThrow('of each class');
    for (const beta of [1, -0.1, NaN]) {
      expect(() => classBalancedWeights([5, 3], { beta })).toThrow(
        'one of "balanced", or a number in [0, 1) for classBalancedWeights.beta',
      );
    }
  });
});

describe('a loss with classBalance', () => {
  const [no, yes] = classBalancedWeights([9900, 100], { beta: 0.99 }) as [number, number];

  it('has the weights of the counts in its place, once it is fitted', () => {
    const tasks = {
      ce: multiclass({ loss: crossEntropy({ classBalance: 0.99, smoothing: 0.1 }) }),
      log: binary({ loss: binaryCrossEntropy({ classBalance: 0.99 }) }),
      focal: binary({ loss: focal({ gamma: 1, classBalance: 0.99 }) }),
    };
    expect(fittedLoss(tasks.ce, [9900, 100]).loss).toEqual(crossEntropy({ classWeights: [no, yes], smoothing: 0.1 }));
    expect(fittedLoss(tasks.log, [9900, 100]).loss).toEqual(binaryCrossEntropy({ positiveWeight: yes / no }));
    expect(fittedLoss(tasks.focal, [9900, 100]).loss).toEqual(focal({ gamma: 1, alpha: yes / (no + yes) }));
    // a row of a class counts by its weight
    const loss = rowLossOf(lossOf(fittedLoss(tasks.log, [9900, 100])), 1);
    expect((loss(0, 1, doubleMath) as number) / (loss(0, 0, doubleMath) as number)).toBeCloseTo(yes / no, 12);
  });

  it('has n / (K n_c) for balanced, and for yes and no the ratio of the counts', () => {
    const kind = multiclass({ loss: crossEntropy({ classBalance: 'balanced' }) });
    expect(fittedLoss(kind, [30, 10]).loss).toEqual(crossEntropy({ classWeights: [40 / 60, 2] }));
    const log = binary({ loss: binaryCrossEntropy({ classBalance: 'balanced' }) });
    expect(fittedLoss(log, [30, 10]).loss).toEqual(binaryCrossEntropy({ positiveWeight: 3 }));
    expect(() => focal({ classBalance: 'balance' as 'balanced' })).toThrow('received "balance"');
  });

  it('is not changed without it, and a task without a loss stays the same', () => {
    const plain = binary();
    expect(fittedLoss(plain, [1, 0])).toBe(plain);
    const named = binary({ loss: 'focal' });
    expect(fittedLoss(named, [1, 0])).toBe(named);
    const weighed = multiclass({ classes: ['a', 'b'], loss: crossEntropy({ classWeights: [1, 2] }) });
    expect(fittedLoss(weighed, [1, 0])).toEqual(weighed);
  });

  it('refuses to train unfitted, weights beside it, and a class without rows', () => {
    const loss = crossEntropy({ classBalance: 0.99 });
    expect(() => rowLossOf(loss, 2)).toThrow(
      'the counts of the classes, for a loss with classBalance: 0.99, received a task that is not fitted to a table',
    );
    const both = binary({ loss: focal({ alpha: 0.5, classBalance: 0.99 }) });
    expect(() => fittedLoss(both, [3, 4])).toThrow('classBalance or alpha as an option of a loss, received both');
    expect(() => fittedLoss(multiclass({ loss }), [3, 0])).toThrow('of each class');
    expect(() => focal({ classBalance: 1 })).toThrow('one of "balanced", or a number in [0, 1) for');
  });
});
