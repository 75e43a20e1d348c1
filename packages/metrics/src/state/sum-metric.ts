import { countsColumns, readRows, type MetricRows } from '../input/rows.ts';
import { MetricError } from '../metric-error.ts';
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

/** A metric that is a function of a few sums over rows. Its state has a constant size. */
export interface SumDefinition<Name extends string = string> extends MetricDeclaration<Name> {
  readonly size: number;
  /** Whether one more sum for each class follows. Only for labels that are class indices or bit masks. */
  readonly perClass?: boolean;
  /** Adds the rows to the sums. It must not throw after the first write. */
  readonly add: (sums: Float64Array, rows: MetricRows) => void;
  /** Merges the sums of other rows. Default: adds them. */
  readonly merge?: (sums: Float64Array, others: Float64Array) => void;
  readonly compute: (sums: Float64Array) => number;
}

const addUp = (sums: Float64Array, others: Float64Array): void => {
  for (let i = 0; i < others.length; i++) sums[i]! += others[i]!; // a state without rows has no classes yet
};

class SumState implements MetricState {
  readonly #definition: Completed<SumDefinition>;
  #sums: Float64Array;
  #classes: number | undefined;

  constructor(definition: Completed<SumDefinition>, sums = new Float64Array(definition.size), classes?: number) {
    this.#definition = definition;
    this.#sums = sums;
    this.#classes = classes;
  }

  update(labels: NumericArray, predictions: NumericArray, options?: UpdateOptions): this {
    const { name, rules, add } = this.#definition;
    const rows = readRows({ where: name, ...rules, classes: this.#classes }, labels, predictions, options);
    if (!countsColumns(rules) || rows.count === 0) {
      add(this.#sums, rows);
      return this;
    }
    const sums = this.#sumsOf(rows.width);
    add(sums, rows); // may throw, so the state changes afterwards
    [this.#sums, this.#classes] = [sums, rows.width];
    return this;
  }

  merge(other: MetricState): this {
    requireSame(this.#definition, other instanceof SumState ? other.#definition : undefined);
    const { name, merge = addUp } = this.#definition;
    const [classes, otherClasses] = [this.#classes, (other as SumState).#classes];
    requireSameClasses(name, classes, otherClasses);
    if (otherClasses !== undefined) [this.#sums, this.#classes] = [this.#sumsOf(otherClasses), otherClasses];
    merge(this.#sums, (other as SumState).#sums);
    return this;
  }

  /** The sums for this number of classes. The first rows decide the number. */
  #sumsOf(classes: number): Float64Array {
    const { size, perClass } = this.#definition;
    return perClass && this.#classes === undefined ? new Float64Array(size + classes) : this.#sums;
  }

  compute(): number {
    return this.#definition.compute(this.#sums);
  }

  reset(): this {
    this.#sums = new Float64Array(this.#definition.size);
    this.#classes = undefined;
    return this;
  }

  toJSON(): MetricSnapshot {
    const { name, task, config } = this.#definition;
    const snapshot = { metric: name, task, config, sums: [...this.#sums] };
    return this.#classes === undefined ? snapshot : { ...snapshot, classes: this.#classes };
  }
}

/** Creates a metric that is a function of sums. */
export const sumMetric = <const Name extends string>(declaration: SumDefinition<Name>): Metric<Name> => {
  const definition = completed(declaration);
  const { name, size, perClass } = definition;
  return {
    ...declared(definition),
    create: () => new SumState(definition),
    restore: (snapshot) => {
      requireSnapshot(definition, snapshot, 'sums');
      const sums: readonly number[] = Array.isArray(snapshot.sums) ? snapshot.sums : [];
      const expected = size + (perClass ? (snapshot.classes ?? 0) : 0);
      if (sums.length !== expected || !sums.every(Number.isFinite)) {
        throw new MetricError(
          `${name}: restore`,
          `sums [${sums.join(', ')}]`,
          `${expected} finite numbers`,
          'The snapshot is damaged: write it again.',
        );
      }
      return new SumState(definition, Float64Array.from(sums), snapshot.classes);
    },
  };
};

/** Creates a metric that is a function of the weighted mean of one number for each row. */
export const meanMetric = <const Name extends string>({
  valueOf,
  compute = (mean) => mean,
  ...declaration
}: MetricDeclaration<Name> & {
  readonly valueOf: (rows: MetricRows, row: number) => number;
  readonly compute?: (mean: number) => number;
}): Metric<Name> =>
  sumMetric({
    ...declaration,
    size: 2, // Σ w value, Σ w
    add: (sums, rows) => {
      for (let i = 0; i < rows.count; i++) {
        sums[0]! += rows.weights[i]! * valueOf(rows, i);
        sums[1]! += rows.weights[i]!;
      }
    },
    compute: ([sum, weight]) => compute(sum! / weight!),
  });
