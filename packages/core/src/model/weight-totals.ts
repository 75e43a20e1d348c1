import type { FusionLevel } from '../fusion/fusion-level.ts';
import type { ExpertPosition } from '../fusion/units.ts';

/**
 * The mean weights of one fusion level over a set of rows. The rows of each matrix are the level's outputs, the columns its
 * experts. The weights of a gate with a weight for each feature are averaged over the features.
 */
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

/** The weights of a level for one batch, as numbers. */
export interface WeightNumbers {
  /** [outputs × rows × experts], or undefined when no weight depends on the input. */
  readonly gated: Float32Array | undefined;
  /** [outputs × experts], or undefined when all weights depend on the input. */
  readonly constant: Float32Array | undefined;
}

/**
 * Averages the weights of a level over batches.
 *
 * @example
 * const totals = new WeightTotals(model.network.levels[0]);
 * for (const batch of batches) totals.add((await fusionWeightsOf(model, batch))[0], batch.size);
 * totals.report().gated;
 */
export class WeightTotals {
  readonly #level: Pick<FusionLevel, 'outputs' | 'experts'>;
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  #constant: ArrayLike<number>;
  #rows = 0;

  constructor(level: Pick<FusionLevel, 'outputs' | 'experts'>) {
    this.#level = level;
    const cells = level.outputs.length * level.experts.length;
    this.#sum = new Float64Array(cells);
    this.#squares = new Float64Array(cells);
    this.#constant = new Float64Array(cells);
  }

  /**
   * Adds the weights of a batch.
   *
   * @param rows the number of rows in the batch
   * @returns the whole W, [rows × outputs × experts]. If no weight depends on the input: one row at the first call, then
   *   undefined.
   */
  add({ gated, constant }: WeightNumbers, rows: number): Float32Array | undefined {
    const [units, experts] = [this.#level.outputs.length, this.#level.experts.length];
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

  /** The means over all rows so far. */
  report(): LevelReport {
    const { outputs, experts } = this.#level;
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
