import type * as tf from '@tensorflow/tfjs';

/** What a forward pass carries through the whole model. */
export interface Call {
  /** True in `fit`: dropout drops, batch norm takes the batch's statistics. */
  readonly training: boolean;
  /** The network's input, [batch, inputDim], whatever the level. */
  readonly raw: tf.Tensor2D;
  /** Adds a named scalar to the loss (load balancing, sparsity, …); the trainer weighs it and shows it in the history. */
  addLoss(name: string, loss: tf.Scalar): void;
  /** Sees what a level's experts give, and says what goes on in its place: {@link ExpertsTap}. */
  readonly experts?: ExpertsTap | undefined;
  /** Sees the vectors of lanes, and says what goes on in their place: {@link LanesTap}. */
  readonly lanes?: LanesTap | undefined;
  /** Set by a bank whose members share lanes: pass it to `linear`, and members of a lane share one wide product. */
  readonly shared?: SharedLanes | undefined;
}

/** Inputs of a bank whose members share lanes: `x` is `lanes` with each lane `times` times in a row. */
export interface SharedLanes {
  /** [lanes · times, batch, dim] */
  readonly x: tf.Tensor;
  /** [lanes, batch, dim] */
  readonly lanes: tf.Tensor3D;
  readonly times: number;
}

/**
 * A tap on the experts' outputs, [experts, batch, dim], of a level (`levels.0`, …): to take gradients with respect to what
 * the tasks share, or to change it.
 */
export type ExpertsTap = (outputs: tf.Tensor3D, level: string) => tf.Tensor3D;

/**
 * A tap on the lanes' vectors, [batch, dim]: at the network's `input`; where a level keeps them (`levels.0`, …), which with
 * the experts' outputs is all that it hands on; and before the tasks' `heads`.
 *
 * @param lanes those that hold the vector
 */
export type LanesTap = (vector: tf.Tensor2D, place: string, lanes: readonly string[]) => tf.Tensor2D;

/** A built layer: x is [batch, features] or, in a bank, [bank, batch, features]. */
export type Layer = (x: tf.Tensor, call: Call) => tf.Tensor;
