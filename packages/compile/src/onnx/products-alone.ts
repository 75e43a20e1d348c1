import { Graph } from '../graph/graph.ts';
import { isValue, type Node, type Value } from '../graph/value.ts';
import { liveNodes } from './live-nodes.ts';
import type { Recorded } from './replay.ts';

const PRODUCTS = new Set(['MatMul', 'Gemm', 'Einsum']);

/** The graph's one output: a number of each product, so that all are computed and next to nothing is returned. */
export const FIRSTS = 'firsts';

/**
 * The matrix products of a graph, and nothing else of it: each reads inputs of its own shapes in place of what other
 * operations gave. Transposed operands stay transposed, as ONNX Runtime reads them in place; an operand of several products
 * is one input. Timing it says how much of the graph's time no rewriting of the rest could save.
 *
 * @returns a graph with one output, [products]
 * @throws Error when the graph has no product
 */
export function productsAlone({ graph, outputs }: Recorded): Recorded {
  const nodes = liveNodes(
    graph.nodes,
    outputs.map(({ value }) => value),
  );
  const producers = new Map(nodes.flatMap((node) => node.outputs.map(({ id }): [number, Node] => [id, node])));
  const alone = new Graph();
  const inputs = new Map<number, Value>();

  const operand = (value: Value): Value => {
    const producer = producers.get(value.id);
    if (producer?.op === 'Transpose') {
      return alone.op('Transpose', [operand(producer.inputs[0] as Value)], value, producer.attributes);
    }
    const known = inputs.get(value.id);
    if (known) return known;
    const { type, shape, constant, id } = value;
    const input = constant ? alone.constant(constant, value) : alone.input(`operand ${id}`, { type, shape });
    inputs.set(id, input);
    return input;
  };

  const firsts = nodes
    .filter(({ op }) => PRODUCTS.has(op))
    .map(({ op, inputs: operands, attributes, outputs: [output] }) => {
      const product = alone.op(
        op,
        operands.map((each) => (isValue(each) ? operand(each) : each)),
        output!,
        attributes,
      );
      return first(alone, product);
    });
  if (firsts.length === 0) throw new Error('The graph has no matrix product.');
  const value = alone.op('Concat', firsts, { type: 'float32', shape: [firsts.length] }, { axis: 0 });
  return { graph: alone, outputs: [{ name: FIRSTS, value }] };
}

/** The first number of a tensor, as [1]. */
function first(graph: Graph, value: Value): Value {
  const axes = value.shape.map((_, axis) => axis);
  const all = (number: number) => ({ int64: axes.map(() => number) });
  const { type } = value;
  const corner = graph.op('Slice', [value, all(0), all(1), { int64: axes }], { type, shape: axes.map(() => 1) });
  return graph.op('Reshape', [corner, { int64: [1] }], { type, shape: [1] });
}
