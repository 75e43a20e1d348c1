import {
  uniformOf,
  type Graph,
  sizeOf,
  type Attributes,
  type Value,
  type ValueSpec,
  type ValueType,
  broadcastShape,
  compose,
  inverse,
  isAscending,
  isIdentity,
  permuted,
  sameShape,
  withRank,
  type Permutation,
} from './graph.ts';

/** Writes operations in their cheapest form: transposes move behind elementwise operations and cancel, as reshapes do. */
export class Emitter {
  /** @param threads the number of threads that run one operation; undefined when the number is unknown */
  constructor(
    readonly graph: Graph,
    readonly threads?: number,
  ) {}

  unary(op: string, x: Value, type: ValueType = x.type, attributes: Attributes = {}): Value {
    const below = this.graph.transposed(x);
    if (below) return this.transpose(this.unary(op, below.source, type, attributes), below.perm);
    return this.graph.op(op, [x], { type, shape: x.shape }, attributes);
  }

  binary(op: string, a: Value, b: Value, type: ValueType = a.type, attributes: Attributes = {}): Value {
    const shape = broadcastShape(a.shape, b.shape);
    const right = this.#narrow(b, a, shape);
    const left = this.#narrow(a, right, shape); // of two constants, one keeps the shape
    const operand = simplify(op, left, right, shape);
    if (operand) return operand;
    const transposed = this.#sink(op, left, right, { type, shape }, attributes);
    return transposed ?? this.graph.op(op, [left, right], { type, shape }, attributes);
  }

  where(condition: Value, a: Value, b: Value): Value {
    if (a.type === 'bool')
      return this.cast(this.where(condition, this.cast(a, 'int32'), this.cast(b, 'int32')), 'bool'); // ONNX Runtime has no Where of bools
    const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
    const perm = sameShape(condition.shape, shape) ? this.graph.transposed(condition)?.perm : undefined;
    const parts = [condition, a, b].map((each) => (perm ? this.#through(each, perm) : undefined));
    if (perm && parts.every((part) => part !== undefined)) {
      const inner = permuted(shape, inverse(perm));
      return this.transpose(this.graph.op('Where', parts as Value[], { type: a.type, shape: inner }), perm);
    }
    return this.graph.op('Where', [condition, a, b], { type: a.type, shape });
  }

  cast(x: Value, type: ValueType): Value {
    return x.type === type ? x : this.unary('Cast', x, type, { to: ONNX_TYPES[type] });
  }

  reshape(x: Value, shape: readonly number[]): Value {
    const source = this.graph.reshaped(x) ?? x;
    if (sameShape(source.shape, shape)) return source;
    return this.graph.op('Reshape', [source, { int64: [...shape] }], { type: x.type, shape });
  }

  transpose(x: Value, perm: Permutation): Value {
    const below = this.graph.transposed(x);
    const whole = below ? compose(below.perm, perm) : perm;
    const source = below?.source ?? x;
    if (isIdentity(whole)) return source;
    const shape = permuted(source.shape, whole);
    const moved = whole.filter((axis) => source.shape[axis] !== 1); // moving a dimension of 1 moves no number
    if (isAscending(moved)) return this.reshape(source, shape);
    return this.graph.op('Transpose', [source], { type: x.type, shape }, { perm: whole });
  }

  /** A reduction over axes. A transposed tensor is reduced before it is transposed. */
  reduce(op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
    const shape = keepDims
      ? x.shape.map((side, i) => (axes.includes(i) ? 1 : side))
      : x.shape.filter((_, i) => !axes.includes(i));
    if (axes.every((axis) => x.shape[axis] === 1)) return this.reshape(x, shape);
    if (sizeOf(x.shape) === 0) return this.graph.filled(EMPTY_RESULTS[op]!, { type: x.type, shape });
    const below = this.graph.transposed(x);
    if (below) {
      const innerAxes = permuted(below.perm, axes).sort((a, b) => a - b);
      const otherAxes = below.perm.filter((_, i) => !axes.includes(i));
      if (!keepDims && isAscending(otherAxes)) return this.reduce(op, below.source, innerAxes, false);
      const inner = this.reduce(op, below.source, innerAxes, true);
      return this.reshape(this.transpose(inner, below.perm), shape);
    }
    const wide = x.shape.map((_, i) => i).filter((i) => x.shape[i] !== 1); // ONNX Runtime is slower with dimensions of 1
    if (wide.length < x.shape.length) {
      const inner = wide.flatMap((axis, i) => (axes.includes(axis) ? i : []));
      return this.reshape(this.reduce(op, this.reshape(x, permuted(x.shape, wide)), inner, false), shape);
    }
    return this.graph.op(op, [x, { int64: [...axes] }], { type: x.type, shape }, { keepdims: keepDims ? 1 : 0 });
  }

  /** A constant that repeats one number becomes that number, where the other operand has the full shape. */
  #narrow(value: Value, other: Value, shape: readonly number[]): Value {
    if (value.shape.length === 0 || !sameShape(other.shape, shape)) return value;
    const uniform = uniformOf(value);
    return uniform === undefined ? value : this.graph.scalar(uniform, value.type);
  }

  /** Moves the transposes of the operands after the operation. Undefined when no transpose moves. */
  #sink(op: string, a: Value, b: Value, { type, shape }: ValueSpec, attributes: Attributes): Value | undefined {
    // only the transpose of a full-size operand counts; a small operand is transposed to match
    const whole = [a, b].find((operand) => sameShape(operand.shape, shape) && this.graph.transposed(operand));
    if (!whole) return undefined;
    const { perm } = this.graph.transposed(whole)!;
    const [left, right] = [this.#through(a, perm), this.#through(b, perm)];
    if (!left || !right) return undefined;
    const inner = { type, shape: broadcastShape(left.shape, right.shape) };
    return this.transpose(this.graph.op(op, [left, right], inner, attributes), perm);
  }

  /** The value before this transpose. A small value without a transpose is transposed back. Undefined for a large value. */
  #through(value: Value, perm: Permutation): Value | undefined {
    const below = this.graph.transposed(value);
    if (below) return sameShape(below.perm, perm) ? below.source : undefined;
    if (value.shape.length === 0) return value;
    if (sizeOf(value.shape) > SMALL) return undefined;
    return this.transpose(this.reshape(value, withRank(perm.length, value.shape)), inverse(perm));
  }
}

/** The results of reductions over no numbers, as in TF.js. */
const EMPTY_RESULTS: Readonly<Record<string, number>> = {
  ReduceSum: 0,
  ReduceMean: 0,
  ReduceProd: 1,
  ReduceMax: NaN,
  ReduceMin: NaN,
};

/** The largest tensor (a bias, a scale) that is transposed to save the transpose of a batch. */
export const SMALL = 1 << 14;

export const ONNX_TYPES: Record<ValueType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };

/** The second operand that leaves the first one as it is. For Add and Mul it may also be the first operand. */
const NEUTRAL: Readonly<Record<string, number>> = { Add: 0, Sub: 0, Mul: 1, Div: 1 };

/** The operand that equals the result, when the other operand is neutral. */
function simplify(op: string, a: Value, b: Value, shape: readonly number[]): Value | undefined {
  const isNeutral = (value: Value) => op in NEUTRAL && uniformOf(value) === NEUTRAL[op];
  const rest = isNeutral(b) ? a : (op === 'Add' || op === 'Mul') && isNeutral(a) ? b : undefined;
  return rest && sameShape(rest.shape, shape) ? rest : undefined;
}
