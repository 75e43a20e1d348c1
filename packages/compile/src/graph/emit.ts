import { uniformOf, type Graph } from './graph.ts';
import { sizeOf, type Attributes, type Value, type ValueSpec, type ValueType } from './value.ts';

/** The shape that two shapes broadcast to (NumPy's rules). */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new Error(`Shapes [${a}] and [${b}] don't broadcast.`);
    return x === 1 ? y : x;
  });
}

/**
 * Writes operations into a graph in their cheapest form. Transposes sink below elementwise operations, so that a pair
 * around them cancels; reshapes of reshapes are one; x · 1 and x + 0 are x.
 */
export class Emitter {
  readonly #transposed = new Map<number, { source: Value; perm: readonly number[] }>();
  readonly #reshaped = new Map<number, Value>();

  /** @param threads how many run one operation, where that is known */
  constructor(
    readonly graph: Graph,
    readonly threads?: number,
  ) {}

  unary(op: string, x: Value, type: ValueType = x.type, attributes: Attributes = {}): Value {
    const below = this.#transposed.get(x.id);
    if (below) return this.transpose(this.unary(op, below.source, type, attributes), below.perm);
    return this.graph.op(op, [x], { type, shape: x.shape }, attributes);
  }

  binary(op: string, a: Value, b: Value, type: ValueType = a.type, attributes: Attributes = {}): Value {
    const shape = broadcastShape(a.shape, b.shape);
    const [left, right] = [this.#narrow(a, b, shape), this.#narrow(b, a, shape)];
    const same = simplify(op, left, right, shape);
    if (same) return same;
    const sunk = this.#sink(op, left, right, { type, shape }, attributes);
    return sunk ?? this.graph.op(op, [left, right], { type, shape }, attributes);
  }

  /** condition ? a : b */
  where(condition: Value, a: Value, b: Value): Value {
    if (a.type === 'bool')
      return this.cast(this.where(condition, this.cast(a, 'int32'), this.cast(b, 'int32')), 'bool'); // ORT has none of bools
    const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
    const perm = condition.shape.join() === shape.join() ? this.#transposed.get(condition.id)?.perm : undefined;
    const parts = [condition, a, b].map((each) => (perm ? this.#through(each, perm) : undefined));
    if (perm && parts.every((part) => part !== undefined)) {
      const inner = perm.map((_, i) => shape[perm.indexOf(i)]!);
      return this.transpose(this.graph.op('Where', parts as Value[], { type: a.type, shape: inner }), perm);
    }
    return this.graph.op('Where', [condition, a, b], { type: a.type, shape });
  }

  cast(x: Value, type: ValueType): Value {
    return x.type === type ? x : this.unary('Cast', x, type, { to: ONNX_TYPES[type] });
  }

  reshape(x: Value, shape: readonly number[]): Value {
    const source = this.#reshaped.get(x.id) ?? x;
    if (source.shape.join() === shape.join()) return source;
    const result = this.graph.op('Reshape', [source, { int64: [...shape] }], { type: x.type, shape });
    this.#reshaped.set(result.id, source);
    return result;
  }

  transpose(x: Value, perm: readonly number[]): Value {
    const below = this.#transposed.get(x.id);
    const whole = below ? perm.map((axis) => below.perm[axis]!) : perm;
    const source = below?.source ?? x;
    if (whole.every((axis, i) => axis === i)) return source;
    const shape = whole.map((axis) => source.shape[axis]!);
    const moved = whole.filter((axis) => source.shape[axis] !== 1); // moving sides of one moves no number
    if (isAscending(moved)) return this.reshape(source, shape);
    const result = this.graph.op('Transpose', [source], { type: x.type, shape }, { perm: whole });
    this.#transposed.set(result.id, { source, perm: whole });
    return result;
  }

  /** A reduction over axes; of a transposed tensor, over those of what was transposed. */
  reduce(op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
    const kept = x.shape.map((side, i) => (axes.includes(i) ? 1 : side));
    const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
    if (axes.every((axis) => x.shape[axis] === 1)) return this.reshape(x, shape);
    if (sizeOf(x.shape) === 0) return this.graph.filled(OF_NOTHING[op]!, { type: x.type, shape });
    const below = this.#transposed.get(x.id);
    if (below) {
      const innerAxes = axes.map((axis) => below.perm[axis]!).sort((a, b) => a - b);
      const left = below.perm.filter((_, i) => !axes.includes(i));
      if (!keepDims && isAscending(left)) return this.reduce(op, below.source, innerAxes, false);
      const inner = this.reduce(op, below.source, innerAxes, true);
      return this.reshape(this.transpose(inner, below.perm), shape);
    }
    const plain = this.#collapsed(x.shape, axes);
    if (plain.shape.length < x.shape.length) {
      return this.reshape(this.reduce(op, this.reshape(x, plain.shape), plain.axes, false), shape);
    }
    return this.graph.op(op, [x, { int64: [...axes] }], { type: x.type, shape }, { keepdims: keepDims ? 1 : 0 });
  }

  /** The sides of a reduction without those of one, for which ONNX Runtime takes a slower path. */
  #collapsed(shape: readonly number[], axes: readonly number[]): { shape: number[]; axes: number[] } {
    const kept = shape.map((_, i) => i).filter((i) => shape[i] !== 1);
    return {
      shape: kept.map((i) => shape[i]!),
      axes: kept.flatMap((axis, i) => (axes.includes(axis) ? i : [])),
    };
  }

  /** A constant of one number all over is as good as that number, where the other operand has the full shape. */
  #narrow(value: Value, other: Value, shape: readonly number[]): Value {
    if (value.shape.length === 0 || other.shape.join() !== shape.join()) return value;
    const uniform = uniformOf(value);
    return uniform === undefined ? value : this.graph.scalar(uniform, value.type);
  }

  #sink(op: string, a: Value, b: Value, { type, shape }: ValueSpec, attributes: Attributes): Value | undefined {
    // the transposition of an operand of full size; a small one follows, and is not followed
    const whole = [a, b].find((operand) => this.#transposed.has(operand.id) && operand.shape.join() === shape.join());
    if (!whole) return undefined;
    const { perm } = this.#transposed.get(whole.id)!;
    const [left, right] = [this.#through(a, perm), this.#through(b, perm)];
    if (!left || !right) return undefined;
    const inner = { type, shape: broadcastShape(left.shape, right.shape) };
    return this.transpose(this.graph.op(op, [left, right], inner, attributes), perm);
  }

  /** The value before a transposition that it may or may not have been through; undefined when that would cost much. */
  #through(value: Value, perm: readonly number[]): Value | undefined {
    const below = this.#transposed.get(value.id);
    if (below) return below.perm.join() === perm.join() ? below.source : undefined;
    if (sizeOf(value.shape) === 1 && value.shape.length === 0) return value;
    const full = [...new Array<number>(perm.length - value.shape.length).fill(1), ...value.shape];
    if (sizeOf(full) > SMALL) return undefined;
    const inverse = perm.map((_, i) => perm.indexOf(i));
    return this.transpose(this.reshape(value, full), inverse);
  }
}

const isAscending = (axes: readonly number[]): boolean => axes.every((axis, i) => i === 0 || axes[i - 1]! < axis);

/** What reductions of no numbers give, as in TF.js. */
const OF_NOTHING: Readonly<Record<string, number>> = {
  ReduceSum: 0,
  ReduceMean: 0,
  ReduceProd: 1,
  ReduceMax: NaN,
  ReduceMin: NaN,
};

/** What is cheaper to transpose than to leave a transposition of a batch in place: a bias, a scale. */
const SMALL = 1 << 14;

/** Type numbers of onnx.TensorProto. */
export const ONNX_TYPES: Record<ValueType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };

function simplify(op: string, a: Value, b: Value, shape: readonly number[]): Value | undefined {
  const whole = (value: Value) => value.shape.join() === shape.join();
  const is = (value: Value, number: number) => value.constant !== undefined && uniformOf(value) === number;
  if (
    (op === 'Mul' && is(b, 1)) ||
    (op === 'Add' && is(b, 0)) ||
    (op === 'Sub' && is(b, 0)) ||
    (op === 'Div' && is(b, 1))
  ) {
    return whole(a) ? a : undefined;
  }
  if ((op === 'Mul' && is(a, 1)) || (op === 'Add' && is(a, 0))) return whole(b) ? b : undefined;
  return undefined;
}
