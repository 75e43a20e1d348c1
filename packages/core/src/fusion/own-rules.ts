import type { Finding, Spec } from '@polytask/components';
import type * as tf from '@tensorflow/tfjs-core';
import type { BatchTensors, FeatureTensors } from '../features/batch-tensors.ts';
import type { Batch } from '../features/batch.ts';
import type { Layout } from '../features/layout.ts';
import type { Schema } from '../features/schema.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';

// What a network can do by rules of its own, such as one of trees: its training, and its explanation.

/** What a trainer knows of its model and of the parts that the network doesn't train. */
export interface ModelInTraining {
  /** Its declaration: which input it has, and whether it has parts that the network doesn't train. */
  readonly config: {
    readonly input?: Spec<'input'> | undefined;
    readonly tower?: object | undefined;
    readonly rotations?: object | undefined;
    readonly selfAuxiliaries?: object | undefined;
  };
  readonly schema: Schema;
  readonly layout: Layout;
  readonly store: ParameterStore;
  toTensors(batch: Batch): BatchTensors;
}

export interface NetworkTraining<C = unknown> {
  /** The configuration of the network. */
  readonly config: C;
  readonly model: ModelInTraining;
  /** All training rows, with labels and weights. */
  readonly train: Batch;
  /** The validation rows, if early stopping may read them. */
  readonly validation: Batch | undefined;
  /**
   * Lets other work run and shows how much is done. Await it often.
   *
   * @param share from 0 to 1
   * @throws the reason of the signal, when the training is aborted
   */
  pause(share: number): Promise<void>;
}

export interface NetworkTrained {
  /** The loss of each task on the training rows; NaN for a task without a label. */
  readonly losses: Readonly<Record<string, number>>;
  /** What the trainer noticed, such as `still-improving` for a task that a longer training would improve. */
  readonly findings?: readonly Finding[];
}

/** Trains a network in place of steps of gradient descent. It sets all parameters of the model, heads included. */
export type NetworkTrainer<C = unknown> = (training: NetworkTraining<C>) => Promise<NetworkTrained>;

/** Rows whose predictions a network explains by itself. */
export interface NetworkExplaining<C = unknown> {
  /** The configuration of the network. */
  readonly config: C;
  readonly model: ModelInTraining & {
    /** The network's input, of which `raw` is [batch, inputDim]. */
    input(features: FeatureTensors): { readonly raw: tf.Tensor2D };
  };
  readonly rows: Batch;
  /** The rows whose values an unknown feature has. Without them, those that the network keeps of its training. */
  readonly background: Batch | undefined;
  /** The names of the features. */
  readonly features: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** The exact Shapley values of a task's vector, by its numbers. */
export interface NetworkExplained {
  /** Where no feature is known: [rows × outputDim], row-major. */
  readonly base: Float64Array;
  /** [rows × outputDim × features] */
  readonly contributions: Float64Array;
}

/** Explains a network whose heads pass on their vector, as {@link NetworkTrainer} leaves them. @returns by task */
export type NetworkExplainer<C = unknown> = (
  rows: NetworkExplaining<C>,
) => Promise<Readonly<Record<string, NetworkExplained>>>;
