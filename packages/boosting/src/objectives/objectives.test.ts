import { doubleMath, type RowLoss } from '@polytask/components';
import { lossJets } from '@polytask/components/arithmetic';
import { describe, expect, test } from 'vitest';
import { boost, BoostingModel, refit, type BoostOptions } from '../index.ts';
import { draws, madeTable } from '../testing/tables.ts';
import type { Labeled, Objective } from './objective.ts';
import { objectiveOf } from './objectives.ts';
import { objectiveOfLoss } from './of-loss.ts';

/** Cauchy's loss: far from the label its second derivative is negative. */
const cauchy: RowLoss = (z, y, { add, log, square, sub }) => log(add(1, square(sub(z, y))));
/** Of two scores, a mean and the logarithm of a deviation. */
const normal: RowLoss = (z, y, { add, at, exp, mul, neg, square, sub }) => {
  const log = at(z, 1);
  return add(log, mul(0.5, square(mul(sub(at(z, 0), y), exp(neg(log))))));
};
const table = madeTable(1, 400);
const scores = draws(4, 40, 1).map((u) => 4 * u - 2);
const weights = draws(5, 40, 1);

function derived(objective: Objective, rows: Labeled, at: readonly Float64Array[]) {
  const [gradients, hessians] = [0, 1].map(() => at.map((each) => new Float32Array(each.length)));
  objective.derive(rows, at, gradients!, hessians!);
  return [gradients!, hessians!] as const;
}

/** What each objective makes of the second derivative: half a squared error, and the shorter step of Poisson. */
const FACTORS = { regression: [0.5, 0.5], poisson: [1, Math.exp(0.7)] } as const;
test.each([
  ['binary', (row: number) => row % 2],
  ['regression', (row: number) => row - 7],
  ['poisson', (row: number) => row % 4],
  ['gamma', (row: number) => 0.1 + (row % 5)],
  ['tweedie', (row: number) => row % 4],
] as const)('the derivatives of %s are those of its loss, times weights', (name, labelOf) => {
  const objective = objectiveOf({ objective: name });
  const rows = { labels: scores.map((_, row) => labelOf(row)), weights };
  const [[gradients], [hessians]] = derived(objective, rows, [scores]);
  const lossAt = (row: number, by: number) =>
    objective.loss({ labels: [rows.labels[row]!] }, [Float64Array.of(scores[row]! + by)]);
  const [first, second] = name in FACTORS ? FACTORS[name as keyof typeof FACTORS] : [1, 1];
  scores.forEach((_, row) => {
    const [low, middle, high] = [-1e-3, 0, 1e-3].map((by) => lossAt(row, by)) as [number, number, number];
    expect(gradients![row]! / weights[row]!).toBeCloseTo((first * (high - low)) / 2e-3, 3);
    expect(hessians![row]! / weights[row]!).toBeCloseTo((second * (high - 2 * middle + low)) / 1e-6, 3);
  });
});

