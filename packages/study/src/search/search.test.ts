import { expect, test, vi } from 'vitest';
import { modelVariants } from '../models/model-variant.ts';
import {
  candidatesOf,
  rungs,
  search,
  searchCheck,
  type SearchDeclaration,
  searchPlan,
  type SearchResult,
  whatToTry,
} from './search.ts';
import { drawFrom, type Hyperparameters, weightsToTry } from '../models/space.ts';

/** What a search returns whose configurations are measured by a function. */
async function searched(
  plan: Parameters<typeof search<Hyperparameters>>[0],
  direction: 'higher' | 'lower',
  measure: (values: readonly Hyperparameters[], epochs: number) => readonly number[],
) {
  const step = await search(plan, direction, async function* (values, epochs) {
    yield* [];
    return await Promise.resolve(measure(values, epochs));
  }).next();
  return step.value as SearchResult;
}

const space = {
  learningRate: { from: 1e-4, to: 1e-2, scale: 'log' },
  experts: { from: 3, to: 6, whole: true },
  levels: { choices: [[8], [16, 8]] },
} as const;
const declaration: SearchDeclaration = { method: 'halving', trials: 9, space };

test('a draw, by hand: names in order, a logarithmic middle, whole numbers with both ends, choices', () => {
  const at = (...numbers: number[]) => drawFrom(space, () => numbers.shift()!);
  expect(at(0, 0.5, 0)).toEqual({ experts: 3, learningRate: 1e-3, levels: [8] }); // √(1e-4 · 1e-2)
  expect(at(0.999, 0, 0.5)).toEqual({ experts: 6, learningRate: 1e-4, levels: [16, 8] });
});

