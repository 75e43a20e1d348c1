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

/** A Float64Array that grows by doubling. Don't change an array after appending it: the column may share its memory. */
export class GrowableColumn {
  #data = new Float64Array(0);
  #length = 0;

  append(values: Float64Array): void {
    const length = this.#length + values.length;
    if (this.#length === 0)
      this.#data = values as Float64Array<ArrayBuffer>; // shared until the next append copies it
    else {
      if (length > this.#data.length) {
        const larger = new Float64Array(Math.max(length, 2 * this.#data.length));
        larger.set(this.values);
        this.#data = larger;
      }
      this.#data.set(values, this.#length);
    }
    this.#length = length;
  }

  /** A view of the numbers. Later appends don't change it. */
  get values(): Float64Array {
    return this.#data.subarray(0, this.#length);
  }

  clear(): void {
    this.#data = new Float64Array(0);
    this.#length = 0;
  }
}

type Key = number | string;

/** The group of each row as an index. Groups are numbered in the order of their first rows. */
export class GroupIndex {
  readonly #numbers = new Map<Key, number>();
  readonly #column = new GrowableColumn();

  append(keys: readonly Key[]): void {
    const numbers = new Float64Array(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      let number = this.#numbers.get(key);
      if (number === undefined) {
        number = this.#numbers.size;
        this.#numbers.set(key, number);
      }
      numbers[i] = number;
    }
    this.#column.append(numbers);
  }

  get size(): number {
    return this.#numbers.size;
  }

  /** The index of each row's group, 0 … size − 1. [rows] */
  indices(): Uint32Array {
    return new Uint32Array(this.#column.values);
  }

  /** The group id of each row. [rows] */
  keys(): Key[] {
    const names = [...this.#numbers.keys()];
    return Array.from(this.#column.values, (number) => names[number]!);
  }

  clear(): void {
    this.#numbers.clear();
    this.#column.clear();
  }
}

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

  #append(rows: Omit<MetricRows, 'count' | 'width' | 'kept'>): this {
    this.#labels.append(rows.labels);
    this.#predictions.append(rows.predictions);
    this.#weights.append(rows.weights);
    if (rows.groups) this.#groups.append(rows.groups);
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
