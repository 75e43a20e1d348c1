import { optimizerRule, type OptimizerRule, type OptimizerSpec } from '../optimizer.ts';
import { blockSweep } from './block-sweep.ts';
import { flatBuffers, GRADIENT, PARAMETER, slotBuffer, type FlatBuffers, type Sweep } from './flat-buffers.ts';
import { record } from './recorder.ts';
import { wasmSweep } from './wasm-sweep.ts';

/** An optimizer of many parameters in flat buffers on the host. One pass updates all parameters. */
export class FlatOptimizer {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly slots: Readonly<Record<string, Float32Array>>;
  readonly #spec: OptimizerSpec;
  readonly #rule: OptimizerRule<OptimizerSpec>;
  readonly #buffers: FlatBuffers;
  readonly #sweeps = new Map<string, Sweep>();

  /**
   * @param size the number of numbers in all parameters
   * @throws PolytaskError when the optimizer's update is not elementwise arithmetic
   */
  constructor(spec: OptimizerSpec, size: number) {
    this.#spec = spec;
    this.#rule = optimizerRule(spec);
    const first = Object.entries(this.#rule.slots(spec));
    this.#buffers = flatBuffers([PARAMETER, GRADIENT, ...first.map(([slot]) => slotBuffer(slot))], size);
    const { arrays } = this.#buffers;
    this.parameters = arrays[PARAMETER]!;
    this.gradients = arrays[GRADIENT]!;
    this.slots = Object.fromEntries(first.map(([slot, value]) => [slot, arrays[slotBuffer(slot)]!.fill(value)]));
    const coefficients = this.#rule.coefficients(spec, { step: 1, learningRate: 0 });
    this.#sweep(Object.keys(coefficients)); // throws now when the update can't be recorded
  }

  /** Updates parameters and slots in place. @param at the 1-based index of the step, and its learning rate */
  update(at: { step: number; learningRate: number }): void {
    const coefficients = this.#rule.coefficients(this.#spec, at);
    this.#sweep(Object.keys(coefficients))(coefficients);
  }

  /** The sweep for a set of coefficients. A rule may have other coefficients in its first steps. */
  #sweep(names: readonly string[]): Sweep {
    const key = names.join('\n');
    let sweep = this.#sweeps.get(key);
    if (!sweep) {
      const program = record(this.#rule, this.#spec, names);
      sweep = wasmSweep(program, names, this.#buffers) ?? blockSweep(this.#rule, this.#spec, this.#buffers);
      this.#sweeps.set(key, sweep);
    }
    return sweep;
  }
}
