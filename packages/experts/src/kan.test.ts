import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { kan, type KanOptions } from './kan.ts';

/** B-spline b of a degree on the paper's grid, by the recursion of Cox and de Boor. */
function spline(x: number, b: number, degree: number, knot: (i: number) => number): number {
  if (degree === 0) return x >= knot(b) && x < knot(b + 1) ? 1 : 0;
  const rise = (x - knot(b)) / (knot(b + degree) - knot(b));
  const fall = (knot(b + degree + 1) - x) / (knot(b + degree + 1) - knot(b + 1));
  return rise * spline(x, b, degree - 1, knot) + fall * spline(x, b + 1, degree - 1, knot);
}

describe('kan', () => {
  it.each([
    { degree: 3, grid: 5, range: 3 },
    { degree: 2, grid: 4, range: 1 },
    { degree: 1, grid: 1, range: 2 },
    { degree: 5, grid: 3, range: 2 },
  ])('is a sum of silu and of splines by Cox and de Boor: %j', ({ degree, grid, range }) => {
    const units = [4, 2];
    const bank = tinyBank(kan({ units, degree, grid, range }));
    const inputs = ['a', 'b', 'c'].map((name) => [...tinyRows(6, 3, name), [-range, range, 10 * range]]);
    const of = (name: string, m: number) => (bank.read(`e.${name}`) as number[][][])[m]!;
    const knot = (i: number) => -range + ((i - degree) * 2 * range) / grid;
    const count = grid + degree;
    const expected = inputs.map((rows, m) =>
      units.reduce((x, width, l) => {
        const [base, coefficients] = [of(`${l}.base`, m), of(`${l}.spline`, m)];
        return x.map((row) =>
          Array.from({ length: width }, (_, o) =>
            row.reduce((sum, value, i) => {
              const learned = Array.from(
                { length: count },
                (__, b) => spline(value, b, degree, knot) * coefficients[i * count + b]![o]!,
              );
              return sum + base[i]![o]! * value * plain.sigmoid(value) + learned.reduce((a, c) => a + c, 0);
            }, 0),
          ),
        );
      }, rows),
    );
    expectClose(bank.run(inputs), expected, 4);
  });

  it('splines sum to 1 within the grid, and are 0 far from it', () => {
    const bank = tinyBank(kan({ units: [1] }), { members: ['a.0'], inputDim: 1 });
    bank.write('e.0.base', [0]);
    bank.write('e.0.spline', new Array(8).fill(1));
    expectClose(bank.run([[[-3], [-1.1], [0], [2.7], [3], [50], [-50]]]), [[[1], [1], [1], [1], [1], [0], [0]]]);
  });

  it.each<[unknown, string]>([
    [{ units: [] }, 'for kan.units'],
    [{ units: [2], degree: 0 }, 'for kan.degree, received 0.'],
    [{ units: [2], range: 0 }, 'Expected a number above 0 for kan.range, received 0.'],
    [{ units: [2], gird: 3 }, 'Did you mean "grid"?'],
  ])('refuses %j', (config, message) => {
    expect(() => kan(config as KanOptions)).toThrow(message);
  });
});
