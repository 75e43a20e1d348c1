/** Arithmetic of one or two operands. A number operand is the same at every index. */
type Unary<V> = (a: V | number) => V;
type Binary<V> = (a: V | number, b: V | number) => V;

/**
 * Elementwise arithmetic: the operations that the update of an optimizer and a loss may use. What is written over it once runs on
 * tensors, on numbers, and in WebAssembly.
 */
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
