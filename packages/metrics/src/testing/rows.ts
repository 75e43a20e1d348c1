import fc from 'fast-check';
import { sum } from '@polytask/components';
import type { MetricState, MetricTask } from '../metric.ts';

/** A random row. `columns` turns rows into the arrays that metrics read. */
export interface TestRow {
  readonly label: number;
  readonly prediction: readonly number[]; // one number, or one for each class or label
  readonly weight: number;
  readonly group: string;
  readonly keep: boolean;
}

const steps = (low: number, high: number, divisor: number) =>
  fc.integer({ min: low * divisor, max: high * divisor }).map((k) => k / divisor);

/** Probabilities on a grid of 1/20, so that there are ties. */
const values: Record<MetricTask, { label: fc.Arbitrary<number>; prediction: fc.Arbitrary<number[]> }> = {
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
export const rowsOf = (task: MetricTask): fc.Arbitrary<TestRow[]> =>
  fc.array(
    fc.record({
      ...values[task],
      weight: fc.integer({ min: 0, max: 3 }),
      group: fc.constantFrom('a', 'b', 'c'),
      keep: fc.boolean(),
    }),
    { maxLength: 30 },
  );

export const columns = (rows: readonly TestRow[]) => ({
  labels: Float32Array.from(rows, (row) => row.label),
  predictions: Float64Array.from(rows.flatMap((row) => row.prediction)),
  options: {
    weights: Uint8Array.from(rows, (row) => row.weight),
    mask: Uint8Array.from(rows, (row) => Number(row.keep)),
    groups: rows.map((row) => row.group),
  },
});

export const feed = (state: MetricState, rows: readonly TestRow[]): MetricState => {
  const { labels, predictions, options } = columns(rows);
  return state.update(labels, predictions, options);
};

/** The rows without masked ones, each repeated as often as its weight says, with weight 1. */
export const expanded = (rows: readonly TestRow[]): TestRow[] =>
  rows.flatMap((row) => (row.keep ? Array.from({ length: row.weight }, () => ({ ...row, weight: 1 })) : []));

/** Whether two numbers are equal up to rounding, or both NaN. */
export const close = (a: number, b: number): boolean =>
  Number.isNaN(a) || Number.isNaN(b)
    ? Number.isNaN(a) && Number.isNaN(b)
    : Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
