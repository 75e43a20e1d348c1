import type { Elementwise, RowMath } from './row-math.ts';

/** The value of a row, or a value for each of its outputs. */
export type OneOrEach<S> = S | readonly S[];

/** The operations of single values that the others are made of. */
export interface Single<S> extends Elementwise<S>, Pick<RowMath<S>, 'lgamma'> {
  /** The value whose index is the label. */
  readonly chosen: (values: readonly (S | number)[], label: S) => S;
}

/** The arithmetic of losses, from that of single values. */
export function overOutputs<S>(single: Single<S>): RowMath<OneOrEach<S>> {
  type V = OneOrEach<S>;
  const isList = (v: V | number): v is readonly S[] => Array.isArray(v);
  const each =
    <A extends S | number>(f: (a: A) => S) =>
    (v: OneOrEach<S> | number): V =>
      isList(v) ? v.map((a) => f(a as A)) : f(v as A);
  const both =
    (f: (a: S | number, b: S | number) => S) =>
    (v: V | number, w: V | number): V => {
      if (isList(v)) return v.map((a, i) => f(a, isList(w) ? w[i]! : w));
      return isList(w) ? w.map((b) => f(v, b)) : f(v, w);
    };
  const { add, sub, mul, neg, softplus } = single;
  const list = (outputs: V) => outputs as readonly S[];
  const sum = (outputs: readonly S[]) => outputs.reduce((a, b) => add(a, b));
  const top = (outputs: readonly S[]) => outputs.reduce((a, b) => single.maximum(a, b));
  return {
    add: both(add),
    sub: both(sub),
    mul: both(mul),
    div: both(single.div),
    maximum: both(single.maximum),
    minimum: both(single.minimum),
    atan2: both(single.atan2),
    neg: each(neg),
    abs: each(single.abs),
    sign: each(single.sign),
    sqrt: each(single.sqrt),
    square: each(single.square),
    exp: each(single.exp),
    expm1: each(single.expm1),
    log: each(single.log),
    softplus: each(softplus),
    sigmoid: each(single.sigmoid),
    sin: each(single.sin),
    cos: each(single.cos),
    lgamma: each(single.lgamma),
    erf: each(single.erf),
    logLoss: both((z, y) => add(mul(y, softplus(neg(z))), mul(sub(1, y), softplus(z as S)))),
    logSoftmax(z) {
      const most = top(list(z));
      const total = add(most, single.log(sum(list(z).map((each) => single.exp(sub(each, most))))));
      return list(z).map((each) => sub(each, total));
    },
    softmax(z) {
      const most = top(list(z));
      const exps = list(z).map((each) => single.exp(sub(each, most)));
      const total = sum(exps);
      return exps.map((each) => single.div(each, total));
    },
    at: (outputs, i) => list(outputs)[i]!,
    stack: (values) => values as readonly S[],
    chosen: (outputs, label) => single.chosen(list(outputs), label as S),
    sum: (outputs) => sum(list(outputs)),
    mean: (outputs) => single.div(sum(list(outputs)), list(outputs).length),
    pick: (numbers, label) => single.chosen(numbers, label as S),
  };
}
