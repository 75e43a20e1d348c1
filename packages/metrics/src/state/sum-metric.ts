import type { MetricRows } from '../input/rows.ts';
import { MetricError } from '../metric-error.ts';
import type { Metric } from '../metric.ts';
import { type MetricDeclaration, metricOf } from './state.ts';

/** A metric that is a function of a few sums over rows. Its state has a constant size. */
export interface SumDefinition<Name extends string = string> extends MetricDeclaration<Name> {
  readonly size: number;
  /** How many more sums follow, given the number of classes. Only for labels that are class indices or bit masks. */
  readonly perClass?: (classes: number) => number;
  /** Adds the rows to the sums. It must not throw after the first write. */
  readonly add: (sums: Float64Array, rows: MetricRows) => void;
  /** Merges the sums of other rows. Default: adds them. */
  readonly merge?: (sums: Float64Array, others: Float64Array) => void;
  readonly compute: (sums: Float64Array) => number;
}

const addUp = (sums: Float64Array, others: Float64Array): void => others.forEach((each, i) => (sums[i]! += each));

export const sumMetric = <const Name extends string>({
  size,
  perClass = () => 0,
  add,
  merge = addUp,
  compute,
  ...declaration
}: SumDefinition<Name>): Metric<Name> => {
  /** Sums without rows have none for the classes yet. */
  const grown = (sums: Float64Array, length: number) => (sums.length < length ? new Float64Array(length) : sums);
  return metricOf<Float64Array, Name>(declaration, {
    part: 'sums',
    empty: () => new Float64Array(size),
    add(before, rows) {
      const sums = rows.count > 0 ? grown(before, size + perClass(rows.width)) : before;
      add(sums, rows);
      return sums;
    },
    merge(before, others) {
      const sums = grown(before, others.length);
      merge(sums, others);
      return sums;
    },
    compute,
    write: (sums, classes) => ({ sums: [...sums], ...(classes !== undefined && { classes }) }),
    read({ sums: given, classes = 0 }, where) {
      const sums: readonly number[] = Array.isArray(given) ? given : [];
      const expected = size + perClass(classes);
      if (sums.length === expected && sums.every(Number.isFinite)) return { data: Float64Array.from(sums) };
      const received = `sums [${sums.join(', ')}]`;
      throw new MetricError(where, received, `${expected} finite numbers`, 'The snapshot is damaged: write it again.');
    },
  });
};

export type RowValue = (rows: MetricRows, row: number) => number;

/** The sums Σ w value of some numbers of each row. */
export const weighted = (...valuesOf: readonly RowValue[]): Pick<SumDefinition, 'size' | 'add'> => ({
  size: valuesOf.length,
  add(sums, rows) {
    for (let i = 0; i < rows.count; i++)
      for (let s = 0; s < valuesOf.length; s++) sums[s]! += rows.weights[i]! * valuesOf[s]!(rows, i);
  },
});

/** The value whose sum is Σ w. */
export const one: RowValue = () => 1;

export interface MeanDefinition<Name extends string = string> extends MetricDeclaration<Name> {
  readonly valueOf: RowValue;
  /** The number whose sum divides the sum of the values. Default: 1, which gives their mean. */
  readonly per?: RowValue;
  readonly compute?: (mean: number) => number;
}

/** Creates a metric that is a function of the weighted mean of one number for each row. */
export const meanMetric = <const Name extends string>({
  valueOf,
  per = one,
  compute = (mean) => mean,
  ...declaration
}: MeanDefinition<Name>): Metric<Name> =>
  sumMetric({
    ...declaration,
    ...weighted(valueOf, per),
    compute: ([sum, size]) => (size! > 0 ? compute(sum! / size!) : NaN),
  });
