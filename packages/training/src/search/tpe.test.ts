import { expect, test } from 'vitest';
import { fractionOf, type Point, type SearchSpace } from './space.ts';
import { randomSearch, type ScoredPoint, type SearchSetup, startSearch } from './search.ts';
import { tpe } from './tpe.ts';

const space: SearchSpace = {
  rate: { from: 1e-4, to: 1e-1, scale: 'log' },
  width: { from: 1, to: 64, whole: true },
  kind: { choices: ['a', 'b', 'c', 'd'] },
  depth: { from: 0, to: 1, when: { kind: ['c'] } },
};

/** Best at rate 1e-2, width 16, kind c and depth .25; a point without a depth has none to get right. */
function quality(values: Point): number {
  const at = (name: string) => fractionOf(space[name]!, values[name]);
  const depth = values['kind'] === 'c' ? 0.5 - (at('depth') - 0.25) ** 2 : 0;
  return depth - (at('rate') - 2 / 3) ** 2 - (at('width') - 0.25) ** 2;
}

function searched(spec: Parameters<typeof startSearch>[0], more: Partial<SearchSetup> = {}) {
  const plan = startSearch(spec, { space, trials: 40, epochs: 1, ...more });
  const tried: ScoredPoint[] = [];
  const rounds: number[] = [];
  for (let step = plan.next(); !step.done;) {
    const scored = step.value.map((each) => ({ ...each, score: quality(each.values) }));
    tried.push(...scored);
    rounds.push(scored.length);
    step = plan.next(scored.map(({ score }) => score));
  }
  return { tried, rounds, best: Math.max(...tried.map(({ score }) => score)) };
}

test('after random configurations, one at a time or a batch', () => {
  expect(searched(tpe()).rounds).toEqual([10, ...Array.from({ length: 30 }, () => 1)]);
  expect(searched(tpe({ startup: 5, batch: 8 })).rounds).toEqual([5, 8, 8, 8, 8, 3]);
  expect(searched(tpe(), { trials: 4 }).rounds).toEqual([4]);
  const random = searched(randomSearch(), { trials: 10 }).tried;
  expect(searched(tpe()).tried.slice(0, 10)).toEqual(random);
});

test('on a smooth function it is nearer to the best than random search, for each of ten seeds nearly', () => {
  const runs = Array.from({ length: 10 }, (_, seed) => searched(tpe(), { seed }));
  const better = runs.filter(({ best }, seed) => best > searched(randomSearch(), { seed }).best);
  expect(better.length).toBeGreaterThanOrEqual(9);
  expect(runs.reduce((sum, { best }) => sum + best, 0) / 10).toBeGreaterThan(0.49); // the best is 0.5
  const late = runs.flatMap(({ tried }) => tried.slice(-10));
  expect(late.filter(({ values }) => values['kind'] === 'c').length).toBeGreaterThan(70);
});

test('it goes on from what earlier searches have trained', () => {
  const { tried } = searched(tpe());
  const next = searched(tpe(), { finished: tried, trials: 5, seed: 1 });
  expect(next.rounds).toEqual([1, 1, 1, 1, 1]);
  expect(next.best).toBeGreaterThan(0.49);
  const before = new Set(tried.map(({ values }) => JSON.stringify(values)));
  expect(next.tried.some(({ values }) => before.has(JSON.stringify(values)))).toBe(false);
});

test('a small space is tried as a whole before anything is tried again', () => {
  const small: SearchSpace = { a: { choices: [1, 2, 3] }, b: { choices: ['x', 'y'] } };
  const plan = startSearch(tpe({ startup: 2 }), { space: small, trials: 6, epochs: 1 });
  const seen = new Set<string>();
  for (let step = plan.next(); !step.done; step = plan.next(step.value.map(({ values }) => values['a'] as number)))
    for (const { values } of step.value) seen.add(JSON.stringify(values));
  expect(seen.size).toBe(6);
});
