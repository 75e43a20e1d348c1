import {
  labelsOf,
  binary,
  layoutOf,
  multiclass,
  regression,
  rowEncoder,
  BATCH_PARTS,
  type BatchPart,
  type Row,
  type Task,
} from '@polytask/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repetitions } from '../../../../cases.base.ts';
import { categorical, hashed, multiValued, numeric, vector } from '../declarations/kinds.ts';
import { fromRows } from '../table/from-rows.ts';
import { encode } from './encode.ts';
import { fitSchema } from './fit-schema.ts';

const y = { y: binary() };
const column = (values: readonly unknown[]) => values.map((x, i) => ({ x, y: i % 2 }));

describe('fitting numbers', () => {
  it('finds mean and deviation of the values that are there', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 }), (values) => {
        const { features } = fitSchema(fromRows(column([...values, null]), { features: { x: numeric() }, tasks: y }));
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        expect(features['x']).toEqual({
          kind: 'numeric',
          mean: expect.closeTo(mean, 6) as number,
          deviation: expect.closeTo(Math.sqrt(variance), 6) as number,
        });
      }),
    );
  });

  it('keeps its digits where the mean is far from 0', () => {
    const values = Array.from({ length: 1001 }, (_, i) => 1e9 + i / 1000);
    const { features } = fitSchema(fromRows(column(values), { features: { x: numeric() }, tasks: y }));
    expect((features['x'] as { deviation: number }).deviation).toBeCloseTo(Math.sqrt((1001 ** 2 - 1) / 12) / 1000, 6);
  });

  it('gives encoded columns of mean 0 and deviation 1, after a logarithm as well', () => {
    const table = fromRows(column([0, 0, 10, 1000, 99_999, -5]), {
      features: { x: numeric({ log: true }), raw: numeric({ from: 'x' }) },
      tasks: y,
    });
    const { numeric: values, size } = encode(table, fitSchema(table)).arrays;
    for (const c of [0, 1]) {
      const encoded = Array.from({ length: size }, (_, r) => values[r * 2 + c]!);
      expect(encoded.reduce((a, b) => a + b, 0) / size).toBeCloseTo(0, 6);
      expect(encoded.reduce((a, b) => a + b * b, 0) / size).toBeCloseTo(1, 5);
    }
    expect(values[4 * 2]! - values[2 * 2]!).toBeLessThan(values[4 * 2 + 1]! - values[2 * 2 + 1]!);
  });

  it('is 0 for a feature that never varies, though its mean has been rounded', () => {
    const table = fromRows(column(Array(10).fill(0.1)), { features: { x: numeric() }, tasks: y });
    expect(fitSchema(table).features['x']).toMatchObject({ deviation: 0 });
    expect(Array.from(encode(table, fitSchema(table)).arrays.numeric)).toEqual(Array(10).fill(0));
  });

  it('marks what is missing where asked, and leaves numbers alone where asked', () => {
    const table = fromRows(column([2, null, 4]), {
      features: { x: numeric({ indicator: true }), raw: numeric({ from: 'x', standardize: false }) },
      tasks: y,
    });
    expect(Array.from(encode(table, fitSchema(table)).arrays.numeric)).toEqual([-1, 0, 2, 0, 1, 0, 1, 0, 4]);
  });

  it('has no numbers to offer but 0 where all are missing', () => {
    const table = fromRows(column([null, null]), { features: { x: numeric() }, tasks: y });
    expect(fitSchema(table).features['x']).toEqual({ kind: 'numeric', mean: 0, deviation: 0 });
  });
});

