import { countsColumns, readRows, type MetricRows, type RowRules, rulesOf } from '../input/rows.ts';
import { MetricError, show } from '../metric-error.ts';
import type { Metric, MetricSnapshot, MetricState, NumericArray, UpdateOptions } from '../metric.ts';

/** The declaration of a metric without its state. */
export interface MetricDeclaration<Name extends string = string>
  extends
    Pick<Metric<Name>, 'name' | 'direction' | 'task' | 'description' | 'paper' | 'constant'>,
    Partial<Pick<Metric, 'also' | 'label' | 'digits' | 'measured' | 'config'>> {
  /** Default: from 0 to 1 where higher is better, otherwise 0 and above. */
  readonly range?: Metric['range'];
  /** The rules that aren't those of the task. */
  readonly rules?: Partial<Omit<RowRules, 'where'>>;
}

/** What a metric says about itself, where the function that defines it says the rest. */
export type About<Name extends string> = Omit<MetricDeclaration<Name>, 'direction' | 'task' | 'config' | 'rules'>;

/** How a metric keeps the rows of a state: as sums, or as they are. */
interface Keeping<Data> {
  /** The part of a snapshot that holds the data. */
  readonly part: 'sums' | 'rows';
  empty(): Data;
  /** The data with further rows. A call that throws doesn't change the data. */
  add(data: Data, rows: MetricRows): Data;
  merge(data: Data, others: Data): Data;
  compute(data: Data): number;
  /** @param classes the number of classes, labels or times, once it is known */
  write(data: Data, classes: number | undefined): Pick<MetricSnapshot, 'sums' | 'classes' | 'rows'>;
  /** Reads the part of a snapshot: as data, or as rows for an update. @param where the metric's name in error messages */
  read(snapshot: MetricSnapshot, where: string): { data: Data } | { update: Parameters<MetricState['update']> };
}

/** What states of a metric share. */
interface Kind<Data> extends Keeping<Data> {
  readonly rules: RowRules;
  /** What tells metrics apart, in words. */
  readonly is: string;
  readonly snapshot: Pick<MetricSnapshot, 'metric' | 'task' | 'config'>;
}

class State<Data> implements MetricState {
  readonly #kind: Kind<Data>;
  #data: Data;
  /** The number of classes, labels or times, which the first rows decide. */
  #classes: number | undefined;

  constructor(kind: Kind<Data>, data = kind.empty(), classes?: number) {
    this.#kind = kind;
    this.#data = data;
    this.#classes = classes;
  }

  update(labels: NumericArray, predictions: NumericArray, options?: UpdateOptions): this {
    const { rules } = this.#kind;
    const rows = readRows({ ...rules, classes: this.#classes }, labels, predictions, options);
    this.#data = this.#kind.add(this.#data, rows);
    if (countsColumns(rules) && rows.count > 0) this.#classes = rows.width;
    return this;
  }

  merge(other: MetricState): this {
    const { is, rules } = this.#kind;
    const where = `${rules.where}: merge`;
    const received = other instanceof State ? other.#kind.is : 'something that is no state of this metric';
    if (received !== is)
      throw new MetricError(where, received, `a state of ${is}`, 'Create both states from the same metric.');
    const others = other as State<Data>;
    const classes = others.#classes ?? this.#classes;
    if (classes !== (this.#classes ?? classes)) {
      const expected = `${this.#classes} classes as here`;
      throw new MetricError(where, `a state of ${classes} classes`, expected, 'Merge states of the same task.');
    }
    [this.#data, this.#classes] = [this.#kind.merge(this.#data, others.#data), classes];
    return this;
  }

  compute(): number {
    return this.#kind.compute(this.#data);
  }

  toJSON(): MetricSnapshot {
    return { ...this.#kind.snapshot, ...this.#kind.write(this.#data, this.#classes) };
  }
}

/** Creates a metric from its declaration and the way in which it keeps rows. */
export function metricOf<Data, Name extends string>(
  { rules: ownRules, config = {}, ...declaration }: MetricDeclaration<Name>,
  keeping: Keeping<Data>,
): Metric<Name> {
  const { name, task, direction } = declaration;
  const rules: RowRules = { where: name, ...rulesOf(task), ...ownRules };
  const identityOf = (each: Pick<MetricSnapshot, 'metric' | 'task' | 'config'>) =>
    `${each.metric} of ${each.task} ${JSON.stringify(each.config)}`;
  const snapshot = { metric: name, task, config };
  const kind: Kind<Data> = { ...keeping, rules, is: identityOf(snapshot), snapshot };
  return {
    ...{ also: [], label: name, digits: 4, measured: 'always' as const },
    range: [0, direction === 'higher' ? 1 : Infinity] as const,
    ...declaration,
    config,
    grouped: rules.grouped ?? false,
    create: () => new State(kind),
    restore(given) {
      const received = typeof given === 'object' && given !== null ? identityOf(given) : show(given);
      if (received !== kind.is || typeof given[kind.part] !== 'object') {
        throw new MetricError(
          `${name}: restore`,
          received === kind.is ? `a snapshot without ${kind.part}` : received,
          `what toJSON() of ${kind.is} wrote`,
          'Restore with the metric that wrote the snapshot.',
        );
      }
      const read = kind.read(given, `${name}: restore`);
      return 'data' in read ? new State(kind, read.data, given.classes) : new State(kind).update(...read.update);
    },
  };
}
