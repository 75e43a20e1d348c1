import { PolytaskError } from '@polytask/core';
import type { Arithmetic } from '../arithmetic.ts';
import type { OptimizerRule, OptimizerSpec } from '../optimizer.ts';

/** The operations that are left when an update is written down: a square is a product. */
export type Operation = Exclude<keyof Arithmetic<unknown>, 'square'>;

/** A value of an update: what it reads, or an operation on values before it, by their places in the list. */
export type Node =
  | { readonly kind: 'buffer' | 'coefficient'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'operation'; readonly operation: Operation; readonly inputs: readonly number[] };

/** An update, written down: each value once, in an order in which it can be computed. */
export interface Program {
  readonly nodes: readonly Node[];
  /** What is written where at the end. */
  readonly stores: readonly { readonly buffer: string; readonly node: number }[];
}

/** The names of the buffers. */
export const PARAMETER = 'parameter';
export const GRADIENT = 'gradient';
export const slotBuffer = (slot: string): string => `slot ${slot}`;

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
 * Runs an update once on values without numbers.
 *
 * @param coefficients the names of the step's coefficients
 * @throws PolytaskError when the update does something other than arithmetic, number by number
 */
export function record(
  rule: OptimizerRule<OptimizerSpec>,
  spec: OptimizerSpec,
  coefficients: readonly string[],
): Program {
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
  const slots = Object.keys(rule.slots(spec));
  try {
    const now = {
      parameter: read('buffer', PARAMETER),
      gradient: read('buffer', GRADIENT),
      slots: Object.fromEntries(slots.map((slot) => [slot, read('buffer', slotBuffer(slot))])),
    };
    const scalars = Object.fromEntries(coefficients.map((name) => [name, read('coefficient', name)]));
    const next = rule.update(now, scalars, arithmetic, spec);
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
      `The update of the optimizer "${spec.kind}" is not elementwise arithmetic: ${reason}. ` +
        'Outside TF.js it must use nothing but the functions that it is given.',
      { cause },
    );
  }
}