test('draws depend on the seed alone, cover the space, and are as many as asked for', () => {
  const many = candidatesOf({ ...declaration, trials: 200 }, space);
  expect(many).toHaveLength(200);
  expect(candidatesOf(declaration, space)).toEqual(many.slice(0, 9));
  expect(candidatesOf({ ...declaration, seed: 1 }, space)).not.toEqual(many.slice(0, 9));
  expect(new Set(many.map(({ experts }) => experts))).toEqual(new Set([3, 4, 5, 6]));
  const below = many.filter(({ learningRate }) => learningRate! < 1e-3).length;
  expect(Math.abs(below - 100)).toBeLessThan(30); // four deviations of a fair coin
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

test('halving keeps the best of each rung and trains them longer; lower is better where it is a loss', async () => {
  const loss = ({ learningRate }: Hyperparameters) => Math.abs(Math.log(learningRate! / 2e-3));
  const measure = vi.fn((values: readonly Hyperparameters[], epochs: number) =>
    values.map((value) => loss(value) / epochs),
  );
  const { best, last } = await searched(searchPlan(declaration, space, 9), 'lower', measure);
  expect(measure.mock.calls.map(([values, epochs]) => [values.length, epochs])).toEqual([
    [9, 1],
    [3, 3],
    [1, 9],
  ]);
  const least = candidatesOf(declaration, space).sort((a, b) => loss(a) - loss(b))[0]!;
  expect(best).toEqual({ values: least, epochs: 9, score: loss(least) / 9 });
  expect(last).toEqual([best]);
});

test('a random search trains each in full; failed ones are never chosen', async () => {
  const measure = vi.fn((values: readonly Hyperparameters[]) =>
    values.map((_, i) => (i === 4 ? 0.7 : i === 2 ? NaN : 0.1 * (i % 3))),
  );
  const { best, last } = await searched(searchPlan({ ...declaration, method: 'random' }, space, 9), 'higher', measure);
  expect(measure.mock.calls.map(([values]) => values.length)).toEqual([9]);
  expect(best!.values).toEqual(candidatesOf(declaration, space)[4]);
  expect(last.map(({ score }) => Number(score.toFixed(12)))).toEqual([0, 0.1, NaN, 0, 0.7, 0.2, 0, 0.1, 0.2]);
  expect(
    (await searched(searchPlan(declaration, space, 9), 'higher', (values) => values.map(() => NaN))).best,
  ).toBeUndefined();
});

test('a grid is every combination of the choices, in full, and as many for every model', async () => {
  const choices = { learningRate: { choices: [1e-3, 1e-2] }, levels: { choices: [[8], [16, 8], [4]] } } as const;
  const grid: SearchDeclaration = { method: 'grid', space: choices };
  expect(candidatesOf(grid, choices)).toEqual(
    [1e-3, 1e-2].flatMap((learningRate) => [[8], [16, 8], [4]].map((levels) => ({ learningRate, levels }))),
  );
  const measure = vi.fn((values: readonly Hyperparameters[], _epochs: number) =>
    values.map(({ levels, learningRate }) => levels!.length / learningRate!),
  );
  const { best, last } = await searched(searchPlan(grid, choices, 4), 'higher', measure);
  expect(measure.mock.calls.map(([values, epochs]) => [values.length, epochs])).toEqual([[6, 4]]);
  expect(best!.values).toEqual({ learningRate: 1e-3, levels: [16, 8] });
  expect(last.map(({ values }) => values)).toEqual(candidatesOf(grid, choices));
  expect(candidatesOf(grid, { ...choices, learningRate: { choices: [1, 2] } })).toHaveLength(6);
  expect(() => candidatesOf(grid, { ...choices, embedding: { choices: [4, 8] } })).toThrow(
    'Expected 6 configurations for each model of a grid, received 12',
  );
  expect(() => candidatesOf({ method: 'grid', space }, space)).toThrow(
    'choices for experts of a grid, received a range from 3 to 6',
  );
});

test.each([
  [{ ...declaration, method: 'all' }, 'one of "random", "halving", "grid"'],
  [{ ...declaration, method: 'grid' }, 'no trials for search by grid'],
  [{ method: 'random', space }, 'search.trials, received none'],
  [{ ...declaration, space: { learningrate: { choices: [1] } } }, 'Did you mean "learningRate"?'],
  [{ ...declaration, space: { learningRate: { from: 1, to: 0.1 } } }, 'from below to'],
  [{ ...declaration, space: { learningRate: { from: 0, to: 1, scale: 'log' } } }, 'both above 0'],
  [{ ...declaration, space: { learningRate: { from: 1, too: 2 } } }, 'Did you mean "to"?'],
  [{ ...declaration, space: { experts: { choices: [2, 0] } } }, 'choices[1]'],
  [{ ...declaration, space: { start: { choices: ['small', 'keras'] } } }, 'one of "small", "pytorch"'],
  [{ ...declaration, space: { start: { from: 0, to: 1 } } }, 'one of "small", "pytorch"'],
  [{ ...declaration, trials: 0 }, 'search.trials'],
])('%j is refused', (wrong, message) => {
  expect(() => searchCheck.read(wrong, 'search')).toThrow(message);
});

test('weights are tried under the configuration of the plain sum, in full, whatever the suite searches', () => {
  const [plain] = modelVariants(['adatt']);
  const tuned = { ...plain!, label: 'adatt + tuned-weights', tunedFrom: 'adatt' };
  const weights = weightsToTry(['a', 'b']);
  const options = {
    declaration: { method: 'halving', trials: 4, space: { learningRate: { from: 0.1, to: 1 } } },
    tasks: ['a', 'b'],
    epochs: 8,
    chosen: new Map([['adatt', { learningRate: 0.2 }]]),
  } as const;
  expect(whatToTry(tuned, options)).toEqual({
    candidates: weights.map((taskWeights) => ({ learningRate: 0.2, taskWeights })),
    rounds: [{ candidates: 5, epochs: 8 }],
  });
  expect(whatToTry(tuned, { ...options, declaration: undefined, chosen: new Map() })!.candidates).toEqual(
    weights.map((taskWeights) => ({ taskWeights })),
  );
  expect(whatToTry(plain!, options)!.candidates).toHaveLength(4);
  expect(whatToTry(plain!, { ...options, declaration: undefined })).toBeUndefined();
});
