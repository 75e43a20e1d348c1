import type { Emitter } from '../graph/emit.ts';
import type { Value } from '../graph/value.ts';

/** The arguments of a TF.js kernel, in the graph. */
export interface KernelCall<A = unknown> {
  readonly emit: Emitter;
  /** By the names that TF.js gives them. */
  readonly inputs: Readonly<Record<string, Value>>;
  /** For kernels that take a list. */
  readonly list: readonly Value[];
  readonly attrs: A;
}

/** Writes one TF.js kernel into the graph. */
export type Kernel = (call: KernelCall) => Value | readonly Value[];

/** A kernel that reads its attributes, which TF.js gives without a type. */
export const withAttrs = <A>(kernel: (call: KernelCall<A>) => Value | readonly Value[]): Kernel => kernel as Kernel;

/** Kernels by TF.js's names. */
export type Kernels = Readonly<Record<string, Kernel>>;

export const axesOf = (axis: number | readonly number[] | undefined | null, rank: number): number[] => {
  const list = axis === undefined || axis === null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat();
  return (list as number[]).map((each) => (each < 0 ? each + rank : each)).sort((a, b) => a - b);
};
