import {
  fail,
  sum,
  either,
  listOf,
  notNegative,
  number,
  oneOf,
  optional,
  positive,
  readOptions,
  share,
  shaped,
  text,
  wholeNumber,
  type Option,
  type Written,
} from '@polytask/components';
import {
  labelsOf,
  permutation,
  binary,
  denseSchema,
  emptyBatch,
  layoutOf,
  randomStream,
  regression,
  type BinaryTask,
  type RandomStream,
  type RegressionTask,
  type Schema,
} from '@polytask/core';
import { encodedTable, type EncodedTable } from '../../examples/encoded-table.ts';
import { correlationFactor, inner, orthonormalVectors } from './correlated-vectors.ts';

const oneOrEach = (of: Option<number>) => either(of, listOf(of));

const options = {
  /** The names of the tasks, or their number: `task1`, `task2`, … */
  tasks: either(wholeNumber(1), listOf(text, 1)),
  /** The number of inputs, at least three more than tasks. */
  dimension: optional(wholeNumber(4), 64),
  /** Pearson correlation of the tasks' weight vectors: one number for all pairs, or a matrix. */
  correlation: optional(either(number(), listOf(listOf(number()))), 0.5),
  /** `regression`: numbers, as in the paper. `binary`: whether the number is above a quantile. */
  kind: optional(oneOf('regression', 'binary'), 'regression'),
  /** The share of yes: one number for all tasks, or a list with one for each. */
  positiveRate: optional(oneOrEach(number({ above: 0, below: 1 })), 0.5),
  /**
   * The share of rows with a label, more than 0 and at most 1: one number for all tasks, or a list with one for each. The other
   * rows have weight 0 for that task.
   */
  labelRate: optional(oneOrEach(number({ above: 0, to: 1 })), 1),
  /** The standard deviation of the noise. The paper has 0.1. */
  noise: optional(notNegative, 0.1),
  /**
   * The fraction of the input space, from 0 to 1, in which w becomes −w for every second task. Two tasks that agree elsewhere
   * contradict each other there.
   */
  conflict: optional(share, 0),
  /** The length c of the weight vectors. */
  scale: optional(positive, 1),
  /** The nonlinear part of the labels, the same for all tasks: Σ sin(alpha · s + beta). */
  sines: optional(listOf(shaped({ alpha: number(), beta: number() })), [
    { alpha: 1, beta: 0 },
    { alpha: 2, beta: 1 },
    { alpha: 3, beta: 2 },
  ]),
  /** Of the tasks; `sample` takes a seed of the rows. */
  seed: optional(number({ whole: true }), 0),
};

export interface SyntheticOptions<
  N extends string = string,
  K extends 'regression' | 'binary' = 'regression' | 'binary',
> extends Omit<Written<typeof options>, 'tasks' | 'kind'> {
  /** The names of the tasks, or their number: `task1`, `task2`, … */
  readonly tasks: number | readonly N[];
  /** `regression`, the default: numbers, as in the paper. `binary`: whether the number is above a quantile. */
  readonly kind?: K;
}

type Resolved = ReturnType<typeof resolved>;

function resolved(given: SyntheticOptions) {
  const { positiveRate, labelRate, tasks: names, ...read } = readOptions(given, options, 'syntheticTasks');
  const tasks = typeof names === 'number' ? Array.from({ length: names }, (_, t) => `task${t + 1}`) : names;
  if (new Set(tasks).size < tasks.length) wrong('different names of tasks', tasks);
  if (read.dimension < tasks.length + 3) wrong(`a dimension of ${tasks.length + 3} or more`, read.dimension);
  const oneEach = (rate: number | readonly number[], what: string): readonly number[] => {
    if (typeof rate === 'number') return tasks.map(() => rate);
    return rate.length === tasks.length ? rate : wrong(`${tasks.length} ${what}, one for each task`, rate.length);
  };
  const { dimension, correlation, scale, seed } = read;
  const factor = correlationFactor(correlation, tasks.length);
  const basis = orthonormalVectors(tasks.length + 2, dimension, randomStream(seed, 'synthetic.basis'));
  const weightOf = (row: readonly number[], i: number) => scale * sum(row, (l, j) => l * basis[j]![i]!);
  return {
    ...{ ...read, tasks },
    positiveRates: oneEach(positiveRate, 'positive rates'),
    labelRates: oneEach(labelRate, 'label rates'),
    /** The weight vector of each task. */
    weights: factor.map((row) => Float64Array.from({ length: dimension }, (_, i) => weightOf(row, i))),
    /** The plane of the conflict. */
    plane: basis.slice(-2) as [Float64Array, Float64Array],
  };
}

function wrong(expected: string, received: unknown): never {
  return fail({
    expected,
    received: JSON.stringify(received),
    fix: "syntheticTasks({ tasks: 3, dimension: 64, kind: 'binary' }) is one that works.",
  });
}

export type SyntheticTaskMap<N extends string, K extends 'regression' | 'binary'> = {
  readonly [name in N]: K extends 'binary' ? BinaryTask : RegressionTask;
};

/** Synthetic tasks, and any number of their rows. */
export interface SyntheticTasks<T extends Readonly<Record<string, BinaryTask | RegressionTask>>> {
  /** Its only feature is the vector `x`. */
  readonly schema: Schema<T>;
  /** The weight vector w of each task, [dimension]. The vectors have mean 0 and the correlations of the options. */
  readonly weights: { readonly [K in keyof T]: Float64Array };
  /** Samples rows; another seed gives other rows. A label that `labelRate` leaves out is 0, with weight 0. */
  sample(rows: number, seed: number): EncodedTable<T>;
}

