import { countsColumns, readRows, type MetricRows } from '../input/rows.ts';
import type { Metric, MetricSnapshot, MetricState, NumericArray, UpdateOptions } from '../metric.ts';
import {
  type Completed,
  completed,
  declared,
  type MetricDeclaration,
  requireSame,
  requireSameClasses,
  requireSnapshot,
} from './identity.ts';
import { GroupIndex, GrowableColumn } from './stored-columns.ts';

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

/** A metric that keeps all rows, such as an exact AUC. A row takes 24 bytes, or 32 with a group. */
export interface RowDefinition<Name extends string = string> extends MetricDeclaration<Name> {
  compute(rows: StoredRows): number;
}

class RowState implements MetricState {
  readonly #definition: Completed<RowDefinition>;
  readonly #labels = new GrowableColumn();
  readonly #predictions = new GrowableColumn();
  readonly #weights = new GrowableColumn();
  readonly #groups = new GroupIndex();

  constructor(definition: Completed<RowDefinition>) {
    this.#definition = definition;
  }

  update(labels: NumericArray, predictions: NumericArray, options?: UpdateOptions): this {
    const { name, rules } = this.#definition;
    return this.#append(readRows({ where: name, ...rules, classes: this.#classes }, labels, predictions, options));
  }

  /** The number of classes or labels, which the first rows decide. */
  get #classes(): number | undefined {
    const { length } = this.#labels.values;
    return countsColumns(this.#definition.rules) && length > 0 ? this.#predictions.values.length / length : undefined;
  }

  merge(other: MetricState): this {
    requireSame(this.#definition, other instanceof RowState ? other.#definition : undefined);
    const { labels, predictions, weights } = (other as RowState).rows();
    requireSameClasses(this.#definition.name, this.#classes, (other as RowState).#classes);
    return this.#append({ labels, predictions, weights, groups: (other as RowState).#groups.keys() });
  }

  compute(): number {
    return this.#definition.compute(this.rows());
  }

  reset(): this {
    for (const column of [this.#labels, this.#predictions, this.#weights, this.#groups]) column.clear();
    return this;
  }

  toJSON(): MetricSnapshot {
    const { name, task, config, rules } = this.#definition;
    const { labels, predictions, weights } = this.rows();
    const rows = { labels: [...labels], predictions: [...predictions], weights: [...weights] };
    return { metric: name, task, config, rows: rules.grouped ? { ...rows, groups: this.#groups.keys() } : rows };
  }

  rows(): StoredRows {
    const labels = this.#labels.values;
    return {
      count: labels.length,
      labels,
      predictions: this.#predictions.values,
      weights: this.#weights.values,
      group: this.#groups.indices(),
      groupCount: this.#groups.size,
    };
  }

  #append({
    labels,
    predictions,
    weights,
    groups,
  }: Pick<MetricRows, 'labels' | 'predictions' | 'weights' | 'groups'>): this {
    this.#labels.append(labels);
    this.#predictions.append(predictions);
    this.#weights.append(weights);
    if (groups) this.#groups.append(groups);
    return this;
  }
}

/** Checked rows, for functions that return more than a number. */
export const collectRows = (
  definition: RowDefinition,
  labels: NumericArray,
  predictions: NumericArray,
  options: UpdateOptions,
): StoredRows => new RowState(completed(definition)).update(labels, predictions, options).rows();

/** Creates a metric that keeps all rows. */
export const rowMetric = <const Name extends string>(declaration: RowDefinition<Name>): Metric<Name> => {
  const definition = completed(declaration);
  return {
    ...declared(definition),
    create: () => new RowState(definition),
    restore: (snapshot) => {
      requireSnapshot(definition, snapshot, 'rows');
      const { labels, predictions, weights, groups } = snapshot.rows!;
      return new RowState(definition).update(labels, predictions, { weights, groups });
    },
  };
};
