import { describe, expect, it } from 'vitest';
import { randomGradients } from '../testing/random.ts';
import { combined, length, weightsOf } from '../testing/values.ts';
import { nashMtl } from './fair-shares.ts';

const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, p) => sum + value * b[p]!, 0);

describe.each([2, 4, 8])('of %i tasks', (tasks) => {
  it('gives each task the same share of the gain, α_i g_i · d, all positive', () => {
    for (const jacobian of randomGradients(30, [tasks, 3 * tasks])) {
      const weights = weightsOf(nashMtl(), jacobian);
      expect(Math.min(...weights)).toBeGreaterThan(0);
      const direction = combined(weights, jacobian);
      const shares = jacobian.map((gradient, i) => weights[i]! * product(gradient, direction));
      for (const share of shares) expect(share / shares[0]!).toBeCloseTo(1, 5);
    }
  });
});

it('has the length of the gradients: T times as long losses, T times as long a step', () => {
  const jacobian = [
    [1, 2, 0],
    [0, 1, -1],
  ];
  const [one, ten] = [1, 10].map((scale) => {
    const scaled = jacobian.map((row) => row.map((value) => value * scale));
    return length(combined(weightsOf(nashMtl(), scaled), scaled));
  });
  expect(ten! / one!).toBeCloseTo(10, 6);
});

it('takes gradients that cancel, where there is no bargain', () => {
  const weights = weightsOf(nashMtl(), [
    [1, 1],
    [-1, -1],
  ]);
  expect(weights.every(Number.isFinite)).toBe(true);
  expect(weights[0]! / weights[1]!).toBeCloseTo(1, 6);
});

it('leaves out a task whose gradient is what rounding left of a saturated loss', () => {
  const long = [3e5, 1e5];
  const short = [0.2, -0.1];
  const [one, saturated, other] = weightsOf(nashMtl(), [long, [1e-9, 9e-9], short]);
  expect(saturated).toBe(0); // below 2⁻²⁴ of the longest gradient; an equal share would multiply it by 1e13
  expect([one, other]).toEqual(weightsOf(nashMtl(), [long, short]));
});
