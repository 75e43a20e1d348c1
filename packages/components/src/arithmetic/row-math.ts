/** Arithmetic of one or two operands. A number operand is the same at every index. */
type Unary<V> = (a: V | number) => V;
type Binary<V> = (a: V | number, b: V | number) => V;

/** Elementwise arithmetic of optimizers and losses. What is written over it once runs on tensors, on numbers, and in WebAssembly. */
export interface Arithmetic<V> {
  readonly add: Binary<V>;
  readonly sub: Binary<V>;
  readonly mul: Binary<V>;
  readonly div: Binary<V>;
  /** The greater operand; NaN when one operand is NaN. */
  readonly maximum: Binary<V>;
  /** The lesser operand; NaN when one operand is NaN. */
  readonly minimum: Binary<V>;
  readonly neg: Unary<V>;
  readonly abs: Unary<V>;
  /** −1, 0 or 1; 0 for NaN, as in TF.js and PyTorch. */
  readonly sign: Unary<V>;
  readonly sqrt: Unary<V>;
  readonly square: Unary<V>;
}

/** Functions of each value. */
export interface Elementwise<V> extends Arithmetic<V> {
  readonly exp: (a: V) => V;
  /** eᵃ − 1, exact near 0. */
  readonly expm1: (a: V) => V;
  readonly log: (a: V) => V;
  /** log(1 + eᵃ), without overflow. */
  readonly softplus: (a: V) => V;
  /** 1 / (1 + e^−a) */
  readonly sigmoid: (a: V) => V;
  readonly sin: (a: V) => V;
  readonly cos: (a: V) => V;
  /** The angle of the point (x, y) in (−π, π]: atan2(y, x). At the origin it is 0, and so is its slope along x. */
  readonly atan2: Binary<V>;
  /** 2/√π ∫₀ᵃ e^−t² dt. A normal number is below a with probability ½ + ½ erf(a / √2). */
  readonly erf: (a: V) => V;
}

/**
 * What predictions are computed with from the outputs of a task's head, [batch] or [batch, outputs]: tensors when serving, doubles of one row
 * in evaluation.
 */
export interface OutputMath<V> extends Elementwise<V> {
  readonly softmax: (z: V) => V;
  /** Output i: [batch, outputs] → [batch]. */
  readonly at: (outputs: V, i: number) => V;
  /** Several [batch] as [batch, outputs]. */
  readonly stack: (values: readonly V[]) => V;
}

/**
 * What a loss may compute with. Values are [(tasks,) batch], or [(tasks,) batch, outputs] for the outputs of a task with several.
 * In training they are tensors, whose gradients TF.js knows. In evaluation they are doubles, and for boosting doubles with derivatives, one
 * row at a time.
 */
export interface RowMath<V> extends OutputMath<V> {
  /** The log loss of a logit: softplus(z) − z y. Its gradient is computed at once: σ(z) − y. */
  readonly logLoss: (z: V, y: V) => V;
  readonly logSoftmax: (z: V) => V;
  /** log Γ(a) for a > 0, whose slope is the digamma function. ∞ at 0, and NaN below: a loss may have it of positive numbers only. */
  readonly lgamma: (a: V) => V;
  /** The output whose index is the label: [batch, outputs], [batch] → [batch]. */
  readonly chosen: (outputs: V, label: V) => V;
  /** [batch, outputs] → [batch]. */
  readonly sum: (outputs: V) => V;
  /** [batch, outputs] → [batch]. */
  readonly mean: (outputs: V) => V;
  /** The number for the label's index: [batch] → [batch]. */
  readonly pick: (numbers: readonly number[], label: V) => V;
}

/**
 * The loss of a row, before its sample weight, [(tasks,) batch]. z are the outputs, [(tasks,) batch] or [(tasks,) batch, outputs]; y the encoded
 * labels, [(tasks,) batch]: 0 or 1, the index of the class, or a standardized number.
 */
export type RowLoss = <V>(z: V, y: V, math: RowMath<V>) => V;
