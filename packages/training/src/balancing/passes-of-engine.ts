import type { Batch } from '@polytask/core';
import type { RunPass } from './pass-contract.ts';

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
