import { isValue, type Node, type Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

/** min(max(α x, 0), 1) is 1 from x = 1/α on: from 3e-39, less than which float32 has no full precision. */
const STEEPEST = 3.4e38;

/**
 * Where a ReLU's input is positive: what the ReLU gave is not 0 there, which is cheaper to ask than whether x > 0. As numbers, to
 * multiply a gradient with, it is the steepest hard sigmoid of what the ReLU gave: one operation in place of two casts.
 */
export const reluMask: Rule = (node, { emit, producer }) => {
  if (node.op === 'Cast') {
    const relu = node.outputs[0]!.type === 'float32' ? maskedBy(node.inputs[0] as Value, producer) : undefined;
    return relu && [emit.graph.op('HardSigmoid', [relu], relu, { alpha: { float: STEEPEST }, beta: { float: 0 } })];
  }
  const [x, zero] = node.inputs as readonly Value[];
  if (node.op !== 'Greater' || !isValue(zero!) || zero.shape.length !== 0 || zero.constant?.[0] !== 0) return undefined;
  const relu = node.outputs[0]!.shape.join() === x!.shape.join() && emit.graph.known('Relu', [x!], x!);
  return relu ? [emit.cast(relu, 'bool')] : undefined;
};

/** The ReLU that a mask asks whether it is 0. */
function maskedBy(mask: Value, producer: Replay['producer']): Value | undefined {
  const asked: Node | undefined = producer(mask);
  const relu = asked?.op === 'Cast' && mask.type === 'bool' ? (asked.inputs[0] as Value) : undefined;
  return relu && producer(relu)?.op === 'Relu' ? relu : undefined;
}
