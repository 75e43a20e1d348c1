import type { GatheredBatch } from '@polytask/core';
import type { ClipOptions } from '../optimizers/clip.ts';

/** A range of numbers in the flat trained parameters. */
export interface Part {
  readonly from: number;
  readonly size: number;
}

/**
 * The computations that a balanced step requests for a batch. L_i is the loss of task i times the weight of the task. Every
 * kind returns `losses` [tasks + auxiliary + 1], as a plain step does, and:
 *
 * - `plain`: `gradients` [P] of the sum of all losses, clipped. An engine may write them, and those of the gathered rows of tables, into
 *   its flat state
 * - `losses`: nothing more
 * - `reach`: `reach` [T, slices], the largest absolute gradient of each task in each slice of each parameter. Slices are along
 *   the first dimension. The model runs as in serving, without random numbers
 * - `sharing`: `sharing` [T, experts of all levels], the largest absolute gradient of each task with respect to each expert
 * - `representation`: `gramian` [T, T] of the gradients with respect to the values at a cut through the network
 * - `rotations`: the same `gramian`, and `pulls` [T, m, m] at the rotations of the model
 * - `weighted`: `gradients` [P] of Σ w_i L_i
 * - `jacobian`: `jacobian` [T, S] over the shared parameters, its `gramian`, and `gradients` [P] of Σ L_i
 *
 * `weighted` and `jacobian` also return `auxiliary` [P], the gradient of the auxiliary losses, when the model has such losses.
 */
export type PassKind =
  'plain' | 'losses' | 'reach' | 'sharing' | 'representation' | 'rotations' | 'weighted' | 'jacobian';

/** The results of a pass, in host memory. */
export interface PassNumbers {
  readonly losses: Float32Array;
  readonly gradients?: Float32Array;
  readonly auxiliary?: Float32Array;
  readonly jacobian?: Float32Array;
  readonly gramian?: Float32Array;
  readonly reach?: Float32Array;
  readonly sharing?: Float32Array;
  readonly pulls?: Float32Array;
}

/** Runs passes of one batch. All passes use the same random numbers. */
export type RunPass = (kind: PassKind, options?: PassRequest) => Promise<PassNumbers>;

export interface PassRequest {
  /** The bounds of the gradients, for `plain`. They must be the same in each call. */
  readonly clip?: ClipOptions;
  /** The weights w_i [T], for `weighted`. */
  readonly weights?: readonly number[];
  /** The shared parameters, for `jacobian`. They must be the same in each call. */
  readonly shared?: readonly Part[];
  /** The cut, for `representation` and `rotations`. It must be the same in each call. */
  readonly cut?: string | undefined;
}

/** The part of a balanced step that depends on the engine: the passes on the current parameters. */
export interface EnginePasses {
  /** The name of the engine and its backend, such as `eager (wasm)`. */
  readonly name: string;
  /**
   * The passes of one batch, with the gathered rows of the flat state. The last pass with gradients updates the
   * running statistics.
   */
  begin(batch: GatheredBatch): { readonly run: RunPass; readonly auxiliary: () => readonly string[] };
  /** Sets the numbers of a parameter that no optimizer trains. Call `changed` afterwards. */
  assign(name: string, values: Float32Array): void;
  /** Notes that the flat parameters have changed. */
  changed(): void;
  /** Copies all changed numbers to the store of the model. */
  flush(): void;
  /** Copies all numbers from the store of the model, also into the flat state. */
  reload(): Promise<void>;
  close(): Promise<void>;
}
