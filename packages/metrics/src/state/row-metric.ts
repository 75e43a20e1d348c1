import { sum } from '@polytask/components';
import type { MetricRows } from '../input/rows.ts';
import type { GroupArray, Metric } from '../metric.ts';
import { type MetricDeclaration, metricOf } from './state.ts';

/** The rows of a state. */
export interface StoredRows {
  readonly count: number;
  readonly labels: Float64Array; // [count]
  readonly predictions: Float64Array; // [count], or row-major [count × columns]
  readonly weights: Float64Array; // [count]
  /** The group index of each row, 0 … groupCount − 1. Empty if the metric isn't grouped. */
  readonly group: Uint32Array; // [count]
  readonly groupCount: number;
}

type Batch = Pick<MetricRows, 'labels' | 'predictions' | 'weights' | 'groups'>;

function joined(batches: readonly Batch[]): Batch {
  if (batches.length === 1) return batches[0]!;
  const column = (name: 'labels' | 'predictions' | 'weights') => {
    const values = new Float64Array(sum(batches, (batch) => batch[name].length));
    let at = 0;
    for (const batch of batches) {
      values.set(batch[name], at);
      at += batch[name].length;
    }
    return values;
  };
  const groups = batches.flatMap((batch) => batch.groups ?? []);
  return { labels: column('labels'), predictions: column('predictions'), weights: column('weights'), groups };
}

/** Adds a batch. Batches are joined with those of their size, so n rows are in at most log₂ n batches, and each is copied as often. */
function appended(batches: readonly Batch[], batch: Batch): Batch[] {
  const all = [...batches, batch];
  while (all.length > 1 && all.at(-1)!.labels.length >= all.at(-2)!.labels.length) all.push(joined(all.splice(-2)));
  return all;
}

/** The groups of rows as numbers, in the order of their first rows. */
export function numbered(groups: GroupArray): { group: Uint32Array; groupCount: number } {
  const numbers = new Map<number | string, number>();
  const group = Uint32Array.from(groups, (key) => {
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
  return { group, groupCount: numbers.size };
}

export const storedRows = (batches: readonly Batch[]): StoredRows => {
  const { groups = [], ...columns } = joined(batches);
  return { count: columns.labels.length, ...columns, ...numbered(groups) };
};

/** A metric that keeps all rows, such as an exact AUC. A row takes 24 bytes, or 32 with a group. */
export interface RowDefinition<Name extends string = string> extends MetricDeclaration<Name> {
  compute(rows: StoredRows): number;
}

export const rowMetric = <const Name extends string>({ compute, ...declaration }: RowDefinition<Name>): Metric<Name> =>
  metricOf<readonly Batch[], Name>(declaration, {
    part: 'rows',
    empty: () => [],
    add: (batches, { labels, predictions, weights, groups }) =>
      appended(batches, { labels, predictions, weights, groups }),
    merge: (batches, others) => [...batches, ...others],
    compute: (batches) => compute(storedRows(batches)),
    write(batches) {
      const { labels, predictions, weights, groups } = joined(batches);
      const rows = { labels: [...labels], predictions: [...predictions], weights: [...weights] };
      return { rows: declaration.rules?.grouped ? { ...rows, groups: groups ?? [] } : rows };
    },
    read({ rows }) {
      const { labels, predictions, weights, groups } = rows!;
      return { update: [labels, predictions, { weights, groups }] };
    },
  });
