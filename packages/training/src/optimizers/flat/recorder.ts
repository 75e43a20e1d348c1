import { PolytaskError, type Arithmetic } from '@polytask/core';
import type { Optimizer } from '../optimizer.ts';
import { GRADIENT, MEAN_SQUARE, PARAMETER, slotBuffer } from './flat-buffers.ts';

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
  readonly node: number;

  constructor(node: number) {
    this.node = node;
  }

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
