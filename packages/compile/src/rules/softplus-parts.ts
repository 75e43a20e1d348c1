import type { Value } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';

/**
 * softplus(x) = max(x, 0) − log σ(|x|), equal up to rounding. The kernels of these parts are vectorized; the Softplus kernel
 * of ONNX Runtime is not.
 */
export const softplusParts: Rule<Value> = {
  name: 'softplus-parts',
  why: 'Anywhere: no place changes the graph of a model.',
  ops: ['Softplus'],
  match: ({ operands }) => operands[0],
  rewrite(x, _, emit) {
    const tail = emit.unary('Log', emit.unary('Sigmoid', emit.unary('Abs', x)));
    return emit.binary('Sub', emit.unary('Relu', x), tail);
  },
};
