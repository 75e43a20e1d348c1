import type { Emitter } from '../graph/emit.ts';
import type { Value } from '../graph/value.ts';
import type { Kernel, KernelCall, Kernels } from './kernel.ts';

const pair = ({ inputs }: KernelCall): [Value, Value] => [inputs['a']!, inputs['b']!];

const arithmetic =
  (op: string): Kernel =>
  (call: KernelCall) => {
    const [a, b] = pair(call);
    return call.emit.binary(op, number(call.emit, a), number(call.emit, b));
  };

const comparison =
  (op: string): Kernel =>
  (call: KernelCall) => {
    const [a, b] = pair(call);
    return call.emit.binary(op, number(call.emit, a), number(call.emit, b), 'bool');
  };

const logical =
  (op: string): Kernel =>
  (call: KernelCall) =>
    call.emit.binary(op, ...pair(call), 'bool');

/** TF.js computes with bools as with 0 and 1. */
const number = (emit: Emitter, value: Value): Value => (value.type === 'bool' ? emit.cast(value, 'int32') : value);

/** Kernels of two arguments, with broadcasting. */
export const binary: Kernels = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: ({ emit, inputs }: KernelCall) => {
    const [a, b] = [inputs['a']!, inputs['b']!];
    return emit.binary('Mul', number(emit, a), number(emit, b));
  },
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  RealDiv: ({ emit, inputs }: KernelCall) =>
    emit.binary('Div', emit.cast(inputs['a']!, 'float32'), emit.cast(inputs['b']!, 'float32')),
  FloorDiv: ({ emit, inputs }: KernelCall) => {
    const [a, b] = [inputs['a']!, inputs['b']!];
    const quotient = emit.unary('Floor', emit.binary('Div', emit.cast(a, 'float32'), emit.cast(b, 'float32')));
    return emit.cast(quotient, a.type);
  },
  Mod: ({ emit, inputs }: KernelCall) => {
    // the sign of the divisor, as in TF.js and Python: a − ⌊a / b⌋ b
    const [a, b] = [inputs['a']!, inputs['b']!];
    if (a.type === 'int32') return emit.binary('Mod', a, b);
    return emit.binary('Sub', a, emit.binary('Mul', emit.unary('Floor', emit.binary('Div', a, b)), b));
  },
  Pow: arithmetic('Pow'),
  SquaredDifference: ({ emit, inputs }: KernelCall) => {
    const difference = emit.binary('Sub', inputs['a']!, inputs['b']!);
    return emit.binary('Mul', difference, difference);
  },
  Atan2: ({ emit, inputs }: KernelCall) => atan2(emit, inputs['a']!, inputs['b']!),
  Prelu: ({ emit, inputs }: KernelCall) => {
    const [value, alpha] = [inputs['x']!, inputs['alpha']!];
    const below = emit.binary('Less', value, emit.graph.scalar(0), 'bool');
    return emit.where(below, emit.binary('Mul', value, alpha), value);
  },
  AddN: ({ emit, list }: KernelCall) => list.reduce((total, each) => emit.binary('Add', total, each)),
  Equal: comparison('Equal'),
  NotEqual: (call: KernelCall) => call.emit.unary('Not', comparison('Equal')(call) as Value),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalXor: logical('Xor'),
  Select: ({ emit, inputs }: KernelCall) => {
    const { condition, t, e } = inputs as { condition: Value; t: Value; e: Value };
    const missing = t.shape.length - condition.shape.length; // a vector chooses rows
    const mask = condition.shape.length === 1 && missing > 0
      ? emit.reshape(condition, [...condition.shape, ...new Array<number>(missing).fill(1)])
      : condition;
    return emit.where(mask, t, e);
  },
};

/** The angle of (x, y): atan(y / x), turned by ±π where x < 0; ONNX has no such operation. */
function atan2(emit: Emitter, y: Value, x: Value): Value {
  const { graph } = emit;
  const is = (op: string, a: Value) => emit.binary(op, a, graph.scalar(0), 'bool');
  const angle = emit.unary('Atan', emit.binary('Div', y, x));
  const turn = emit.where(is('Less', y), graph.scalar(-Math.PI), graph.scalar(Math.PI));
  const left = emit.where(is('Less', x), emit.binary('Add', angle, turn), angle);
  const upright = emit.binary('Mul', emit.unary('Sign', y), graph.scalar(Math.PI / 2));
  return emit.where(is('Equal', x), upright, left);
}

