import type { Emitter } from '../graph/emit.ts';
import type { Value } from '../graph/value.ts';
import { withAttrs, type Kernel, type KernelCall, type Kernels } from './kernel.ts';
import { asReal, countable, whole, zero } from './numbers.ts';

/** An operation of ONNX that takes float32 only. */
const real =
  (op: string): Kernel =>
  ({ emit, inputs }: KernelCall) =>
    asReal(emit, inputs['x']!, (x) => emit.unary(op, x));

/** One that takes int32 as well. */
const number =
  (op: string): Kernel =>
  ({ emit, inputs }: KernelCall) =>
    emit.unary(op, countable(emit, inputs['x']!));

/** One that changes real numbers only. */
const rounding =
  (op: string): Kernel =>
  ({ emit, inputs: { x } }: KernelCall) =>
    x!.type === 'float32' ? emit.unary(op, x!) : x!;

const test =
  (op: string): Kernel =>
  ({ emit, inputs }: KernelCall) =>
    emit.unary(op, emit.cast(inputs['x']!, 'float32'), 'bool');

/** Kernels of one argument that ONNX has under the same, or a similar, name. */
const SAME: Kernels = {
  Acos: real('Acos'),
  Acosh: real('Acosh'),
  Asin: real('Asin'),
  Asinh: real('Asinh'),
  Atan: real('Atan'),
  Atanh: real('Atanh'),
  Cos: real('Cos'),
  Cosh: real('Cosh'),
  Erf: real('Erf'),
  Exp: ({ emit, inputs }: KernelCall) => emit.unary('Exp', emit.cast(inputs['x']!, 'float32')),
  Elu: real('Elu'),
  Log: real('Log'),
  Reciprocal: real('Reciprocal'),
  Selu: real('Selu'),
  Sigmoid: real('Sigmoid'),
  Sin: real('Sin'),
  Sinh: real('Sinh'),
  Softplus: real('Softplus'),
  Sqrt: real('Sqrt'),
  Tan: real('Tan'),
  Tanh: real('Tanh'),
  Abs: number('Abs'),
  Neg: number('Neg'),
  Relu: number('Relu'),
  Sign: number('Sign'),
  Ceil: rounding('Ceil'),
  Floor: rounding('Floor'),
  Round: rounding('Round'),
  IsNan: test('IsNaN'),
  IsInf: test('IsInf'),
};

/** Kernels of one argument that change each number by itself. */
export const elementwise: Kernels = {
  ...SAME,
  Identity: ({ inputs }: KernelCall) => inputs['x']!,
  OnesLike: ({ emit, inputs }: KernelCall) => emit.graph.filled(1, inputs['x']!),
  ZerosLike: ({ emit, inputs }: KernelCall) => emit.graph.filled(0, inputs['x']!),
  Cast: withAttrs<{ dtype: 'float32' | 'int32' | 'bool' }>(({ emit, inputs: { x }, attrs }) =>
    x!.type === 'float32' && attrs.dtype === 'int32' ? whole(emit, x!) : emit.cast(x!, attrs.dtype),
  ),
  LogicalNot: ({ emit, inputs }: KernelCall) => emit.unary('Not', inputs['x']!),
  Expm1: ({ emit, inputs }: KernelCall) => asReal(emit, inputs['x']!, (x) => expm1(emit, x)),
  Log1p: ({ emit, inputs }: KernelCall) => asReal(emit, inputs['x']!, (x) => log1p(emit, x)),
  Rsqrt: ({ emit, inputs }: KernelCall) =>
    asReal(emit, inputs['x']!, (x) => emit.unary('Reciprocal', emit.unary('Sqrt', x))),
  Square: ({ emit, inputs }: KernelCall) => {
    const x = countable(emit, inputs['x']!);
    return emit.binary('Mul', x, x);
  },
  IsFinite: ({ emit, inputs }: KernelCall) => {
    const x = emit.cast(inputs['x']!, 'float32');
    const [nan, infinite] = [emit.unary('IsNaN', x, 'bool'), emit.unary('IsInf', x, 'bool')];
    return emit.unary('Not', emit.binary('Or', nan, infinite));
  },
  LeakyRelu: withAttrs<{ alpha: number }>(({ emit, inputs, attrs }) =>
    emit.unary('LeakyRelu', emit.cast(inputs['x']!, 'float32'), 'float32', { alpha: { float: attrs.alpha } }),
  ),
  Relu6: ({ emit, inputs }: KernelCall) => clip(emit, inputs['x']!, 0, 6),
  ClipByValue: withAttrs<{ clipValueMin: number; clipValueMax: number }>(({ emit, inputs, attrs }) =>
    clip(emit, inputs['x']!, attrs.clipValueMin, attrs.clipValueMax),
  ),
  Step: withAttrs<{ alpha: number }>(({ emit, inputs, attrs }) =>
    step(emit, countable(emit, inputs['x']!), attrs.alpha),
  ),
  EluGrad: ({ emit, inputs }: KernelCall) => {
    const { dy, y } = inputs as { dy: Value; y: Value };
    const slope = emit.binary('Add', emit.binary('Min', y, emit.graph.scalar(0)), emit.graph.scalar(1)); // 1 above 0, y + 1 below
    return emit.binary('Mul', dy, slope);
  },
};

/** Between two bounds; NaN stays NaN. */
function clip(emit: Emitter, value: Value, low: number, high: number): Value {
  const x = countable(emit, value);
  const bound = (limit: number) =>
    emit.graph.scalar(x.type === 'int32' ? Math.min(Math.max(limit, -(2 ** 31)), 2 ** 31 - 1) : limit, x.type);
  return emit.binary('Min', emit.binary('Max', x, bound(low)), bound(high));
}

/** 1 above 0, alpha elsewhere (and at NaN, which the cpu backend leaves NaN: that would double the cost of a ReLU's gradient). */
function step(emit: Emitter, x: Value, alpha: number): Value {
  const above = emit.binary('Greater', x, zero(emit, x.type), 'bool');
  if (alpha === 0) return emit.cast(above, x.type);
  return emit.where(above, emit.graph.scalar(1, x.type), emit.graph.scalar(alpha, x.type));
}

/** exp(x) − 1 without the loss of digits near 0: 2 t / (1 − t) with t = tanh(x / 2). */
function expm1(emit: Emitter, x: Value): Value {
  const one = emit.graph.scalar(1);
  const t = emit.unary('Tanh', emit.binary('Mul', x, emit.graph.scalar(0.5)));
  const near = emit.binary('Div', emit.binary('Add', t, t), emit.binary('Sub', one, t));
  const isNear = emit.binary('Less', emit.unary('Abs', x), one, 'bool');
  return emit.where(isNear, near, emit.binary('Sub', emit.unary('Exp', x), one));
}

/** log(1 + x) without the loss of digits near 0: what rounding 1 + x lost is put right by x / ((1 + x) − 1) (Kahan). */
function log1p(emit: Emitter, x: Value): Value {
  const one = emit.graph.scalar(1);
  const above = emit.binary('Add', x, one);
  const rounded = emit.binary('Sub', above, one);
  const log = emit.unary('Log', above);
  const mended = emit.binary('Div', emit.binary('Mul', log, x), rounded);
  const isNear = emit.binary('Less', emit.unary('Abs', x), one, 'bool');
  const isTiny = emit.binary('Equal', rounded, emit.graph.scalar(0), 'bool');
  return emit.where(isTiny, x, emit.where(isNear, mended, log));
}
