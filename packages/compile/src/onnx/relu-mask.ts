import { isValue, type Value } from '../graph/value.ts';
import type { Rule } from './replay.ts';

/** Where a ReLU's input is positive: what the ReLU gave is not 0 there, which is cheaper to ask than whether x > 0. */
export const reluMask: Rule = ({ op, inputs, outputs }, { emit }) => {
  const [x, zero] = inputs as readonly Value[];
  if (op !== 'Greater' || !isValue(zero!) || zero.shape.length !== 0 || zero.constant?.[0] !== 0) return undefined;
  const relu = outputs[0]!.shape.join() === x!.shape.join() && emit.graph.known('Relu', [x!], x!);
  return relu ? [emit.cast(relu, 'bool')] : undefined;
};
