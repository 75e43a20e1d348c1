import type { Emitter } from '../graph/emit.ts';
import type { Value } from '../graph/graph.ts';
import { asReal, countable, ofInputs, ofX, whole, zero, type Kernel, type Kernels } from './kernel.ts';

/** An ONNX operation for float32 only. */
const real = (op: string): Kernel => ofX((emit, x) => asReal(emit, (each) => emit.unary(op, each), x));

/** An ONNX operation for float32 and int32. */
const number = (op: string): Kernel => ofX((emit, x) => emit.unary(op, countable(emit, x)));

/** An operation that leaves integers unchanged. */
const rounding = (op: string): Kernel => ofX((emit, x) => (x.type === 'float32' ? emit.unary(op, x) : x));

/** A test of each number, with a bool as the result. */
const test = (op: string): Kernel => ofX((emit, x) => emit.unary(op, emit.cast(x, 'float32'), 'bool'));

/** Kernels whose ONNX operations have the same names. */
const sameNames = (kernel: (op: string) => Kernel, names: string): Kernels =>
  Object.fromEntries(names.split(' ').map((name) => [name, kernel(name)]));

/** Kernels of one argument that change each number by itself. */
export const elementwise: Kernels = {
  ...sameNames(real, 'Acos Acosh Asin Asinh Atan Atanh Cos Cosh Erf Elu Log Reciprocal'),
  ...sameNames(real, 'Selu Sigmoid Sin Sinh Softplus Sqrt Tan Tanh'),
  ...sameNames(number, 'Abs Neg Relu Sign'),
  ...sameNames(rounding, 'Ceil Floor Round'),
  IsNan: test('IsNaN'),
  IsInf: test('IsInf'),
  Exp: ofX((emit, x) => emit.unary('Exp', emit.cast(x, 'float32'))),
  Identity: ofX((_, x) => x),
  OnesLike: ofX((emit, x) => emit.graph.filled(1, x)),
  ZerosLike: ofX((emit, x) => emit.graph.filled(0, x)),
  Cast: ofX<{ dtype: 'float32' | 'int32' | 'bool' }>((emit, x, { dtype }) =>
    x.type === 'float32' && dtype === 'int32' ? whole(emit, x) : emit.cast(x, dtype),
  ),
  LogicalNot: ofX((emit, x) => emit.unary('Not', x)),
  Expm1: ofX((emit, x) => asReal(emit, (each) => expm1(emit, each), x)),
  Log1p: ofX((emit, x) => asReal(emit, (each) => log1p(emit, each), x)),
  Rsqrt: ofX((emit, x) => asReal(emit, (each) => emit.unary('Reciprocal', emit.unary('Sqrt', each)), x)),
  Square: ofX((emit, x) => emit.binary('Mul', countable(emit, x), countable(emit, x))),
  IsFinite: ofX((emit, x) => {
    const size = emit.unary('Abs', emit.cast(x, 'float32'));
    return emit.binary('Less', size, emit.graph.scalar(Infinity), 'bool');
  }),
  LeakyRelu: ofX<{ alpha: number }>((emit, x, { alpha }) =>
    emit.unary('LeakyRelu', emit.cast(x, 'float32'), 'float32', { alpha: { float: alpha } }),
  ),
  Relu6: ofX((emit, x) => clip(emit, x, 0, 6)),
  ClipByValue: ofX<{ clipValueMin: number; clipValueMax: number }>((emit, x, { clipValueMin, clipValueMax }) =>
    clip(emit, x, clipValueMin, clipValueMax),
  ),
  /** 1 where x > 0, and alpha elsewhere, also for NaN: TF.js's NaN would double the cost of the gradient of a ReLU. */
  Step: ofX<{ alpha: number }>((emit, value, { alpha }) => {
    const x = countable(emit, value);
    const above = emit.binary('Greater', x, zero(emit, x.type), 'bool');
    if (alpha === 0) return emit.cast(above, x.type);
    return emit.where(above, emit.graph.scalar(1, x.type), emit.graph.scalar(alpha, x.type));
  }),
  EluGrad: ofInputs<'dy' | 'y'>(({ emit, inputs: { dy, y } }) => {
    const slope = emit.binary('Add', emit.binary('Min', y, emit.graph.scalar(0)), emit.graph.scalar(1)); // 1 above 0, y + 1 below
    return emit.binary('Mul', dy, slope);
  }),
};

/** Limits each number to the range from `low` to `high`. NaN stays NaN. */
function clip(emit: Emitter, value: Value, low: number, high: number): Value {
  const x = countable(emit, value);
  const bound = (limit: number) =>
    emit.graph.scalar(x.type === 'int32' ? Math.min(Math.max(limit, -(2 ** 31)), 2 ** 31 - 1) : limit, x.type);
  return emit.binary('Min', emit.binary('Max', x, bound(low)), bound(high));
}

/** exp(x) − 1. Near 0 it is 2 t / (1 − t) with t = tanh(x / 2), which loses no digits. */
function expm1(emit: Emitter, x: Value): Value {
  const one = emit.graph.scalar(1);
  const t = emit.unary('Tanh', emit.binary('Mul', x, emit.graph.scalar(0.5)));
  const near = emit.binary('Div', emit.binary('Add', t, t), emit.binary('Sub', one, t));
  const isNear = emit.binary('Less', emit.unary('Abs', x), one, 'bool');
  return emit.where(isNear, near, emit.binary('Sub', emit.unary('Exp', x), one));
}

