import { describe, expect, test } from 'vitest';
import { boost, BoostingModel, type BoostOptions, type Columns } from './index.ts';
import { draws, madeTable } from './testing/tables.ts';

/** One full step per tree, and leaves of one row. */
const EXACT = { minDataInLeaf: 1, learningRate: 1, minSumHessianInLeaf: 0 } as const;
const stump = (options: Omit<BoostOptions, 'objective'> & Partial<BoostOptions>) =>
  boost({ objective: 'regression', numIterations: 1, numLeaves: 2, ...EXACT, ...options });
/** To six digits: derivatives have 32 bits. */
const list = (values: Float64Array) => Array.from(values, (value) => Math.round(value * 1e6) / 1e6 || 0);
const table = madeTable(1, 600);
const small = { columns: table.columns, labels: table.number, objective: 'regression', numIterations: 10 } as const;

describe('a tree by hand', () => {
  const columns = { x: [1, 2, 3, 4] };

  test('splits where the loss falls most, by G² / (H + λ)', () => {
    // The mean is 3, and gradients are 3, 2, −2, −3.
    const model = stump({ columns, labels: [0, 1, 5, 6] });
    expect(list(model.predict({ x: [0, 2.5, 2.6, 9] }))).toEqual([0.5, 0.5, 5.5, 5.5]);
    expect(model.featureImportance()).toEqual({ x: 25 / 2 + 25 / 2 - 0 });
    const shrunk = stump({ columns, labels: [0, 1, 5, 6], lambdaL2: 3 });
    expect(list(shrunk.predict({ x: [1, 4] }))).toEqual([3 - 5 / 5, 3 + 5 / 5]);
    expect(shrunk.featureImportance()).toEqual({ x: 5 + 5 });
  });

  test('grows the leaf next that gains most', () => {
    const leaves = { x: [1, 2, 3, 4, 5, 6], labels: [0, 1, 10, 10, 20, 40] };
    const model = stump({ columns: { x: leaves.x }, labels: leaves.labels, numLeaves: 3 });
    expect(list(model.predict({ x: leaves.x }))).toEqual([0.5, 0.5, 13.333333, 13.333333, 13.333333, 40]);
  });

  test('takes a step of Newton for binary labels', () => {
    const model = stump({ objective: 'binary', columns, labels: [0, 0, 0, 1], learningRate: 0.5 });
    const start = Math.log(1 / 3);
    const value = (gradient: number, hessian: number) => start - (0.5 * gradient) / hessian;
    expect(model.predict({ x: [1] }, { rawScore: true })[0]).toBeCloseTo(value(0.25, 3 / 16), 6);
    expect(model.predict({ x: [4] }, { rawScore: true })[0]).toBeCloseTo(value(-0.75, 3 / 16), 6);
    expect(model.predict({ x: [4] })[0]).toBeCloseTo(1 / (1 + Math.exp(-value(-0.75, 3 / 16))), 6);
  });

  test('takes a shorter step for counts: the second derivative is exp(f + 0.7)', () => {
    const model = stump({ objective: 'poisson', columns, labels: [1, 1, 1, 5] });
    expect(model.predict({ x: [4] })[0]).toBeCloseTo(2 * Math.exp(3 / (2 * Math.exp(0.7))), 6);
  });

  test('has a tree for each class', () => {
    const model = stump({ objective: 'multiclass', columns, labels: [0, 0, 1, 2], numLeaves: 3 });
    expect([model.width, model.numTrees]).toEqual([3, 3]);
    const scores = model.predict({ x: [4] }, { rawScore: true });
    expect(scores[2]).toBeCloseTo(Math.log(1 / 4) + 1 / (1 / 4), 6); // p = 1/4: −G / H = (1 − p) / (p (1 − p))
    const [a, b, c] = model.predict({ x: [4] });
    expect(a! + b! + c!).toBeCloseTo(1, 6);
  });

  test('keeps the options: rows in a leaf, depth, least gain, leaves', () => {
    const labels = [0, 0, 0, 9];
    expect(list(stump({ columns, labels, minDataInLeaf: 2 }).predict(columns))).toEqual([0, 0, 4.5, 4.5]);
    expect(stump({ columns, labels, minGainToSplit: 60.75 }).numTrees).toBe(0);
    expect(stump({ columns, labels, minGainToSplit: 60.74 }).numTrees).toBe(1);
    const [tree] = boost({ ...small, maxDepth: 2, minDataInLeaf: 1 }).toJSON().trees;
    expect(tree!.value).toHaveLength(4);
    const [wide] = boost({ ...small, numLeaves: 7 }).toJSON().trees;
    expect(wide!.value).toHaveLength(7);
  });
});

