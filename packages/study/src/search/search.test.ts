import { specNamed } from '@polytask/components';
import { expect, test, vi } from 'vitest';
import { modelVariants } from '../models/model-variant.ts';
import { type Hyperparameters, weightsToTry } from '../models/models.ts';
import {
  search,
  searchCheck,
  type SearchDeclaration,
  searchPlan,
  type SearchResult,
  type Training,
  whatToTry,
} from './search.ts';

/** What a search returns whose configurations are measured by a function. */
async function searched(
  plan: Parameters<typeof search>[0],
  direction: 'higher' | 'lower',
  measure: (round: readonly Training[]) => readonly number[],
) {
  const step = await search(plan, direction, async function* (round) {
    yield* [];
    return await Promise.resolve(measure(round));
  }).next();
  return step.value as SearchResult;
}

const space = {
  learningRate: { from: 1e-4, to: 1e-2, scale: 'log' },
  experts: { from: 3, to: 6, whole: true },
  levels: { choices: [[8], [16, 8]] },
} as const;
const declaration: SearchDeclaration = { method: 'halving', trials: 9, space };

test('the best of those that were trained longest; lower is better where it is a loss', async () => {
  const loss = ({ learningRate }: Hyperparameters) => Math.abs(Math.log(learningRate! / 2e-3));
  const measure = vi.fn((round: readonly Training[]) => round.map(({ values, epochs }) => loss(values) / epochs));
  const { best, longest, configurations } = await searched(searchPlan(declaration, space, 9), 'lower', measure);
  expect(measure.mock.calls.map(([round]) => [round.length, round[0]!.epochs])).toEqual([
    [9, 1],
    [3, 3],
    [1, 9],
  ]);
  const values = measure.mock.calls[0]![0].map((each) => each.values);
  const least = [...values].sort((a, b) => loss(a) - loss(b))[0]!;
  expect(best).toEqual({ values: least, epochs: 9, score: loss(least) / 9 });
  expect(longest).toEqual([best]);
  expect(configurations).toBe(9);
});

test('all that was trained longest, in the order of the proposals; failed ones are never chosen', async () => {
  const measure = vi.fn((round: readonly Training[]) =>
    round.map((_, i) => (i === 4 ? 0.7 : i === 2 ? NaN : 0.1 * (i % 3))),
  );
  const random = searchPlan({ ...declaration, method: 'random' }, space, 9);
  const { best, longest } = await searched(random, 'higher', measure);
  expect(best!.values).toEqual(measure.mock.calls[0]![0][4]!.values);
  expect(longest.map(({ score }) => Number(score.toFixed(12)))).toEqual([0, 0.1, NaN, 0, 0.7, 0.2, 0, 0.1, 0.2]);
  const failed = await searched(searchPlan(declaration, space, 9), 'higher', (round) => round.map(() => NaN));
  expect(failed.best).toBeUndefined();
});

test('a grid has as many configurations for every model', () => {
  const choices = { learningRate: { choices: [1e-3, 1e-2] }, levels: { choices: [[8], [16, 8], [4]] } } as const;
  const grid: SearchDeclaration = { method: 'grid', space: choices };
  const size = (own: Parameters<typeof searchPlan>[1]) => (searchPlan(grid, own, 4).next().value as Training[]).length;
  expect(size({ ...choices, learningRate: { choices: [1, 2] } })).toBe(6);
  expect(() => size({ ...choices, embedding: { choices: [4, 8] } })).toThrow(
    'Expected 6 configurations for each model of a grid, received 12',
  );
});

test('a method is a text with options, in its canonical form', () => {
  expect(specNamed('search', 'TPE( startup = 5 )')).toMatchObject({ name: 'tpe', config: { startup: 5, batch: 1 } });
  expect(searchCheck.read({ ...declaration, method: 'tpe( startup=5, share=0.50 )' }, 'search').method).toBe(
    'tpe(share=0.5,startup=5)',
  );
});

test.each([
  [{ ...declaration, method: 'halvin' }, 'Did you mean "halving"?'],
  [{ ...declaration, method: 'tpe(start=5)' }, 'Did you mean "startup"?'],
  [{ ...declaration, method: 'halving(eta=1)' }, 'a whole number of 2 or more'],
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
  const rounds = (...args: Parameters<typeof whatToTry>) => [whatToTry(...args)!.next().value];
  expect(rounds(tuned, options)).toEqual([
    weights.map((taskWeights) => ({ values: { learningRate: 0.2, taskWeights }, epochs: 8 })),
  ]);
  expect(rounds(tuned, { ...options, declaration: undefined, chosen: new Map() })).toEqual([
    weights.map((taskWeights) => ({ values: { taskWeights }, epochs: 8 })),
  ]);
  expect(whatToTry(plain!, options)!.next().value).toHaveLength(4);
  expect(whatToTry(plain!, { ...options, declaration: undefined })).toBeUndefined();
});
