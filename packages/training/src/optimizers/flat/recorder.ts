import { PolytaskError, type Arithmetic } from '@polytask/core';
import type { Optimizer, Coefficients } from '../optimizer.ts';

export const PARAMETER = 'parameter';
export const GRADIENT = 'gradient';
export const MEAN_SQUARE = 'mean square';
export const slotBuffer = (slot: string): string => `slot ${slot}`;

/** Buffers of the same length, by name, one after the other in the same memory. */
export interface FlatBuffers {
  readonly arrays: Readonly<Record<string, Float32Array>>;
  /** The WebAssembly memory. The offset of each array is its address. Undefined for ordinary memory. */
  readonly memory: WebAssembly.Memory | undefined;
}

/** Updates the numbers of the buffers from `from` (default 0) to `to` − 1 in place, with the coefficients of a step. */
export type Sweep = (coefficients: Coefficients, to: number, from?: number) => void;

const PAGE = 65_536;

/** The bytes of a cache line. Buffers are aligned and padded to cache lines, so that they can be read by four numbers. */
const LINE = 64;

/** Creates buffers of zeros, in a WebAssembly memory where possible. */
export function flatBuffers(names: readonly string[], size: number): FlatBuffers {
  const stride = Math.ceil((size * Float32Array.BYTES_PER_ELEMENT) / LINE) * LINE;
  const memory = wasmMemory(stride * names.length);
  const bytes = memory?.buffer ?? new ArrayBuffer(stride * names.length);
  return {
    memory,
    arrays: Object.fromEntries(names.map((name, i) => [name, new Float32Array(bytes, i * stride, size)])),
  };
}

function wasmMemory(bytes: number): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  } catch {
    return undefined; // no WebAssembly, more than 4 GB, or no address space left
  }
}

/** The recorded operations. A square is recorded as a product. */
export type Operation = Exclude<keyof Arithmetic<unknown>, 'square'>;

/** A value of an update: an input, a constant, or an operation. `inputs` are indices of earlier nodes. */
export type Node =
  | { readonly kind: 'buffer' | 'coefficient'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'operation'; readonly operation: Operation; readonly inputs: readonly number[] };

/** A recorded update. Each node comes after its inputs. */
export interface Program {
  readonly nodes: readonly Node[];
  /** The nodes that are written into buffers at the end. */
  readonly stores: readonly { readonly buffer: string; readonly node: number }[];
}

/** A value that has no numbers yet. */
class Recorded {
  constructor(readonly node: number) {}

  [Symbol.toPrimitive](): never {
    throw new Error('it asks for the numbers of a value');
  }
}

/**
 * Records the operations of an update. The update runs once, on values without numbers.
 *
 * @param coefficients the names of the step's coefficients
 * @throws PolytaskError when the update is not elementwise arithmetic
 */
export function record(optimizer: Optimizer, coefficients: readonly string[]): Program {
  const nodes: Node[] = [];
  const push = (node: Node) => new Recorded(nodes.push(node) - 1);
  const lift = (value: unknown): Recorded => {
    if (value instanceof Recorded) return value;
    if (typeof value === 'number') return push({ kind: 'constant', value });
    throw new Error('it calculates with something that is neither a value that it was given nor a number');
  };
  const operation =
    (name: Operation) =>
    (...inputs: (Recorded | number)[]) =>
      push({ kind: 'operation', operation: name, inputs: inputs.map((each) => lift(each).node) });
  const mul = operation('mul');
  const arithmetic: Arithmetic<Recorded> = {
    ...{ add: operation('add'), sub: operation('sub'), mul, div: operation('div') },
    ...{ maximum: operation('maximum'), minimum: operation('minimum') },
    ...{ neg: operation('neg'), abs: operation('abs'), sign: operation('sign'), sqrt: operation('sqrt') },
    square(a) {
      const value = lift(a);
      return mul(value, value);
    },
  };
  const read = (kind: 'buffer' | 'coefficient', name: string) => push({ kind, name });
  const slots = Object.keys(optimizer.slots);
  try {
    const state = {
      parameter: read('buffer', PARAMETER),
      gradient: read('buffer', GRADIENT),
      ...(optimizer.perRow && { meanSquare: read('buffer', MEAN_SQUARE) }),
      slots: Object.fromEntries(slots.map((slot) => [slot, read('buffer', slotBuffer(slot))])),
    };
    const scalars = Object.fromEntries(coefficients.map((name) => [name, read('coefficient', name)]));
    const next = optimizer.update(state, scalars, arithmetic);
    const names = Object.keys(next.slots);
    if (names.toSorted().join() !== slots.toSorted().join()) {
      throw new Error(`it gives the slots [${names.join(', ')}], not its own, [${slots.join(', ')}]`);
    }
    const stores = [
      { buffer: PARAMETER, node: lift(next.parameter).node },
      ...names.map((slot) => ({ buffer: slotBuffer(slot), node: lift(next.slots[slot]).node })),
    ];
    return { nodes, stores };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PolytaskError(
      `The update of the optimizer "${optimizer.name}" is not elementwise arithmetic: ${reason}. ` +
        'Outside TF.js it must use nothing but the functions that it is given.',
      { cause },
    );
  }
}
