import type { Batch } from '@polytask/core';

/** A run of numbers in all trained parameters, end to end. */
export interface Part {
  readonly from: number;
  readonly size: number;
}

/**
 * What a balanced step asks for of a batch. All have `losses`, [tasks + auxiliary + 1], as a plain step.
 *
 * - `losses`: nothing else
 * - `reach`: `reach` [T, slices]: the largest number of each task's gradient in each slice of each parameter along its first
 *   side; as in serving, without random numbers
 * - `sharing`: `sharing` [T, experts of all levels]: the same for what each expert gives
 * - `representation`: `gramian` [T, T] of the gradients with respect to all that crosses a cut through the network
 * - `rotations`: `gramian` likewise, and `pulls` [T, m, m] at the model's rotations
 * - `weighted`: `gradients` [P] of Σ w_i L_i
 * - `jacobian`: `jacobian` [T, S] over the shared parameters, its `gramian`, and `gradients` [P] of Σ L_i
 *
 * The last two have `auxiliary` [P] as well where the model has losses of its own. L_i is a task's loss times its weight.
 */
export type PassKind = 'losses' | 'reach' | 'sharing' | 'representation' | 'rotations' | 'weighted' | 'jacobian';

/** What a pass found, in host memory. */
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

/** Runs passes of one batch, with the same random numbers in all of them. */
export type RunPass = (kind: PassKind, options?: PassRequest) => Promise<PassNumbers>;

export interface PassRequest {
  /** [T], for `weighted`. */
  readonly weights?: readonly number[];
  /** For `jacobian`; the same at each call. */
  readonly shared?: readonly Part[];
  /** For `representation` and `rotations`; the same at each call. */
  readonly cut?: string | undefined;
}

/** An engine's part of balanced steps: it runs passes on the parameters as they are. */
export interface EnginePasses {
  /** The engine and what it runs on, such as `eager (wasm)`. */
  readonly name: string;
  /** The passes of one batch. Running statistics move with the last pass that gives gradients. */
  begin(batch: Batch): { readonly run: RunPass; readonly auxiliary: () => readonly string[] };
  /** Gives a parameter that no optimizer trains other numbers; `changed` follows. */
  assign(name: string, values: Float32Array): void;
  /** The flat parameters have changed. */
  changed(): void;
  /** Gives the model's store whatever it doesn't have yet. */
  flush(): void;
  /** Takes what the model's store has, into the flat state as well. */
  reload(): Promise<void>;
  close(): Promise<void>;
}
