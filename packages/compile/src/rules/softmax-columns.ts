import { SMALL, type Emitter } from '../graph/emit.ts';
import { axisOf } from '../graph/nodes.ts';
import { compose, inverse, permuted, type Permutation } from '../graph/permutation.ts';
import { sameShape, withRank } from '../graph/shapes.ts';
import { sizeOf, type Value } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';
import type { View } from '../rewrite/view.ts';

/** A softmax of more numbers keeps its vectors full by itself. */
const NARROWEST = 32;
/** With fewer rows, the operations that are added cost more than they save. */
const FEWEST = 64;

/** The logits of a softmax: the columns of a value, and the biases that are added to them, the first one first. */
interface Logits {
  readonly source: Value;
  readonly toColumns: Permutation;
  readonly biases: readonly { readonly bias: Value; readonly perm: Permutation }[];
  /** The columns of the softmax from its rows. */
  readonly perm: Permutation;
}

/**
 * A softmax of many short rows, [units, batch, experts] or [batch, units, experts], as operations on whole columns,
 * [units, experts, batch]: a kernel starts anew for each row, and a row of a gate's weights fills no vector.
 * softmax(x) = exp(x − max) / Σ exp(x − max). The bias before it goes with it.
 */
export const softmaxColumns: Rule<Logits> = {
  name: 'softmax-columns',
  why: 'Before flat-transposes, which makes the transposes that it adds cheap, and before sums-as-products, which hides sums.',
  ops: ['Softmax'],
  match(site, view) {
    const x = site.operands[0]!;
    if (x.shape.length !== 3 || ![-1, 2].includes(axisOf(site))) return undefined;
    if (x.shape[2]! > NARROWEST || Math.max(...x.shape) < FEWEST) return undefined;
    const perm = x.shape[0]! > x.shape[1]! ? [1, 2, 0] : [0, 2, 1];
    return { ...logitsBelow(x, perm, view), perm };
  },
  rewrite({ source, toColumns, biases, perm }, _, emit) {
    const { graph } = emit;
    const columns = biases.reduce(
      (sum, { bias, perm: order }) => graph.op('Add', [sum, moved(emit, bias, order)], sum),
      emit.transpose(source, toColumns),
    );
    const reduced = { type: columns.type, shape: columns.shape.with(1, 1) };
    const over = (op: string, x: Value) => graph.op(op, [x, { int64: [1] }], reduced, { keepdims: 1 });
    const powers = graph.op('Exp', [graph.op('Sub', [columns, over('ReduceMax', columns)], columns)], columns);
    return emit.transpose(graph.op('Div', [powers, over('ReduceSum', powers)], columns), inverse(perm));
  },
};

/** What is added to the columns of a softmax or multiplied with them, as its gradient does, is computed on columns, too. */
export const onColumns: Rule<Permutation> = {
  name: 'on-columns',
  why: 'In the walk of softmax-columns, whose columns it continues.',
  ops: ['Add', 'Sub', 'Mul', 'Div'],
  match: ({ operands, result }, view) =>
    operands.map((each) => rowsOfColumns(each, result.shape, view)).find((each) => each),
  rewrite(perm, { op, operands, result: { type, shape }, attributes }, emit) {
    const back = inverse(perm);
    const columns = operands.map((each) => moved(emit, each, back));
    return emit.transpose(emit.graph.op(op, columns, { type, shape: permuted(shape, back) }, attributes), perm);
  },
};

/** How columns became the rows that a value of this shape has, if they did. */
function rowsOfColumns(value: Value, shape: readonly number[], view: View): Permutation | undefined {
  const rows = value.shape.length === 3 && sameShape(value.shape, shape) ? view.transposed(value) : undefined;
  return rows && value.shape[2]! <= NARROWEST && rows.source.shape[2]! >= FEWEST ? rows.perm : undefined;
}

/** A value that broadcasts to rank 3, transposed. */
const moved = (emit: Emitter, value: Value, perm: Permutation): Value =>
  value.shape.length === 0 ? value : emit.transpose(emit.reshape(value, withRank(3, value.shape)), perm);

/** What becomes columns of a value by a permutation: transposed before a bias is added to it rather than afterwards. */
function logitsBelow(value: Value, perm: Permutation, view: View): Omit<Logits, 'perm'> {
  if (view.uses(value) === 1) {
    const below = view.transposed(value);
    if (below) return logitsBelow(below.source, compose(below.perm, perm), view);
    const [source, bias] = (view.producer(value, 'Add')?.inputs ?? []) as readonly Value[];
    if (source && bias && sizeOf(bias.shape) <= SMALL && sameShape(source.shape, value.shape)) {
      const { biases, ...rest } = logitsBelow(source, perm, view);
      return { ...rest, biases: [...biases, { bias, perm }] };
    }
  }
  return { source: value, toColumns: perm, biases: [] };
}
