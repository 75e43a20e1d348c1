import type { LossMath } from './loss-math.ts';

/** A number, or the outputs of a row. */
type Doubles = number | readonly number[];

const each = (a: Doubles, f: (a: number) => number): Doubles => (typeof a === 'number' ? f(a) : a.map(f));

const both = (a: Doubles, b: Doubles, f: (a: number, b: number) => number): Doubles => {
  if (typeof a !== 'number') return a.map((one, i) => f(one, typeof b === 'number' ? b : b[i]!));
  return typeof b === 'number' ? f(a, b) : b.map((one) => f(a, one));
};

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** The arithmetic of losses for one row, in double precision. */
export const doubleMath: LossMath<Doubles> = {
  add: (v, w) => both(v, w, (a, b) => a + b),
  sub: (v, w) => both(v, w, (a, b) => a - b),
  mul: (v, w) => both(v, w, (a, b) => a * b),
  div: (v, w) => both(v, w, (a, b) => a / b),
  maximum: (a, b) => both(a, b, Math.max),
  minimum: (a, b) => both(a, b, Math.min),
  neg: (v) => each(v, (a) => -a),
  abs: (v) => each(v, Math.abs),
  sign: (v) => each(v, (a) => (a > 0 ? 1 : a < 0 ? -1 : 0)),
  sqrt: (v) => each(v, Math.sqrt),
  square: (v) => each(v, (a) => a * a),
  exp: (v) => each(v, Math.exp),
  log: (v) => each(v, Math.log),
  softplus: (v) => each(v, softplus),
  sigmoid: (v) => each(v, (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)))),
  logLoss: (v, w) => both(v, w, (z, y) => y * softplus(-z) + (1 - y) * softplus(z)),
  logSoftmax(z) {
    const outputs = z as readonly number[];
    let top = -Infinity;
    for (const each of outputs) if (each > top) top = each;
    let sum = 0;
    for (const each of outputs) sum += Math.exp(each - top);
    const total = top + Math.log(sum);
    return outputs.map((each) => each - total);
  },
  chosen: (outputs, label) => (outputs as readonly number[])[label as number]!,
  sum: (outputs) => sumOf(outputs as readonly number[]),
  mean: (outputs) => sumOf(outputs as readonly number[]) / (outputs as readonly number[]).length,
  pick: (numbers, label) => numbers[label as number]!,
};
