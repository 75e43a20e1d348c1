import protobuf from 'protobufjs';

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

/** From onnx/onnx.proto3 of ONNX (Apache License 2.0). Fields that Polytask doesn't write are left out. */
const ONNX = `
  syntax = "proto3";
  message StringStringEntryProto { string key = 1; string value = 2; }
  message TensorProto {
    repeated int64 dims = 1;
    int32 data_type = 2;
    string name = 8;
    bytes raw_data = 9;
    repeated StringStringEntryProto external_data = 13;
    int32 data_location = 14;
  }
  message AttributeProto {
    string name = 1;
    float f = 2;
    int64 i = 3;
    bytes s = 4;
    TensorProto t = 5;
    repeated int64 ints = 8;
    int32 type = 20;
  }
  message NodeProto {
    repeated string input = 1;
    repeated string output = 2;
    string name = 3;
    string op_type = 4;
    repeated AttributeProto attribute = 5;
  }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  message TensorShapeProto { repeated Dimension dim = 1; }
  message TensorTypeProto { int32 elem_type = 1; TensorShapeProto shape = 2; }
  message TypeProto { TensorTypeProto tensor_type = 1; }
  message ValueInfoProto { string name = 1; TypeProto type = 2; }
  message GraphProto {
    repeated NodeProto node = 1;
    string name = 2;
    repeated TensorProto initializer = 5;
    repeated ValueInfoProto input = 11;
    repeated ValueInfoProto output = 12;
  }
  message OperatorSetIdProto { string domain = 1; int64 version = 2; }
  message ModelProto {
    int64 ir_version = 1;
    string producer_name = 2;
    string producer_version = 3;
    string doc_string = 6;
    GraphProto graph = 7;
    repeated OperatorSetIdProto opset_import = 8;
    repeated StringStringEntryProto metadata_props = 14;
  }`;

interface OnnxValue {
  name: string;
  type?: { tensorType?: { elemType: number; shape?: { dim: { dimValue?: number; dimParam?: string }[] } } };
}

interface OnnxModel {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  docString: string;
  graph: {
    node: { input: string[]; output: string[]; name: string; opType: string }[];
    initializer: { name: string; dims: number[]; dataType: number; rawData: Uint8Array }[];
    input: OnnxValue[];
    output: OnnxValue[];
  };
  opsetImport: { domain: string; version: number }[];
  metadataProps: { key: string; value: string }[];
}

const { root } = protobuf.parse(ONNX);
root.resolveAll(); // lists of numbers are packed, as proto3 says
const Model = root.lookupType('ModelProto');

export const readModel = (file: Uint8Array): OnnxModel =>
  Model.toObject(Model.decode(file), { longs: Number, arrays: true }) as OnnxModel;

/** The bytes that protobuf.js writes for a file after it has read it. */
export const rewritten = (file: Uint8Array): Uint8Array => Model.encode(Model.decode(file)).finish();
