import { checkNames } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import type { Batch, Examples } from '../features/batch.ts';
import type { Tasks } from '../tasks/tasks.ts';
import type { MultiTaskModel } from './model.ts';
import { WeightTotals, type LevelReport, type WeightNumbers } from './weight-totals.ts';
import type { FeatureTensors } from '../features/batch-tensors.ts';
import type { GateWeights } from '../fusion/level-weights.ts';
import { requireBlockingReads } from '../tensorflow/backend.ts';
import { callOn } from './call-on.ts';

/** The weights of a level in two parts, whose sum is W. */
export interface LevelWeights {
  /**
   * The weights that depend on the input, [units, batch, experts]; undefined when no gate does. The weights of a gate with
   * a weight for each feature are averaged over the features.
   */
  readonly gated: tf.Tensor3D | undefined;
  /** The weights that don't depend on the input, [units, 1, experts]; undefined when there is no such gate. */
  readonly constant: tf.Tensor3D | undefined;
}

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
const DEFAULT_BATCH = 4096;

/**
 * The mean fusion weights W of a model, level by level, as in the heat maps of the AdaTT paper (KDD'23, fig. 3).
 *
 * The call blocks until the device is done. WebGPU can't block: use {@link fusionWeightsAsync} there.
 *
 * @param examples the rows to average over, such as the test table
 * @returns one report per level
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

/**
 * The same as {@link fusionWeights}, without blocking.
 *
 * @example const [first] = await fusionWeightsAsync(model, test);
 */
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

/**
 * The fusion weights of one batch, level by level, for {@link WeightTotals}.
 *
 * @example const [first] = await fusionWeightsOf(model, batch);
 */
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

function* batchesOf(examples: Examples, size = DEFAULT_BATCH): Generator<Batch> {
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
 * The weights of every level for a batch, as tensors; means over the members of the model. It is a forward pass up to the last gates,
 * on the current TF.js backend: call it in a `tf.tidy`, or trace it.
 *
 * @example
 * const [first] = tf.tidy(() =>
 *   levelWeightsOf(model, model.toTensors(batch)).map(({ gated }) => gated?.arraySync()),
 * );
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

/** [units, members · batch, experts] → [units, batch, experts] */
function meanOfMembers(weights: tf.Tensor3D, members: number): tf.Tensor3D {
  if (members === 1) return weights;
  const [units, , experts] = weights.shape;
  return tf.mean(tf.reshape(weights, [units, members, -1, experts]), 1);
}

/**
 * Adds the weights of a level's gates, in two parts.
 *
 * @returns tensors of their own: disposing them doesn't harm a gate
 * @example sumGates(level.weights(lanes, call)).constant?.arraySync()
 */
export function sumGates(gates: readonly GateWeights[]): LevelWeights {
  const sumOf = (kind: boolean) => {
    const [first, ...rest] = gates
      .filter(({ constant }) => constant === kind)
      .map(({ weights }) => (weights.rank === 4 ? tf.mean(weights, 3) : weights));
    return first && (rest.reduce((sum, part) => tf.add(sum, part), tf.clone(first)) as tf.Tensor3D); // never a parameter
  };
  return { gated: sumOf(false), constant: sumOf(true) };
}