/** The number of rows from which the thresholds of binary tasks come. */
const THRESHOLD_ROWS = 20_000;

/**
 * Makes the synthetic tasks of MMoE (Ma et al., KDD 2018, §3.2), for any number of tasks. With orthonormal vectors u_j and the
 * matrix of correlations R = L Lᵀ,
 *
 *     w_t = c Σ_j L_tj u_j,   x ~ N(0, I),   y_t = w_tᵀx + Σ_i sin(α_i w_tᵀx + β_i) + ε,   ε ~ N(0, noise²)
 *
 * Of two tasks with correlation p, these are the paper's w₁ = c u₁ and w₂ = c (p u₁ + √(1 − p²) u₂). Tasks of similar w are
 * similar. Because of the sines, a linear model is not enough. `labelRate` removes labels and changes no other number.
 *
 * @throws PolytaskError for an option out of its range, and for correlations that are no positive semidefinite matrix
 * @example
 * const tasks = syntheticTasks({ tasks: ['click', 'like'], correlation: 0.8, kind: 'binary', seed: 7 });
 * const [train, validation, test] = [tasks.sample(10_000, 1), tasks.sample(2_000, 2), tasks.sample(2_000, 3)];
 */
export function syntheticTasks<const N extends string, K extends 'regression' | 'binary' = 'regression'>(
  options: SyntheticOptions<N, K>,
): SyntheticTasks<SyntheticTaskMap<N, K>> {
  const read = resolved(options);
  const { tasks, dimension, kind, seed, weights } = read;
  const thresholds = kind === 'binary' ? thresholdsOf(read) : undefined;
  const declared = Object.fromEntries(tasks.map((name) => [name, kind === 'binary' ? binary() : regression()]));
  const schema = denseSchema(dimension, declared as SyntheticTaskMap<N, K>);
  const layout = layoutOf(schema);
  return {
    schema,
    weights: Object.fromEntries(tasks.map((name, t) => [name, weights[t]!])) as Record<N, Float64Array>,
    sample(rows, rowSeed) {
      if (!Number.isSafeInteger(rows) || rows < 1) {
        fail({ expected: 'a number of rows of 1 or more', received: String(rows), fix: 'Write sample(10_000, 1).' });
      }
      const stream = randomStream(seed, `synthetic.rows.${rowSeed}`);
      const x = stream.normal(rows * dimension);
      const values = outcomes(read, x, stream);
      const batch = { ...emptyBatch(rows, layout, tasks), numeric: x };
      for (const [t, name] of tasks.entries()) {
        const { labels, weights } = labelsOf(batch, name);
        weights.set(labeledRows(read.labelRates[t]!, rows, randomStream(seed, `synthetic.labeled.${rowSeed}.${name}`)));
        const label = (y: number) => (thresholds ? Number(y > thresholds[t]!) : y);
        values[t]!.forEach((y, row) => weights[row] && (labels[row] = label(y)));
      }
      return encodedTable(schema, batch);
    },
  };
}

/** 1 for a row with a label, else 0, [rows]. The share of labels is exact, and at least one row has a label. */
function labeledRows(rate: number, rows: number, stream: RandomStream): Float32Array {
  if (rate === 1) return new Float32Array(rows).fill(1);
  const labeled = new Float32Array(rows);
  for (const row of permutation(stream, rows).subarray(0, Math.max(1, Math.round(rate * rows)))) labeled[row] = 1;
  return labeled;
}

/** y of each task, [tasks][rows], for x [rows × dimension]. */
function outcomes(read: Resolved, x: Float32Array, stream: RandomStream): Float32Array[] {
  const { sines, noise, conflict, dimension, weights } = read;
  const [across, along] = read.plane;
  const rows = x.length / dimension;
  const noises = weights.map(() => stream.normal(rows, 0, noise));
  for (let r = 0; r < rows; r++) {
    const row = x.subarray(r * dimension, (r + 1) * dimension);
    // the angle of x in the plane is uniform, so a wedge of the plane has the share `conflict` of the rows
    const turned = conflict > 0 && Math.abs(Math.atan2(inner(along, row), inner(across, row))) <= Math.PI * conflict;
    weights.forEach((w, t) => {
      const s = (turned && t % 2 === 1 ? -1 : 1) * inner(w, row);
      let y = s;
      for (const { alpha, beta } of sines) y += Math.sin(alpha * s + beta);
      noises[t]![r]! += y;
    });
  }
  return noises;
}

/** Thresholds by the options that they depend on. A study makes the same tasks for each part of it. */
const knownThresholds = new Map<string, readonly number[]>();

/** The threshold of each task: in the share `positiveRate` of rows, y is above it. */
function thresholdsOf(read: Resolved): readonly number[] {
  const others = { labelRates: undefined, weights: undefined, plane: undefined };
  const key = JSON.stringify({ ...read, ...others, tasks: read.tasks.length });
  const known = knownThresholds.get(key);
  if (known) return known;
  const stream = randomStream(read.seed, 'synthetic.thresholds');
  const x = stream.normal(THRESHOLD_ROWS * read.dimension);
  const thresholds = outcomes(read, x, stream).map(
    (column, t) => column.sort()[Math.floor((1 - read.positiveRates[t]!) * THRESHOLD_ROWS)]!,
  );
  knownThresholds.set(key, thresholds);
  return thresholds;
}