describe('missing values', () => {
  const labels = [0, 0, 5, 5, 5, 5];

  test.each([
    [[1, 2, 3, 4, null, NaN], 5],
    [[4, 3, 2, 1, null, null], 5],
  ])('go where the loss is smaller: %j', (x, expected) => {
    expect(list(stump({ columns: { x }, labels }).predict({ x: [null] }))).toEqual([expected]);
    expect(stump({ columns: { x }, labels: labels.map((y) => 5 - y) }).predict({ x: [NaN] })[0]).toBeCloseTo(0, 6);
  });

  test('are told from all others', () => {
    const model = stump({ columns: { x: [1, 9, 5, null, null, null] }, labels: [0, 0, 0, 7, 7, 7] });
    expect(list(model.predict({ x: [3, null] }))).toEqual([0, 7]);
  });

  test('that training did not have go with the most rows', () => {
    const model = stump({ columns: { x: [1, 2, 3, 4, 5] }, labels: [0, 0, 0, 9, 9] });
    expect(list(model.predict({ x: [null] }))).toEqual([0]);
  });
});

describe('categories', () => {
  const state = ['a', 'b', 'c', 'd', 'e', 'f', 'a', 'b', 'c', 'd', 'e', 'f'];
  const labels = [0, 9, 1, 9, 0, 9, 1, 8, 0, 9, 1, 9];
  const free = { catSmooth: 0, catL2: 0, minDataPerGroup: 1 };

  test('are divided by the best of all partitions', () => {
    const model = stump({ columns: { state }, labels, ...free });
    expect(list(model.predict({ state: ['a', 'c', 'e'] }))).toEqual([0.5, 0.5, 0.5]);
    expect(model.predict({ state: ['b'] })[0]).toBeCloseTo(53 / 6, 6);
    // No other partition gains more: all 31 are tried.
    const mean = labels.reduce((sum, y) => sum + y) / labels.length;
    const gains = Array.from({ length: 31 }, (_, set) => {
      const left = labels.filter((_, row) => ((set + 1) >> (state[row]!.charCodeAt(0) - 97)) & 1);
      const gradient = left.reduce((sum, y) => sum + mean - y, 0);
      return gradient ** 2 / left.length + gradient ** 2 / (labels.length - left.length);
    });
    expect(model.featureImportance()['state']).toBeCloseTo(Math.max(...gains), 4);
  });

  test('are the same as codes', () => {
    const codes = Int32Array.from(state, (name) => name.charCodeAt(0));
    const model = stump({ columns: { state: { codes } }, labels, ...free });
    expect(list(model.predict({ state: { codes: [97] } }))).toEqual([0.5]);
  });

  test('of a short list are split one from all others', () => {
    const model = stump({ columns: { x: ['a', 'b', 'c', 'a', 'b', 'c'] }, labels: [0, 5, 6, 0, 5, 6] });
    expect(list(model.predict({ x: ['a', 'b', 'c'] }))).toEqual([0, 5.5, 5.5]);
  });

  test('that are missing or unknown share a side', () => {
    const model = stump({ columns: { x: ['a', 'b', null, 'a', 'b', null] }, labels: [1, 1, 7, 1, 1, 7] });
    expect(list(model.predict({ x: ['a', null, 'new'] }))).toEqual([1, 7, 7]);
  });

  test('that are many keep the most frequent', () => {
    const codes = Int32Array.from({ length: 900 }, (_, row) => (row < 600 ? row % 300 : row % 100));
    const model = boost({ objective: 'regression', columns: { x: { codes } }, labels: codes, numIterations: 2 });
    const kept = model.toJSON().columns[0]!.categories!;
    expect([kept.length, kept[0], kept[99]]).toEqual([255, 0, 99]);
  });
});

