import type { Emitter } from '../graph/emit.ts';
import type { Value } from '../graph/value.ts';
import { countable, whole, withAttrs, zero, type Kernel, type KernelCall, type Kernels } from './kernel.ts';

const pair = ({ emit, inputs }: KernelCall): [Value, Value] => [
  countable(emit, inputs['a']!),
  countable(emit, inputs['b']!),
];

const arithmetic =
  (op: string): Kernel =>
  (call) =>
    call.emit.binary(op, ...pair(call));

/** Arithmetic with bool results for bool arguments. */
const closed =
  (op: string): Kernel =>
  (call) =>
    call.emit.cast(call.emit.binary(op, ...pair(call)), call.inputs['a']!.type);

const comparison =
  (op: string): Kernel =>
  (call) =>
    call.emit.binary(op, ...pair(call), 'bool');

const logical =
  (op: string): Kernel =>
  ({ emit, inputs }) =>
    emit.binary(op, inputs['a']!, inputs['b']!, 'bool');

/** Elementwise kernels of two and more arguments, with broadcasting. */
export const binary: Kernels = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: closed('Mul'),
  Maximum: closed('Max'),
  Minimum: closed('Min'),
  BitwiseAnd: arithmetic('BitwiseAnd'),
  RealDiv: (call) => {
    const [a, b] = pair(call);
    const quotient = call.emit.binary('Div', call.emit.cast(a, 'float32'), call.emit.cast(b, 'float32'));
    return a.type === 'float32' ? quotient : whole(call.emit, quotient);
  },
  FloorDiv: (call) => {
    const { emit } = call;
    // float64, as TF.js divides in JavaScript numbers
    const [a, b] = pair(call).map((each) => emit.cast(each, 'float64')) as [Value, Value];
    return whole(emit, emit.unary('Floor', emit.binary('Div', a, b)));
  },
  Mod: (call) => {
    const [a, b] = pair(call);
    if (a.type === 'float32') return modulo(call.emit, a, b);
    return whole(call.emit, modulo(call.emit, call.emit.cast(a, 'float64'), call.emit.cast(b, 'float64')));
  },
  Pow: arithmetic('Pow'),
  SquaredDifference: (call) => {
    const difference = call.emit.binary('Sub', ...pair(call));
    return call.emit.binary('Mul', difference, difference);
  },
  Atan2: (call) => {
    const { emit } = call;
    const [y, x] = pair(call);
    const angle = atan2(emit, emit.cast(y, 'float32'), emit.cast(x, 'float32'));
    return y.type === 'float32' ? angle : whole(emit, angle);
  },
  Prelu: ({ emit, inputs }) => prelu(emit, inputs['x']!, inputs['alpha']!),
  AddN: ({ emit, list }) => list.reduce((total, each) => emit.binary('Add', total, each)),
  Equal: comparison('Equal'),
  NotEqual: (call) => call.emit.unary('Not', comparison('Equal')(call) as Value),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalXor: logical('Xor'),
  Select: ({ emit, inputs }) => {
    const { condition, t, e } = inputs as { condition: Value; t: Value; e: Value };
    const type = (['float32', 'int32'] as const).find((each) => [t.type, e.type].includes(each)) ?? 'bool';
    return emit.where(condition, emit.cast(t, type), emit.cast(e, type));
  },
  FusedBatchNorm: withAttrs<{ varianceEpsilon?: number | null }>(({ emit, inputs, attrs }) => {
    const { x, mean, variance, scale, offset } = inputs as {
      x: Value;
      mean: Value;
      variance: Value;
      scale?: Value;
      offset?: Value;
    };
    const shifted = emit.binary('Add', variance, emit.graph.scalar(attrs.varianceEpsilon ?? 0.001));
    const inverse = emit.unary('Reciprocal', emit.unary('Sqrt', shifted));
    const factor = scale ? emit.binary('Mul', inverse, scale) : inverse;
    const scaled = emit.binary('Mul', emit.binary('Sub', x, mean), factor);
    return offset ? emit.binary('Add', scaled, offset) : scaled;
  }),
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
