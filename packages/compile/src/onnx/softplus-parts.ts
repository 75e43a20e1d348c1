import type { Value } from '../graph/value.ts';
import type { Rule } from './replay.ts';

/**
 * softplus(x) = max(x, 0) − log σ(|x|), the same to a rounding: ONNX Runtime computes each of these parts many numbers at a
 * time, and its Softplus number by number.
 */
export const softplusParts: Rule = ({ op, inputs }, { emit }) => {
  if (op !== 'Softplus') return undefined;
  const x = inputs[0] as Value;
  const tail = emit.unary('Log', emit.unary('Sigmoid', emit.unary('Abs', x)));
  return [emit.binary('Sub', emit.unary('Relu', x), tail)];
};
