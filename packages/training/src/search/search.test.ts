import { expect, test } from 'vitest';
import { checkPoint, dimensionOf, drawFrom, gridOf, fractionOf, valueAt } from './space.ts';
import { defineSearch, gridSearch, halving, type Proposal, randomSearch, rungs, startSearch } from './search.ts';
import { anything, type Spec } from '@polytask/components';

const space = {
  learningRate: { from: 1e-4, to: 1e-2, scale: 'log' },
  experts: { from: 3, to: 6, whole: true },
  levels: { choices: [[8], [16, 8]] },
} as const;

/** All proposals of a search, round by round, whose trainings are scored by a function. */
function roundsOf(
  spec: Spec<'search'>,
  setup: Parameters<typeof startSearch>[1],
  scoreOf: (proposal: Required<Proposal>, i: number) => number,
) {
  const plan = startSearch(spec, setup);
  const rounds: (readonly Required<Proposal>[])[] = [];
  for (let step = plan.next(); !step.done; step = plan.next(step.value.map(scoreOf))) rounds.push(step.value);
  return rounds;
}

test('a draw, by hand: names in order, a logarithmic middle, whole numbers with both ends, choices', () => {
  const at = (...numbers: number[]) => drawFrom(space, () => numbers.shift()!);
  expect(at(0, 0.5, 0)).toEqual({ experts: 3, learningRate: 1e-3, levels: [8] }); // √(1e-4 · 1e-2)
  expect(at(0.999, 0, 0.5)).toEqual({ experts: 6, learningRate: 1e-4, levels: [16, 8] });
});

test('draws depend on the seed alone, cover the space, and are as many as asked for', () => {
  const drawn = (trials: number, seed?: number) =>
    roundsOf(randomSearch(), { space, trials, epochs: 1, seed }, () => 0).flatMap((round) =>
      round.map(({ values }) => values),
    );
  const many = drawn(200);
  expect(many).toHaveLength(200);
  expect(drawn(9)).toEqual(many.slice(0, 9));
  expect(drawn(9, 1)).not.toEqual(many.slice(0, 9));
  expect(new Set(many.map(({ experts }) => experts))).toEqual(new Set([3, 4, 5, 6]));
  const below = many.filter(({ learningRate }) => (learningRate as number) < 1e-3).length;
  expect(Math.abs(below - 100)).toBeLessThan(30); // four deviations of a fair coin
});

test('a value has the position that it is drawn at', () => {
  for (const dimension of Object.values(space))
    for (const u of [0.01, 0.3, 0.5, 0.99]) {
      const value = valueAt(dimension, u);
      expect(valueAt(dimension, fractionOf(dimension, value))).toEqual(value);
    }
  expect(fractionOf(space.learningRate, 2e-4)).toBeCloseTo(Math.log(2) / Math.log(100), 12);
  expect([fractionOf(space.experts, 3), fractionOf(space.experts, 3.5), fractionOf(space.levels, [9])]).toEqual([
    0.125,
    NaN,
    NaN,
  ]);
});

test('a dimension with a condition is in the points that have it', () => {
  const conditional = {
    kind: { choices: ['a', 'b'] },
    depth: { choices: [1, 2], when: { kind: ['b'] } },
    inner: { choices: ['x'], when: { depth: [2] } },
  };
  expect(gridOf(conditional)).toEqual([{ kind: 'a' }, { depth: 1, kind: 'b' }, { depth: 2, inner: 'x', kind: 'b' }]);
  expect(drawFrom(conditional, () => 0.7)).toEqual({ depth: 2, inner: 'x', kind: 'b' });
  expect(() => checkPoint(conditional, { kind: 'a', depth: 1 }, 'a test')).toThrow('received depth 1');
  expect(() =>
    startSearch(randomSearch(), { space: { a: { choices: [1], when: { b: [2] } } }, epochs: 1 }).next(),
  ).toThrow('received "b"');
});

test.each([
  [{ from: 1, to: 0.1 }, 'from below to'],
  [{ from: 0, to: 1, scale: 'log' }, 'both above 0'],
  [{ from: 0.5, to: 2, whole: true }, 'both whole'],
  [{ from: 1, too: 2 }, 'Did you mean "to"?'],
  [{ choices: [] }, 'a list of 1 or more'],
])('the dimension %j is refused', (wrong, message) => {
  expect(() => dimensionOf(anything).read(wrong, 'rate')).toThrow(message);
});

