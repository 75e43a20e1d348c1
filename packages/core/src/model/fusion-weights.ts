import { checkNames } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import type { Batch, Examples } from '../features/batch.ts';
import type { Tasks } from '../tasks/tasks.ts';
import type { MultiTaskModel } from './model.ts';
import type { FeatureTensors } from '../features/batch-tensors.ts';
import type { GateWeights } from '../fusion/level-weights.ts';
import { requireBlockingReads } from '../tensorflow/backend.ts';
import { callOn } from '../layers/layer.ts';
import type { FusionLevel } from '../fusion/fusion-level.ts';
import type { ExpertPosition } from '../fusion/units.ts';

/** The mean weights of one fusion level over a set of rows, [outputs][experts]. A weight for each feature is averaged over the features. */
export interface LevelReport {
  readonly outputs: readonly string[];
  readonly experts: readonly ExpertPosition[];
  /** The mean of the weights that depend on the input, [outputs][experts]. */
  readonly gated: number[][];
  /** The standard deviation of these weights over the rows, [outputs][experts]. */
  readonly gatedDeviation: number[][];
  /** The weights that don't depend on the input, [outputs][experts], such as AdaTT's native weights. */
  readonly constant: number[][];
}

/** As {@link LevelWeights}: [outputs × rows × experts], and [outputs × experts]. */
export type WeightNumbers = Readonly<Record<'gated' | 'constant', Float32Array | undefined>>;

/**
 * Averages the weights of a level over batches.
 *
 * @example
 * const totals = new WeightTotals(model.network.levels[0]);
 * for (const batch of batches) totals.add((await fusionWeightsOf(model, batch))[0], batch.size);
 * totals.report().gated;
 */
export class WeightTotals {
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  #constant: ArrayLike<number>;
  #rows = 0;

  constructor(private readonly level: Pick<FusionLevel, 'outputs' | 'experts'>) {
    const cells = level.outputs.length * level.experts.length;
    this.#sum = new Float64Array(cells);
    this.#squares = new Float64Array(cells);
    this.#constant = new Float64Array(cells);
  }

  /** Adds the weights of a batch. @returns W, [rows × outputs × experts]; one row, and then undefined, if no weight depends on the input */
  add({ gated, constant }: WeightNumbers, rows: number): Float32Array | undefined {
    const [units, experts] = [this.level.outputs.length, this.level.experts.length];
    const first = this.#rows === 0;
    this.#rows += rows;
    if (constant) this.#constant = constant;
    if (!gated) return first ? constant : undefined;
    const whole = new Float32Array(rows * units * experts);
    for (let u = 0; u < units; u++) {
      for (let row = 0; row < rows; row++) {
        for (let e = 0; e < experts; e++) {
          const value = gated[(u * rows + row) * experts + e]!;
          const cell = u * experts + e;
          this.#sum[cell]! += value;
          this.#squares[cell]! += value * value;
          whole[(row * units + u) * experts + e] = value + (constant?.[cell] ?? 0);
        }
      }
    }
    return whole;
  }