describe('a loss of the caller', () => {
  const labels = Float64Array.from(scores, (_, row) => (row % 5) - 2);
  test('has second derivatives of at least their mean, and keeps larger ones', () => {
    const [[gradients], [hessians]] = derived(objectiveOfLoss({ loss: cauchy }), { labels }, [scores]);
    const { first: slopes, second: curves } = lossJets(cauchy, [scores], labels, 0);
    const jets = Array.from(slopes, (first, row) => ({ first, second: curves[row]! }));
    const least = jets.reduce((sum, { second }) => sum + Math.max(second, 0), 0) / jets.length;
    expect(jets.some(({ second }) => second < 0)).toBe(true);
    jets.forEach(({ first, second }, row) => {
      expect(gradients![row]).toBeCloseTo(first, 6);
      expect(hessians![row]).toBeGreaterThanOrEqual(Math.fround(least));
      if (second > 2 * least) expect(hessians![row]).toBeCloseTo(second, 6);
    });
  });

  test('and at least that of a parabola where it is straight', () => {
    const hinge: RowLoss = (z, y, { maximum, mul, sub }) => maximum(sub(1, mul(z, sub(mul(2, y), 1))), 0);
    const zeros = new Float64Array(4);
    const [[gradients], [hessians]] = derived(objectiveOfLoss({ loss: hinge }), { labels: [0, 1, 1, 1] }, [zeros]);
    expect([...gradients!]).toEqual([1, -1, -1, -1]);
    expect([...hessians!]).toEqual([0.5, 0.5, 0.5, 0.5]); // a slope and a loss of 1: g² / 2L
  });

  test('has derivatives by each score, and starts where its mean is least', () => {
    const objective = objectiveOfLoss({ loss: normal, outputs: 2 });
    const start = objective.start({ labels: table.number }, 2);
    const mean = table.number.reduce((sum, y) => sum + y) / 400;
    const deviation = Math.sqrt(table.number.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 400);
    expect(start[0]).toBeCloseTo(mean, 5);
    expect(start[1]).toBeCloseTo(Math.log(deviation), 5);
    const at = start.map((score) => new Float64Array(400).fill(score));
    for (const gradients of derived(objective, { labels: table.number }, at)[0])
      expect(gradients.reduce((sum, each) => sum + each) / 400).toBeCloseTo(0, 5);
  });

  test('that is the squared error trains as "regression"', () => {
    const half: RowLoss = (z, y, { mul, square, sub }) => mul(0.5, square(sub(z, y)));
    const options = { columns: table.columns, labels: table.number, numIterations: 8, weights: draws(3, 400, 1) };
    const [own, named] = [
      boost({ ...options, objective: { loss: half } }),
      boost({ ...options, objective: 'regression' }),
    ];
    own.predict(table.columns).forEach((each, row) => expect(each).toBeCloseTo(named.predict(table.columns)[row]!, 5));
  });

  test('gives scores, comes back from JSON, and goes on with the loss alone', () => {
    const objective = { loss: normal, outputs: 2 };
    const options = { objective, columns: table.columns, labels: table.number } as const;
    const whole = boost({ ...options, numIterations: 12 });
    expect(whole.predict(table.columns)).toHaveLength(800);
    const first = BoostingModel.fromJSON(JSON.parse(JSON.stringify(boost({ ...options, numIterations: 5 }))));
    expect([first.objective, first.width]).toEqual(['custom', 2]);
    expect(boost({ ...options, initModel: first, numIterations: 7 }).toJSON()).toEqual(whole.toJSON());
    const rows = { columns: table.columns, labels: table.number };
    expect(() => refit(first, rows)).toThrow('Pass it: objective: { loss }.');
    const again = refit(whole, { ...rows, objective, refitDecayRate: 0 }).predict(table.columns);
    whole.predict(table.columns).forEach((each, i) => expect(again[i]).toBeCloseTo(each, 4));
  });
});

