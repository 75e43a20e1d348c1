import { binary, denseSchema, multiTaskModel, type Schema } from '@polytask/core';
import { expect, test } from 'vitest';
import { type ModelSize, models } from '../models/models.ts';
import { modelVariants } from '../models/model-variant.ts';
import { matchedSizes, matchWidths, multiplyAdds } from './budget.ts';

const tasks = { a: binary(), b: binary(), c: binary() };
const size: ModelSize = { levels: [8, 4], experts: 6, tower: [3], embedding: 2 };

function costOf(name: string, schema: Schema = denseSchema(5, tasks)): number {
  const row = models().find((each) => each.name === name)!;
  const model = multiTaskModel({ schema, ...row.build(size, Object.keys(tasks)), seed: 1 });
  try {
    return multiplyAdds(model);
  } finally {
    model.dispose();
  }
}

const towersAndHeads = 3 * (4 * 3 + 3);

test('multiply-adds by hand: an input of 5, levels of 8 and 4, towers of 3', () => {
  expect(costOf('logistic-regression')).toBe(3 * 5);
  expect(costOf('single-task')).toBe(3 * (5 * 8 + 8 * 4) + towersAndHeads);
  expect(costOf('shared-bottom')).toBe(5 * 8 + 8 * 4 + towersAndHeads);
});

test('gates and what they mix are products too', () => {
  const gates = 3 * (5 * 6); // three tasks, an input of 5, six experts
  const mixing = 3 * 6 * 4; // what each task takes from six experts of width 4
  expect(costOf('mmoe')).toBe(6 * (5 * 8 + 8 * 4) + gates + mixing + towersAndHeads);
});

test('looking an embedding up costs nothing; what it is multiplied by does', () => {
  const schema: Schema = {
    features: { x: { kind: 'vector', width: 3 }, city: { kind: 'categorical', vocabulary: ['p', 'q'] } },
    tasks,
  };
  expect(costOf('shared-bottom', schema)).toBe((3 + size.embedding) * 8 + 8 * 4 + towersAndHeads);
});

test('widths that come nearest to a cost, in proportion', () => {
  const cost = ([a, b]: readonly number[]) => 10 * a! + a! * b!;
  // [36, 18] costs 1008, [35, 18] 980
  expect(matchWidths([128, 64], 1000, cost)).toEqual([36, 18]);
  expect(matchWidths([128, 64], cost([128, 64]), cost)).toEqual([128, 64]);
  expect(matchWidths([4], 10, ([a]) => 4 * a!)).toEqual([2]); // 8 and 12 are as near
  expect(matchWidths([4, 2], 1, cost)).toEqual([1, 1]); // no narrower ones
  expect(matchWidths([128, 64], 1000, () => 7)).toEqual([128, 64]);
});

test('models of one budget cost the same, as near as a width more or less', { tags: ['long'] }, () => {
  const schema = denseSchema(20, tasks);
  const wide: ModelSize = { ...size, levels: [64, 32] };
  const all = modelVariants(['logistic-regression', 'single-task', 'mmoe', 'adatt']);
  for (const by of ['parameters', 'multiply-adds'] as const) {
    const cost = (i: number, at: ModelSize) => {
      const model = multiTaskModel({ schema, ...all[i]!.entry.build(at, Object.keys(tasks)), seed: 1 });
      const value = by === 'parameters' ? model.parameterCount : multiplyAdds(model);
      model.dispose();
      return value;
    };
    const sizes = matchedSizes(all, { size: wide, match: { by, to: 'adatt' }, schema, candidates: all });
    expect(sizes[0]).toEqual(wide); // a linear model has no widths
    expect(sizes[3]).toEqual(wide);
    const target = cost(3, wide);
    for (const i of [1, 2]) expect(Math.abs(cost(i, sizes[i]!) / target - 1), all[i]!.label).toBeLessThan(0.02);
    expect(sizes[1]!.levels[0]).toBeGreaterThan(64); // it has fewer experts
  }
  expect(() =>
    matchedSizes(all, { size: wide, match: { by: 'parameters', to: 'adat' }, schema, candidates: all }),
  ).toThrow('Did you mean "adatt"?');
});
