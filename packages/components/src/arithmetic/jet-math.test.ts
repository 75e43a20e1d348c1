import { describe, expect, it, test } from 'vitest';
import { digamma, logGamma, trigamma } from '../special-functions.ts';
import { doubleMath } from './double-math.ts';
import { lossJets } from './jet-math.ts';
import type { RowLoss, RowMath } from './row-math.ts';

const POINTS = [-3.2, -1.1, -0.3, 0.4, 0.9, 2.7];
const STEP = 1e-3;

/** The first two derivatives by central differences of the fourth order. */
function differences(f: (x: number) => number, x: number): [number, number] {
  const [a, b, c, d, e] = [-2, -1, 0, 1, 2].map((by) => f(x + by * STEP)) as [number, number, number, number, number];
  return [(a - 8 * b + 8 * d - e) / (12 * STEP), (-a + 16 * b - 30 * c + 16 * d - e) / (12 * STEP * STEP)];
}

/** The loss of a row, with its derivatives by an output. */
function lossJet(loss: RowLoss, z: number | readonly number[], y: number, by = 0) {
  const scores = typeof z === 'number' ? [[z]] : z.map((each) => [each]);
  const { value, first, second } = lossJets(loss, scores, [y], by);
  return { value: value[0]!, first: first[0]!, second: second[0]! };
}

/** The loss of a row in doubles. */
const valueOf = (loss: RowLoss, z: number | readonly number[], y: number) => loss(z, y, doubleMath) as number;

type Function = <V>(x: V, math: RowMath<V>) => V;
const FUNCTIONS: Readonly<Record<string, Function>> = {
  add: (x, { add }) => add(add(x, 2), x),
  sub: (x, { sub }) => sub(sub(1, x), sub(x, 3)),
  mul: (x, { mul, add }) => mul(mul(x, add(x, 1)), 3),
  div: (x, { div, add, square }) => div(add(x, 2), add(square(x), 1)),
  maximum: (x, { maximum, square }) => maximum(square(x), 1),
  minimum: (x, { minimum, square }) => minimum(1, square(x)),
  atan2: (x, { add, atan2, square }) => atan2(square(x), add(x, 2)),
  neg: (x, { neg, square }) => neg(square(x)),
  abs: (x, { abs, mul }) => mul(abs(x), x),
  sign: (x, { mul, sign, square }) => mul(sign(x), square(x)),
  sqrt: (x, { exp, sqrt }) => sqrt(exp(x)),
  square: (x, { square }) => square(square(x)),
  exp: (x, { exp, mul }) => exp(mul(x, -0.7)),
  expm1: (x, { expm1, square }) => expm1(square(x)),
  log: (x, { add, log, square }) => log(add(square(x), 1)),
  softplus: (x, { mul, softplus }) => softplus(mul(x, 2)),
  sigmoid: (x, { mul, sigmoid }) => sigmoid(mul(x, 2)),
  sin: (x, { mul, sin }) => sin(mul(x, 2)),
  cos: (x, { mul, cos }) => cos(mul(x, 2)),
  lgamma: (x, { exp, lgamma }) => lgamma(exp(x)),
  erf: (x, { erf, mul }) => erf(mul(x, 0.8)),
};

test.each(Object.entries(FUNCTIONS))('%s has the derivatives of its differences', (_, f) => {
  const loss: RowLoss = (z, _y, math) => f(z, math);
  for (const x of POINTS) {
    const { value, first, second } = lossJet(loss, x, 0);
    const [slope, curvature] = differences((at) => valueOf(loss, at, 0), x);
    expect(value).toBe(valueOf(loss, x, 0));
    expect(Math.abs(first - slope) / Math.max(1, Math.abs(slope))).toBeLessThan(1e-8);
    expect(Math.abs(second - curvature) / Math.max(1, Math.abs(curvature))).toBeLessThan(1e-5);
  }
});

describe('of several outputs', () => {
  const LOSSES: Readonly<Record<string, RowLoss>> = {
    logSoftmax: (z, y, { chosen, logSoftmax, neg }) => neg(chosen(logSoftmax(z), y)),
    softmax: (z, y, { chosen, softmax, square, sub }) => square(sub(1, chosen(softmax(z), y))),
    logLoss: (z, _y, { add, at, logLoss, mean, pick, mul, stack, sum }) => {
      const both = stack([at(z, 0), add(at(z, 1), at(z, 2))]);
      return mul(pick([1, 2, 5], _y), add(mean(logLoss(both, stack([at(z, 2), at(z, 0)]))), sum(z)));
    },
  };
  test.each(Object.entries(LOSSES))('%s has the derivatives by each', (_, loss) => {
    const z = [0.3, -1.2, 2];
    for (const y of [0, 1, 2])
      z.forEach((value, by) => {
        const at = (x: number) => valueOf(loss, z.with(by, x), y);
        const jet = lossJet(loss, z, y, by);
        const [slope, curvature] = differences(at, value);
        expect(jet.value).toBeCloseTo(at(value), 12);
        expect(jet.first).toBeCloseTo(slope, 8);
        expect(jet.second).toBeCloseTo(curvature, 6);
      });
  });
});

it('has finite derivatives at the origin of an angle, and of logits that are far from 0', () => {
  expect(lossJet((z, _, { atan2, mul }) => atan2(mul(z, 0), mul(z, 0)), 1, 0)).toMatchObject({ first: 0, second: 0 });
  for (const z of [-800, 800])
    for (const y of [0, 1]) {
      const { first, second } = lossJet((logit, label, { logLoss }) => logLoss(logit, label), z, y);
      expect([first, second]).toEqual([Number(z > 0) - y, 0]);
    }
});

it('is computed in blocks of rows, and has derivatives of 0 where none are asked for', () => {
  const scores = [0, 1].map((k) => Float64Array.from({ length: 1000 }, (_, row) => Math.sin(row + k)));
  const labels = Float64Array.from({ length: 1000 }, (_, row) => row % 2);
  const loss: RowLoss = (z, y, { chosen, logSoftmax, mul, neg, pick }) =>
    mul(pick([1, 3], y), neg(chosen(logSoftmax(z), y)));
  const [all, values] = [lossJets(loss, scores, labels, 1), lossJets(loss, scores, labels)];
  expect(values.value).toEqual(all.value);
  expect([...values.first, ...values.second].every((each) => each === 0)).toBe(true);
  for (const row of [0, 255, 256, 999]) {
    const one = lossJet(loss, [scores[0]![row]!, scores[1]![row]!], row % 2, 1);
    expect([all.value[row], all.first[row], all.second[row]]).toEqual([one.value, one.first, one.second]);
  }
});

it('digamma and trigamma have the values of SciPy 1.15', () => {
  const rows = [
    [1e-8, -100000000.57721564, 1e16],
    [0.1, -10.423754940411076, 101.43329915079275],
    [1, -0.5772156649015329, 1.6449340668482266],
    [3.7, 1.1671535393615113, 0.31003785767003833],
    [171.5, 5.141664981434, 0.0058479365506103834],
  ] as const;
  for (const [x, first] of rows) expect(digamma(x) / first).toBeCloseTo(1, 12);
  for (const [x, , second] of rows) expect(trigamma(x) / second).toBeCloseTo(1, 9);
  expect(differences(logGamma, 2.5)[1]).toBeCloseTo(trigamma(2.5), 7);
});
