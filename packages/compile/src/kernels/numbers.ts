import type { Emitter } from '../graph/emit.ts';
import type { Value, ValueType } from '../graph/value.ts';

/** Bools count as 0 and 1, as in TF.js. */
export const countable = (emit: Emitter, x: Value): Value => (x.type === 'bool' ? emit.cast(x, 'int32') : x);

/** What ONNX has for real numbers only, done to whole ones as TF.js's cpu backend does: the result is whole, cut towards 0. */
export function asReal(emit: Emitter, x: Value, operate: (real: Value) => Value): Value {
  const result = operate(emit.cast(x, 'float32'));
  return x.type === 'float32' ? result : whole(emit, result);
}

/** An int32, cut towards 0; NaN, infinities and what is too large are 0. */
export function whole(emit: Emitter, x: Value): Value {
  const size = emit.unary('Abs', emit.cast(x, 'float32'));
  const fits = emit.binary('Less', size, emit.graph.scalar(2 ** 31), 'bool');
  return emit.cast(emit.where(fits, x, zero(emit, x.type)), 'int32');
}

/** A number as a tensor without sides, of any type. */
export const zero = (emit: Emitter, type: ValueType): Value =>
  emit.cast(emit.graph.scalar(0, type === 'float32' ? type : 'int32'), type);
