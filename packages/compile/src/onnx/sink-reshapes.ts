import { isValue, sizeOf, type Node, type Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

/** Activations that ONNX Runtime makes part of the product before them. */
const ACTIVATIONS = ['Relu', 'Sigmoid', 'Tanh'];

/**
 * A bias or an activation of a reshaped product goes before the reshape, so that product, bias and activation are next to
 * each other: ONNX Runtime runs them as one operation then.
 *
 * @param rows how many rows the product has at most
 */
export const sinkReshapes =
  (rows: number): Rule =>
  ({ op, inputs, outputs, attributes }, replay) => {
    const { emit } = replay;
    const [x, bias] = inputs as readonly Value[];
    const below = (value: Value) => productBelow(value, rows, replay);
    if (ACTIVATIONS.includes(op)) {
      const product = below(x!);
      return product && [emit.reshape(emit.graph.op(op, [product], product, attributes), outputs[0]!.shape)];
    }
    if (op !== 'Add' || !isValue(inputs[1]!)) return undefined;
    const sum = (value: Value, other: Value) => addTo(below(value), value, other, outputs[0]!, replay);
    return sum(x!, bias!) ?? sum(bias!, x!);
  };

function addTo(
  product: Value | undefined,
  x: Value,
  bias: Value,
  { shape }: Value,
  { emit }: Replay,
): readonly Value[] | undefined {
  if (!product || x.shape.join() !== shape.join()) return undefined;
  const columns = product.shape.at(-1)!;
  if (!isRow(bias, shape, columns)) return undefined;
  const row = bias.constant
    ? emit.graph.constant(bias.constant, { type: bias.type, shape: [columns] })
    : emit.reshape(bias, [columns]);
  return [emit.reshape(emit.graph.op('Add', [product, row], product), shape)];
}

/** Whether a bias adds the same numbers to each row of [rows, columns]. */
function isRow(bias: Value, shape: readonly number[], columns: number): boolean {
  const first = bias.shape.findIndex((side) => side !== 1);
  const own = first < 0 ? [] : bias.shape.slice(first);
  const isTail = own.length <= shape.length && own.every((side, i) => side === shape[shape.length - own.length + i]);
  return isTail && sizeOf(own) === columns;
}

/** The matrix [rows, columns] that a value is when its last reshape is undone: a product, or one with a bias or activation. */
function productBelow(value: Value, rows: number, { producer }: Replay): Value | undefined {
  const reshape = producer(value);
  if (reshape?.op !== 'Reshape') return undefined;
  const source = reshape.inputs[0] as Value;
  if (source.shape.length !== 2 || source.shape[0]! > rows) return undefined;
  return isProduct(producer(source), producer) ? source : undefined;
}

function isProduct(node: Node | undefined, producer: Replay['producer']): boolean {
  if (!node) return false;
  if (node.op === 'MatMul') return (node.inputs as readonly Value[]).every(({ shape }) => shape.length === 2);
  return node.op === 'Add' && isProduct(producer(node.inputs[0] as Value), producer);
}
