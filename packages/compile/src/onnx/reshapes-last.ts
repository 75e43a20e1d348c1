import { isValue, type Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

const ELEMENTWISE = ['Cast', 'HardSigmoid', 'Add', 'Sub', 'Mul'];

/**
 * What is done number by number to reshaped values is done before they are reshaped, where all were reshaped alike: reshapes then
 * meet and cancel. The gradient of a ReLU in a bank of one is such.
 */
export const reshapesLast: Rule = ({ op, inputs, outputs, attributes }, replay) => {
  if (!ELEMENTWISE.includes(op)) return undefined;
  const sources = inputs.map((input) => (isValue(input) ? beforeReshape(input, outputs[0]!, replay) : undefined));
  const [first] = sources;
  if (!first || sources.some((source) => source?.shape.join() !== first.shape.join())) return undefined;
  const { emit } = replay;
  const result = emit.graph.op(op, sources as Value[], { type: outputs[0]!.type, shape: first.shape }, attributes);
  return [emit.reshape(result, outputs[0]!.shape)];
};

/** What an operand of the result's shape was reshaped from. */
function beforeReshape(value: Value, { shape }: Value, { producer }: Replay): Value | undefined {
  const reshape = value.shape.join() === shape.join() ? producer(value) : undefined;
  return reshape?.op === 'Reshape' ? (reshape.inputs[0] as Value) : undefined;
}
