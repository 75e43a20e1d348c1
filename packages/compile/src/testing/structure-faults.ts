import { readModel, type OnnxValue } from './onnx-schema.ts';

/** Bytes of a number by onnx.TensorProto's type numbers: float32, int32, int64, bool, float64. */
const BYTES: Readonly<Record<number, number>> = { 1: 4, 2: 1, 3: 1, 6: 4, 7: 8, 9: 1, 11: 8 };

/**
 * Lists the faults in the structure of an ONNX file: values that are used before their node or defined twice, nodes without a
 * unique name, constants whose bytes don't fit their shape, and inputs or results without a type.
 */
export function structureFaults(model: Uint8Array): string[] {
  const { irVersion, opsetImport, graph } = readModel(model);
  const faults: string[] = [];
  const defined = new Set<string>();
  const nodes = new Set<string>();
  const define = (name: string) => {
    if (!name || defined.has(name)) faults.push(`"${name}" is made twice, or has no name`);
    defined.add(name);
  };
  if (irVersion < 8 || opsetImport.length !== 1 || opsetImport[0]!.version !== 18)
    faults.push('the versions are not those of opset 18');

  for (const input of graph.input) define(input.name);
  for (const constant of graph.initializer) {
    define(constant.name);
    const size = constant.dims.reduce((product, side) => product * side, BYTES[constant.dataType] ?? NaN);
    if (constant.rawData.length !== size)
      faults.push(`constant "${constant.name}" has ${constant.rawData.length} bytes, not ${size}`);
  }
  for (const node of graph.node) {
    for (const name of node.input)
      if (!defined.has(name)) faults.push(`node "${node.name}" uses "${name}" before it is made`);
    for (const name of node.output) define(name);
    if (!node.opType || nodes.has(node.name)) faults.push(`node "${node.name}" has no operation, or its name twice`);
    nodes.add(node.name);
  }
  for (const value of [...graph.input, ...graph.output])
    if (!isTyped(value)) faults.push(`"${value.name}" has no type or shape`);
  for (const { name } of graph.output) if (!defined.has(name)) faults.push(`the result "${name}" is not made`);
  return faults;
}

function isTyped({ type }: OnnxValue): boolean {
  const sides = type?.tensorType?.shape?.dim;
  return BYTES[type?.tensorType?.elemType ?? 0] !== undefined && sides !== undefined;
}
