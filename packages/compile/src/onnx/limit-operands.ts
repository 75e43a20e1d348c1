import { node, type NodeFields, fieldsOf, finish, message, type Bytes, type Field } from './messages.ts';

/** The fields of ModelProto, GraphProto and NodeProto that are read. */
const MODEL = { graph: 7 };
const GRAPH = { node: 1 };
const NODE = { input: 1, output: 2, name: 3, op: 4 };

/**
 * Rewrites each `Concat` of an ONNX file with more than `most` inputs as a tree of smaller ones, which gives the same bits. WebGPU binds
 * each input as a storage buffer, and ONNX Runtime returned zeros above the limit of the device.
 */
export function limitOperands(model: Uint8Array, most: number): Uint8Array {
  let changed = false;
  const limited = ({ field, value, whole }: Field): Bytes[] => {
    if (field !== GRAPH.node) return [whole];
    const fields = fieldsOf(value);
    const texts = (wanted: number) =>
      fields.filter((each) => each.field === wanted).map((each) => new TextDecoder().decode(each.value));
    if (texts(NODE.op)[0] !== 'Concat') return [whole];
    const [inputs, outputs, name] = [texts(NODE.input), texts(NODE.output), texts(NODE.name)[0] ?? ''];
    if (inputs.length <= most) return [whole];
    changed = true;
    const known: readonly number[] = Object.values(NODE);
    const rest = fields.filter((each) => !known.includes(each.field)).map((each) => each.whole);
    return nest({ op: 'Concat', inputs, outputs, name }, most).map((each) =>
      message(GRAPH.node, [...node(each), ...rest]),
    );
  };
  const fields = fieldsOf(model).map(({ field, value, whole }) =>
    field === MODEL.graph ? message(field, fieldsOf(value).flatMap(limited)) : whole,
  );
  return changed ? finish(fields) : model;
}

/** The node with at most `most` inputs, after the nodes that join its inputs in groups. */
function nest(concat: NodeFields, most: number, depth = 0): NodeFields[] {
  const { op, inputs, outputs, name } = concat;
  if (inputs.length <= most) return [concat];
  const groups = Array.from({ length: Math.ceil(inputs.length / most) }, (_, g) =>
    inputs.slice(g * most, (g + 1) * most),
  );
  const parts = groups.map((group, g) => ({
    op,
    inputs: group,
    outputs: [`${outputs[0]}:${depth}:${g}`],
    name: `${name}_${depth}_${g}`,
  }));
  const whole = { ...concat, inputs: parts.flatMap((part) => part.outputs) };
  return [...parts, ...nest(whole, most, depth + 1)];
}
