import { sameShape } from '../graph/shapes.ts';
import type { Value } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';

/**
 * Elementwise operations run before the reshape of their operands, when all operands were reshaped from one shape. Reshapes
 * then meet and cancel. The gradient of a ReLU in a bank of one expert has this pattern.
 */
export const reshapesLast: Rule<readonly Value[]> = {
  name: 'reshapes-last',
  why: 'After sink-reshapes and outer-products: the reshapes that they leave meet and cancel here.',
  ops: ['Cast', 'HardSigmoid', 'Add', 'Sub', 'Mul'],
  match({ operands, result }, view) {
    const sources = operands.map((x) => (sameShape(x.shape, result.shape) ? view.reshaped(x) : undefined));
    const isAlike = sources.every((source) => source && sameShape(source.shape, sources[0]!.shape));
    return isAlike ? (sources as Value[]) : undefined;
  },
  rewrite(sources, { op, result, attributes }, emit) {
    const spec = { type: result.type, shape: sources[0]!.shape };
    return emit.reshape(emit.graph.op(op, sources, spec, attributes), result.shape);
  },
};
