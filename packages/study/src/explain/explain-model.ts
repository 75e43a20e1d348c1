import { type FromDescription, groupBy, type Option, readOptions, type Written, mean } from '@polytask/components';
import {
  checks,
  type Examples,
  type MultiTaskModel,
  type NetworkSpec,
  type Tasks,
  randomStream,
  permutation,
  predictionTypeOf,
  rowWriter,
  UNKNOWN,
  valueEncoder,
  type Task,
} from '@polytask/core';
import { ENSEMBLE } from '../predictions/ensemble.ts';
import { measureFusion } from '../trials/train-model.ts';
import type { FusionLevelWeights } from '../results/trial-result.ts';
import type { TrainingMode } from '../trials/trial-spec.ts';
import { importanceOptions, permutationImportance, type TaskImportance } from './permutation-importance.ts';

interface Segment {
  readonly name: string;
  /** The indices of the rows, ascending. */
  readonly rows: readonly number[];
}

/** The largest number of segments with a name of their own. */
const MOST = 8;
const MISSING = '(missing)';
const OTHERS = '(others)';

/**
 * Divides rows by the values of a column: of more than eight different numbers into quarters of equally many rows, else into a segment for
 * each of the eight most frequent values, and one for the others.
 */
export function segmentsBy(values: readonly (string | undefined)[]): Segment[] {
  const present = values.filter((value) => value !== undefined);
  const distinct = new Set(present);
  const isNumeric = present.every((value) => value.trim() !== '' && Number.isFinite(Number(value)));
  if (distinct.size > MOST && isNumeric) return grouped(values, quarters(present.map(Number)));
  const byCount = [...groupBy(present, (value) => value)].sort(([, a], [, b]) => b.length - a.length);
  const named = byCount.slice(0, MOST).map(([value]) => value);
  return grouped(values, (value) => (named.includes(value) ? value : OTHERS), [...named, OTHERS]);
}

/** Names the quarter of a number: `20 to 35`. */
function quarters(numbers: readonly number[]): (value: string) => string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const ends = [...new Set([1, 2, 3, 4].map((q) => sorted[Math.ceil((q * sorted.length) / 4) - 1]!))];
  return (value) => {
    const q = ends.findIndex((end) => Number(value) <= end);
    return q === 0 ? `up to ${ends[0]}` : `over ${ends[q - 1]}, up to ${ends[q]}`;
  };
}

function grouped(
  values: readonly (string | undefined)[],
  nameOf: (value: string) => string,
  order?: readonly string[],
): Segment[] {
  const rows = groupBy(values.keys(), (row) => (values[row] === undefined ? MISSING : nameOf(values[row])));
  const leastOf = (name: string) =>
    rows.get(name)!.reduce((least, row) => Math.min(least, Number(values[row] ?? Infinity)), Infinity);
  const names = order ? [...new Set([...order, MISSING])] : [...rows.keys()].sort((a, b) => leastOf(a) - leastOf(b));
  return names.flatMap((name) => (rows.has(name) ? [{ name, rows: rows.get(name)! }] : []));
}

const { anything, flag, optional } = checks;

const explainOptions = {
  ...importanceOptions,
  /** The value of each row in the column whose segments are compared; undefined for a missing value. Default: no segments. */
  by: optional(anything as Option<readonly (string | undefined)[]>),
  /** Whether to measure the importance of features, which needs labels. */
  importance: optional(flag, true),
  engine: optional(anything as Option<TrainingMode>, 'eager'),
};

export interface ExplainOptions extends Written<typeof explainOptions>, FromDescription {}

/** The fusion weights of some rows. */
export interface SegmentFusion {
  readonly name: string;
  readonly rows: number;
  /** Level by level. Empty for a model without fusion levels. */
  readonly fusion: readonly FusionLevelWeights[];
}

/** What a model draws on, for some rows. */
export interface Explanation<T extends Tasks = Tasks> {
  readonly rows: number;
  /** All rows, and then the segments. */
  readonly segments: readonly SegmentFusion[];
  /** The architectures of an ensemble's members, whose levels have the member's number in their names: `0.income`. */
  readonly members?: readonly string[] | undefined;
  /** By task. Undefined if it wasn't measured. */
  readonly importance: { readonly [K in keyof T]: TaskImportance } | undefined;
  /** Of numbers whose repeated values have vectors. */
  readonly effects: readonly FeatureEffects[];
}