/** log(1 + x). Near 0 the factor x / ((1 + x) − 1) corrects the rounding of 1 + x (Kahan). */
function log1p(emit: Emitter, x: Value): Value {
  const one = emit.graph.scalar(1);
  const above = emit.binary('Add', x, one);
  const rounded = emit.binary('Sub', above, one);
  const log = emit.unary('Log', above);
  const corrected = emit.binary('Div', emit.binary('Mul', log, x), rounded);
  const isNear = emit.binary('Less', emit.unary('Abs', x), one, 'bool');
  const isTiny = emit.binary('Equal', rounded, emit.graph.scalar(0), 'bool');
  return emit.where(isTiny, x, emit.where(isNear, corrected, log));
}

/** A kernel of two tensors, where bools count as 0 and 1. */
const ofPair = (kernel: (emit: Emitter, a: Value, b: Value) => Value): Kernel =>
  ofInputs<'a' | 'b'>(({ emit, inputs: { a, b } }) => kernel(emit, countable(emit, a), countable(emit, b)));

const arithmetic = (op: string): Kernel => ofPair((emit, a, b) => emit.binary(op, a, b));

/** Arithmetic with bool results for bool arguments. */
const closed = (op: string): Kernel =>
  ofInputs<'a'>((call) => call.emit.cast(arithmetic(op)(call) as Value, call.inputs.a.type));

const comparison = (op: string): Kernel => ofPair((emit, a, b) => emit.binary(op, a, b, 'bool'));

const logical = (op: string): Kernel =>
  ofInputs<'a' | 'b'>(({ emit, inputs: { a, b } }) => emit.binary(op, a, b, 'bool'));

/** Elementwise kernels of two and more arguments, with broadcasting. */
export const binary: Kernels = {
  ...sameNames(arithmetic, 'Add BitwiseAnd Pow Sub'),
  Multiply: closed('Mul'),
  Maximum: closed('Max'),
  Minimum: closed('Min'),
  RealDiv: ofPair((emit, ...pair) => asReal(emit, (a, b) => emit.binary('Div', a, b), ...pair)),
  // float64, as TF.js divides in JavaScript numbers
  FloorDiv: ofPair((emit, a, b) =>
    whole(emit, emit.unary('Floor', emit.binary('Div', emit.cast(a, 'float64'), emit.cast(b, 'float64')))),
  ),
  Mod: ofPair((emit, a, b) => {
    if (a.type === 'float32') return modulo(emit, a, b);
    return whole(emit, modulo(emit, emit.cast(a, 'float64'), emit.cast(b, 'float64')));
  }),
  SquaredDifference: ofPair((emit, a, b) => {
    const difference = emit.binary('Sub', a, b);
    return emit.binary('Mul', difference, difference);
  }),
  Atan2: ofPair((emit, ...pair) => asReal(emit, (y, x) => atan2(emit, y, x), ...pair)),
  Prelu: ofInputs<'x' | 'alpha'>(({ emit, inputs: { x, alpha } }) => prelu(emit, x, alpha)),
  AddN: ({ emit, list }) => list.reduce((total, each) => emit.binary('Add', total, each)),
  ...sameNames(comparison, 'Equal Greater Less'),
  NotEqual: (call) => call.emit.unary('Not', comparison('Equal')(call) as Value),
  GreaterEqual: comparison('GreaterOrEqual'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalXor: logical('Xor'),
  Select: ofInputs<'condition' | 't' | 'e'>(({ emit, inputs: { condition, t, e } }) => {
    const type = (['float32', 'int32'] as const).find((each) => [t.type, e.type].includes(each)) ?? 'bool';
    return emit.where(condition, emit.cast(t, type), emit.cast(e, type));
  }),
  FusedBatchNorm: ofInputs<'x' | 'mean' | 'variance', { varianceEpsilon?: number | null }>(
    ({ emit, inputs, attrs }) => {
      const { x, mean, variance, scale, offset } = inputs;
      const shifted = emit.binary('Add', variance, emit.graph.scalar(attrs.varianceEpsilon ?? 0.001));
      const inverse = emit.unary('Reciprocal', emit.unary('Sqrt', shifted));
      const factor = scale ? emit.binary('Mul', inverse, scale) : inverse;
      const scaled = emit.binary('Mul', emit.binary('Sub', x, mean), factor);
      return offset ? emit.binary('Add', scaled, offset) : scaled;
    },
  ),
};

/** x where x ≥ 0, and alpha x elsewhere. */
export function prelu(emit: Emitter, value: Value, slope: Value): Value {
  const [x, alpha] = [emit.cast(value, 'float32'), emit.cast(slope, 'float32')];
  const below = emit.binary('Less', x, emit.graph.scalar(0), 'bool');
  return emit.where(below, emit.binary('Mul', x, alpha), x);
}

/** The remainder with the sign of the divisor, as in TF.js and Python. */
function modulo(emit: Emitter, a: Value, b: Value): Value {
  const remainder = (x: Value) => emit.binary('Mod', x, b, a.type, { fmod: 1 });
  const isNegative = (x: Value) => emit.binary('Less', x, zero(emit, x.type), 'bool');
  const alike = emit.binary('Equal', isNegative(a), isNegative(b), 'bool');
  return emit.where(alike, remainder(a), remainder(emit.binary('Add', remainder(a), b)));
}

/** The angle of (x, y): atan(y / x), plus or minus π where x < 0. ONNX has no such operation. */
function atan2(emit: Emitter, y: Value, x: Value): Value {
  const { graph } = emit;
  const is = (op: string, a: Value) => emit.binary(op, a, graph.scalar(0), 'bool');
  const angle = emit.unary('Atan', emit.binary('Div', y, x));
  const turn = emit.where(is('Less', y), graph.scalar(-Math.PI), graph.scalar(Math.PI));
  const left = emit.where(is('Less', x), emit.binary('Add', angle, turn), angle);
  const upright = emit.binary('Mul', emit.unary('Sign', y), graph.scalar(Math.PI / 2));
  return emit.where(is('Equal', x), upright, left);
}
