import type { Value } from '../graph/value.ts';
import { withAttrs, type Kernel, type KernelCall, type Kernels } from './kernel.ts';

const unary =
  (op: string): Kernel =>
  ({ emit, inputs }: KernelCall) =>
    emit.unary(op, inputs['x'] ?? inputs['logits']!);

/** For operations that ONNX Runtime has for float32 only, and TF.js gives a float32. */
const float =
  (op: string): Kernel =>
  ({ emit, inputs }: KernelCall) =>
    emit.unary(op, emit.cast(inputs['x']!, 'float32'));

const test =
  (op: string): Kernel =>
  ({ emit, inputs }: KernelCall) =>
    emit.unary(op, emit.cast(inputs['x']!, 'float32'), 'bool');

const NAMES = {
  Acos: float('Acos'),
  Acosh: float('Acosh'),
  Asin: float('Asin'),
  Asinh: float('Asinh'),
  Atan: float('Atan'),
  Atanh: float('Atanh'),
  Cos: float('Cos'),
  Cosh: float('Cosh'),
  Erf: float('Erf'),
  Exp: float('Exp'),
  Elu: float('Elu'),
  Log: float('Log'),
  Reciprocal: float('Reciprocal'),
  Selu: float('Selu'),
  Sigmoid: float('Sigmoid'),
  Sin: float('Sin'),
  Sinh: float('Sinh'),
  Softplus: float('Softplus'),
  Sqrt: float('Sqrt'),
  Tan: float('Tan'),
  Tanh: float('Tanh'),
  Abs: unary('Abs'),
  Ceil: unary('Ceil'),
  Floor: unary('Floor'),
  Neg: unary('Neg'),
  Relu: unary('Relu'),
  Round: unary('Round'),
  Sign: unary('Sign'),
  IsNan: test('IsNaN'),
  IsInf: test('IsInf'),
} satisfies Kernels;

const x = ({ inputs }: KernelCall): Value => inputs['x']!;

/** Kernels of one argument that ONNX writes as one or a few operations on each number. */
export const elementwise: Kernels = {
  ...NAMES,
  Identity: (call: KernelCall) => x(call),
  Cast: withAttrs<{ dtype: 'float32' | 'int32' | 'bool' }>(({ emit, inputs, attrs }) => emit.cast(inputs['x']!, attrs.dtype)),
  LogicalNot: ({ emit, inputs }: KernelCall) => emit.unary('Not', inputs['x']!),
  Expm1: ({ emit, inputs }: KernelCall) => emit.binary('Sub', emit.unary('Exp', inputs['x']!), emit.graph.scalar(1)),
  Log1p: ({ emit, inputs }: KernelCall) => emit.unary('Log', emit.binary('Add', inputs['x']!, emit.graph.scalar(1))),
  Rsqrt: ({ emit, inputs }: KernelCall) => emit.unary('Reciprocal', emit.unary('Sqrt', inputs['x']!)),
  Square: ({ emit, inputs }: KernelCall) => emit.binary('Mul', inputs['x']!, inputs['x']!),
  IsFinite: ({ emit, inputs }: KernelCall) =>
    emit.unary('Not', emit.binary('Or', emit.unary('IsNaN', inputs['x']!, 'bool'), emit.unary('IsInf', inputs['x']!, 'bool'), 'bool')),
  LeakyRelu: withAttrs<{ alpha: number }>(({ emit, inputs, attrs }) =>
    emit.unary('LeakyRelu', inputs['x']!, 'float32', { alpha: { float: attrs.alpha } }),
  ),
  Relu6: ({ emit, inputs }: KernelCall) => clip(emit, inputs['x']!, 0, 6),
  ClipByValue: withAttrs<{ clipValueMin: number; clipValueMax: number }>(({ emit, inputs, attrs }) =>
    clip(emit, inputs['x']!, attrs.clipValueMin, attrs.clipValueMax),
  ),
  Step: withAttrs<{ alpha: number }>(({ emit, inputs, attrs }) => {
    const above = emit.binary('Greater', inputs['x']!, emit.graph.scalar(0, inputs['x']!.type), 'bool');
    return emit.where(above, emit.graph.scalar(1), emit.graph.scalar(attrs.alpha));
  }),
  EluGrad: ({ emit, inputs }: KernelCall) => {
    const { dy, y } = inputs as { dy: Value; y: Value };
    const slope = emit.binary('Add', emit.binary('Min', y, emit.graph.scalar(0)), emit.graph.scalar(1)); // 1 above 0, y + 1 below
    return emit.binary('Mul', dy, slope);
  },
};

function clip(emit: KernelCall['emit'], value: Value, low: number, high: number): Value {
  const bounded = emit.binary('Max', value, emit.graph.scalar(low, value.type));
  return emit.binary('Min', bounded, emit.graph.scalar(high, value.type));
}
