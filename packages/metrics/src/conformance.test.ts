/** What holds for every metric of the table. A new metric is checked here as soon as it has a row in `oracles`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { repetitions } from '../../../cases.base.ts';
import { MetricError } from './metric-error.ts';
import type { Metric, MetricState, MetricTask } from './metric.ts';
import { findMetric } from './metrics.ts';
import { oracleOf, ownMetrics, type TestRow } from './testing/oracles.ts';
import { sum } from '@polytask/components';

const steps = (low: number, high: number, divisor: number) =>
  fc.integer({ min: low * divisor, max: high * divisor }).map((k) => k / divisor);

/** Probabilities on a grid of 1/20, so that there are ties. */
const values: Record<string, { label: fc.Arbitrary<number>; prediction: fc.Arbitrary<number[]> }> = {
  binary: { label: fc.constantFrom(0, 1), prediction: steps(0, 1, 20).map((p) => [p]) },
  ranking: { label: fc.integer({ min: 0, max: 4 }), prediction: steps(-1, 1, 5).map((p) => [p]) },
  regression: { label: steps(-9, 9, 8), prediction: steps(-9, 9, 8).map((p) => [p]) },
  quantiles: { label: steps(-9, 9, 8), prediction: fc.array(steps(-9, 9, 8), { minLength: 2, maxLength: 2 }) },
  survival: { label: steps(-6, 6, 2), prediction: fc.array(steps(0, 1, 5), { minLength: 2, maxLength: 2 }) },
  'multi-label': {
    label: fc.integer({ min: 0, max: 7 }),
    prediction: fc.array(steps(0, 1, 20), { minLength: 3, maxLength: 3 }),
  },
  multiclass: {
    label: fc.integer({ min: 0, max: 2 }),
    prediction: fc
      .tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 6 })))
      .map((parts) => parts.map((part) => part / sum(parts))),
  },
};

/** Rows of a task with whole weights 0–3, three groups, and a mask. */
const rowsOf = (task: MetricTask): fc.Arbitrary<TestRow[]> =>
  fc.array(
    fc.record({
      ...values[task]!,
      weight: fc.integer({ min: 0, max: 3 }),
      group: fc.constantFrom('a', 'b', 'c'),
      keep: fc.boolean(),
    }),
    { maxLength: 30 },
  );

const columns = (rows: readonly TestRow[]) => ({
  labels: Float32Array.from(rows, (row) => row.label),
  predictions: Float64Array.from(rows.flatMap((row) => row.prediction)),
  options: {
    weights: Uint8Array.from(rows, (row) => row.weight),
    mask: Uint8Array.from(rows, (row) => Number(row.keep)),
    groups: rows.map((row) => row.group),
  },
});

const feed = (state: MetricState, rows: readonly TestRow[]): MetricState => {
  const { labels, predictions, options } = columns(rows);
  return state.update(labels, predictions, options);
};

/** The rows without masked ones, each repeated as often as its weight says, with weight 1. */
const expanded = (rows: readonly TestRow[]): TestRow[] =>
  rows.flatMap((row) => (row.keep ? Array.from({ length: row.weight }, () => ({ ...row, weight: 1 })) : []));

/** Whether two numbers are equal up to rounding, or both NaN. */
const close = (a: number, b: number): boolean =>
  Number.isNaN(a) || Number.isNaN(b)
    ? Number.isNaN(a) && Number.isNaN(b)
    : Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

/** Weights belong to whole queries there. */
const weighsGroups = (metric: Metric) => metric.task === 'ranking';

const expectClose = (value: number, expected: number) => {
  if (!close(value, expected)) expect(value).toBe(expected); // fails with both numbers
};

const row = (label: number, prediction: number[], rest: Partial<TestRow> = {}): TestRow => ({
  label,
  prediction,
  weight: 1,
  group: 'a',
  keep: true,
  ...rest,
});

/** Two good rows of each task, on which every metric is defined. */
const goodRows = (metric: Metric): TestRow[] =>
  metric.task === 'multiclass' || metric.task === 'multi-label'
    ? [row(0, [0.5, 0.3, 0.2]), row(2, [0.2, 0.7, 0.1])]
    : metric.task === 'regression'
      ? [row(1, [0.25]), row(2, [0.125])] // no label is 0, where percentages have no value
      : [row(0, [0.25]), row(1, [0.625])];

const own = ownMetrics().map((metric) => [metric.name, metric.task, metric] as const);

