import { binary, bpr, labelsOf, layoutOf, regression, type Batch, type Examples } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { tinyExamples } from '../testing/tiny.ts';
import { atPreference, drawPreferences } from './preferences.ts';

const tasks = { click: binary(), minutes: regression(), like: binary() };
const names = Object.keys(tasks);
const rows = tinyExamples(tasks, 4000, 1);
const all = Uint32Array.from({ length: rows.size }, (_, row) => row);
const some = all.slice(0, 50);
const before = rows.batch(some);

/** The last three numbers of each row, and its other numbers. */
function taken({ schema }: Pick<Examples, 'schema'>, { numeric, size }: Batch) {
  const width = layoutOf(schema).numeric;
  const at = (row: number) => [...numeric.subarray(row * width, (row + 1) * width)];
  return Array.from({ length: size }, (_, row) => ({ own: at(row).slice(0, -3), preference: at(row).slice(-3) }));
}

describe('drawPreferences', () => {
  const drawn = drawPreferences(rows, { seed: 5 });
  const after = drawn.batch(some);
  const parts = taken(drawn, after);

  it('is a vector feature, and a factor of the weights; all else is as it was', () => {
    expect(drawn.schema.features['preference']).toEqual({ kind: 'vector', width: 3 });
    expect(drawn.schema.tasks).toBe(rows.schema.tasks);
    expect(after.labels).toEqual(before.labels);
    expect(parts.flatMap(({ own }) => own)).toEqual([...before.numeric]);
    parts.forEach(({ preference }, row) => {
      expect(preference.reduce((sum, share) => sum + share)).toBeCloseTo(1, 6);
      names.forEach((name, t) =>
        expect(labelsOf(after, name).weights[row]).toBeCloseTo(
          labelsOf(before, name).weights[row]! * preference[t]!,
          6,
        ),
      );
    });
  });

  it('is the same for the same rows in the same order, and another for other orders and seeds', () => {
    const turned = some.toReversed();
    expect(drawn.batch(some)).toEqual(drawPreferences(rows, { seed: 5 }).batch(some));
    const of = (examples: Examples, indices: Uint32Array) =>
      taken(examples, examples.batch(indices)).map(({ preference }) => preference);
    expect(of(drawn, turned).reverse()).not.toEqual(of(drawn, some));
    expect(of(drawPreferences(rows, { seed: 6 }), some)).not.toEqual(of(drawn, some));
  });

  it.each([0.5, 1, 4])('has the moments of a Dirichlet distribution, alpha %d', (alpha) => {
    const examples = drawPreferences(rows, { alpha, seed: 2 });
    const shares = taken(examples, examples.batch(all)).map(({ preference }) => preference);
    const variance = ((1 / 3) * (2 / 3)) / (3 * alpha + 1);
    for (const t of [0, 1, 2]) {
      const mean = shares.reduce((sum, share) => sum + share[t]!, 0) / shares.length;
      const squares = shares.reduce((sum, share) => sum + (share[t]! - mean) ** 2, 0) / shares.length;
      expect(Math.abs(mean - 1 / 3)).toBeLessThan(4 * Math.sqrt(variance / shares.length));
      expect(Math.abs(squares / variance - 1)).toBeLessThan(0.1);
    }
  });

  it('weighs the mean loss of a task so that its expectation is T · E[p L(p)]', () => {
    // a loss that depends on the preference: L = p₁², so T · E[p₁³] = 3 · 1 · 2 · 3 / (3 · 4 · 5) for a uniform p
    const weights = taken(drawn, drawn.batch(all)).map(({ preference }) => preference[0]!);
    const loss = weights.reduce((sum, p) => sum + p ** 3, 0) / weights.reduce((sum, p) => sum + p, 0);
    expect(loss).toBeCloseTo(0.3, 1.5);
  });
});

describe('atPreference', () => {
  it('is the same for all rows, all equal by default, and leaves labels and weights', () => {
    const at = atPreference(rows, [0.5, 0.25, 0.25]);
    const batch = at.batch(some);
    expect(batch).toMatchObject({ labels: before.labels, weights: before.weights });
    for (const { preference } of taken(at, batch)) expect(preference).toEqual([0.5, 0.25, 0.25]);
    const equal = atPreference(rows);
    expect(taken(equal, equal.batch([7]))[0]!.preference).toEqual(Array(3).fill(Math.fround(1 / 3)));
  });

  it('has a schema that a model of drawn rows was made for', () => {
    expect(atPreference(rows).schema).toEqual(drawPreferences(rows).schema);
  });
});

it.each<[() => unknown, string]>([
  [() => drawPreferences(rows, { alpha: 0.3 }), 'Expected a multiple of 0.5 for drawPreferences.alpha'],
  [() => drawPreferences(rows, { alhpa: 1 } as never), 'Did you mean "alpha"?'],
  [() => drawPreferences(atPreference(rows)), 'no feature "preference"'],
  [() => drawPreferences(tinyExamples({ click: binary() }, 3)), 'Expected two tasks or more'],
  [
    () => drawPreferences(tinyExamples({ ...tasks, rank: binary({ loss: bpr() }) }, 3)),
    'rank with bpr, which compares rows',
  ],
  [() => atPreference(rows, [0.5, 0.5]), 'a number of 0 or more for each task (click, minutes, like), with the sum 1'],
  [() => atPreference(rows, [1.5, -0.5, 0]), 'received [1.5, -0.5, 0]'],
  [() => atPreference(rows, [NaN, 0.5, 0.5]), 'with the sum 1'],
])('refusal %#', (call, message) => {
  expect(call).toThrow(message);
});
