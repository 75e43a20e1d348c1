import onnxProto, { type onnx as proto } from 'onnx-proto'; // CommonJS: Node finds no named exports in it

const { onnx } = onnxProto;

/**
 * Rewrites each `Concat` of an ONNX file that has many inputs as a tree of smaller ones, which gives the same bits. WebGPU
 * binds each input as a storage buffer. ONNX Runtime's provider for it returned zeros, without an error, above the limit of the
 * device.
 *
 * @param most the largest number of inputs of a `Concat`, 2 or more
 * @returns the bytes of the new file; the same array when no `Concat` is larger
 * @example const file = limitOperands(writeModel(graph, outputs), 7);
 */
export function limitOperands(model: Uint8Array, most: number): Uint8Array {
  const decoded = onnx.ModelProto.decode(model);
  const nodes = decoded.graph!.node!;
  const nested = nodes.flatMap((node) => (node.opType === 'Concat' ? nest(node, most) : [node]));
  if (nested.length === nodes.length) return model;
  decoded.graph!.node = nested;
  return onnx.ModelProto.encode(decoded).finish();
}

/** The node with at most `most` inputs, after the nodes that join its inputs in groups. */
function nest(node: proto.INodeProto, most: number, depth = 0): proto.INodeProto[] {
  const inputs = node.input!;
  if (inputs.length <= most) return [node];
  const groups = Array.from({ length: Math.ceil(inputs.length / most) }, (_, g) =>
    inputs.slice(g * most, (g + 1) * most),
  );
  const parts = groups.map((group, g) =>
    onnx.NodeProto.create({
      ...node,
      name: `${node.name}_${depth}_${g}`,
      input: group,
      output: [`${node.output![0]}:${depth}:${g}`],
    }),
  );
  const whole = onnx.NodeProto.create({ ...node, input: parts.map(({ output }) => output[0]!) });
  return [...parts, ...nest(whole, most, depth + 1)];
}
