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

/** Columns of rows. `groups` has the number of each row's group. */
type Batch = Readonly<Record<'labels' | 'predictions' | 'weights' | 'groups', Float64Array>>;

interface Batches {
  readonly batches: readonly Batch[];
  /** The number of each group, in the order of their first rows. */
  readonly numbers: Map<number | string, number>;
}

function joined(batches: readonly Batch[]): Batch {
  if (batches.length === 1) return batches[0]!;
  const column = (name: keyof Batch) => {
    const values = new Float64Array(sum(batches, (batch) => batch[name].length));
    let at = 0;
    for (const batch of batches) {
      values.set(batch[name], at);
      at += batch[name].length;
    }
    return values;
  };
  return {
    labels: column('labels'),
    predictions: column('predictions'),
    weights: column('weights'),
    groups: column('groups'),
  };
}

/** Adds a batch. Each batch has more than twice the rows of the next one, so n rows are in about log₂ n batches or fewer. */
function appended(batches: readonly Batch[], batch: Batch): readonly Batch[] {
  const last = batches.at(-1);
  if (!last || last.labels.length > 2 * batch.labels.length) return [...batches, batch];
  return appended(batches.slice(0, -1), joined([last, batch]));
}

/** The groups of rows as numbers. New groups are added to `numbers`. */
export function numbered(groups: GroupArray, numbers: Batches['numbers']): Float64Array {
  const indices = new Float64Array(groups.length);
  for (let row = 0; row < indices.length; row++) {
    const known = numbers.get(groups[row]!);
    indices[row] = known ?? numbers.size;
    if (known === undefined) numbers.set(groups[row]!, numbers.size);
  }
  return indices;
}

export const noBatches = (): Batches => ({ batches: [], numbers: new Map() });

export const withRows = (
  { batches, numbers }: Batches,
  { labels, predictions, weights, groups = [] }: Pick<MetricRows, keyof Batch>,
): Batches => ({
  batches: appended(batches, { labels, predictions, weights, groups: numbered(groups, numbers) }),
  numbers,
});

export const storedRows = ({ batches, numbers }: Batches): StoredRows => {
  const { groups, ...columns } = joined(batches);
  return { count: columns.labels.length, ...columns, group: new Uint32Array(groups), groupCount: numbers.size };
};

/**
 * A metric that keeps all rows, such as an exact AUC. A row takes 8 bytes for each of its label, weight, predictions and group. Joining
 * batches, as `compute` does, takes as much again.
 */
export interface RowDefinition<Name extends string = string> extends MetricDeclaration<Name> {
  compute(rows: StoredRows): number;
}

export const rowMetric = <const Name extends string>({ compute, ...declaration }: RowDefinition<Name>): Metric<Name> =>
  metricOf<Batches, Name>(declaration, {
    part: 'rows',
    empty: noBatches,
    add: withRows,
    merge({ batches, numbers }, others) {
      const own = numbered([...others.numbers.keys()], numbers);
      const renumbered = others.batches.map((batch) => ({
        ...batch,
        groups: batch.groups.map((group) => own[group]!),
      }));
      return { batches: renumbered.reduce(appended, batches), numbers };
    },
    compute: (batches) => compute(storedRows(batches)),
    write({ batches, numbers }) {
      const { labels, predictions, weights, groups } = joined(batches);
      const rows = { labels: [...labels], predictions: [...predictions], weights: [...weights] };
      if (!declaration.rules?.grouped) return { rows };
      const keys = [...numbers.keys()];
      return { rows: { ...rows, groups: Array.from(groups, (group) => keys[group]!) } };
    },
    read({ rows }) {
      const { labels, predictions, weights, groups } = rows!;
      return { update: [labels, predictions, { weights, groups }] };
    },
  });