describe('fitting vocabularies', () => {
  const states = column(['b', 'a', 'c', 'b', 'a', 'd', null]);
  const vocabulary = (feature = categorical()) =>
    fitSchema(fromRows(states, { features: { x: feature }, tasks: y })).features['x'];

  it('orders values by their frequency, then by their text', () => {
    expect(vocabulary()).toEqual({ kind: 'categorical', vocabulary: ['a', 'b', 'c', 'd'] });
  });

  it('keeps the frequent ones, or so many, or those that are given', () => {
    expect(vocabulary(categorical({ minCount: 2 }))).toEqual({ kind: 'categorical', vocabulary: ['a', 'b'] });
    expect(vocabulary(categorical({ maxSize: 3 }))).toEqual({ kind: 'categorical', vocabulary: ['a', 'b', 'c'] });
    expect(vocabulary(categorical({ vocabulary: ['z', 'a'] }))).toEqual({
      kind: 'categorical',
      vocabulary: ['z', 'a'],
    });
  });

  it('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), (values) => {
        const fitted = (texts: string[]) =>
          fitSchema(fromRows(column(texts), { features: { x: categorical() }, tasks: y })).features;
        expect(fitted(values)).toEqual(fitted(values.toReversed()));
      }),
    );
  });

  it('takes the longest list for the width, and counts values in lists', () => {
    const table = fromRows(column([['a', 'b', 'b'], [], 'c|b']), { features: { x: multiValued() }, tasks: y });
    expect(fitSchema(table).features['x']).toEqual({
      kind: 'multi-valued',
      values: { kind: 'categorical', vocabulary: ['b', 'a', 'c'] },
      separator: '|',
      maxLength: 3,
      pooling: 'mean',
    });
  });

  it('sees the given rows only', () => {
    const table = fromRows(column(['a', 'b', 'b', 'z', 'z', 'z']), { features: { x: categorical() }, tasks: y });
    expect(fitSchema(table, [0, 1, 2]).features['x']).toEqual({ kind: 'categorical', vocabulary: ['b', 'a'] });
    expect(() => fitSchema(table, [])).toThrow(/at least one training row/);
    expect(() => fitSchema(table, [6])).toThrow(/row numbers from 0 to 5, received 6/);
  });
});

describe('encode', () => {
  const declaration = {
    features: {
      age: numeric({ log: true, indicator: true }),
      state: categorical({ minCount: 2 }),
      user: hashed({ buckets: 5, quotients: 2 }),
      tags: multiValued({ maxLength: 2, values: categorical() }),
      topics: multiValued({ values: hashed({ buckets: 6, quotients: 2 }), pooling: 'sum' }),
      x: vector({ width: 2 }),
    },
    tasks: { y: binary() },
  };
  const text = fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'Ω'));
  const row = fc.record({
    age: fc.option(fc.integer({ min: -100, max: 100 })),
    state: text,
    user: fc.option(fc.oneof(fc.string(), fc.integer())),
    tags: fc.oneof(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }), fc.constantFrom('a|b', 'c', '', '|a')),
    topics: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
    x: fc.tuple(fc.integer(), fc.integer()),
    y: fc.constantFrom(0, 1),
  });
  const rows = fc.array(row, { minLength: 1, maxLength: 12 });

  it('gives what the row encoder of a served model gives, for rows seen and unseen', () => {
    fc.assert(
      fc.property(rows, rows, (seen: Row[], unseen: Row[]) => {
        const schema = fitSchema(fromRows(seen, declaration));
        const serve = rowEncoder(JSON.parse(JSON.stringify(schema)) as typeof schema);
        for (const each of [seen, unseen]) {
          const { arrays } = encode(fromRows(each, declaration), schema);
          const served = serve(each);
          for (const part of Object.keys(BATCH_PARTS) as BatchPart[]) expect(arrays[part]).toEqual(served[part]);
          expect(arrays.quotientIds).toHaveLength(each.length * layoutOf(schema).quotients);
        }
      }),
      { numRuns: repetitions(100) },
    );
  });

  it('gives each vector of a feature a column, as the row encoder does', () => {
    const rows = [
      { x: 'a', h: 'p', y: 1 },
      { x: 'b', h: null, y: 0 },
      { x: null, h: 'q', y: 1 },
    ];
    const declared = { x: categorical({ vectors: 2 }), h: hashed({ buckets: 9, quotients: 3, vectors: 3 }) };
    const table = fromRows(rows, { features: declared, tasks: y });
    const schema = fitSchema(table);
    expect(schema.features).toEqual({
      x: { kind: 'categorical', vocabulary: ['a', 'b'], vectors: 2 },
      h: { kind: 'hashed', buckets: 9, quotients: 3, vectors: 3 },
    });
    const { arrays } = encode(table, schema);
    const served = rowEncoder(schema)(rows);
    expect(arrays.ids).toHaveLength(3 * 5);
    expect([arrays.ids, arrays.quotientIds]).toEqual([served.ids, served.quotientIds]);
  });

  it('puts ids into the field of their own feature', () => {
    fc.assert(
      fc.property(rows, (seen: Row[]) => {
        const table = fromRows(seen, declaration);
        const { schema, arrays } = encode(table, fitSchema(table));
        const { places, vocabulary } = layoutOf(schema);
        const [state, user] = places.filter(({ name }) => name === 'state' || name === 'user');
        for (let r = 0; r < seen.length; r++) {
          expect(arrays.ids[2 * r]!).toBeGreaterThanOrEqual(state!.offset);
          expect(arrays.ids[2 * r]!).toBeLessThan(user!.offset);
          expect(arrays.ids[2 * r + 1]!).toBeGreaterThanOrEqual(user!.offset);
        }
        expect(Math.max(...arrays.ids, ...arrays.bagIds)).toBeLessThan(vocabulary);
      }),
    );
  });

  it('takes a vector from columns side by side, which may have no gaps', () => {
    const features = { x: vector({ columns: ['a', 'b'] }) };
    const table = fromRows(
      [
        { a: 1, b: 2, y: 0 },
        { a: 3, b: 4, y: 1 },
      ],
      { features, tasks: y },
    );
    expect(Array.from(encode(table, fitSchema(table)).arrays.numeric)).toEqual([1, 2, 3, 4]);
    const gap = fromRows([{ a: 1, b: null, y: 0 }], { features, tasks: {} });
    expect(() => encode(gap, fitSchema(table))).toThrow(
      /a number in row 0, column "b", received null\. A vector may not/,
    );
  });

  it('reads a table without labels, to be predicted', () => {
    const train = fromRows(column(['a', 'b']), { features: { x: categorical() }, tasks: y });
    const unlabeled = fromRows([{ x: 'b' }], { features: { x: categorical() }, tasks: {} });
    const { labels, weights, ids } = encode(unlabeled, fitSchema(train)).arrays;
    expect([labels, weights]).toEqual([Float32Array.of(0), Float32Array.of(0)]);
    expect(ids[0]).toBe(3);
  });

  it('refuses a table that lacks a feature of the schema, or has another kind of it', () => {
    const schema = fitSchema(fromRows(column([1, 2]), { features: { x: numeric() }, tasks: y }));
    const other = fromRows([{ x: 1 }], { features: { x: categorical() }, tasks: {} });
    expect(() => encode(other, schema)).toThrow(
      /feature "x" of the schema in the table, numeric, received a categorical one/,
    );
    const none = fromRows([{ z: 1 }], { features: { z: numeric() }, tasks: {} });
    expect(() => encode(none, schema)).toThrow(/feature "x" .* without it\. Did you mean "z"/);
  });
});

