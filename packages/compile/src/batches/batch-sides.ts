import type { Graph } from '../graph/graph.ts';
import { isValue, type Int64Constant, type Value } from '../graph/value.ts';

/** An integer that depends on the batch size: fixed + each · batch. */
export interface Side {
  readonly fixed: number;
  readonly each: number;
}

/** Finds fixed and each from the values at some batch sizes; undefined when the values don't fit. */
export function sideOf(numbers: readonly number[], batches: readonly number[]): Side | undefined {
  const each = (numbers[1]! - numbers[0]!) / (batches[1]! - batches[0]!);
  const fixed = numbers[0]! - each * batches[0]!;
  const fits = Number.isInteger(each) && numbers.every((number, i) => number === fixed + each * batches[i]!);
  return fits ? { fixed, each } : undefined;
}

/** One list of all first elements, one list of all second elements, and so on. */
export const zip = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists[0]!.map((_, i) => lists.map((list) => list[i]!));

export const isBatch = ({ fixed, each }: Side): boolean => fixed === 0 && each === 1;

/** Writes numbers that depend on the batch size into a graph: as int64 tensors computed from the shape of an input. */
export class BatchSides {
  readonly #graph: Graph;
  readonly #input: () => Value;
  #batch: Value | undefined;

  /** @param input returns an input whose first dimension is the batch size; called when a number needs it */
  constructor(graph: Graph, input: () => Value) {
    this.#graph = graph;
    this.#input = input;
  }

  /** The numbers as one list: an int64 constant when none of them depends on the batch size. */
  list(sides: readonly Side[]): Value | Int64Constant {
    const parts: (Value | Int64Constant)[] = [];
    for (const { fixed, each } of sides) {
      const last = parts.at(-1);
      if (each !== 0) parts.push(this.#sum(fixed, each));
      else if (last && !isValue(last)) parts.splice(-1, 1, { int64: [...last.int64, fixed] });
      else parts.push({ int64: [fixed] });
    }
    if (parts.length === 1) return parts[0]!;
    return this.#graph.op('Concat', parts, { type: 'int64', shape: [sides.length] }, { axis: 0 });
  }

  #sum(fixed: number, each: number): Value {
    const one = { type: 'int64', shape: [1] } as const;
    this.#batch ??= this.#graph.op('Shape', [this.#input()], one, { start: 0, end: 1 });
    const product = each === 1 ? this.#batch : this.#graph.op('Mul', [this.#batch, { int64: [each] }], one);
    return fixed === 0 ? product : this.#graph.op('Add', [product, { int64: [fixed] }], one);
  }
}
