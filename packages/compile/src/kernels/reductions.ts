import type { Emitter } from '../graph/emit.ts';
import type { Value } from '../graph/graph.ts';
import { axesOf, countable, ofInputs, ofX, type Kernel, type Kernels } from './kernel.ts';

interface Reduction {
  axis?: number | number[];
  /** The axes of Max. TF.js has another name for them there. */
  reductionIndices?: number | number[];
  keepDims?: boolean;
}

const reduce = (emit: Emitter, op: string, value: Value, { axis, reductionIndices, keepDims }: Reduction): Value =>
  emit.reduce(op, value, axesOf(axis ?? reductionIndices, value.shape.length), keepDims ?? false);

const total = (op: string): Kernel =>
  ofX<Reduction>((emit, x, reduction) => reduce(emit, op, countable(emit, x), reduction));

/** A reduction whose result has the type of the input, also for bools. */
const extreme = (op: string): Kernel =>
  ofX<Reduction>((emit, x, reduction) => emit.cast(reduce(emit, op, countable(emit, x), reduction), x.type));

/** The index of the greatest or least number along an axis. */
const indexOf = (op: string): Kernel =>
  ofX<{ axis: number }>((emit, x, attrs) => {
    const [axis] = axesOf(attrs.axis, x.shape.length) as [number];
    const shape = x.shape.toSpliced(axis, 1);
    return emit.cast(emit.graph.op(op, [countable(emit, x)], { type: 'int64', shape }, { axis, keepdims: 0 }), 'int32');
  });

const alongLast = (op: string): Kernel =>
  ofInputs<'logits'>(({ emit, inputs: { logits } }) => {
    const x = emit.cast(logits, 'float32');
    return emit.graph.op(op, [x], x, { axis: -1 });
  });

interface Cumulation {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** Kernels that combine the numbers along axes of a tensor. */
export const reductions: Kernels = {
  Sum: total('ReduceSum'),
  Prod: total('ReduceProd'),
  Max: extreme('ReduceMax'),
  Min: extreme('ReduceMin'),
  Mean: ofX<Reduction>((emit, x, reduction) => reduce(emit, 'ReduceMean', emit.cast(x, 'float32'), reduction)),
  All: extreme('ReduceMin'),
  Any: extreme('ReduceMax'),
  ArgMax: indexOf('ArgMax'),
  ArgMin: indexOf('ArgMin'),
  Softmax: alongLast('Softmax'),
  LogSoftmax: alongLast('LogSoftmax'),
  Cumsum: ofX<Cumulation>((emit, value, attrs) => {
    const x = countable(emit, value);
    const attributes = { exclusive: Number(attrs.exclusive), reverse: Number(attrs.reverse) };
    return emit.graph.op('CumSum', [x, { int64: axesOf(attrs.axis, x.shape.length), scalar: true }], x, attributes);
  }),
  Cumprod: ofX<Cumulation>((emit, x, attrs) =>
    cumprod(emit, countable(emit, x), { ...attrs, axis: axesOf(attrs.axis, x.shape.length)[0]! }),
  ),
};

/** The products of the first numbers along an axis. A triangular mask [side, side] selects the factors of each product. */
function cumprod(emit: Emitter, x: Value, { axis, exclusive, reverse }: Cumulation): Value {
  const side = x.shape[axis] ?? 1;
  const isFactor = (i: number, j: number) => (exclusive && i === j ? false : reverse ? j >= i : j <= i);
  const triangle = Uint8Array.from({ length: side * side }, (_, at) =>
    Number(isFactor(Math.floor(at / side), at % side)),
  );
  const [outer, inner] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const mask = emit.graph.constant(triangle, { type: 'bool', shape: [side, side, ...inner.map(() => 1)] });
  const rows = emit.reshape(x, [...outer, 1, side, ...inner]);
  const factors = emit.where(mask, rows, emit.graph.scalar(1, x.type));
  return emit.reduce('ReduceProd', factors, [axis + 1], false);
}