describe('labels', () => {
  const x = { x: numeric() };
  const labeled = (task: Task, labels: unknown[]) => {
    const table = fromRows(
      labels.map((label) => ({ x: 1, label, w: 2 })),
      { features: x, tasks: { label: task } },
    );
    const { arrays, schema } = encode(table, fitSchema(table));
    return {
      labels: Array.from(labelsOf(arrays, 'label').labels),
      weights: Array.from(labelsOf(arrays, 'label').weights),
      task: schema.tasks.label,
    };
  };

  it('are 1 for the usual yes, 0 for the usual no, and weigh nothing where they are missing', () => {
    expect(labeled(binary(), [1, 0, '1', '0', true, false, 'True', '1.0', '0.0', null, ''])).toMatchObject({
      labels: [1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0],
      weights: [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
    });
  });

  it('are 1 for the positive values, and 0 for all others', () => {
    expect(labeled(binary({ positive: ['a', 3] }), ['a', 'b', 3, '3.0', 4, null]).labels).toEqual([1, 0, 1, 1, 0, 0]);
  });

  it('are numbers of classes, in the order of numbers or of texts', () => {
    expect(labeled(multiclass(), ['10', '9', '2', null, '9'])).toEqual({
      labels: [2, 1, 0, 0, 1],
      weights: [1, 1, 1, 0, 1],
      task: { kind: 'multiclass', classes: ['2', '9', '10'], fitted: { shares: [0.25, 0.5, 0.25] } },
    });
    expect(labeled(multiclass({ classes: ['z', 'a'] }), ['a', 'z']).labels).toEqual([1, 0]);
    expect(labeled(multiclass(), ['b', 'a10', 'a9']).labels).toEqual([2, 0, 1]);
  });

  it('are the numbers of a regression, with weights of a column', () => {
    expect(labeled(regression({ weightFrom: 'w', scale: 'none' }), [1.5, null, -2])).toEqual({
      labels: [1.5, 0, -2],
      weights: [2, 0, 2],
      task: { kind: 'regression', weightFrom: 'w', scale: 'none', fitted: { mean: -0.25, deviation: 1.75 } },
    });
  });

  it('are standardized for a regression, unless it says otherwise', () => {
    expect(labeled(regression(), [10, null, 14, 18])).toEqual({
      labels: [-Math.sqrt(3 / 2), 0, 0, Math.sqrt(3 / 2)].map(Math.fround),
      weights: [1, 0, 1, 1],
      task: { kind: 'regression', fitted: { mean: 14, deviation: Math.sqrt(32 / 3) } },
    });
    const long = labeled(regression({ log: true }), [0, Math.expm1(2), -Math.expm1(2)]).task;
    expect(long).toMatchObject({ fitted: { mean: 0, deviation: expect.closeTo(Math.sqrt(8 / 3), 12) as number } });
  });

  it('have the same standardized numbers in any unit, bit for bit', () => {
    const hours = Array.from({ length: 500 }, (_, i) => 40 + 12 * Math.sin(i * i));
    const plain = labeled(regression(), hours).labels;
    for (const unit of [1e-6, 1e6, 3600]) {
      const label = hours.map((value) => value * unit);
      expect(labeled(regression(), label).labels).toEqual(plain);
    }
  });

  it('count by their sample weights in what is fitted', () => {
    const fittedOf = (task: Task, labels: unknown[], weights: number[]) => {
      const rows = labels.map((label, i) => ({ x: 1, label, w: weights[i]! }));
      return fitSchema(fromRows(rows, { features: x, tasks: { label: task } })).tasks.label;
    };
    const weightFrom = 'w';
    expect(fittedOf(binary({ weightFrom }), [1, 0, 1, null], [3, 1, 0, 9])).toMatchObject({ fitted: { rate: 0.75 } });
    expect(fittedOf(multiclass({ weightFrom }), ['a', 'b', 'b'], [2, 1, 5])).toMatchObject({
      fitted: { shares: [0.25, 0.75] },
    });
    expect(fittedOf(regression({ weightFrom }), [0, 4, 100], [3, 1, 0])).toMatchObject({
      fitted: { mean: 1, deviation: Math.sqrt(3) },
    });
  });

  it('must differ from each other in a regression, and be of a size whose square is a number', () => {
    expect(() => labeled(regression(), [7, 7, null])).toThrow(
      'Expected labels of task "label" that differ from each other in the training rows, received 7 in all 2 of ' +
        'them. There is nothing to learn',
    );
    expect(() => labeled(regression({ scale: 'none' }), [7, 7])).toThrow('differ from each other');
    expect(() => labeled(regression(), [1, 2, 1e308])).toThrow(
      /a label between -1e\+150 and 1e\+150 in row 2, column "label", received 1e\+308\. Correct the cell/,
    );
    expect(() => labeled(regression({ log: true }), [1, 2, 1e308])).not.toThrow();
  });

  it('say where one is no label, and what to do', () => {
    expect(() => labeled(binary(), [1, 'yes'])).toThrow(
      'Expected 0, 1, false, true or an empty cell as the label of task "label" in row 1, column "label", received ' +
        '"yes". Say what means yes: binary({ positive: ["1", "yes"] }).',
    );
    expect(() => labeled(multiclass({ classes: ['low', 'high'] }), ['low', 'hihg'])).toThrow(
      /a class of task "label" in row 1, column "label", received "hihg"\. Did you mean "high"\?/,
    );
  });

  it('say so where a class stands outside the training rows only', () => {
    const table = fromRows(
      [1, 2, 3].map((c) => ({ x: 1, c: `class ${c}` })),
      { features: x, tasks: { c: multiclass() } },
    );
    expect(() => encode(table, fitSchema(table, [0, 1]))).toThrow(
      /row 2, column "c", received "class 3"\..*has to be declared/,
    );
  });

  it('refuse a positive value that is nowhere, a task without labels, and a negative weight', () => {
    expect(() => labeled(binary({ positive: '50000+' }), ['50000+.', '- 50000.'])).toThrow(
      'Expected the positive value "50000+" of task "label" somewhere in column "label", received a column without ' +
        'it. Did you mean "50000+."?',
    );
    expect(() => labeled(regression(), [null, null])).toThrow(
      /a label for task "label" in at least one training row, received 2 rows/,
    );
    expect(() => labeled(binary(), [null])).toThrow(/a label for task "label"/);
    const table = fromRows([{ x: 1, y: 1, w: -1 }], { features: x, tasks: { y: binary({ weightFrom: 'w' }) } });
    expect(() => encode(table, fitSchema(table))).toThrow(
      /a sample weight of 0 or more in row 0, column "w", received -1/,
    );
  });

  it('of one class are no task of several', () => {
    expect(() => labeled(multiclass(), ['a', 'a'])).toThrow(
      /the classes of task "label", two or more, received \["a"\]/,
    );
  });
});
