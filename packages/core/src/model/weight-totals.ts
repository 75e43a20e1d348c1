import type { FusionLevel } from '../fusion/fusion-level.ts';
import type { ExpertPlace } from '../fusion/units.ts';

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

/** A level's weights of a batch as numbers. */
export interface WeightNumbers {
  /** [outputs × rows × experts], or undefined where nothing depends on the input. */
  readonly gated: Float32Array | undefined;
  /** [outputs × experts], or undefined where there is no such part. */
  readonly constant: Float32Array | undefined;
}

/** Adds the weights of a level up, batch by batch. */
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

  /** @returns the whole W, [rows × outputs × experts]; a single row, and only the first time, where none depends on the input */
  add({ gated, constant }: WeightNumbers, rows: number): Float32Array | undefined {
    const [units, experts] = [this.#level.outputs.length, this.#level.experts.length];
    const known = this.#rows > 0;
    this.#rows += rows;
    if (constant) this.#constant = constant;
    if (!gated) return known || !constant ? undefined : constant;
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
