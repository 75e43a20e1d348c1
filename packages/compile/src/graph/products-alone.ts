import { Graph, liveNodes, sizeOf, type Recorded, isValue, type Value } from './graph.ts';

const PRODUCTS = new Set(['MatMul', 'Gemm', 'Einsum']);

/** The one output of the graph: the first number of each product. So all products are computed, and little is returned. */
export const FIRSTS = 'firsts';

/**
 * The matrix products of a graph without its other operations. Each operand becomes an input of the same shape; an operand
 * of several products is one input. Transposes of operands stay, as ONNX Runtime makes them part of the product. The time
 * of this graph is the part that rewriting other operations can't save.
 *
 * @returns a graph with one output, [products]
 * @throws Error when the graph has no product
 * @example
 * const { graph, outputs } = productsAlone(trace((x) => tf.relu(tf.matMul(x, x)), { x: { shape: [8, 8] } }));
 * const model = writeModel(graph, outputs);
 */
export function productsAlone(recorded: Recorded): Recorded {
  const productGraph = new Graph();
  const inputs = new Map<number, Value>();

  const operand = (value: Value): Value => {
    const { source, perm } = recorded.graph.transposed(value) ?? {};
    if (source) return productGraph.op('Transpose', [operand(source)], value, { perm: perm! });
    const existing = inputs.get(value.id);
    if (existing) return existing;
    const { type, shape, constant, id } = value;
    const input = constant
      ? productGraph.constant(constant, value)
      : productGraph.input(`operand ${id}`, { type, shape });
    inputs.set(id, input);
    return input;
  };

  const firsts = liveNodes(recorded)
    .filter(({ op }) => PRODUCTS.has(op))
    .map(({ op, inputs: operands, attributes, outputs: [output] }) => {
      const product = productGraph.op(
        op,
        operands.map((each) => (isValue(each) ? operand(each) : each)),
        output!,
        attributes,
      );
      return first(productGraph, product);
    });
  if (firsts.length === 0) throw new Error('The graph has no matrix product.');
  const value = productGraph.op('Concat', firsts, { type: 'float32', shape: [firsts.length] }, { axis: 0 });
  return { graph: productGraph, outputs: [{ name: FIRSTS, value }] };
}

/** The first number of a tensor, as [1]. */
function first(graph: Graph, value: Value): Value {
  const { type, shape } = value;
  const flat = graph.op('Reshape', [value, { int64: [-1] }], { type, shape: [sizeOf(shape)] });
  return graph.op('Slice', [flat, { int64: [0] }, { int64: [1] }], { type, shape: [1] });
}
