import { uniformOf } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

/** (a · ones) · b, where ones only spread a over a larger shape: a · b, which spreads it as well. The gradient of a sum begins so. */
export const withoutOnes: Rule = ({ op, inputs, outputs, attributes }, replay) => {
  if (op !== 'Mul') return undefined;
  const [a, b] = inputs as readonly [Value, Value];
  const { shape } = outputs[0]!;
  const isWhole = (value: Value) => value.shape.join() === shape.join();
  const [left, right] = [
    isWhole(b) ? spreadBelow(a, replay) : undefined,
    isWhole(a) ? spreadBelow(b, replay) : undefined,
  ];
  if (!left && !right) return undefined;
  return [replay.emit.graph.op('Mul', left ? [left, b] : [a, right!], outputs[0]!, attributes)];
};

/** The other factor of a product with ones. */
function spreadBelow(value: Value, { producer }: Replay): Value | undefined {
  const node = producer(value);
  if (node?.op !== 'Mul') return undefined;
  const [x, y] = node.inputs as readonly [Value, Value];
  return uniformOf(y) === 1 ? x : uniformOf(x) === 1 ? y : undefined;
}