test('rungs of successive halving, by hand', () => {
  expect(rungs(9, 9, 3)).toEqual([
    { candidates: 9, epochs: 1 },
    { candidates: 3, epochs: 3 },
    { candidates: 1, epochs: 9 },
  ]);
  expect(rungs(16, 8, 2)).toEqual([16, 8, 4, 2].map((candidates, i) => ({ candidates, epochs: 2 ** i })));
  expect(rungs(4, 20, 3)).toEqual([
    { candidates: 4, epochs: 7 },
    { candidates: 1, epochs: 20 },
  ]);
  expect(rungs(2, 20, 3)).toEqual([{ candidates: 2, epochs: 20 }]);
});

test('halving keeps the best of each rung and trains them longer, without failed ones', () => {
  const rate = ({ values }: Required<Proposal>) => values['learningRate'] as number;
  const setup = { space, trials: 9, epochs: 9 };
  const rounds = roundsOf(halving(), setup, rate);
  expect(rounds.map((round) => [round.length, round[0]!.epochs])).toEqual([
    [9, 1],
    [3, 3],
    [1, 9],
  ]);
  const best = [...rounds[0]!].sort((a, b) => rate(b) - rate(a)).map(({ values }) => values);
  expect(rounds[1]!.map(({ values }) => values)).toEqual(best.slice(0, 3));
  expect(rounds[2]!.map(({ values }) => values)).toEqual(best.slice(0, 1));
  expect(roundsOf(halving(), setup, () => NaN)).toHaveLength(1);
  expect(roundsOf(halving(), setup, (_, i) => (i === 4 ? 1 : NaN)).map((round) => round.length)).toEqual([9, 1]);
  const always = ({ experts }: { experts?: unknown }) => experts === 6;
  const kept = roundsOf(halving(), { ...setup, always }, (each) => -Number(always(each.values)));
  expect(kept.map((round) => [round.length, round.filter(({ values }) => always(values)).length])).toEqual([
    [9, rounds[0]!.filter(({ values }) => always(values)).length],
    [4, 1],
    [2, 1],
  ]);
});

test('a grid is every combination, in full', () => {
  const choices = { learningRate: { choices: [1e-3, 1e-2] }, levels: { choices: [[8], [16, 8], [4]] } };
  expect(roundsOf(gridSearch(), { space: choices, epochs: 4 }, () => 0)).toEqual([
    [1e-3, 1e-2].flatMap((learningRate) =>
      [[8], [16, 8], [4]].map((levels) => ({ values: { learningRate, levels }, epochs: 4 })),
    ),
  ]);
  expect(() => roundsOf(gridSearch(), { space, epochs: 1 }, () => 0)).toThrow(
    'choices for experts of a grid, received a range from 3 to 6',
  );
});

test('a search that proposes too much, or what the space has not, is refused', () => {
  const proposing = (name: string, rounds: (readonly Proposal[])[]) =>
    defineSearch(`test.${name}`, function* () {
      yield* rounds;
    })();
  const run = (spec: Spec<'search'>) => roundsOf(spec, { space, trials: 1, epochs: 4 }, () => 0);
  const values = { learningRate: 1e-3, experts: 3 };
  expect(run(proposing('fitting', [[{ values }]]))).toEqual([[{ values, epochs: 4 }]]); // levels: the default of the model
  expect(() => run(proposing('two', [[{ values }, { values: { experts: 4 } }]]))).toThrow('received 2 configurations');
  expect(() => run(proposing('long', [[{ values, epochs: 5 }]]))).toThrow('at most 1 configurations of 4 epochs');
  expect(() => run(proposing('again', [[{ values }], [{ values }]]))).toThrow('8 epochs');
  expect(() => run(proposing('half', [[{ values, epochs: 0.5 }]]))).toThrow('a whole number of 1 or more');
  expect(() => run(proposing('none', [[]]))).toThrow('0 in the last round');
  expect(() => run(proposing('unknown', [[{ values: { rate: 1 } }]]))).toThrow('received rate 1');
  expect(() => run(proposing('outside', [[{ values: { experts: 7 } }]]))).toThrow('received experts 7');
});
