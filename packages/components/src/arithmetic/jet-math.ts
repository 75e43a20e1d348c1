import { digamma, trigamma } from '../special-functions.ts';
import { numberMath } from './double-math.ts';
import { overOutputs, type OneOrEach } from './over-outputs.ts';
import type { Elementwise, RowLoss, RowMath } from './row-math.ts';

/** A value with its first and second derivative by one variable (second-order forward differentiation). */
export class Jet {
  constructor(
    readonly value: number,
    readonly first: number,
    readonly second: number,
  ) {}
}

/** A number is a constant. */
type Value = number | Jet;

const jet = (a: Value): Jet => (typeof a === 'number' ? new Jet(a, 0, 0) : a);

/** f(a) by the derivatives of f, which may use what was computed before them. */
const unary =
  (
    f: (x: number) => number,
    first: (x: number, value: number) => number,
    second: (x: number, value: number, first: number) => number,
  ) =>
  (a: Value): Value => {
    if (typeof a === 'number') return f(a);
    const value = f(a.value);
    const slope = first(a.value, value);
    return new Jet(value, slope * a.first, second(a.value, value, slope) * a.first ** 2 + slope * a.second);
  };

const binary =
  (f: (a: number, b: number) => number, ofJets: (a: Jet, b: Jet) => Value) =>
  (a: Value, b: Value): Value =>
    typeof a === 'number' && typeof b === 'number' ? f(a, b) : ofJets(jet(a), jet(b));

const product = (a: Jet, b: Jet) =>
  new Jet(
    a.value * b.value,
    a.first * b.value + a.value * b.first,
    a.second * b.value + 2 * a.first * b.first + a.value * b.second,
  );

const quotient = (a: Jet, b: Jet) => {
  const value = a.value / b.value;
  const first = (a.first - value * b.first) / b.value;
  return new Jet(value, first, (a.second - 2 * first * b.first - value * b.second) / b.value);
};

/** θ' = (x y' − y x') / r², and its derivative. */
const angle = (y: Jet, x: Jet) => {
  const square = x.value ** 2 + y.value ** 2;
  const value = Math.atan2(y.value, x.value);
  if (square === 0) return new Jet(value, 0, 0);
  const first = (x.value * y.first - y.value * x.first) / square;
  const turn = x.value * y.second - y.value * x.second;
  return new Jet(value, first, (turn - 2 * first * (x.value * x.first + y.value * y.first)) / square);
};

const none = () => 0;
const { exp, expm1, log, softplus, sigmoid, sin, cos, lgamma, erf, sqrt, square, abs, sign, neg } = numberMath;
const density = (x: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);

const valueMath: Elementwise<Value> & Pick<RowMath<Value>, 'lgamma'> = {
  add: binary(numberMath.add, (a, b) => new Jet(a.value + b.value, a.first + b.first, a.second + b.second)),
  sub: binary(numberMath.sub, (a, b) => new Jet(a.value - b.value, a.first - b.first, a.second - b.second)),
  mul: binary(numberMath.mul, product),
  div: binary(numberMath.div, quotient),
  maximum: binary(Math.max, (a, b) => (a.value >= b.value || Number.isNaN(a.value) ? a : b)),
  minimum: binary(Math.min, (a, b) => (a.value <= b.value || Number.isNaN(a.value) ? a : b)),
  atan2: binary(Math.atan2, angle),
  neg: unary(neg, () => -1, none),
  abs: unary(abs, (x) => sign(x), none),
  sign: unary(sign, none, none),
  sqrt: unary(
    sqrt,
    (_, root) => 0.5 / root,
    (x, _, slope) => (-0.5 * slope) / x,
  ),
  square: unary(
    square,
    (x) => 2 * x,
    () => 2,
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
    (x, _, share) => share * sigmoid(-x),
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
};

/** The arithmetic of losses for one row, with derivatives. The label, and outputs by which none is taken, are numbers. */
const jetMath: RowMath<OneOrEach<Value>> = /* @__PURE__ */ overOutputs(valueMath);

/**
 * The loss of a row with its first two derivatives by one output.
 *
 * @param z the output of the row, or its outputs
 * @param by the number of the output
 * @example lossJet((z, y, { square, sub }) => square(sub(z, y)), 3, 1) // Jet { value: 4, first: 4, second: 2 }
 */
export function lossJet(loss: RowLoss, z: number | readonly number[], y: number, by = 0): Jet {
  const variable = (value: number) => new Jet(value, 1, 0);
  const outputs = typeof z === 'number' ? variable(z) : z.map((each, i) => (i === by ? variable(each) : each));
  return jet(loss<OneOrEach<Value>>(outputs, y, jetMath) as Value);
}
