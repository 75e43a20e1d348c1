import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { doubleMath } from '@polytask/components';
import { tensorMath } from './tensor-math.ts';

/** x, log Γ(x) and its slope by SciPy 1.17: `gammaln` and `digamma`. */
const LGAMMA = [
  [1e-30, 69.07755278982137, -9.999999999999999e29],
  [1e-8, 18.42068073818021, -100000000.57721564],
  [0.1, 2.252712651734206, -10.423754940411076],
  [0.5, 0.5723649429247, -1.9635100260214235],
  [1, 0, -0.5772156649015329],
  [1.5, -0.12078223763524526, 0.03648997397857652],
  [2, 0, 0.42278433509846713],
  [3.7, 1.428072326665388, 1.1671535393615113],
  [10, 12.801827480081469, 2.251752589066721],
  [171.5, 709.1431630309283, 5.141664981434],
  [1e5, 1051287.7089736569, 11.512920464961896],
  [1e12, 26631021115915.65, 27.631021115928046],
] as const;

/** x, `erf` and its slope by SciPy 1.17. */
const ERF = [
  [0, 0, 1.1283791670955126],
  [1e-10, 1.1283791670955126e-10, 1.1283791670955126],
  [1e-4, 0.00011283791633342487, 1.1283791558117209],
  [0.3, 0.3286267594591274, 1.031260909618963],
  [1, 0.8427007929497148, 0.4151074974205947],
  [2, 0.9953222650189527, 0.020666985354092053],
  [3.5, 0.9999992569016276, 5.399426777384782e-6],
  [5.9, 0.9999999999999999, 8.603281717596785e-16],
  [8, 1, 1.8097067968559843e-28],
  [-0.7, -0.6778011938374183, 0.6912748604105386],
  [-4, -0.9999999845827421, 1.2698234671866558e-7],
] as const;

const ANGLES = [0, 1e-6, 0.5, Math.PI / 2, 3, -2, 40, -1000];

/** The digits of 32 bits, of a number of about 1 or more. */
const near = (seen: number, expected: number, digits = 5e-7) =>
  expect(Math.abs(seen - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(digits);

const slopesOf = (f: (x: tf.Tensor) => tf.Tensor, x: readonly number[]) =>
  tf
    .grad((each: tf.Tensor) => tf.sum(f(each)))(tf.tensor1d([...x]))
    .arraySync() as number[];

it.each([
  ['lgamma', LGAMMA],
  ['erf', ERF],
] as const)('%s is that of SciPy, in doubles to 1e-12 and in tensors', (name, table) => {
  const x = table.map(([each]) => each);
  const f = tensorMath[name];
  const values = f(tf.tensor1d(x)).arraySync() as number[];
  const slopes = slopesOf(f, x);
  table.forEach(([each, value, slope], i) => {
    near(doubleMath[name](each) as number, value, 1e-12);
    near(values[i]!, value);
    near(slopes[i]!, slope, 1e-6);
  });
});

it('log Γ is infinite at 0, and no number below', () => {
  for (const math of [doubleMath.lgamma, (x: number) => tensorMath.lgamma(tf.scalar(x)).dataSync()[0]]) {
    expect(math(0)).toBe(Infinity);
    for (const x of [-0.5, -1, -2.5, -1e3]) expect(math(x)).toBeNaN();
  }
  expect(doubleMath.erf(NaN)).toBeNaN();
});

it('sin and cos have each other as slopes', () => {
  for (const [name, slope] of [
    ['sin', Math.cos],
    ['cos', (x: number) => -Math.sin(x)],
  ] as const) {
    const values = tensorMath[name](tf.tensor1d(ANGLES)).arraySync() as number[];
    const slopes = slopesOf(tensorMath[name], ANGLES);
    ANGLES.forEach((x, i) => {
      expect(doubleMath[name](x)).toBe(Math[name](x));
      near(values[i]!, Math[name](Math.fround(x)));
      near(slopes[i]!, slope(Math.fround(x)));
    });
  }
});

it('atan2 has the angle of each quadrant, its slopes, and finite ones at the origin', () => {
  const points = [
    [1, 2],
    [1, -2],
    [-1, -2],
    [-1, 2],
    [0, 1],
    [1, 0],
    [1e-12, -1e-12],
    [1e12, 3e12],
  ] as const;
  const [y, x] = [0, 1].map((at) => tf.tensor1d(points.map((point) => point[at]!))) as [tf.Tensor, tf.Tensor];
  const { atan2 } = tensorMath;
  const angles = atan2(y, x).arraySync() as number[];
  const [ofY, ofX] = tf
    .grads((a, b) => tf.sum(atan2(a, b)))([y, x])
    .map((each) => each.arraySync() as number[]);
  points.forEach(([a, b], i) => {
    expect(doubleMath.atan2(a, b)).toBe(Math.atan2(a, b));
    near(angles[i]!, Math.atan2(a, b));
    near(ofY![i]! * Math.hypot(a, b), b / Math.hypot(a, b));
    near(ofX![i]! * Math.hypot(a, b), -a / Math.hypot(a, b));
  });
  const origin = [tf.zeros([1]), tf.zeros([1])] as const;
  expect(atan2(...origin).dataSync()[0]).toBe(0);
  const slopes = tf
    .grads((a, b) => tf.sum(atan2(a, b)))([...origin])
    .map((each) => each.dataSync()[0]! + 0);
  expect(slopes).toEqual([1, 0]);
  expect((atan2(tf.tensor2d([[1], [2]]), tf.tensor2d([[3, 4]])).arraySync() as number[][])[1]![0]).toBeCloseTo(
    0.588,
    3,
  );
});
