import type { Emitter } from '../graph/emit.ts';
import type { Value } from '../graph/value.ts';
import { axesOf, withAttrs, type Kernel, type KernelCall, type Kernels } from './kernel.ts';

interface Reduction {
  axis?: number | number[];
  keepDims?: boolean;
}

const reduce = (emit: Emitter, op: string, value: Value, { axis, keepDims }: Reduction): Value =>
  emit.reduce(op, value, axesOf(axis, value.shape.length), keepDims ?? false);

const reduction =
  (op: string): Kernel =>
  withAttrs<Reduction>(({ emit, inputs, attrs }) =>
    reduce(emit, op, emit.cast(inputs['x']!, inputs['x']!.type === 'bool' ? 'int32' : inputs['x']!.type), attrs),
  );

/** All or any: the least, or the largest, of 0 and 1. */
const quantifier =
  (op: string): Kernel =>
  withAttrs<Reduction>(({ emit, inputs, attrs }) =>
    emit.cast(reduce(emit, op, emit.cast(inputs['x']!, 'int32'), attrs), 'bool'),
  );

const place =
  (op: string): Kernel =>
  withAttrs<{ axis: number }>(({ emit, inputs, attrs }) => {
    const x = inputs['x']!;
    const [axis] = axesOf(attrs.axis, x.shape.length) as [number];
    const shape = x.shape.filter((_, i) => i !== axis);
    return emit.cast(emit.graph.op(op, [x], { type: 'int64', shape }, { axis, keepdims: 0 }), 'int32');
  });

const alongLast = (emit: Emitter, op: string, x: Value): Value => emit.graph.op(op, [x], x, { axis: -1 });

/** Kernels that take sides of a tensor together. */
export const reductions: Kernels = {
  Sum: reduction('ReduceSum'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  Mean: withAttrs<Reduction>(({ emit, inputs, attrs }) =>
    reduce(emit, 'ReduceMean', emit.cast(inputs['x']!, 'float32'), attrs),
  ),
  All: quantifier('ReduceMin'),
  Any: quantifier('ReduceMax'),
  ArgMax: place('ArgMax'),
  ArgMin: place('ArgMin'),
  Softmax: ({ emit, inputs }: KernelCall) => alongLast(emit, 'Softmax', inputs['logits']!),
  LogSoftmax: ({ emit, inputs }: KernelCall) => alongLast(emit, 'LogSoftmax', inputs['logits']!),
  Cumsum: withAttrs<{ axis: number; exclusive: boolean; reverse: boolean }>(({ emit, inputs, attrs }) => {
    const x = inputs['x']!;
    const [axis] = axesOf(attrs.axis, x.shape.length) as [number];
    return emit.graph.op('CumSum', [x, { int64: [axis] }], x, { exclusive: Number(attrs.exclusive), reverse: Number(attrs.reverse) });
  }),
};
