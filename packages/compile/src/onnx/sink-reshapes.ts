import { isValue, sizeOf, type Node, type Value } from '../graph/value.ts';
import type { Replay, Rule } from './replay.ts';

/** With more rows than this, a product with its bias inside is no faster than the two apart. */
const FEW = 64;

/** Activations that ONNX Runtime makes part of the product before them. */
const ACTIVATIONS = ['Relu', 'Sigmoid', 'Tanh'];

/**
 * A bias or an activation of a reshaped product goes before the reshape, so that product, bias and activation are next to
 * each other: ONNX Runtime runs them as one operation then. At a few rows the number of operations is what takes time.
 */
export const sinkReshapes: Rule = ({ op, inputs, outputs, attributes }, replay) => {
  const { emit } = replay;
  const [x, bias] = inputs as readonly Value[];
  if (ACTIVATIONS.includes(op)) {
    const product = productBelow(x!, replay);
    return product && [emit.reshape(emit.graph.op(op, [product], product, attributes), outputs[0]!.shape)];
  }
  if (op !== 'Add' || !isValue(inputs[1]!)) return undefined;
  return addTo(x!, bias!, outputs[0]!, replay) ?? addTo(bias!, x!, outputs[0]!, replay);
};

function addTo(x: Value, bias: Value, { shape }: Value, replay: Replay): readonly Value[] | undefined {
  if (!bias.constant || x.shape.join() !== shape.join()) return undefined;
  const product = productBelow(x, replay);
  if (!product) return undefined;
  const { emit } = replay;
  const columns = product.shape.at(-1)!;
  const row = rowOf(bias, shape, columns);
  return (
    row && [
      emit.reshape(
        emit.graph.op('Add', [product, emit.graph.constant(row, { type: bias.type, shape: [columns] })], product),
        shape,
      ),
    ]
  );
}

/** The numbers that a bias adds to each row of [rows, columns], if they are the same for all rows. */
function rowOf(bias: Value, shape: readonly number[], columns: number): Value['constant'] | undefined {
  const first = bias.shape.findIndex((side) => side !== 1);
  const own = first < 0 ? [] : bias.shape.slice(first);
  const isTail = own.length <= shape.length && own.every((side, i) => side === shape[shape.length - own.length + i]);
  return isTail && sizeOf(own) === columns ? bias.constant : undefined;
}

/** The matrix [rows, columns] that a value is when its last reshape is undone: a product, or one with a bias or activation. */
function productBelow(value: Value, { producer }: Replay): Value | undefined {
  const reshape = producer(value);
  if (reshape?.op !== 'Reshape') return undefined;
  const source = reshape.inputs[0] as Value;
  if (source.shape.length !== 2 || source.shape[0]! > FEW) return undefined;
  return isProduct(producer(source), producer) ? source : undefined;
}

function isProduct(node: Node | undefined, producer: Replay['producer']): boolean {
  if (!node) return false;
  if (node.op === 'MatMul') return (node.inputs[1] as Value).constant !== undefined;
  return node.op === 'Add' && isProduct(producer(node.inputs[0] as Value), producer);
}
