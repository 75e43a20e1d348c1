/** Arithmetic of one operand or two. A number stands for itself at every place. */
type Unary<V> = (a: V | number) => V;
type Binary<V> = (a: V | number, b: V | number) => V;

/**
 * Elementwise arithmetic in float32: all that an optimizer's update may use. Each result is rounded once, as in PyTorch.
 * What a value `V` is differs by engine: a TF.js tensor, a block of numbers, four numbers in a register.
 */
export interface Arithmetic<V> {
  readonly add: Binary<V>;
  readonly sub: Binary<V>;
  readonly mul: Binary<V>;
  readonly div: Binary<V>;
  /** The greater of the two; NaN when one is. */
  readonly maximum: Binary<V>;
  /** The lesser of the two; NaN when one is. */
  readonly minimum: Binary<V>;
  readonly neg: Unary<V>;
  readonly abs: Unary<V>;
  /** −1, 0 or 1; 0 for NaN, as in TF.js and PyTorch. */
  readonly sign: Unary<V>;
  readonly sqrt: Unary<V>;
  readonly square: Unary<V>;
}
