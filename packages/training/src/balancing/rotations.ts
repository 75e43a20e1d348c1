import { turned, type Turning } from '@polytask/balancing';
import type { MultiTaskModel, Tasks } from '@polytask/core';

/** A model's rotations in host memory, for the balancer that turns them; no optimizer and no gradient of a loss does. */
export class TurningRotations {
  /** Of the model's store, [tasks, m, m]. */
  readonly parameter: string;
  readonly #model: MultiTaskModel<Tasks>;
  readonly #turning: Turning;
  #kernels = new Float32Array(0);

  /** @param model one that has rotations */
  constructor(model: MultiTaskModel<Tasks>, turning: Turning) {
    this.#model = model;
    this.#turning = turning;
    this.parameter = model.rotations!.parameter;
  }

  /** Takes them from the model's store. */
  async read(): Promise<void> {
    this.#kernels = Float32Array.from(await this.#model.store.get(this.parameter).variable.data<'float32'>());
  }

  /**
   * Turns each by its pull.
   *
   * @param pulls [T, m, m]
   * @param step steps done before
   * @returns the kernels as they are now, [T, m, m]
   */
  turn(pulls: Float32Array, step: number): Float32Array {
    const { learningRate, decay } = this.#turning;
    const next = new Float32Array(this.#kernels.length);
    const size = next.length / this.#model.taskNames.length;
    for (let from = 0; from < next.length; from += size) {
      next.set(
        turned(
          this.#kernels.subarray(from, from + size),
          pulls.subarray(from, from + size),
          learningRate * decay ** step,
        ),
        from,
      );
    }
    this.#kernels = next;
    return next;
  }
}
