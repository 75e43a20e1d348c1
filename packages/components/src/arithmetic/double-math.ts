import { erf, logGamma } from '../special-functions.ts';
import { overOutputs, type OneOrEach, type Single } from './over-outputs.ts';
import type { RowMath } from './row-math.ts';

export type Doubles = OneOrEach<number>;

/** The arithmetic of numbers. */
export const numberMath: Single<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  neg: (a) => -a,
  abs: Math.abs,
  sign: (a) => (a > 0 ? 1 : a < 0 ? -1 : 0),
  sqrt: Math.sqrt,
  square: (a) => a * a,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  sigmoid: (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z))),
  sin: Math.sin,
  cos: Math.cos,
  atan2: Math.atan2,
  lgamma: logGamma,
  erf,
  chosen: (values, label) => values[label]!,
};

/** The arithmetic of losses for one row, in double precision. */
export const doubleMath: RowMath<Doubles> = /* @__PURE__ */ overOutputs(numberMath);
