import { digamma, trigamma } from '../special-functions.ts';
import { numberMath } from './double-math.ts';
import { overOutputs, type OneOrEach, type Single } from './over-outputs.ts';
import type { RowLoss, RowMath } from './row-math.ts';

/** Values of some rows with their first and second derivatives by one output (second-order forward differentiation): [rows] each. */
export interface Jets {
  readonly value: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Without derivatives, the values don't depend on the output. */
interface Rows extends Pick<Jets, 'value'> {
  readonly first?: Float64Array | undefined;
  readonly second?: Float64Array | undefined;
}
/** A number is the same in all rows. */
type Value = number | Rows;

/** Rows that are computed at a time, so that intermediate values stay in the cache of the processor. The last block is filled up. */
const BLOCK = 256;
const ZEROS = /* @__PURE__ */ new Float64Array(BLOCK);

/** Memory for the intermediate values of a block, which the next block takes over: allocating takes longer than computing. */
const memory: Float64Array[] = [];
let taken = 0;
const take = (): Float64Array => (memory[taken++] ??= new Float64Array(BLOCK));

const rowsOf = (a: Value): Rows => (typeof a === 'number' ? { value: take().fill(a) } : a);

const jetsOf = ({ value, first = ZEROS, second = ZEROS }: Rows): Jets => ({ value, first, second });

/** Memory for the results of an operation, with derivatives if an operand depends on the output. */
const results = ({ first: a }: Rows, { first: b }: Rows): Rows =>
  a || b ? { value: take(), first: take(), second: take() } : { value: take() };

/** f(a) by the derivatives of f, which may use what was computed before them. */
const unary =
  (
    f: (x: number) => number,
    slopeOf: (x: number, value: number) => number,
    curvatureOf: (x: number, value: number, slope: number) => number,
  ) =>
  (a: Value): Value => {
    if (typeof a === 'number') return f(a);
    const { value, first, second } = results(a, a);
    for (let i = 0; i < value.length; i++) {
      const x = a.value[i]!;
      const y = (value[i] = f(x));
      if (!first) continue;
      const slope = slopeOf(x, y);
      const da = a.first![i]!;
      first[i] = slope * da;
      second![i] = curvatureOf(x, y, slope) * da * da + slope * a.second![i]!;
    }
    return { value, first, second };
  };

type Operands = (a: Jets, b: Jets, into: Rows) => void;

/** An operation of two operands, of which `compute` fills in the results. */
const binary =
  (f: (a: number, b: number) => number, compute: Operands) =>
  (left: Value, right: Value): Value => {
    if (typeof left === 'number' && typeof right === 'number') return f(left, right);
    const [a, b] = [rowsOf(left), rowsOf(right)];
    const into = results(a, b);
    compute(jetsOf(a), jetsOf(b), into);
    return into;
  };

const plus =
  (sign: 1 | -1): Operands =>
  (a, b, { value, first, second }) => {
    for (let i = 0; i < value.length; i++) value[i] = a.value[i]! + sign * b.value[i]!;
    if (!first) return;
    for (let i = 0; i < value.length; i++) {
      first[i] = a.first[i]! + sign * b.first[i]!;
      second![i] = a.second[i]! + sign * b.second[i]!;
    }
  };

const product: Operands = (a, b, { value, first, second }) => {
  for (let i = 0; i < value.length; i++) value[i] = a.value[i]! * b.value[i]!;
  if (!first) return;
  for (let i = 0; i < value.length; i++) {
    first[i] = a.first[i]! * b.value[i]! + a.value[i]! * b.first[i]!;
    second![i] = a.second[i]! * b.value[i]! + 2 * a.first[i]! * b.first[i]! + a.value[i]! * b.second[i]!;
  }
};

const quotient: Operands = (a, b, { value, first, second }) => {
  for (let i = 0; i < value.length; i++) {
    const [by, ratio] = [b.value[i]!, a.value[i]! / b.value[i]!];
    value[i] = ratio;
    if (!first) continue;
    const slope = (first[i] = (a.first[i]! - ratio * b.first[i]!) / by);
    second![i] = (a.second[i]! - 2 * slope * b.first[i]! - ratio * b.second[i]!) / by;
  }
};

const greater =
  (sign: 1 | -1): Operands =>
  (a, b, { value, first, second }) => {
    for (let i = 0; i < value.length; i++) {
      const from = sign * (a.value[i]! - b.value[i]!) >= 0 || Number.isNaN(a.value[i]!) ? a : b;
      value[i] = from.value[i]!;
      if (!first) continue;
      first[i] = from.first[i]!;
      second![i] = from.second[i]!;
    }
  };

/** θ' = (x y' − y x') / r², and its derivative. At the origin both are 0. */
const angle: Operands = (y, x, { value, first, second }) => {
  for (let i = 0; i < value.length; i++) {
    const [a, b] = [y.value[i]!, x.value[i]!];
    const square = a * a + b * b;
    value[i] = Math.atan2(a, b);
    if (!first) continue;
    const slope = (first[i] = (b * y.first[i]! - a * x.first[i]!) / square || 0);
    const turn = b * y.second[i]! - a * x.second[i]!;
    second![i] = (turn - 2 * slope * (b * x.first[i]! + a * y.first[i]!)) / square || 0;
  }
};

const none = () => 0;
const density = (x: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);

/** A function, as bundlers keep calls at the top of a module. */
function rowsMath(): Single<Value> {
  const { add, sub, mul, div, exp, expm1, log, softplus, sigmoid, sin, cos, lgamma, erf, sqrt, abs, sign } = numberMath;
  const times = binary(mul, product);
  const minus = binary(sub, plus(-1));
  return {
    add: binary(add, plus(1)),
    sub: minus,
    mul: times,
    div: binary(div, quotient),
    maximum: binary(Math.max, greater(1)),
    minimum: binary(Math.min, greater(-1)),
    atan2: binary(Math.atan2, angle),
    neg: (a) => minus(0, a),
    square: (a) => times(a, a),
    abs: unary(abs, (x) => sign(x), none),
    sign: unary(sign, none, none),
    sqrt: unary(
      sqrt,
      (_, root) => 0.5 / root,
      (x, _, slope) => (-0.5 * slope) / x,
    ),
    exp: unary(
      exp,
      (_, power) => power,
      (_, power) => power,
    ),
    expm1: unary(
      expm1,
      (_, less) => less + 1,
      (_, less) => less + 1,
    ),
    log: unary(
      log,
      (x) => 1 / x,
      (_x, _log, slope) => -slope * slope,
    ),
    softplus: unary(
      softplus,
      (x) => sigmoid(x),
      (_x, _value, share) => share * (1 - share),
    ),
    sigmoid: unary(
      sigmoid,
      (x, share) => share * sigmoid(-x),
      (_, share, slope) => slope * (1 - 2 * share),
    ),
    sin: unary(
      sin,
      (x) => Math.cos(x),
      (_, value) => -value,
    ),
    cos: unary(
      cos,
      (x) => -Math.sin(x),
      (_, value) => -value,
    ),
    lgamma: unary(lgamma, digamma, trigamma),
    erf: unary(erf, density, (x, _, slope) => -2 * x * slope),
    chosen(outputs, label) {
      const { value: labels } = label as Rows;
      const each = outputs.map((output) => jetsOf(rowsOf(output)));
      const { value, first, second } = jetsOf({ value: take(), first: take(), second: take() });
      labels.forEach((k, row) => {
        value[row] = each[k]!.value[row]!;
        first[row] = each[k]!.first[row]!;
        second[row] = each[k]!.second[row]!;
      });
      return { value, first, second };
    },
  };
}

/** The arithmetic of losses for a block of rows, with derivatives by one output. */
const jetMath: RowMath<OneOrEach<Value>> = /* @__PURE__ */ overOutputs(/* @__PURE__ */ rowsMath());

/**
 * The losses of rows.
 *
 * @param scores the outputs: [outputs][rows]
 * @param by the output by which derivatives are taken. Without it, they are 0
 * @example lossJets((z, y, { square, sub }) => square(sub(z, y)), [[3]], [1], 0) // a value of 4, with the derivatives 4 and 2
 */
export function lossJets(
  loss: RowLoss,
  scores: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  by?: number,
): Jets {
  const size = labels.length;
  const jets: Jets = {
    value: new Float64Array(size),
    first: new Float64Array(size),
    second: new Float64Array(size),
  };
  for (let start = 0; start < size; start += BLOCK) {
    taken = 0;
    const length = Math.min(BLOCK, size - start);
    const part = (values: ArrayLike<number>) => {
      const block = take().fill(0, length);
      for (let i = 0; i < length; i++) block[i] = values[start + i]!;
      return block;
    };
    const outputs = scores.map((each, k): Rows => ({
      value: part(each),
      ...(k === by && { first: take().fill(1), second: ZEROS }),
    }));
    const z = outputs.length === 1 ? outputs[0]! : outputs;
    const of = rowsOf(loss<OneOrEach<Value>>(z, { value: part(labels) }, jetMath) as Value);
    for (const [name, values] of Object.entries(jetsOf(of)) as [keyof Jets, Float64Array][])
      jets[name].set(values.subarray(0, length), start);
  }
  return jets;
}
