import type { Emitter } from '../graph/emit.ts';
import { sizeOf, type Value, broadcastShape, lastTwoSwapped } from '../graph/graph.ts';
import { prelu } from './elementwise.ts';
import { ofInputs, type Kernels } from './kernel.ts';

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

interface FusedAttrs extends MatMulAttrs {
  activation: string;
  leakyreluAlpha?: number;
}

/** The product a b. The flags transpose the last two axes of a factor, and the leading axes broadcast. */
function matMul(emit: Emitter, a: Value, b: Value, { transposeA, transposeB }: MatMulAttrs): Value {
  if (a.shape.length > 2 && isSingle(a) && isSingle(b)) {
    // ONNX Runtime has a faster kernel for matrices than for a batch of one
    const [left, right] = [a, b].map((value) => emit.reshape(value, value.shape.slice(-2))) as [Value, Value];
    const product = matMul(emit, left, right, { transposeA, transposeB });
    return emit.reshape(product, [...a.shape.slice(0, -2), ...product.shape]);
  }
  const left = transposeA ? swapped(emit, a) : a;
  const right = transposeB ? swapped(emit, b) : b;
  const shape = [
    ...broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2)),
    left.shape.at(-2)!,
    right.shape.at(-1)!,
  ];
  if (sizeOf(left.shape) === 0) return emit.graph.filled(0, { type: a.type, shape }); // sums without terms
  return emit.graph.op('MatMul', [left, right], { type: a.type, shape });
}

const isSingle = (value: Value): boolean => value.shape.slice(0, -2).every((side) => side === 1);

const swapped = (emit: Emitter, value: Value): Value => emit.transpose(value, lastTwoSwapped(value.shape.length));

type Activation = (emit: Emitter, x: Value, options: { alpha: number; slope: Value | undefined }) => Value;

const ACTIVATIONS: Record<string, Activation> = {
  linear: (_, x) => x,
  relu: (emit, x) => emit.unary('Relu', x),
  relu6: (emit, x) => emit.binary('Min', emit.unary('Relu', x), emit.graph.scalar(6)),
  sigmoid: (emit, x) => emit.unary('Sigmoid', x),
  elu: (emit, x) => emit.unary('Elu', x),
  leakyrelu: (emit, x, { alpha }) => emit.unary('LeakyRelu', x, 'float32', { alpha: { float: alpha } }),
  prelu: (emit, x, { slope }) => prelu(emit, x, slope!),
};

/** Matrix products. */
export const products: Kernels = {
  BatchMatMul: ofInputs<'a' | 'b', MatMulAttrs>(({ emit, inputs: { a, b }, attrs }) => matMul(emit, a, b, attrs)),
  _FusedMatMul: ofInputs<'a' | 'b', FusedAttrs>(({ emit, inputs, attrs }) => {
    const { a, b, bias, preluActivationWeights: slope } = inputs;
    const product = matMul(emit, a, b, attrs);
    const biased = bias ? emit.binary('Add', product, bias) : product;
    return ACTIVATIONS[attrs.activation ?? 'linear']!(emit, biased, { alpha: attrs.leakyreluAlpha ?? 0.2, slope });
  }),
  Einsum: ofInputs<never, { equation: string }>(({ emit, list, attrs }) => {
    const [terms, result] = attrs.equation.replaceAll(' ', '').split('->') as [string, string];
    const sides = new Map<string, number>();
    terms
      .split(',')
      .forEach((term, i) => [...term].forEach((letter, axis) => sides.set(letter, list[i]!.shape[axis]!)));
    const spec = { type: list[0]!.type, shape: [...result].map((letter) => sides.get(letter)!) };
    if (list.some(({ shape }) => sizeOf(shape) === 0)) return emit.graph.filled(0, spec); // sums without terms
    return emit.graph.op('Einsum', list, spec, { equation: `${terms}->${result}` });
  }),
};
