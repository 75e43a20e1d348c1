import type { Batch } from '../features/batch.ts';
import type { MultiTaskModel } from '../model/model.ts';

/** What a network that brings its training is trained on. */
export interface NetworkTraining<C = unknown> {
  /** The configuration of the network. */
  readonly config: C;
  /** The model, whose parameters the training sets. */
  readonly model: Pick<MultiTaskModel, 'config' | 'schema' | 'layout' | 'store' | 'toTensors'>;
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
