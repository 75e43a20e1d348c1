import type { Spec } from '@polytask/components';
import type { BatchTensors } from '../features/batch-tensors.ts';
import type { Batch } from '../features/batch.ts';
import type { Layout } from '../features/layout.ts';
import type { Schema } from '../features/schema.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';

/** What a trainer knows of its model. */
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

/** What a network that brings its training is trained on. */
export interface NetworkTraining<C = unknown> {
  /** The configuration of the network. */
  readonly config: C;
  /** The model, whose parameters the training sets. */
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

/** What a trainer found. */
export interface NetworkTrained {
  /** The loss of each task on the training rows; NaN for a task without a label. */
  readonly losses: Readonly<Record<string, number>>;
  /** A sentence for each task that a longer training would improve. */
  readonly stillImproving?: Readonly<Record<string, string>>;
}

/** Trains a network in place of steps of gradient descent. It sets all parameters of the model, heads included. */
export type NetworkTrainer<C = unknown> = (training: NetworkTraining<C>) => Promise<NetworkTrained>;
