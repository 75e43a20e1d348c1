import { turned, type Turning } from '@polytask/balancing';
import type { MultiTaskModel, Tasks } from '@polytask/core';

/** The rotations of a model in host memory. A balancer turns the rotations, and no optimizer updates them. */
export class TurningRotations {
  /** The name of the parameter [tasks, m, m] in the store of the model. */
  readonly parameter: string;
  readonly #model: MultiTaskModel<Tasks>;
  readonly #turning: Turning;
  #kernels = new Float32Array(0);

  /** @param model a model with rotations */
  constructor(model: MultiTaskModel<Tasks>, turning: Turning) {
    this.#model = model;
    this.#turning = turning;
    this.parameter = model.rotations!.parameter;
  }

  /** Copies the rotations from the store of the model. */
  async read(): Promise<void> {
    this.#kernels = Float32Array.from(await this.#model.store.get(this.parameter).variable.data<'float32'>());
  }

  /**
   * Turns each rotation by its pull.
   *
   * @param pulls [T, m, m]
   * @param step the number of steps done before
   * @returns the new rotations, [T, m, m]
   */
  turn(pulls: Float32Array, step: number): Float32Array {
    const { learningRate, decay } = this.#turning;
    const next = new Float32Array(this.#kernels.length);
    const size = next.length / this.#model.taskNames.length;
    for (let from = 0; from < next.length; from += size) {
      const [kernel, pull] = [this.#kernels, pulls].map((numbers) => numbers.subarray(from, from + size));
      next.set(turned(kernel!, pull!, learningRate * decay ** step), from);
    }
    this.#kernels = next;
    return next;
  }
}
