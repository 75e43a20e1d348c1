import { SMALL, type Emitter } from '../graph/emit.ts';
import {
  axisOf,
  sizeOf,
  type Value,
  compose,
  inverse,
  permuted,
  sameShape,
  withRank,
  type Permutation,
} from '../graph/graph.ts';
import type { Rule, View } from '../rewrite/rewrite.ts';

/** A longer softmax fills the vector registers by itself. */
const NARROWEST = 32;
/** With fewer rows, the added operations cost more than they save. */
const FEWEST = 64;

/** The logits of a softmax: a tensor, its permutation to columns, and the biases that are added, in order. */
interface Logits {
  readonly source: Value;
  readonly toColumns: Permutation;
  readonly biases: readonly { readonly bias: Value; readonly perm: Permutation }[];
  /** The permutation from the rows of the softmax to columns. */
  readonly perm: Permutation;
}

/**
 * A softmax of many short rows, [units, batch, experts] or [batch, units, experts], runs on whole columns [units, experts, batch], with its
 * bias: exp(x − max) / Σ exp(x − max). A few weights of a gate don't fill a vector register.
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

/** Elementwise operations on the result, such as those of its gradient, run on columns, too. */
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

/** The permutation from columns to the rows of a value, when the value has this shape and comes from columns. */
function rowsOfColumns(value: Value, shape: readonly number[], view: View): Permutation | undefined {
  const rows = value.shape.length === 3 && sameShape(value.shape, shape) ? view.graph.transposed(value) : undefined;
  return rows && value.shape[2]! <= NARROWEST && rows.source.shape[2]! >= FEWEST ? rows.perm : undefined;
}

const moved = (emit: Emitter, value: Value, perm: Permutation): Value =>
  value.shape.length === 0 ? value : emit.transpose(emit.reshape(value, withRank(3, value.shape)), perm);

/** Finds the tensor below the biases and transposes of a value, so that it is transposed before the biases are added. */
function logitsBelow(value: Value, perm: Permutation, view: View): Omit<Logits, 'perm'> {
  if (view.uses(value) === 1) {
    const below = view.graph.transposed(value);
    if (below) return logitsBelow(below.source, compose(below.perm, perm), view);
    const [source, bias] = (view.graph.producer(value, 'Add')?.inputs ?? []) as readonly Value[];
    if (source && bias && sizeOf(bias.shape) <= SMALL && sameShape(source.shape, value.shape)) {
      const { biases, ...rest } = logitsBelow(source, perm, view);
      return { ...rest, biases: [...biases, { bias, perm }] };
    }
  }
  return { source: value, toColumns: perm, biases: [] };
}
