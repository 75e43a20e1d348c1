import { describe, expect, test } from 'vitest';
import { some } from '../../../cases.base.ts';
import { boost, type BoostingModel, type Columns, type TrainingOptions } from './index.ts';
import { censusSample, draws, madeTable, rowsOf } from './testing/tables.ts';

/** Random rows of three numbers, one with missing values, and a category. The label rises with `a`, and is a curve of `b`. */
function randomTable(seed: number, rows = 400) {
  const u = draws(seed, rows, 6);
  const of = <T>(column: number, value: (x: number, row: number) => T) =>
    Array.from({ length: rows }, (_, row) => value(u[row * 6 + column]!, row));
  const columns = {
    a: of(0, (x) => Math.round(30 * x)),
    b: of(1, (x) => x),
    c: of(2, (x) => (x < 0.2 ? null : x)),
    kind: of(3, (x) => 'abcdefgh'[Math.floor(8 * x)]!),
  };
  const labels = of(4, (noise, row) => {
    const [a, b, c] = [columns.a[row]!, columns.b[row]!, columns.c[row] ?? 1];
    return a / 10 + 8 * (b - 0.4) ** 2 + 2 * c * b + (columns.kind[row]! < 'c' ? 2 : 0) + 4 * (noise - 0.5);
  });
  return { columns, labels };
}

const OPTIONS = { numIterations: 40, numLeaves: 15, minDataInLeaf: 3, minDataPerGroup: 5 } as const;

/** How far predictions fall, at most, when a column rises and all others stay. */
function greatestFall(
  model: BoostingModel,
  columns: Columns & { a: unknown[] },
  name: string,
  values: readonly number[],
) {
  const predictions = values.map((value) =>
    model.predict({ ...columns, [name]: columns.a.map(() => value) }, { rawScore: true }),
  );
  let fall = 0;
  for (const [i, row] of predictions.entries())
    if (i > 0) row.forEach((each, r) => (fall = Math.max(fall, predictions[i - 1]![r]! - each)));
  return fall;
}

const OBJECTIVES: readonly [TrainingOptions['objective'], (label: number) => number][] = [
  ['regression', (label) => label],
  ['binary', (label) => Number(label > 3)],
  ['poisson', (label) => Math.max(0, Math.round(label))],
  ['mae', (label) => label],
];

describe.each(OBJECTIVES)('monotone constraints of %s', (objective, labelOf) => {
  test.each(some([1, 2, 3], 1))('hold for all rows, whatever the labels say (seed %i)', (seed) => {
    const { columns, labels } = randomTable(seed);
    const rows = { objective, columns, labels: labels.map(labelOf), ...OPTIONS };
    const grid = {
      a: [...Array(32).keys()],
      b: [...Array(64).keys()].map((i) => i / 64),
      c: [...draws(9, 50, 1)].sort(),
    };
    const free = boost(rows);
    for (const name of ['a', 'b', 'c'] as const) {
      expect(greatestFall(free, columns, name, grid[name])).toBeGreaterThan(0.01);
      const rising = boost({ ...rows, monotoneConstraints: { [name]: 1, kind: 0 } });
      expect(greatestFall(rising, columns, name, grid[name])).toBe(0);
      const falling = boost({ ...rows, monotoneConstraints: { [name]: -1 } });
      expect(greatestFall(falling, columns, name, grid[name].toReversed())).toBe(0);
    }
    const all = boost({ ...rows, monotoneConstraints: { a: 1, b: -1, c: 1 } });
    expect(greatestFall(all, columns, 'a', grid.a)).toBe(0);
    expect(greatestFall(all, columns, 'b', grid.b.toReversed())).toBe(0);
    expect(greatestFall(all, columns, 'c', grid.c)).toBe(0);
    const more = boost({ ...rows, labels: rows.labels.toReversed(), initModel: all, monotoneConstraints: { a: 1 } });
    expect(greatestFall(more, columns, 'a', grid.a)).toBe(0);
  });
});

/** The columns on each way from the root to a leaf. */
function waysOf(model: BoostingModel): number[][] {
  return model.toJSON().trees.flatMap(({ column, children }) => {
    const below = (node: number, above: readonly number[]): number[][] =>
      node < 0
        ? [[...new Set(above)].sort()]
        : [0, 1].flatMap((side) => below(children[node * 2 + side]!, [...above, column[node]!]));
    return column.length === 0 ? [] : below(0, []);
  });
}

test.each([1, 2, 3])('no way to a leaf mixes columns of different groups (seed %i)', (seed) => {
  const { columns, labels } = randomTable(seed);
  const rows = { objective: 'regression', columns, labels, ...OPTIONS } as const;
  const groups = [[0, 1], [1, 2], [3]]; // kind is in no group
  const model = boost({
    ...rows,
    interactionConstraints: [
      ['a', 'b'],
      ['b', 'c'],
    ],
  });
  const ways = waysOf(model);
  const fits = (way: readonly number[]) => groups.some((group) => way.every((column) => group.includes(column)));
  expect(ways.filter((way) => !fits(way))).toEqual([]);
  expect(ways).toContainEqual([0, 1]);
  expect(ways).toContainEqual([1, 2]);
  expect(waysOf(boost(rows)).some((way) => !fits(way))).toBe(true);
});

test('constraints that allow everything change nothing', () => {
  const { columns, number: labels } = madeTable(1, 500);
  const rows = { objective: 'regression', columns, labels, numIterations: 10 } as const;
  const free = boost(rows).toJSON();
  const all = boost({ ...rows, monotoneConstraints: { x0: 0 }, interactionConstraints: [Object.keys(columns)] });
  expect(all.toJSON().trees.map(({ column, left }) => [column, left])).toEqual(
    free.trees.map(({ column, left }) => [column, left]),
  );
});

test('constraints that fit no column are refused', () => {
  const { columns, labels } = censusSample();
  const rows = { columns: rowsOf(columns, 0, 500), labels: labels.income.slice(0, 500) };
  const refused = (options: Partial<TrainingOptions>) => () => boost({ objective: 'binary', ...rows, ...options });
  expect(refused({ monotoneConstraints: { ages: 1 } })).toThrow('Did you mean "age"?');
  expect(refused({ interactionConstraints: [['age', 'ages']] })).toThrow('a column in interactionConstraints');
  expect(refused({ monotoneConstraints: { age: 2 as 1 } })).toThrow(
    'one of -1, 0, 1 for boost.monotoneConstraints.age',
  );
  expect(refused({ monotoneConstraints: { education: 1 } })).toThrow('received categories in column "education"');
  expect(refused({ objective: 'multiclass', monotoneConstraints: { age: 1 } })).toThrow('received "multiclass"');
});