describe('a straight loss', () => {
  test.each([
    ['mae', 0.5, {}],
    ['quantile', 0.8, { alpha: 0.8 }],
  ] as const)('%s has leaves with the least loss of their rows', (objective, level, options) => {
    const counts = draws(6, 400, 1).map((u) => Math.floor(3 * u));
    const one = boost({
      ...{ objective, columns: { x: table.columns['x0']! }, labels: table.number, weights: counts },
      ...{ numIterations: 1, numLeaves: 3, learningRate: 1, ...options },
    });
    const predictions = one.predict({ x: table.columns['x0']! });
    const leaves = new Set(predictions);
    expect(leaves.size).toBe(3);
    for (const leaf of leaves) {
      const rows = [...predictions.keys()].filter((row) => predictions[row] === leaf);
      const lossAt = (z: number) =>
        rows.reduce((sum, row) => {
          const under = table.number[row]! - z;
          return sum + counts[row]! * Math.max(level * under, (level - 1) * under);
        }, 0);
      expect(lossAt(leaf)).toBeCloseTo(Math.min(...rows.map((row) => lossAt(table.number[row]!))), 9);
    }
  });

  test('counts a weight as equal rows, and takes the middle of two', () => {
    const start = (labels: number[], weights?: number[]) =>
      objectiveOf({ objective: 'mae' }).start({ labels, weights }, 1)[0];
    expect(start([5, 1, 9])).toBe(5);
    expect(start([5, 1, 9, 7])).toBe(6);
    expect(start([5, 1, 9], [1, 1, 2])).toBe(7);
    expect(start([5, 1, 9, 7], [1, 0, 1, 0])).toBe(7);
    expect(objectiveOf({ objective: 'quantile', alpha: 0.25 }).start({ labels: [8, 2, 4, 6] }, 1)[0]).toBe(3);
  });

  test.each(['mae', 'quantile', 'huber', 'gamma', 'tweedie'] as const)(
    '%s goes on as one training, and a refit by the training rows changes nothing',
    (objective) => {
      const options: BoostOptions = { objective, columns: table.columns, labels: table.number.map((y) => y + 9) };
      const whole = boost({ ...options, numIterations: 9 });
      const first = boost({ ...options, numIterations: 4 });
      expect(boost({ ...options, initModel: first, numIterations: 5 }).toJSON()).toEqual(whole.toJSON());
      const again = refit(whole, { ...options, objective: undefined, refitDecayRate: 0 } as never);
      const [a, b] = [whole, again].map((each) => each.predict(table.columns));
      a!.forEach((value, row) => expect(b![row]).toBeCloseTo(value, 4));
    },
  );
});

test('a few far labels hardly move huber, and its loss falls', () => {
  const far = table.number.map((y, row) => (row % 40 === 0 ? 1e4 : y));
  const options = { columns: table.columns, labels: far, numIterations: 60 };
  const errorOf = (objective: 'huber' | 'regression') => {
    const predictions = boost({ ...options, objective }).predict(table.columns);
    return predictions.reduce((sum, z, row) => sum + Math.abs(z - table.number[row]!), 0) / 400;
  };
  expect(errorOf('huber')).toBeLessThan(2);
  expect(errorOf('regression')).toBeGreaterThan(50);
});

test('parameters belong to their objective, and are saved', () => {
  const rows = { columns: { x: [1, 2, 3, 4] }, labels: [1, 2, 3, 4] };
  expect(() => boost({ ...rows, objective: 'mae', alpha: 0.3 })).toThrow(
    'Expected alpha with the objective "huber" or "quantile" only, received "mae". Leave alpha out.',
  );
  expect(() => boost({ ...rows, objective: 'gamma', tweedieVariancePower: 1.2 })).toThrow('"tweedie" only');
  expect(() => boost({ ...rows, objective: 'quantile', alpha: 2 })).toThrow('a share in (0, 1)');
  expect(() => boost({ ...rows, objective: 'gamma', labels: [0, 1, 2, 3] })).toThrow('a number above 0 for each label');
  expect(() => boost({ ...rows, objective: { loss: 'mae' } as never })).toThrow('boost.objective.loss');
  const initModel = BoostingModel.fromJSON(
    JSON.parse(JSON.stringify(boost({ ...rows, objective: 'quantile', minDataInLeaf: 1 }))),
  );
  expect(initModel.toJSON()).toMatchObject({ objective: 'quantile', alpha: 0.9 });
  expect(() => boost({ ...rows, objective: 'quantile', alpha: 0.5, initModel })).toThrow(
    'Expected the objective "quantile" (alpha 0.9) of initModel, received "quantile" (alpha 0.5).',
  );
});

test('the mean loss is that of the text', () => {
  const objective = objectiveOfLoss({ loss: cauchy });
  expect(objective.loss({ labels: [1, 2], weights: [1, 3] }, [Float64Array.of(0, 0)])).toBeCloseTo(
    ((cauchy(0, 1, doubleMath) as number) + 3 * (cauchy(0, 2, doubleMath) as number)) / 4,
    12,
  );
});