  report(): LevelReport {
    const { outputs, experts } = this.level;
    const [sum, squares, n] = [this.#sum, this.#squares, this.#rows];
    const table = (f: (i: number) => number) => outputs.map((_, u) => experts.map((_, e) => f(u * experts.length + e)));
    return {
      outputs,
      experts,
      gated: table((i) => sum[i]! / n),
      gatedDeviation: table((i) => Math.sqrt(Math.max(0, squares[i]! / n - (sum[i]! / n) ** 2))),
      constant: table((i) => this.#constant[i]!),
    };
  }
}

/**
 * The weights of a level in two parts, whose sum is W: those that depend on the input, [units, batch, experts], and those that don't,
 * [units, 1, experts]. Undefined when no gate gives some.
 */
export type LevelWeights = Readonly<Record<'gated' | 'constant', tf.Tensor3D | undefined>>;

export interface FusionWeightsOptions {
  /** Rows per forward pass. Default 4096. */
  batchSize?: number;
  /**
   * Receives the whole W of each batch, the sum of the gated and the constant part. If no weight of a level depends on the
   * input, it is called once, with a single row.
   *
   * @param weights [rows × outputs × experts], row-major
   * @param level the index of the level, from 0
   */
  onWeights?: (weights: Float32Array, level: number) => void;
}

const OPTIONS = ['batchSize', 'onWeights'];

/**
 * The mean fusion weights W of a model, level by level, as in the heat maps of the AdaTT paper (KDD'23, fig. 3). The call blocks until the
 * device is done, which WebGPU can't: use {@link fusionWeightsAsync} there.
 *
 * @param examples the rows to average over, such as the test table
 * @throws PolytaskError on the backend `webgpu`, or when an option is unknown
 * @example
 * const gates = gateStatistics({ units: 2, experts: 4 }); // of @polytask/metrics
 * fusionWeights(model, test, { onWeights: (weights, level) => level === 0 && gates.update(weights) });
 */
export function fusionWeights<T extends Tasks>(
  model: MultiTaskModel<T>,
  examples: Examples,
  options: FusionWeightsOptions = {},
): LevelReport[] {
  checkNames(options, OPTIONS, 'fusionWeights');
  requireBlockingReads('fusionWeights', 'fusionWeightsAsync');
  const add = adder(model, options.onWeights);
  for (const batch of batchesOf(examples, options.batchSize)) {
    tf.tidy(() => {
      const weights = levelWeightsOf(model, model.toTensors(batch));
      add(
        weights.map(({ gated, constant }) => ({
          gated: gated?.dataSync<'float32'>(),
          constant: constant?.dataSync<'float32'>(),
        })),
        batch.size,
      );
    });
  }
  return add.reports();
}

/** The same as {@link fusionWeights}, without blocking. @example const [first] = await fusionWeightsAsync(model, test); */
export async function fusionWeightsAsync<T extends Tasks>(
  model: MultiTaskModel<T>,
  examples: Examples,
  options: FusionWeightsOptions = {},
): Promise<LevelReport[]> {
  checkNames(options, OPTIONS, 'fusionWeightsAsync');
  const add = adder(model, options.onWeights);
  for (const batch of batchesOf(examples, options.batchSize)) add(await fusionWeightsOf(model, batch), batch.size);
  return add.reports();
}

/** The fusion weights of one batch, level by level, for {@link WeightTotals}. @example const [first] = await fusionWeightsOf(model, batch); */
export async function fusionWeightsOf<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: Batch,
): Promise<WeightNumbers[]> {
  const weights = () => levelWeightsOf(model, model.toTensors(batch)) as unknown as tf.TensorContainer;
  const kept = tf.tidy(weights) as unknown as LevelWeights[];
  try {
    const numbers = kept.map(async ({ gated, constant }) => ({
      gated: await gated?.data<'float32'>(),
      constant: await constant?.data<'float32'>(),
    }));
    return await Promise.all(numbers);
  } finally {
    tf.dispose(kept as unknown as tf.TensorContainer);
  }
}

function* batchesOf(examples: Examples, size = 4096): Generator<Batch> {
  for (let from = 0; from < examples.size; from += size) {
    yield examples.batch(Uint32Array.from({ length: Math.min(size, examples.size - from) }, (_, i) => from + i));
  }
}

function adder<T extends Tasks>(model: MultiTaskModel<T>, onWeights: FusionWeightsOptions['onWeights']) {
  const totals = model.network.levels.map((level) => new WeightTotals(level));
  const add = (weights: readonly WeightNumbers[], rows: number): void =>
    weights.forEach((numbers, l) => {
      const whole = totals[l]!.add(numbers, rows);
      if (whole) onWeights?.(whole, l);
    });
  return Object.assign(add, { reports: () => totals.map((total) => total.report()) });
}

/**
 * The weights of every level for a batch; means over the members of the model. It is a forward pass up to the last gates, on the current
 * TF.js backend: call it in a `tf.tidy`, or trace it.
 */
export function levelWeightsOf<T extends Tasks>(model: MultiTaskModel<T>, features: FeatureTensors): LevelWeights[] {
  const { raw, lanes: first } = model.input(features);
  const { call } = callOn({ raw, features }, {});
  const { levels } = model.network;
  let lanes = first;
  return levels.map((level, l) => {
    const { gated, constant } = sumGates(level.weights(lanes, call));
    if (l < levels.length - 1) lanes = level.apply(lanes, call);
    return { gated: gated && meanOfMembers(gated, model.members), constant };
  });
}

function meanOfMembers(weights: tf.Tensor3D, members: number): tf.Tensor3D {
  if (members === 1) return weights;
  const [units, , experts] = weights.shape;
  return tf.mean(tf.reshape(weights, [units, members, -1, experts]), 1);
}

/** The weights of a level's gates in two parts, in tensors of their own. @example sumGates(level.weights(lanes, call)).constant?.arraySync() */
export function sumGates(gates: readonly GateWeights[]): LevelWeights {
  const sumOf = (kind: boolean) => {
    const own = gates.filter(({ constant }) => constant === kind);
    const [first, ...rest] = own.map(({ weights }) => (weights.rank === 4 ? tf.mean(weights, 3) : weights));
    return first && (rest.reduce((sum, part) => tf.add(sum, part), tf.clone(first)) as tf.Tensor3D); // never a parameter
  };
  return { gated: sumOf(false), constant: sumOf(true) };
}
