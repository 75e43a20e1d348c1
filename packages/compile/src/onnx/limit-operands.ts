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
    const concat = field === GRAPH.node ? readConcat(value) : undefined;
    if (!concat || concat.inputs.length <= most) return [whole];
    changed = true;
    return nest(concat, most).map((each) => message(GRAPH.node, [...node(each), ...concat.rest]));
  };
  const fields = fieldsOf(model).map(({ field, value, whole }) =>
    field === MODEL.graph ? message(field, fieldsOf(value).flatMap(limited)) : whole,
  );
  return changed ? finish(fields) : model;
}

interface Concat extends Required<Omit<NodeFields, 'attributes'>> {
  readonly rest: readonly Uint8Array[];
}

function readConcat(bytes: Uint8Array): Concat | undefined {
  const fields = fieldsOf(bytes);
  const texts = (wanted: number) =>
    fields.filter(({ field }) => field === wanted).map(({ value }) => new TextDecoder().decode(value));
  const [op] = texts(NODE.op);
  if (op !== 'Concat') return undefined;
  const known: readonly number[] = Object.values(NODE);
  return {
    op,
    inputs: texts(NODE.input),
    outputs: texts(NODE.output),
    name: texts(NODE.name)[0] ?? '',
    rest: fields.filter(({ field }) => !known.includes(field)).map(({ whole }) => whole),
  };
}

/** The node with at most `most` inputs, after the nodes that join its inputs in groups. */
function nest(concat: Concat, most: number, depth = 0): NodeFields[] {
  const { op, inputs, outputs, name } = concat;
  if (inputs.length <= most) return [{ op, inputs, outputs, name }];
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