describe.each(own)('%s of %s', (name, _, metric) => {
  const value = (rows: readonly TestRow[]) => feed(metric.create(), rows).compute();

  test('is found by its name and task', () => {
    expect(findMetric(name, metric.task)).toBe(metric);
  });

  test('is what its definition says, with weights as repetitions and masked rows left out', () => {
    fc.assert(
      fc.property(rowsOf(metric.task), (rows) => {
        const plain = weighsGroups(metric) ? rows.filter(({ keep }) => keep) : expanded(rows);
        expectClose(value(rows), oracleOf(metric)(plain));
      }),
      { numRuns: repetitions(300) },
    );
  });

  test("doesn't depend on the order of rows, on batches, or on the order of merges", () => {
    const split = rowsOf(metric.task).chain((rows) =>
      fc.record({
        rows: fc.constant(rows),
        shuffled: fc.shuffledSubarray(rows, { minLength: rows.length }),
        cuts: fc.tuple(fc.nat(rows.length), fc.nat(rows.length)).map((pair) => pair.sort((a, b) => a - b)),
      }),
    );
    fc.assert(
      fc.property(split, ({ rows, shuffled, cuts: [i, j] }) => {
        const [a, b, c] = [shuffled.slice(0, i), shuffled.slice(i, j), shuffled.slice(j)];
        const all = value(rows);
        expectClose(feed(feed(feed(metric.create(), a), b), c).compute(), all);
        const [first, second] = [feed(metric.create(), a), feed(feed(metric.create(), c), b)];
        const before = [first.compute(), second.compute()];
        expectClose(metric.create().merge(first).merge(second).compute(), all);
        expectClose(metric.create().merge(second).merge(first).compute(), all);
        expect([first.compute(), second.compute()]).toEqual(before); // merging reads only
      }),
    );
  });

  test('comes back from JSON and can be continued', () => {
    fc.assert(
      fc.property(rowsOf(metric.task), rowsOf(metric.task), (a, b) => {
        const text = JSON.stringify(feed(metric.create(), a));
        const restored = metric.restore(JSON.parse(text));
        expect(JSON.stringify(restored)).toBe(text);
        expectClose(feed(restored, b).compute(), value([...a, ...b]));
      }),
      { numRuns: repetitions(50) },
    );
  });

  test('merged with itself counts each row twice', () => {
    const rows = goodRows(metric);
    const state = feed(metric.create(), rows);
    expectClose(state.merge(state).compute(), value([...rows, ...rows]));
  });

  test('is undefined without rows, and without weight', () => {
    const rows = goodRows(metric);
    expect(value(rows)).not.toBeNaN();
    expect(value([])).toBeNaN();
    expect(value(rows.map((r) => ({ ...r, weight: 0 })))).toBeNaN();
  });

  test("doesn't look at masked rows", () => {
    const rows = goodRows(metric);
    const hole = row(
      NaN,
      rows[0]!.prediction.map(() => NaN),
      { keep: false, group: 'b' },
    );
    expect(value([hole, ...rows, hole])).toBe(value(rows));
  });

  test('refuses bad rows with what it got, what it expected and the place, and stays as it was', () => {
    const state = feed(metric.create(), goodRows(metric));
    const before = JSON.stringify(state);
    const { labels, predictions, options } = columns(goodRows(metric));
    const width = predictions.length / labels.length;
    const spoilt = <T extends Float32Array | Float64Array>(values: T, at: number, bad: number) => values.with(at, bad);
    const refused: [string, () => unknown, RegExp][] = [
      ['a label too few', () => state.update(labels.subarray(1), predictions, { groups: ['a'] }), /for 1 labels/],
      ['a prediction too few', () => state.update(labels, predictions.subarray(1), options), /for 2 labels/],
      ['a NaN label', () => state.update(spoilt(labels, 1, NaN), predictions, options), /labels\[1\] = NaN/],
      [
        'a NaN prediction',
        () => state.update(labels, spoilt(predictions, width, NaN), options),
        new RegExp(`\\w+\\[${width}\\] = NaN`),
      ],
      [
        'an infinite prediction',
        () => state.update(labels, spoilt(predictions, 0, Infinity), options),
        /\[0\] = Infinity/,
      ],
      ['no labels', () => state.update(undefined as never, predictions), /undefined for labels/],
      ['text', () => state.update('01' as never, predictions), /"01" for labels/],
      ['bigints', () => state.update(BigInt64Array.of(0n, 1n) as never, predictions, options), /labels\[0\] = 0n/],
      [
        'a weight too few',
        () => state.update(labels, predictions, { ...options, weights: [1] }),
        /1 weights for 2 labels/,
      ],
      [
        'a negative weight',
        () => state.update(labels, predictions, { ...options, weights: [1, -1] }),
        /weights\[1\] = -1/,
      ],
      [
        'an infinite weight',
        () => state.update(labels, predictions, { ...options, weights: [Infinity, 1] }),
        /weights\[0\] = Infinity/,
      ],
      [
        'a mask too short',
        () => state.update(labels, predictions, { ...options, mask: [1] }),
        /1 mask entries for 2 labels/,
      ],
      ['a mask of 2', () => state.update(labels, predictions, { ...options, mask: [1, 2] }), /mask\[1\] = 2/],
    ];
    if (metric.task !== 'regression' && metric.task !== 'survival') {
      refused.push([
        'a label out of range',
        () => state.update(spoilt(labels, 1, -1), predictions, options),
        /labels\[1\] = -1/,
      ]);
    }
    if (metric.grouped) {
      refused.push(
        ['no groups', () => state.update(labels, predictions), /no groups/],
        ['a group too few', () => state.update(labels, predictions, { groups: ['a'] }), /1 groups for 2 labels/],
        ['a NaN group', () => state.update(labels, predictions, { groups: [1, NaN] }), /groups\[1\] = NaN/],
      );
    }
    for (const [what, call, received] of refused) {
      expect(call, what).toThrow(MetricError);
      expect(call, what).toThrow(received);
      expect(call, what).toThrow(/: got .+; expected .+\. .+\.$/);
      expect(JSON.stringify(state), what).toBe(before);
    }
  });

  test("takes neither another metric's state nor its snapshot", () => {
    const other = findMetric(name === 'auc' ? 'mae' : 'auc', 'binary');
    expect(() => metric.create().merge(other.create())).toThrow(`${name}: merge: got`);
    expect(() => metric.restore(other.create().toJSON())).toThrow(`${name}: restore: got ${other.name}`);
    expect(() => metric.restore(null as never)).toThrow(`${name}: restore: got null`);
    const { metric: __, ...rest } = metric.create().toJSON();
    expect(() => metric.restore(rest as never)).toThrow(MetricError);
  });
});
