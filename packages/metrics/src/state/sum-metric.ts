import { readRows, type RowRules, type Rows } from '../input/rows.ts';
import { MetricError } from '../metric-error.ts';
import type { Metric, MetricConfig, MetricSnapshot, MetricState, NumericArray, UpdateOptions } from '../metric.ts';
import { requireSame, requireSnapshot, type MetricDeclaration } from './identity.ts';

/** A metric that is a function of a few sums over rows: constant memory, merged by addition. */
export interface SumDefinition extends MetricDeclaration {
  readonly rules: Omit<RowRules, 'where' | 'grouped'>;
  /** How many sums. */
  readonly size: number;
  /** Adds the rows to the sums; must not throw once it has written. */
  add(sums: Float64Array, rows: Rows): void;
  compute(sums: Float64Array): number;
}

class SumState implements MetricState {
  readonly #definition: SumDefinition & { readonly config: MetricConfig };
  #sums: Float64Array;

  constructor(definition: SumDefinition & { readonly config: MetricConfig }, sums = new Float64Array(definition.size)) {
    this.#definition = definition;
    this.#sums = sums;
  }

  update(labels: NumericArray, predictions: NumericArray, options?: UpdateOptions): this {
    const { name, rules } = this.#definition;
    this.#definition.add(this.#sums, readRows({ where: name, ...rules }, labels, predictions, options));
    return this;
  }

  merge(other: MetricState): this {
    requireSame(this.#definition, other instanceof SumState ? other.#definition : undefined);
    const sums = (other as SumState).#sums;
    for (let i = 0; i < sums.length; i++) this.#sums[i]! += sums[i]!;
    return this;
  }

  compute(): number {
    return this.#definition.compute(this.#sums);
  }

  reset(): this {
    this.#sums.fill(0);
    return this;
  }

  toJSON(): MetricSnapshot {
    const { name, config } = this.#definition;
    return { metric: name, config, sums: [...this.#sums] };
  }
}

export const sumMetric = (given: SumDefinition): Metric => {
  const definition = { config: {}, ...given };
  const { name, direction, task, config, size } = definition;
  return {
    name,
    direction,
    task,
    config,
    grouped: false,
    create: () => new SumState(definition),
    restore: (snapshot) => {
      requireSnapshot(definition, snapshot, 'sums');
      const sums: readonly number[] = Array.isArray(snapshot.sums) ? snapshot.sums : [];
      if (sums.length !== size || !sums.every(Number.isFinite)) {
        throw new MetricError(`${name}: restore`, `sums [${sums.join(', ')}]`, `${size} finite numbers`, 'The snapshot is damaged: write it again.');
      }
      return new SumState(definition, Float64Array.from(sums));
    },
  };
};
