import { bytes, float, floats, int, join, littleEndian, message, packed, text, type Bytes } from './protobuf.ts';

/** The types of tensors that a file of trees has, with their numbers in ONNX. */
export const TYPES = { float: 1, int64: 7, string: 8, double: 11 } as const;

/** An attribute of a node. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly texts: readonly string[] }
  | { readonly doubles: readonly number[] };

function valueOf(attribute: Attribute): Bytes[] {
  if ('int' in attribute) return [int(3, attribute.int), int(20, 2)];
  if ('float' in attribute) return [float(2, attribute.float), int(20, 1)];
  if ('text' in attribute) return [text(4, attribute.text), int(20, 3)];
  if ('ints' in attribute) return [packed(8, attribute.ints), int(20, 7)];
  if ('floats' in attribute) return [floats(7, attribute.floats), int(20, 6)];
  if ('texts' in attribute) return [...attribute.texts.map((each) => text(9, each)), int(20, 8)];
  const { doubles } = attribute;
  const tensor = [packed(1, [doubles.length]), int(2, TYPES.double), bytes(9, littleEndian(doubles, 8))];
  return [message(5, tensor), int(20, 4)];
}

/** A node of a graph. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Whether the operation is one of `ai.onnx.ml`. */
  readonly ml?: boolean;
}

const nodeOf = ({ op, inputs, output, attributes = {}, ml = false }: Node): Bytes[] => [
  ...inputs.map((input) => text(1, input)),
  text(2, output),
  text(4, op),
  ...Object.entries(attributes).map(([name, value]) => message(5, [text(1, name), ...valueOf(value)])),
  ...(ml ? [text(7, 'ai.onnx.ml')] : []),
];

/** An input or output: [batch, width]. */
export interface Port {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  readonly width: number;
}

const portOf = ({ name, type, width }: Port): Bytes[] => {
  const shape = [message(1, [text(2, 'batch')]), message(1, [int(1, width)])];
  return [text(1, name), message(2, [message(1, [int(1, TYPES[type]), message(2, shape)])])];
};

/** The bytes of an ONNX file (opset 18, ai.onnx.ml 3). */
export function onnxFile(nodes: readonly Node[], inputs: readonly Port[], output: Port): Bytes {
  const graph = [
    ...nodes.map((node) => message(1, nodeOf(node))),
    text(2, 'main'),
    ...inputs.map((input) => message(11, portOf(input))),
    message(12, portOf(output)),
  ];
  const opsets = [
    [text(1, ''), int(2, 18)],
    [text(1, 'ai.onnx.ml'), int(2, 3)],
  ];
  return join([int(1, 8), text(2, 'polytask'), message(7, graph), ...opsets.map((opset) => message(8, opset))]);
}