describe('properties', () => {
  test('a monotone transformation of a column changes no prediction', () => {
    const moved = Object.fromEntries(
      Object.entries(table.columns).map(([name, values]) => [name, values.map((x) => Math.exp(3 * x) - 5)]),
    );
    const [plain, other] = [boost({ ...small, maxBin: 30 }), boost({ ...small, columns: moved, maxBin: 30 })];
    expect(other.predict(moved)).toEqual(plain.predict(table.columns));
  });

  test('a weight is a number of equal rows', () => {
    const weights = draws(3, 600, 1).map((u) => Math.floor(3 * u));
    const rows = [...weights].flatMap((weight, row) => Array.from({ length: weight }, () => row));
    const repeated = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
    const columns = Object.fromEntries(
      Object.entries(table.columns).map(([name, values]) => [name, values.map((x) => Math.floor(10 * x))]),
    );
    const options = { ...small, numLeaves: 6, minDataInLeaf: 1, minSumHessianInLeaf: 5 };
    const weighted = boost({ ...options, columns, weights });
    const many = boost({
      ...options,
      columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, repeated(values)])),
      labels: repeated(table.number),
    });
    const [a, b] = [weighted.predict(columns), many.predict(columns)];
    a.forEach((value, row) => expect(value).toBeCloseTo(b[row]!, 9));
  });

  test('the same rows give the same model, and predictions are those of one row at a time', () => {
    const model = boost(small);
    expect(boost(small).toJSON()).toEqual(model.toJSON());
    const all = model.predict(table.columns);
    const one = (row: number): Columns =>
      Object.fromEntries(Object.entries(table.columns).map(([name, values]) => [name, values.subarray(row, row + 1)]));
    for (const row of [0, 511, 512, 599]) expect(model.predict(one(row))[0]).toBe(all[row]);
  });

  test('numbers of any size have bins', () => {
    const x = [-Infinity, -1e308, 0, 5e-324, Number.MAX_VALUE, Infinity];
    const model = boost({
      objective: 'regression',
      columns: { x },
      labels: [1, 2, 3, 4, 5, 6],
      numIterations: 1,
      ...EXACT,
    });
    expect(list(model.predict({ x }))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(list(BoostingModel.fromJSON(JSON.parse(JSON.stringify(model))).predict({ x }))).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('validation rows', () => {
  const other = madeTable(2, 300);
  const validation = { columns: other.columns, labels: other.number };

  test('end the training, and the model ends with its least loss', () => {
    const model = boost({ ...small, learningRate: 0.5, numIterations: 200, earlyStoppingRounds: 4, validation });
    const losses = model.validationLoss!;
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(losses.length).toBe(best + 4);
    expect(model.numTrees).toBe(best);
    const loss =
      model.predict(other.columns).reduce((sum, mean, row) => sum + (mean - other.number[row]!) ** 2, 0) / 300;
    expect(loss).toBeCloseTo(losses[best - 1]!, 9);
  });

  test('change no tree', () => {
    const model = boost({ ...small, validation });
    expect(model.toJSON().trees).toEqual(boost(small).toJSON().trees);
  });
});

describe('errors', () => {
  const rows = { objective: 'binary', columns: { x: [1, 2] }, labels: [0, 1] } as const;
  test.each<[string, object, string]>([
    ['no columns', { columns: {} }, 'Expected at least one column, received {}.'],
    ['no rows', { columns: { x: [] }, labels: [] }, 'Expected at least one row, received none.'],
    ['columns of other lengths', { columns: { x: [1, 2], y: [1] } }, '(2, as "x"), received 1 values of "y"'],
    [
      'numbers and texts',
      { columns: { x: ['a', 1] } },
      'Expected a text or null in column "x", as its first value, received 1 in row 1.',
    ],
    [
      'a column of another kind',
      { columns: { x: 'ab' } },
      'Expected numbers, texts or { codes } for column "x", received "ab".',
    ],
    ['codes that are no whole numbers', { columns: { x: { codes: [1, 1.5] } } }, 'received 1.5 in row 1'],
    ['a label that does not fit', { labels: [0, 2] }, 'Expected 0 or 1 for each label, received 2 in row 1.'],
    ['too few labels', { labels: [1] }, 'Expected 2 labels, one for each row, received 1.'],
    [
      'a negative weight',
      { weights: [1, -1] },
      'Expected a number of 0 or more for each weight, received -1 in row 1.',
    ],
    ['no weight at all', { weights: [0, 0] }, 'Expected a row with weight, received weights of 0 only.'],
    [
      'an unknown option',
      { numLeafs: 3 },
      'Expected an option of boost, received "numLeafs". Did you mean "numLeaves"?',
    ],
    ['too many bins', { maxBin: 256 }, 'Expected a whole number in [2, 255] for boost.maxBin, received 256.'],
    ['an unknown objective', { objective: 'binery' }, 'Did you mean "binary"?'],
    [
      'a class that training did not have',
      { objective: 'multiclass', validation: { ...rows, labels: [0, 2] } },
      'below 2 for each label, received 2 in row 1',
    ],
  ])('%s', (_, options, message) => {
    expect(() => boost({ ...rows, ...options } as BoostOptions)).toThrow(message);
  });

  test('a prediction of other columns', () => {
    const model = boost({ ...rows, columns: { age: [1, 2], state: ['a', 'b'] } });
    expect(() => model.predict({ aeg: [1], state: ['a'] })).toThrow(
      'Expected a column "age", received aeg, state. Did you mean "aeg"?',
    );
    expect(() => model.predict({ age: ['a'], state: ['a'] })).toThrow(
      'Expected numbers for column "age", received texts.',
    );
    expect(() => model.predict({ age: [1], state: { codes: [1] } })).toThrow(
      'Expected texts for column "state", received codes.',
    );
  });
});
