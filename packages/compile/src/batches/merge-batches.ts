import { CompileError } from '../compile-error.ts';
import {
  Graph,
  liveNodes,
  uniformOf,
  type Recorded,
  isValue,
  type Int64Constant,
  type Node,
  type Value,
} from '../graph/graph.ts';

/** An integer that depends on the batch size: fixed + each · batch. */
interface Side {
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

/**
 * Writes lists of numbers into a graph: as int64 constants, or, where numbers depend on the batch size, as tensors computed from it.
 *
 * @param input returns an input whose first dimension is the batch size; called when a number needs it
 */
export function sidesIn(graph: Graph, input: () => Value): (sides: readonly Side[]) => Value | Int64Constant {
  const one = { type: 'int64', shape: [1] } as const;
  let batch: Value | undefined;
  const sum = ({ fixed, each }: Side): Value => {
    batch ??= graph.op('Shape', [input()], one, { start: 0, end: 1 });
    const product = each === 1 ? batch : graph.op('Mul', [batch, { int64: [each] }], one);
    return fixed === 0 ? product : graph.op('Add', [product, { int64: [fixed] }], one);
  };
  return (sides) => {
    const parts: (Value | Int64Constant)[] = [];
    for (const side of sides) {
      const last = parts.at(-1);
      if (side.each !== 0) parts.push(sum(side));
      else if (last && !isValue(last)) parts.splice(-1, 1, { int64: [...last.int64, side.fixed] });
      else parts.push({ int64: [side.fixed] });
    }
    if (parts.length === 1) return parts[0]!;
    return graph.op('Concat', parts, { type: 'int64', shape: [sides.length] }, { axis: 0 });
  };
}

export class UnlikeGraphs extends CompileError {}

/** Merges the graphs of one function at several batch sizes into one graph for all sizes. */
export function mergeGraphs(records: readonly Recorded[], batches: readonly number[]): Recorded {
  const graph = new Graph();
  const inputs = records.map((record) => record.graph.inputs);
  const sidesAsInput = sidesIn(graph, batchInput);
  /** For each recorded graph: its values in the merged graph, by id. */
  const mergedById = records.map(() => new Map<number, Value>());
  const set = (values: readonly Value[], merged: Value): void =>
    values.forEach(({ id }, i) => mergedById[i]!.set(id, merged));

  for (const versions of alike(inputs, 'inputs')) {
    if (versions.some(({ input }) => input !== versions[0]!.input)) throw unlike('other inputs');
    set(versions, graph.input(versions[0]!.input!, versions[0]!));
  }
  alike(records.map(liveNodes), 'operations').forEach(addNode);
  const outputs = zip(records.map((record) => record.outputs)).map((versions) => {
    const { name } = versions[0]!;
    const values = versions.map(({ value }) => value);
    return { name, value: valueOf(values, `the result "${name}"`) };
  });
  return { graph, outputs };

  function addNode(nodes: readonly Node[]): void {
    const [{ op, attributes, outputs }] = nodes as [Node];
    const other = nodes.find((node) => node.op !== op);
    if (other) throw unlike(`${op} here and ${other.op} there`);
    if (nodes.some((node) => JSON.stringify(node.attributes) !== JSON.stringify(attributes))) {
      throw new CompileError(
        `An attribute of ${op} depends on the batch size: ${nodes.map((node) => JSON.stringify(node.attributes)).join(' and ')}.`,
      );
    }
    const operands = nodes.map((node) => node.inputs);
    const inputs = alike(operands, `inputs of ${op}`).map((versions) => {
      const values = versions.filter(isValue);
      if (values.length === versions.length) return valueOf(values, op);
      if (values.length === 0) return numbersOf(versions as readonly Int64Constant[], op);
      throw unlike(`an input of ${op} that is a constant here alone`);
    });
    const results = graph.ops(op, inputs, outputs, attributes);
    zip(nodes.map((node) => node.outputs)).forEach((versions, i) => set(versions, results[i]!));
  }

  /** The int64 constants of an operation: shapes, indices and counts. */
  function numbersOf(lists: readonly Int64Constant[], op: string): Value | Int64Constant {
    const numbers = lists.map(({ int64 }) => int64);
    const sides = sidesOf(numbers, `a number of ${op}`);
    const growing = sides.filter(({ each }) => each !== 0).length;
    if (growing === 0) return lists[0]!;
    const isPlain = growing === 1 && sides.every(({ fixed, each }) => each !== 0 || fixed !== 0);
    if (op === 'Reshape' && isPlain) return { int64: sides.map(({ fixed, each }) => (each === 0 ? fixed : -1)) };
    return sidesAsInput(sides);
  }

  function valueOf(values: readonly Value[], where: string): Value {
    const merged = values.map(({ id }, i) => mergedById[i]!.get(id));
    if (merged[0] && merged.every((value) => value === merged[0])) return merged[0];
    if (!values.every(({ constant }) => constant)) throw unlike(`other inputs of ${where}`);
    const constant = constantOf(values, where);
    set(values, constant);
    return constant;
  }

  function constantOf(values: readonly Value[], where: string): Value {
    const [{ type, constant }] = values as [Value];
    const shapes = values.map((value) => value.shape);
    const shape = sidesOf(shapes, `a side of a constant of ${where}`);
    if (shape.every(({ each }) => each === 0)) {
      const isSame = values.every(
        (value) => value.constant === constant || value.constant!.every((number, i) => Object.is(number, constant![i])),
      );
      if (isSame) return graph.constant(constant!, { type, shape: values[0]!.shape });
      throw new CompileError(
        `The numbers of a constant [${values[0]!.shape}] of ${where} depend on the batch size. ${DERIVE}`,
      );
    }
    const uniform = uniformOf(values[0]!);
    if (uniform === undefined || values.some((value) => !Object.is(uniformOf(value), uniform))) {
      const sides = shape.map(({ fixed, each }) => (each === 0 ? fixed : 'batch')).join(', ');
      throw new CompileError(
        `A constant [${sides}] of ${where} has other numbers in other rows, and must have as many as the batch. ${DERIVE}`,
      );
    }
    return graph.op('Expand', [graph.scalar(uniform, type), sidesAsInput(shape)], values[0]!);
  }

  function sidesOf(lists: readonly (readonly number[])[], what: string): Side[] {
    return alike(lists, `sides: ${what}`).map((numbers) => {
      const side = sideOf(numbers, batches);
      if (side) return side;
      throw new CompileError(
        `Expected ${what} to be a + k · batch, received ${numbers.join(', ')} at the batch sizes ${batches.join(', ')}.`,
      );
    });
  }

  function batchInput(): Value {
    const index = zip(inputs).findIndex((versions) => {
      const firsts = versions.map(({ shape }) => shape[0] ?? 0);
      const side = sideOf(firsts, batches);
      return side !== undefined && isBatch(side);
    });
    if (index >= 0) return graph.inputs[index]!;
    throw new CompileError(
      'No input has the batch as its first side, and the function needs the batch size: give it such an input.',
    );
  }
}

const DERIVE = 'Derive it from an input: row numbers, for instance, are tf.cumsum of (input · 0 + 1).';

const unlike = (how: string): UnlikeGraphs =>
  new UnlikeGraphs(
    `The function does other things at other batch sizes (${how}), so that there is no one graph of it: export it for fixed sizes.`,
  );

/** Like {@link zip}. Throws when the lists have different lengths. */
function alike<T>(lists: readonly (readonly T[])[], what: string): T[][] {
  const lengths = lists.map(({ length }) => length);
  if (lengths.some((length) => length !== lengths[0])) throw unlike(`${lengths.join(', ')} ${what}`);
  return zip(lists);
}
