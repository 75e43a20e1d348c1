import type { Emitter } from '../graph/emit.ts';
import { broadcastShape } from '../graph/emit.ts';
import type { Value } from '../graph/value.ts';
import { withAttrs, type Kernels } from './kernel.ts';

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

/** a b, either transposed in its last two axes; leading axes broadcast. */
export function matMul(emit: Emitter, a: Value, b: Value, { transposeA, transposeB }: MatMulAttrs): Value {
  const left = transposeA ? swapped(emit, a) : a;
  const right = transposeB ? swapped(emit, b) : b;
  const shape = [
    ...broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2)),
    left.shape.at(-2)!,
    right.shape.at(-1)!,
  ];
  return single(emit, left, right, shape) ?? emit.graph.op('MatMul', [left, right], { type: 'float32', shape });
}

/** A batch of one is a plain product: ONNX Runtime has a faster path for it. */
function single(emit: Emitter, a: Value, b: Value, shape: readonly number[]): Value | undefined {
  const lone = (value: Value) => value.shape.length > 2 && value.shape.slice(0, -2).every((side) => side === 1);
  if (!lone(a) || !lone(b)) return undefined;
  const flat = [a, b].map((value) => emit.reshape(value, value.shape.slice(-2))) as [Value, Value];
  const product = emit.graph.op('MatMul', flat, { type: 'float32', shape: shape.slice(-2) });
  return emit.reshape(product, shape);
}

function swapped(emit: Emitter, value: Value): Value {
  const rank = value.shape.length;
  const perm = Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2));
  return emit.transpose(value, perm);
}

const ACTIVATIONS: Record<string, (emit: Emitter, x: Value) => Value> = {
  linear: (_, x) => x,
  relu: (emit, x) => emit.unary('Relu', x),
  sigmoid: (emit, x) => emit.unary('Sigmoid', x),
  elu: (emit, x) => emit.unary('Elu', x),
};

/** Matrix products. */
export const products: Kernels = {
  BatchMatMul: withAttrs<MatMulAttrs>(({ emit, inputs, attrs }) => matMul(emit, inputs['a']!, inputs['b']!, attrs)),
  _FusedMatMul: withAttrs<MatMulAttrs & { activation: string }>(({ emit, inputs, attrs }) => {
    const act = ACTIVATIONS[attrs.activation];
    if (!act) throw new Error(`fused.matMul with activation "${attrs.activation}" is not traced: apply it after matMul.`);
    const product = matMul(emit, inputs['a']!, inputs['b']!, attrs);
    return act(emit, inputs['bias'] ? emit.binary('Add', product, inputs['bias']) : product);
  }),
  Einsum: withAttrs<{ equation: string }>(({ emit, list, attrs }) => {
    const [terms, result] = attrs.equation.replaceAll(' ', '').split('->') as [string, string];
    const sides = new Map<string, number>();
    terms.split(',').forEach((term, i) => [...term].forEach((letter, axis) => sides.set(letter, list[i]!.shape[axis]!)));
    const shape = [...result].map((letter) => sides.get(letter)!);
    return emit.graph.op('Einsum', list, { type: 'float32', shape }, { equation: `${terms}->${result}` });
  }),
};
