import * as tf from '@tensorflow/tfjs-core';
import { checkNames } from '@polytask/components';
import type { FeatureTensors } from '../features/batch-tensors.ts';

/** The labels of a task in a pass, for losses of the network. [members · batch, 1] each. */
export interface PassLabels {
  /** 0 where the label is missing. */
  readonly labels: tf.Tensor2D;
  /** Sample weights; 0 where the label is missing. */
  readonly weights: tf.Tensor2D;
}

/** What belongs to one forward pass. Every layer, gate and expert of the model receives it. */
export interface Call {
  /** True in `fit`. Dropout is then active, and batch norm uses the batch's statistics. */
  readonly training: boolean;
  /** True in a test of what depends on what: each gate with parameters gives some weight to all experts that it sees. */
  readonly opened?: boolean | undefined;
  /** The network's input, [members · batch, inputDim], the same at every level: the rows of each member, one after the other. */
  readonly raw: tf.Tensor2D;
  /** The features of the batch, [batch, …]. A context of the schema reads its values there. */
  readonly features?: FeatureTensors | undefined;
  /** The labels of a task, in a pass that computes losses. Undefined in predictions. A network reads them in its `finish`. */
  readonly labels?: ((task: string) => PassLabels) | undefined;
  /** How often the input of tied experts has the rows of the batch: once for each unit, one after the other. Default 1. */
  readonly copies?: number | undefined;
  /** Adds a named scalar to the loss (load balancing, sparsity, …). The model weighs it; the history shows it. */
  addLoss(name: string, loss: tf.Scalar): void;
  /** Receives each level's expert outputs and may replace them: {@link ExpertsTap}. */
  readonly experts?: ExpertsTap | undefined;
  /** Receives the vectors of lanes and may replace them: {@link LanesTap}. */
  readonly lanes?: LanesTap | undefined;
  /** Set by a bank whose members share lanes. Pass it to `linear`, which then runs one wide product per lane. */
  readonly shared?: SharedLanes | undefined;
}

/** The inputs of a bank whose members share lanes: `x` repeats each lane of `lanes` `times` times in a row. */
export interface SharedLanes {
  /** [lanes · times, batch, dim] */
  readonly x: tf.Tensor;
  /** [lanes, batch, dim] */
  readonly lanes: tf.Tensor3D;
  readonly times: number;
}

/**
 * A function on the expert outputs, [experts, batch, dim], of a level (`levels.0`, …), which continues with the tensor that it returns: to
 * change the shared representation, or to take gradients with respect to it.
 */
export type ExpertsTap = (outputs: tf.Tensor3D, level: string) => tf.Tensor3D;

/**
 * A function on the vectors of lanes, [batch, dim]. The network continues with the vector that it returns. `place` is `input` for the network's
 * input, `levels.0`, … for lanes that a level keeps, `heads` before the heads.
 */
export type LanesTap = (vector: tf.Tensor2D, place: string, lanes: readonly string[]) => tf.Tensor2D;

/** A built layer: x is [batch, features] or, in a bank, [bank, batch, features]. */
export type Layer = (x: tf.Tensor, call: Call) => tf.Tensor;

/** Options of a forward pass. */
export type ForwardOptions = Partial<Pick<Call, 'training' | 'opened' | 'labels' | 'experts' | 'lanes'>>;

/** Creates the call of a forward pass, and the record in which it collects the weighed auxiliary losses. */
export function callOn(
  given: Pick<Call, 'raw' | 'features'>,
  options: ForwardOptions,
  weights: Readonly<Record<string, number>> = {},
): { call: Call; auxiliary: Record<string, tf.Scalar> } {
  checkNames(options, ['training', 'opened', 'labels', 'experts', 'lanes'], 'a forward pass');
  const auxiliary: Record<string, tf.Scalar> = {};
  const call: Call = {
    training: false,
    opened: false,
    ...options,
    ...given,
    addLoss(name, loss) {
      const sum = auxiliary[name];
      const weight = weights[name] ?? 1;
      const term: tf.Scalar = weight === 1 ? loss : tf.mul(loss, weight);
      auxiliary[name] = sum ? tf.add(sum, term) : term;
    },
  };
  return { call, auxiliary };
}
