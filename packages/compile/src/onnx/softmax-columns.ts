import type { Emitter } from '../graph/emit.ts';
import { isValue, sizeOf, type Node, type Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

/** A softmax of more numbers keeps its vectors full by itself. */
const NARROWEST = 32;
/** With fewer rows, the operations that are added cost more than they save. */
const FEWEST = 64;

const ELEMENTWISE = ['Add', 'Sub', 'Mul', 'Div'];

/**
 * A softmax of many short rows, [units, batch, experts] or [batch, units, experts], as operations on whole columns,
 * [units, experts, batch]: a kernel starts anew for each row, and a row of a gate's weights fills no vector.
 * softmax(x) = exp(x − max) / Σ exp(x − max). The bias before it, and what its gradient does with it, go with it.
 */
export const softmaxColumns: Rule = (node, replay) => {
  const { op, inputs, outputs, attributes } = node;
  const { emit } = replay;
  if (ELEMENTWISE.includes(op)) {
    const perm = inputs.map((each) => columnsPerm(each as Value, outputs[0]!.shape, replay)).find((each) => each);
    return perm && [ofColumns(emit, node, perm)];
  }
  const x = inputs[0] as Value;
  if (op === 'ReduceSum' && columnsPerm(x, x.shape, replay)) {
    const [, axes] = inputs;
    if (isValue(axes!)) return undefined;
    return [emit.reduce(op, x, axes!.int64, attributes['keepdims'] === 1)];
  }
  if (op !== 'Softmax' || x.shape.length !== 3 || ![-1, 2].includes(attributes['axis'] as number)) return undefined;
  if (x.shape[2]! > NARROWEST || Math.max(...x.shape) < FEWEST) return undefined;
  const toColumns = x.shape[0]! > x.shape[1]! ? [1, 2, 0] : [0, 2, 1];
  const columns = columnsOf(x, toColumns, replay);
  const { graph } = emit;
  const reduced = { type: x.type, shape: [columns.shape[0]!, 1, columns.shape[2]!] };
  const over = (name: string, of: Value) => graph.op(name, [of, { int64: [1] }], reduced, { keepdims: 1 });
  const powers = graph.op('Exp', [graph.op('Sub', [columns, over('ReduceMax', columns)], columns)], columns);
  const shares = graph.op('Div', [powers, over('ReduceSum', powers)], columns);
  return [emit.transpose(shares, inverse(toColumns))];
};

const inverse = (perm: readonly number[]): number[] => perm.map((_, i) => perm.indexOf(i));

/** How columns became the rows that a value has, if it is what a softmax of columns, or an operation on them, gave. */
function columnsPerm(value: Value, shape: readonly number[], { producer }: Replay): readonly number[] | undefined {
  if (!isValue(value) || value.shape.length !== 3 || value.shape.join() !== shape.join()) return undefined;
  const node = producer(value);
  if (node?.op !== 'Transpose') return undefined;
  const source = node.inputs[0] as Value;
  const short = value.shape[2]! <= NARROWEST && source.shape[2]! >= FEWEST;
  return short ? (node.attributes['perm'] as readonly number[]) : undefined;
}

/** An elementwise operation done on the columns of each operand. */
function ofColumns(emit: Emitter, { op, inputs, outputs, attributes }: Node, perm: readonly number[]): Value {
  const [a, b] = (inputs as readonly Value[]).map((each) => moved(emit, each, inverse(perm))) as [Value, Value];
  const { type, shape } = outputs[0]!;
  const columns = { type, shape: inverse(perm).map((axis) => shape[axis]!) };
  return emit.transpose(emit.graph.op(op, [a, b], columns, attributes), perm);
}

/** A value that broadcasts to rank 3, transposed. */
function moved(emit: Emitter, value: Value, perm: readonly number[]): Value {
  if (value.shape.length === 0) return value;
  return emit.transpose(emit.reshape(value, full(value)), perm);
}

const full = ({ shape }: Value): number[] => [...new Array<number>(3 - shape.length).fill(1), ...shape];

/** What a bias of few numbers may be. */
const SMALL = 1 << 14;

/** A value with its axes in another order; transposed before a bias is added to it rather than afterwards. */
function columnsOf(value: Value, perm: readonly number[], replay: Replay): Value {
  const { emit, producer, uses } = replay;
  const node = uses(value) === 1 ? producer(value) : undefined;
  if (node?.op === 'Transpose') {
    const before = node.attributes['perm'] as readonly number[];
    return columnsOf(
      node.inputs[0] as Value,
      perm.map((axis) => before[axis]!),
      replay,
    );
  }
  const [source, bias] = (node?.op === 'Add' ? node.inputs : []) as readonly Value[];
  if (!source || !bias || sizeOf(bias.shape) > SMALL || source.shape.join() !== value.shape.join()) {
    return emit.transpose(value, perm);
  }
  const columns = columnsOf(source, perm, replay);
  return emit.graph.op('Add', [columns, moved(emit, bias, perm)], columns);
}
