import type { BalancerSpec, GradientDiagnostics, Json } from '@polytask/balancing';
import type { Batch, LossNumbers, MultiTaskModel, NamedTensor, Tasks, WeightNumbers } from '@polytask/core';
import type { ClipOptions } from './optimizers/clip.ts';
import type { OptimizerSpec } from './optimizers/optimizer.ts';

/** What a training step does besides the model's own arithmetic. */
export interface Recipe {
  readonly optimizer: OptimizerSpec;
  readonly clip: ClipOptions;
  /** How the tasks' losses or gradients become one. Default: they are added. */
  readonly balancing?: BalancerSpec;
}

/** The losses of one step, before its update. */
export interface StepLosses extends LossNumbers {
  /** With a balancer: the weights of the tasks, and how their gradients stood to each other. */
  readonly balancing?: StepBalancing;
}

export interface StepBalancing {
  /** By task; none of a balancer that gives a vector. */
  readonly weights?: Readonly<Record<string, number>>;
  /** None of a balancer of losses, which doesn't see gradients. */
  readonly gradients?: GradientDiagnostics;
}

/**
 * Steps of one model under one recipe. Batches go in and numbers come out; where the parameters and the optimizer's
 * slots live in between, and what the forward pass runs on, is the engine's affair.
 */
export interface TrainingStep {
  /** The engine and what it runs on, such as `eager (wasm)`. */
  readonly name: string;
  /** How many steps may be started before the losses of the first are asked for; 1 where waiting costs nothing. */
  readonly inFlight: number;
  /**
   * One step: losses, gradients, clipping, update. Steps take effect in the order of the calls, whether or not the one
   * before has been awaited; a smaller batch gives exactly what it would give alone.
   *
   * @param epoch how many epochs were done before; some balancers go by it
   */
  run(batch: Batch, learningRate: number, epoch?: number): Promise<StepLosses>;
  /** Gives the model's store the parameters and buffers as they are after the last step. */
  flush(): Promise<void>;
  /** The optimizer's slots by name ({@link slotName}); host copies. */
  readSlots(): Promise<Record<string, NamedTensor>>;
  /**
   * Takes up where another run was: the parameters from the model's store, the slots from these tensors.
   *
   * @param steps how many steps that run had done; bias corrections depend on it
   * @throws PolytaskError that lists missing, extra and misshapen slots
   */
  restore(slots: Readonly<Record<string, NamedTensor>>, steps: number): void | Promise<void>;
  /** What a balancer has learned, as plain JSON for checkpoints, and the way back. */
  readonly balancer?: { readonly state: Json; restore(state: Json): void };
  /** Flushes, and frees all that the engine holds. */
  close(): Promise<void>;
}

/** Forward passes of one model, for metrics and predictions. */
export interface Scorer {
  /** The logits by task, [batch] or row-major [batch × classes], of the parameters that the model's store has now. */
  logits(batch: Batch): Promise<Readonly<Record<string, Float32Array>>>;
  /** The fusion weights, level by level. */
  weights(batch: Batch): Promise<readonly WeightNumbers[]>;
  close(): Promise<void>;
}

/** A way to run models. `fit` and `evaluate` know nothing of TF.js beyond this. */
export interface Engine {
  readonly name: string;
  /** @throws PolytaskError when this model, recipe or machine is beyond the engine, saying why */
  train<T extends Tasks>(model: MultiTaskModel<T>, recipe: Recipe): Promise<TrainingStep>;
  score<T extends Tasks>(model: MultiTaskModel<T>): Promise<Scorer>;
}