/**
 * Explains a model on some rows: which experts each task draws on, for all rows and for segments of them, how much each task's metric
 * depends on each feature, and the effects of repeated values of numbers.
 *
 * @param rows labeled rows that the model wasn't trained on
 * @throws PolytaskError as {@link permutationImportance} does
 * @example
 * const { importance, segments } = await explainModel(model, test);
 * importance!.income.features[0]; // { feature: 'age', drop: 0.021, deviation: 0.002 }
 * segments[0]!.fusion[0]!.gated; // the mean weights of the first level's gates, [lanes][experts]
 */
export async function explainModel<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Examples<T>,
  options: ExplainOptions = {},
): Promise<Explanation<T>> {
  const { by, importance, engine, ...others } = readOptions(options, explainOptions, 'explainModel');
  const all: Segment = { name: 'all rows', rows: Array.from({ length: rows.size }, (_, row) => row) };
  const segments: SegmentFusion[] = [];
  for (const { name, rows: own } of [all, ...(by ? segmentsBy(by) : [])]) {
    others.signal?.throwIfAborted();
    segments.push({ name, rows: own.length, fusion: await measureFusion(model, subset(rows, own), engine) });
  }
  return {
    rows: rows.size,
    segments,
    members: membersOf(model.config.network),
    effects: await valueEffects(model, rows),
    importance: importance ? await permutationImportance(model, rows, { ...others, engine }) : undefined,
  };
}

/** The architectures of an ensemble's members; undefined for other networks, and where it isn't known. */
export function membersOf(network: unknown): string[] | undefined {
  const { name, config } = (network ?? {}) as NetworkSpec;
  if (name !== ENSEMBLE) return undefined;
  return (config as unknown as { members: { network: NetworkSpec }[] }).members.map(({ network }) => network.name);
}

const subset = <T extends Tasks>({ schema, batch }: Examples<T>, rows: readonly number[]): Examples<T> => ({
  schema,
  size: rows.length,
  batch: (indices) => batch(Array.from(indices, (index) => rows[index]!)),
});

/** The effect of one repeated value of a number on a prediction. */
export interface ValueEffect {
  readonly value: number;
  /** The mean prediction if all rows had this value. */
  readonly prediction: number;
  /** The mean prediction if all rows had a number of this size that isn't repeated: on the curve between the spikes. */
  readonly nearby: number;
}

/** The effects of a number's repeated values on one prediction, ascending by value. */
export interface FeatureEffects {
  readonly feature: string;
  readonly task: string;
  /** A class, a label or a quantile, of a task that predicts several. */
  readonly of?: string;
  readonly effects: readonly ValueEffect[];
}

const ROWS = 100;
/** The most values of a feature: the most frequent ones. */
const VALUES = 64;

/**
 * Partial dependence on the repeated values that have vectors of their own, with and without the vector, on at most 100 rows.
 * Paper: Friedman 2001, "Greedy function approximation", section 8.2.
 */
export async function valueEffects<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Examples<T>,
): Promise<FeatureEffects[]> {
  const { layout, schema } = model;
  const some = permutation(randomStream(0, 'value effects'), rows.size).slice(0, ROWS);
  const found: FeatureEffects[] = [];
  for (const place of layout.places) {
    if (!place.values) continue;
    const encode = valueEncoder(place, layout);
    const write = rowWriter(place.values, layout);
    const values = Float64Array.from(place.values.table!.codes.known!.slice(0, VALUES), Number).sort();
    // each value in all rows, with its vector and then without
    const copies = 2 * values.length;
    const batch = rows.batch(Array.from({ length: copies * some.length }, (_, i) => some[i % some.length]!));
    for (let row = 0; row < copies * some.length; row++) {
      const copy = Math.floor(row / some.length);
      encode(values[copy % values.length]!, batch, row);
      if (copy >= values.length) write(batch, row, 0, UNKNOWN);
    }
    const predictions = await model.predictAsync(batch);
    for (const [task, definition] of Object.entries(schema.tasks)) {
      const names = namesOf(definition);
      names.forEach((of, c) => {
        const valueAt = (row: number) => predictions[task]![row * names.length + c]!;
        const means = Array.from({ length: copies }, (_, copy) =>
          mean(Array.from(some, (_row, i) => valueAt(copy * some.length + i))),
        );
        const effects = Array.from(values, (value, v) => {
          return { value, prediction: means[v]!, nearby: means[values.length + v]! };
        });
        if (effects.every((effect) => effect.prediction === effect.nearby)) return; // such as of trees, which don't read them
        found.push({ feature: place.name, task, ...(of !== undefined && { of }), effects });
      });
    }
  }
  return found;
}

/** The classes, labels or quantiles that a task predicts; one without a name for a single number. */
function namesOf(task: Task): readonly (string | undefined)[] {
  const { names } = predictionTypeOf(task);
  return names.length > 0 ? names : [undefined];
}
