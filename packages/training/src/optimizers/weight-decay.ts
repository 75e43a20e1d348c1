import type { Arithmetic } from './arithmetic.ts';

/** L2 regularization as PyTorch's `weight_decay` has it: the gradient of ½ · decay · ‖parameter‖² is added. */
export const withDecay = <V>(gradient: V, parameter: V, decay: V | undefined, { add, mul }: Arithmetic<V>): V =>
  decay === undefined ? gradient : add(gradient, mul(parameter, decay));
