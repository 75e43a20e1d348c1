import { describe, expect, test } from 'vitest';
import { BinnedColumns, boost, BoostingModel, refit, type BoostOptions } from './index.ts';
import { madeTable, rowsOf } from './testing/tables.ts';

const table = madeTable(1, 600);
const other = madeTable(2, 300);
const small = { columns: table.columns, labels: table.number, objective: 'regression' } as const;
const classes = table.number.map((y) => Math.min(2, Math.floor(y / 8)));
const TASKS: readonly [string, Omit<BoostOptions, 'numIterations'>][] = [
  ['regression', small],
  ['binary', { ...small, objective: 'binary', labels: table.number.map((y) => Number(y > 12)) }],
  ['multiclass', { ...small, objective: 'multiclass', labels: classes }],
  ['poisson', { ...small, objective: 'poisson', labels: table.number.map((y) => Math.max(0, Math.round(y))) }],
];
const saved = (model: BoostingModel) => BoostingModel.fromJSON(JSON.parse(JSON.stringify(model)));

describe('more trees', () => {
  test.each(TASKS)('of the same rows make the model of one training: %s', (_, options) => {
    const whole = boost({ ...options, numIterations: 20 });
    const first = saved(boost({ ...options, numIterations: 12 }));
    expect(boost({ ...options, initModel: first, numIterations: 8 }).toJSON()).toEqual(whole.toJSON());
  });

  test('of other rows lower their loss, and stop where validation rows say so', () => {
    const shifted = other.number.map((y) => y + 5);
    const part = (first: number) => ({
      columns: rowsOf(other.columns, first, first + 150),
      labels: shifted.slice(first, first + 150),
    });
    const [train, held] = [part(0), part(150)];
    const first = boost({ ...small, numIterations: 20 });
    const model = boost({ ...small, ...train, initModel: first, validation: held });
    const lossOf = (each: BoostingModel) =>
      each.predict(held.columns).reduce((sum, mean, row) => sum + (mean - held.labels[row]!) ** 2, 0) / 150;
    expect(lossOf(model)).toBeLessThan(lossOf(first) / 2);
    expect(Math.min(...model.validationLoss!)).toBeCloseTo(lossOf(model), 9);
    expect(model.toJSON().trees.slice(0, 20)).toEqual(first.toJSON().trees);
    const useless = { columns: held.columns, labels: first.predict(held.columns) };
    const kept = boost({ ...small, ...train, initModel: first, validation: useless }); // every tree makes it worse
    expect(kept.toJSON().trees).toEqual(first.toJSON().trees);
  });

  test('and moved leaves give a class that no earlier row had its share, and then learn it', () => {
    const columns = { x: Array.from({ length: 300 }, (_, row) => row % 3) };
    const none = columns.x.map(() => 0);
    const first = saved(boost({ columns, objective: 'multiclass', numClass: 3, labels: columns.x.map((x) => x % 2) }));
    expect(first.predict({ x: [2] })[2]).toBeLessThan(1e-14);
    const [moved, model] = [
      refit(first, { columns, labels: columns.x, refitDecayRate: 0.9 }),
      boost({ columns, objective: 'multiclass', numClass: 3, labels: columns.x, initModel: first }),
    ];
    expect(moved.parts.start[2]).toBeCloseTo(Math.log(1 / 3), 9);
    expect(moved.parts.start[0]).toBeCloseTo(0.9 * Math.log(2 / 3) + 0.1 * Math.log(1 / 3), 9);
    expect(model.predict({ x: [2] })[2]).toBeGreaterThan(0.99);
    expect(model.predict({ x: [0] })[2]).toBeGreaterThan(0);
    for (const objective of ['binary', 'poisson'] as const) {
      const initModel = boost({ columns, objective, labels: none });
      const labels = columns.x.map((x) => Number(x === 2));
      expect(boost({ columns, objective, labels, initModel }).predict({ x: [2] })[0]).toBeCloseTo(1, 1);
    }
  });

  test('know further categories, and old ones have their predictions', () => {
    const state = ['a', 'b', null, 'c'].flatMap((each) => Array<string | null>(30).fill(each));
    const labels = state.map((each) => ({ a: 1, b: 2, c: 9 })[each ?? ''] ?? 6);
    const first = boost({ objective: 'regression', columns: { state }, labels, learningRate: 0.5 });
    const columns = { state: [...Array<string>(40).fill('d'), ...Array<string>(30).fill('e')] };
    const before = first.predict({ state: ['a', 'b', 'c', null, 'd'] });
    expect(before[4]).toBe(before[3]); // unknown is missing
    const grown = BinnedColumns.growing(first, columns);
    expect(grown.bins).toEqual([{ name: 'state', categories: ['a', 'b', 'c', 'd', 'e'] }]);
    const options = {
      objective: 'regression',
      columns,
      initModel: first,
      catSmooth: 0,
      catL2: 0,
      minDataPerGroup: 1,
    } as const;
    const same = boost({ ...options, labels: [...first.predict(columns)] });
    expect(same.predict({ state: ['a', 'b', 'c', null, 'd'] })).toEqual(before); // without a residual, there is no tree
    const model = boost({ ...options, labels: columns.state.map((each) => (each === 'd' ? 20 : 30)) });
    expect(saved(model).predict({ state: ['d', 'e'] })[0]).toBeCloseTo(20, 2);
    expect(model.predict({ state: ['e'] })[0]).toBeCloseTo(30, 2);
    expect(BinnedColumns.growing(first, columns, { maxBin: 4 }).bins).toEqual([
      { name: 'state', categories: ['a', 'b', 'c', 'd'] }, // the most frequent one
    ]);
  });
});

