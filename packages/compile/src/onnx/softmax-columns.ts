import { isValue, type Value } from '../graph/value.ts';
import { transposed } from './fold-moves.ts';
import type { Replay, Rule } from './replay.ts';

/** A softmax of more numbers keeps its vectors full by itself. */
const NARROWEST = 32;
/** With fewer rows, the operations that are added cost more than they save. */
const FEWEST = 64;

/**
 * A softmax of many short rows, [units, batch, experts], as operations on whole columns, [units, experts, batch]: a kernel
 * starts anew for each row, and a row of a gate's weights fills no vector. softmax(x) = exp(x − max) / Σ exp(x − max). The
 * bias before it, and the constant after it, go with it.
 */
export const softmaxColumns: Rule = ({ op, inputs, attributes }, replay) => {
  const { emit } = replay;
  if (op === 'Add' && inputs.some((each) => isValue(each) && isColumns(each, replay))) {
    return [emit.binary('Add', inputs[0] as Value, inputs[1] as Value)]; // before the rows are rows again, where it can be
  }
  const x = inputs[0] as Value;
  if (op !== 'Softmax' || x.shape.length !== 3 || ![-1, 2].includes(attributes['axis'] as number)) return undefined;
  const [units, batch, experts] = x.shape as [number, number, number];
  if (experts > NARROWEST || batch < FEWEST) return undefined;
  const columns = columnsOf(x, [0, 2, 1], replay);
  const { graph } = emit;
  const reduced = { type: x.type, shape: [units, 1, batch] };
  const over = (name: string, of: Value) => graph.op(name, [of, { int64: [1] }], reduced, { keepdims: 1 });
  const powers = graph.op('Exp', [graph.op('Sub', [columns, over('ReduceMax', columns)], columns)], columns);
  const shares = graph.op('Div', [powers, over('ReduceSum', powers)], columns);
  return [emit.transpose(shares, [0, 2, 1])];
};

/** Whether a value is what a softmax of columns gave, its columns as rows again. */
const isColumns = (value: Value, { producer }: Replay): boolean => {
  const node = producer(value);
  return node?.op === 'Transpose' && (node.attributes['perm'] as number[]).join() === '0,2,1';
};

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
  if (!source || !bias?.constant || source.shape.join() !== value.shape.join()) return emit.transpose(value, perm);
  const shape = [...new Array<number>(perm.length - bias.shape.length).fill(1), ...bias.shape];
  const moved = emit.graph.constant(transposed(bias.constant, shape, perm), {
    type: bias.type,
    shape: perm.map((axis) => shape[axis]!),
  });
  const columns = columnsOf(source, perm, replay);
  return emit.graph.op('Add', [columns, moved], columns);
}
