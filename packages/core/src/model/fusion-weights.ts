import * as tf from '@tensorflow/tfjs';
import type { Examples } from '../features/batch.ts';
import { toTensors } from '../features/batch-tensors.ts';
import type { LevelWeights } from '../fusion/level-weights.ts';
import type { ExpertPlace } from '../fusion/units.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { callOn } from './call-on.ts';
import type { MultiTaskModel } from './model.ts';

/**
 * The weights of one fusion level over some data; the rows are the level's outputs, the columns its experts. Where a gate
 * has a weight for each feature, it is their mean.
 */
export interface LevelReport {
  readonly outputs: readonly string[];
  readonly experts: readonly ExpertPlace[];
  /** Mean over the rows of what depends on the input, [outputs][experts]. */
  readonly gated: number[][];
  /** Its standard deviation over the rows. */
  readonly gatedDeviation: number[][];
  /** What doesn't depend on the input: AdaTT's native weights, cross-stitch's matrix, the 1 of a single-task model. */
  readonly constant: number[][];
}

export interface FusionWeightsOptions {
  /** Rows a pass. Default 4096. */
  batchSize?: number;
  /**
   * Told the whole W of each batch, gates and constant part together: [rows × outputs × experts], row by row. Where nothing
   * in a level depends on the input it is told a single row, once.
   *
   * @param level from 0
   */
  onWeights?: (weights: Float32Array, level: number) => void;
}

/**
 * Every model's W, level by level: what the paper's heat map shows (AdaTT, fig. 3).
 *
 * @param examples the rows to take the mean over, such as the test table
 * @example
 * const gates = gateStatistics({ units: 2, experts: 4 }); // of @polytask/metrics
 * fusionWeights(model, test, { onWeights: (weights, level) => level === 0 && gates.update(weights) });
 */
export function fusionWeights<T extends Tasks>(
  model: MultiTaskModel<T>,
  examples: Examples,
  options: FusionWeightsOptions = {},
): LevelReport[] {
  const { batchSize = 4096, onWeights } = options;
  const { levels } = model.network;
  const totals = levels.map(({ outputs, experts }) => ({
    outputs,
    experts,
    sum: new Float64Array(outputs.length * experts.length),
    squares: new Float64Array(outputs.length * experts.length),
    constant: new Float64Array(outputs.length * experts.length),
  }));
  for (let from = 0; from < examples.size; from += batchSize) {
    const rows = Uint32Array.from({ length: Math.min(batchSize, examples.size - from) }, (_, i) => from + i);
    tf.tidy(() => {
      const input = model.input(toTensors(examples.batch(rows), model.layout));
      const { call } = callOn(input.raw, {});
      let { lanes } = input;
      levels.forEach((level, l) => {
        const weights = level.weights(lanes, call);
        addTo(totals[l]!, weights);
        if (onWeights && (weights.gated || from === 0)) onWeights(rowByRow(weights), l);
        lanes = level.apply(lanes, call);
      });
    });
  }
  const n = examples.size;
  return totals.map(({ outputs, experts, sum, squares, constant }) => {
    const table = (f: (i: number) => number) =>
      outputs.map((_, u) => experts.map((_, e) => f(u * experts.length + e)));
    return {
      outputs,
      experts,
      gated: table((i) => sum[i]! / n),
      gatedDeviation: table((i) => Math.sqrt(Math.max(0, squares[i]! / n - (sum[i]! / n) ** 2))),
      constant: table((i) => constant[i]!),
    };
  });
}

function addTo(total: Record<'sum' | 'squares' | 'constant', Float64Array>, weights: LevelWeights): void {
  if (weights.constant) total.constant.set(weights.constant.dataSync());
  if (!weights.gated) return;
  const sums = tf.sum(weights.gated, 1).dataSync();
  const squares = tf.sum(tf.square(weights.gated), 1).dataSync();
  sums.forEach((value, i) => (total.sum[i]! += value));
  squares.forEach((value, i) => (total.squares[i]! += value));
}

/** W, [rows × units × experts]; the constant part alone is one row. */
function rowByRow({ gated, constant }: LevelWeights): Float32Array {
  const whole = gated && constant ? tf.add(gated, constant) : (gated ?? constant)!;
  return tf.transpose(whole, [1, 0, 2]).dataSync() as Float32Array;
}