describe('refit', () => {
  const model = boost({
    ...{ objective: 'regression', columns: { x: [1, 2, 3, 4] }, labels: [0, 0, 8, 8] },
    ...{ learningRate: 0.5, minDataInLeaf: 1, numLeaves: 2, numIterations: 2 },
  }); // 4, then leaves of −2 and 2, then −1 and 1

  test('moves each leaf by the rows that reach it', () => {
    const rows = { columns: { x: [1, 2, 4] }, labels: [3, 5, 13], learningRate: 0.5 };
    // The mean is 7. With .75 kept, the start is 4.75. Then gradients are 1.75, −.25 and −8.25, of which the means are .75 and −8.25.
    const first = [0.75 * -2 - 0.25 * 0.5 * 0.75, 0.75 * 2 + 0.25 * 0.5 * 8.25];
    const residual = [4 - 4.75 - first[0]!, 13 - 4.75 - first[1]!];
    const second = [0.75 * -1 + 0.25 * 0.5 * residual[0]!, 0.75 + 0.25 * 0.5 * residual[1]!];
    const refitted = refit(model, { ...rows, refitDecayRate: 0.75 });
    const { start, trees } = refitted.toJSON();
    expect(start).toEqual([4.75]);
    [first, second].forEach((values, t) =>
      values.forEach((value, leaf) => expect(trees[t]!.value[leaf]).toBeCloseTo(value, 6)),
    );
    expect(trees.map(({ column, left }) => [column, left])).toEqual(
      model.toJSON().trees.map(({ column, left }) => [column, left]),
    );
  });

  test.each(TASKS)('by the training rows changes nothing: %s', (_, options) => {
    const trained = boost({ ...options, numIterations: 8 });
    const again = refit(trained, { columns: options.columns, labels: options.labels, refitDecayRate: 0 });
    const [a, b] = [trained, again].map((each) => each.predict(other.columns));
    a!.forEach((value, row) => expect(b![row]).toBeCloseTo(value, 5));
    const kept = refit(trained, {
      columns: other.columns,
      labels: Array.from(options.labels).slice(0, 300),
      refitDecayRate: 1,
    });
    expect(kept.toJSON()).toEqual(trained.toJSON());
  });

  test('keeps the value of a leaf without rows, and weights count', () => {
    const [left] = refit(model, { columns: { x: [4] }, labels: [100] }).toJSON().trees;
    expect(left!.value[0]).toBe(-2);
    const rows = { columns: { x: [1, 1, 4] }, labels: [0, 6, 8] };
    expect(refit(model, { ...rows, weights: [2, 1, 1] }).toJSON()).toEqual(
      refit(model, { columns: { x: [1, 1, 1, 4] }, labels: [0, 0, 6, 8] }).toJSON(),
    );
  });
});

test('other columns, labels and objectives are errors', () => {
  const initModel = boost({ ...small, numIterations: 2 });
  const multiclass = boost({ ...small, objective: 'multiclass', labels: classes, numIterations: 2 });
  const more = (options: object) => () => boost({ ...small, initModel, ...options } as BoostOptions);
  expect(more({ objective: 'poisson' })).toThrow(
    'Expected the objective "regression" of initModel, received "poisson". Leave initModel out, or keep its objective.',
  );
  const of = { objective: 'multiclass', initModel: multiclass, labels: classes };
  expect(more({ ...of, numClass: 4 })).toThrow('and its 3 classes, received "multiclass" of 4 classes');
  expect(more({ ...of, labels: classes.map((each) => each + 1) })).toThrow('below 3 for each label, received 3');
  expect(more({ columns: BinnedColumns.of(other.columns), labels: other.number })).toThrow(
    'columns with the bins of initModel',
  );
  const { x0: _, ...fewer } = table.columns;
  expect(more({ columns: fewer })).toThrow('column "x0"');
  expect(() => refit(initModel, { columns: table.columns, labels: table.number, refitDecayRate: 2 })).toThrow(
    'refit.refitDecayRate',
  );
});
