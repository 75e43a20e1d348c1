import { fail } from '@polytask/core';
import { createOptimizer, type Optimizer, type OptimizerSpec } from '../optimizer.ts';
import {
  record,
  flatBuffers,
  GRADIENT,
  MEAN_SQUARE,
  PARAMETER,
  slotBuffer,
  type FlatBuffers,
  type Sweep,
  wasmSweep,
  blockSweep,
} from './sweeps.ts';

/**
 * An optimizer of many parameters in flat buffers on the host. One pass updates all parameters.
 *
 * @example
 * const flat = new FlatOptimizer(sgd(0.1), 2);
 * flat.gradients.set([1, -2]);
 * flat.update({ step: 1, learningRate: 0.1 });
 * flat.parameters; // Float32Array [-0.1, 0.2]
 */
export class FlatOptimizer {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly slots: Readonly<Record<string, Float32Array>>;
  readonly #optimizer: Optimizer;
  readonly #buffers: FlatBuffers;
  readonly #dimension: number;
  readonly #sweeps = new Map<string, Sweep>();

  /**
   * @param size the number of numbers in all parameters
   * @param dimension the length of a row, for a rule with one slot for each row
   * @throws PolytaskError when the optimizer needs the eager engine, or its update is not elementwise arithmetic
   */
  constructor(spec: OptimizerSpec, size: number, dimension = size) {
    const optimizer = (this.#optimizer = createOptimizer(spec));
    if (optimizer.isEager)
      fail({
        expected:
          'an optimizer that changes each number by itself, for the compiled engine, a balancer, or a table with sparse updates',
        received: `"${optimizer.name}", which computes with whole tensors`,
        fix: "Take engine: 'eager' (--engine wasm), as auto does, without a balancer, and a tableOptimizer, such as adam(), for tables with sparse updates.",
      });
    this.#dimension = dimension;
    const first = Object.entries(optimizer.slots);
    const means = optimizer.perRow ? [MEAN_SQUARE] : [];
    this.#buffers = flatBuffers([PARAMETER, GRADIENT, ...means, ...first.map(([slot]) => slotBuffer(slot))], size);
    const { arrays } = this.#buffers;
    this.parameters = arrays[PARAMETER]!;
    this.gradients = arrays[GRADIENT]!;
    this.slots = Object.fromEntries(first.map(([slot, value]) => [slot, arrays[slotBuffer(slot)]!.fill(value)]));
    const coefficients = optimizer.coefficients({ step: 1, learningRate: 0 });
    this.#sweep(Object.keys(coefficients)); // throws now when the update can't be recorded
  }

  /**
   * Updates parameters and slots in place.
   *
   * @param at the 1-based index of the step, and its learning rate
   * @param to the end of the numbers that are updated. Default all
   * @param from their first. Default 0
   */
  update(at: { step: number; learningRate: number }, to = this.parameters.length, from = 0): void {
    const coefficients = this.#optimizer.coefficients(at);
    if (this.#optimizer.perRow) this.#meanSquares(to);
    const sweep = this.#sweep(Object.keys(coefficients));
    // a sweep goes by four numbers, and the rest of a range must not touch its neighbors
    const whole = to === this.parameters.length && from % 4 === 0 ? to : to - ((to - from) % 4);
    sweep(coefficients, whole, from);
    if (whole < to) blockSweep(this.#optimizer, this.#buffers)(coefficients, to, whole);
  }

  #meanSquares(count: number): void {
    const [dimension, means] = [this.#dimension, this.#buffers.arrays[MEAN_SQUARE]!];
    for (let from = 0; from < count; from += dimension) {
      let sum = 0;
      for (let i = from; i < from + dimension; i++) sum += this.gradients[i]! ** 2;
      means.fill(sum / dimension, from, from + dimension);
    }
  }

  /** The sweep for a set of coefficients. A rule may have other coefficients in its first steps. */
  #sweep(names: readonly string[]): Sweep {
    const key = names.join('\n');
    let sweep = this.#sweeps.get(key);
    if (!sweep) {
      const program = record(this.#optimizer, names);
      sweep = wasmSweep(program, names, this.#buffers) ?? blockSweep(this.#optimizer, this.#buffers);
      this.#sweeps.set(key, sweep);
    }
    return sweep;
  }
}
