import { fail } from '@polytask/components';
import type { BoostingModel } from './model/boosting-model.ts';
import type { BoostingDocument } from './model/document.ts';
import { LINKS } from './objectives/links.ts';

/** Messages in the wire format of protocol buffers, as far as a file of trees needs it. Field numbers are those of `onnx.proto3`. */
type Bytes = Uint8Array;

const int = (field: number, value: number): Bytes => join([varint(field * 8), varint(value)]);
const bytes = (field: number, value: Bytes): Bytes => join([varint(field * 8 + 2), varint(value.length), value]);
const text = (field: number, value: string): Bytes => bytes(field, new TextEncoder().encode(value));
const message = (field: number, fields: readonly Bytes[]): Bytes => bytes(field, join(fields));
const packed = (field: number, values: readonly number[]): Bytes => bytes(field, join(values.map(varint)));
/** Numbers of 32 bits in one field, or one such number. */
const floats = (field: number, values: readonly number[]): Bytes => bytes(field, littleEndian(values, 4));
const float = (field: number, value: number): Bytes => join([varint(field * 8 + 5), littleEndian([value], 4)]);

function littleEndian(values: readonly number[], width: 4 | 8): Bytes {
  const view = new DataView(new ArrayBuffer(values.length * width));
  values.forEach((value, i) =>
    width === 4 ? view.setFloat32(i * 4, value, true) : view.setFloat64(i * 8, value, true),
  );
  return new Uint8Array(view.buffer);
}

function join(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Seven bits a byte, the lowest first. A negative number has the 64 bits of its two's complement. */
function varint(value: number): Bytes {
  const digits: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) digits.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...digits, Number(rest)]);
}

const TYPES = { float: 1, int64: 7, string: 8, double: 11 } as const;

/** The fields of an attribute's value. */
const attribute = {
  int: (value: number) => [int(3, value), int(20, 2)],
  float: (value: number) => [float(2, value), int(20, 1)],
  ints: (values: readonly number[]) => [packed(8, values), int(20, 7)],
  floats: (values: readonly number[]) => [floats(7, values), int(20, 6)],
  texts: (values: readonly string[]) => [...values.map((each) => text(9, each)), int(20, 8)],
  doubles(values: readonly number[]) {
    const tensor = [packed(1, [values.length]), int(2, TYPES.double), bytes(9, littleEndian(values, 8))];
    return [message(5, tensor), int(20, 4)];
  },
};

type Attributes = Readonly<Record<string, readonly Bytes[]>>;

interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Attributes;
  readonly ml?: boolean;
}

const nodeOf = ({ op, inputs, output, attributes = {}, ml = false }: Node): Bytes[] => [
  ...inputs.map((input) => text(1, input)),
  text(2, output),
  text(4, op),
  ...Object.entries(attributes).map(([name, value]) => message(5, [text(1, name), ...value])),
  ...(ml ? [text(7, 'ai.onnx.ml')] : []),
];

interface Port {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  readonly width: number;
}

const portOf = ({ name, type, width }: Port): Bytes[] => {
  const shape = [message(1, [text(2, 'batch')]), message(1, [int(1, width)])];
  return [text(1, name), message(2, [message(1, [int(1, TYPES[type]), message(2, shape)])])];
};

/** The bytes of an ONNX file (opset 18, ai.onnx.ml 3). */
function onnxFile(nodes: readonly Node[], inputs: readonly Port[], output: Port): Bytes {
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

type Column = BoostingDocument['columns'][number];
type SavedTree = BoostingDocument['trees'][number];

const OUTPUT = 'prediction';
const OPERATIONS = {
  sigmoid: { op: 'Sigmoid' },
  softmax: { op: 'Softmax', attributes: { axis: attribute.int(1) } },
  identity: { op: 'Identity' },
  exp: { op: 'Exp' },
} as const satisfies Record<string, Pick<Node, 'op' | 'attributes'>>;

/**
 * Writes a model as an ONNX file: a `TreeEnsembleRegressor` of ai.onnx.ml 3, and the link of the objective.
 *
 * Each column is an input [batch, 1]: numbers as `double`, texts as `string`, codes as `int64`. Pass NaN, an empty text or −1 for a missing
 * value. The output `prediction` is `float`, [batch, 1] or [batch, classes].
 *
 * @returns the bytes of the file
 * @throws PolytaskError when a column is called `prediction`, or its name begins with `t:`
 * @example await writeFile('model.onnx', exportOnnx(model));
 */
export function exportOnnx(model: BoostingModel): Uint8Array {
  const { columns, objective, start, trees } = model.toJSON();
  const taken = columns.find(({ name }) => name === OUTPUT || name.startsWith('t:'));
  if (taken)
    fail({
      expected: `columns with other names than ${OUTPUT} and t:…`,
      received: `"${taken.name}"`,
      fix: 'The file has these names for its own values: rename the column.',
    });
  const nodes: Node[] = [
    ...columns.flatMap(encoded),
    { op: 'Concat', inputs: columns.map((_, c) => `t:${c}`), output: 't:rows', attributes: { axis: attribute.int(1) } },
    {
      op: 'TreeEnsembleRegressor',
      inputs: ['t:rows'],
      output: 't:scores',
      ml: true,
      attributes: ensemble(columns, start, trees),
    },
    { ...OPERATIONS[LINKS[objective]], inputs: ['t:scores'], output: OUTPUT },
  ];
  return onnxFile(nodes, columns.map(inputOf), { name: OUTPUT, type: 'float', width: start.length });
}

const inputOf = ({ name, categories }: Column): Port => {
  const type = !categories ? 'double' : typeof categories[0] === 'string' ? 'string' : 'int64';
  return { name, type, width: 1 };
};

/** The numbers of a column, or the indices of its categories, as doubles. */
function encoded({ name, categories }: Column, c: number): Node[] {
  if (!categories) return [{ op: 'Identity', inputs: [name], output: `t:${c}` }];
  const texts = categories.filter((category) => typeof category === 'string');
  const codes = categories.filter((category) => typeof category === 'number');
  const attributes = {
    ...(texts.length > 0 ? { keys_strings: attribute.texts(texts) } : { keys_int64s: attribute.ints(codes) }),
    values_floats: attribute.floats(categories.map((_, bin) => bin)),
    default_float: attribute.float(NaN),
  };
  return [
    { op: 'LabelEncoder', inputs: [name], output: `t:${c}:index`, ml: true, attributes },
    { op: 'Cast', inputs: [`t:${c}:index`], output: `t:${c}`, attributes: { to: attribute.int(TYPES.double) } },
  ];
}

interface TreeNode {
  readonly tree: number;
  readonly id: number;
  readonly column: number;
  readonly mode: 'BRANCH_LEQ' | 'BRANCH_EQ' | 'LEAF';
  /** What the column is compared with, or the value of a leaf. */
  readonly value: number;
  readonly yes: number;
  readonly no: number;
  /** Whether a missing value goes to `yes`. */
  readonly missing: number;
}

function ensemble(columns: readonly Column[], start: readonly number[], trees: readonly SavedTree[]): Attributes {
  const empty = { column: [], left: [], missing: [], children: [], gain: [], value: [0], count: [0] };
  const all = trees.length > 0 ? trees : start.map(() => empty); // an ensemble has at least one tree
  const nodes = all.flatMap((tree, t) => nodesOf(tree, t, columns));
  const leaves = nodes.filter(({ mode }) => mode === 'LEAF');
  const ints = (of: (node: TreeNode) => number, list = nodes) => attribute.ints(list.map(of));
  return {
    n_targets: attribute.int(start.length),
    base_values_as_tensor: attribute.doubles(start),
    nodes_treeids: ints(({ tree }) => tree),
    nodes_nodeids: ints(({ id }) => id),
    nodes_featureids: ints(({ column }) => column),
    nodes_modes: attribute.texts(nodes.map(({ mode }) => mode)),
    nodes_values_as_tensor: attribute.doubles(nodes.map(({ mode, value }) => (mode === 'LEAF' ? 0 : value))),
    nodes_truenodeids: ints(({ yes }) => yes),
    nodes_falsenodeids: ints(({ no }) => no),
    nodes_missing_value_tracks_true: ints(({ missing }) => missing),
    target_treeids: ints(({ tree }) => tree, leaves),
    target_nodeids: ints(({ id }) => id, leaves),
    target_ids: ints(({ tree }) => tree % start.length, leaves),
    target_weights_as_tensor: attribute.doubles(leaves.map(({ value }) => value)),
  };
}

/** The nodes of a tree: a split of categories is a chain of comparisons, whose first has the split's number. */
function nodesOf(
  { column, left, missing, children, value }: SavedTree,
  tree: number,
  columns: readonly Column[],
): TreeNode[] {
  const splits = column.length;
  // Splits have their own numbers, leaves come after them, and further comparisons after these.
  let next = splits + value.length;
  const idOf = (child: number) => (child >= 0 ? child : splits + ~child);
  const branches = column.flatMap((c, node): TreeNode[] => {
    const bins = left[node]!;
    const common = { tree, column: c, yes: idOf(children[node * 2]!), missing: missing[node]! };
    const no = idOf(children[node * 2 + 1]!);
    if (typeof bins === 'number') {
      const threshold = bins < 0 ? -Infinity : (columns[c]!.thresholds![bins] ?? Infinity); // the last bin has no threshold
      return [{ ...common, id: node, mode: 'BRANCH_LEQ', value: threshold, no }];
    }
    const known = bins.length > 0 ? bins : [-1]; // no index is −1: only missing values go left
    const ids = known.map((_, i) => (i === 0 ? node : next++));
    return known.map((bin, i) => ({ ...common, id: ids[i]!, mode: 'BRANCH_EQ', value: bin, no: ids[i + 1] ?? no }));
  });
  const leaf = { tree, column: 0, mode: 'LEAF', yes: 0, no: 0, missing: 0 } as const;
  return [...branches, ...value.map((each, i) => ({ ...leaf, id: splits + i, value: each }))];
}
