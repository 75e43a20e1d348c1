import type { FlatBuffers, Sweep } from './flat-buffers.ts';
import type { Node, Operation, Program } from './recorder.ts';
import { float, unsigned, VALUE, wasmModule, type Bytes } from './wasm-encoder.ts';

const BLOCK = 0x02;
const LOOP = 0x03;
const EMPTY = 0x40;
const END = 0x0b;
const I32 = { constant: 0x41, add: 0x6a, atLeast: 0x4f };
const simd = (code: number, ...rest: Bytes): Bytes => [0xfd, ...unsigned(code), ...rest];
const get = (local: number): Bytes => [0x20, ...unsigned(local)];
const set = (local: number): Bytes => [0x21, ...unsigned(local)];
const branch = (depth: number): Bytes => [0x0c, depth];
const branchIf = (depth: number): Bytes => [0x0d, depth];

const LANES = 16; // bytes of four numbers
const LOAD = 0x00;
const STORE = 0x0b;
const SPLAT = simd(0x13);
const LESS = simd(0x43);
const GREATER = simd(0x44);
const AND = simd(0x4e);
const OR = simd(0x50);
const at = (address: number): Bytes => [2, ...unsigned(address)]; // aligned to 2² bytes at least
const four = (value: number): Bytes => simd(0x0c, ...float(value), ...float(value), ...float(value), ...float(value));

/** The code of each operation, from the code of its operands. */
const OPERATIONS: Readonly<Record<Operation, (a: Bytes, b: Bytes) => Bytes>> = {
  add: (a, b) => [...a, ...b, ...simd(0xe4)],
  sub: (a, b) => [...a, ...b, ...simd(0xe5)],
  mul: (a, b) => [...a, ...b, ...simd(0xe6)],
  div: (a, b) => [...a, ...b, ...simd(0xe7)],
  minimum: (a, b) => [...a, ...b, ...simd(0xe8)],
  maximum: (a, b) => [...a, ...b, ...simd(0xe9)],
  abs: (a) => [...a, ...simd(0xe0)],
  neg: (a) => [...a, ...simd(0xe1)],
  sqrt: (a) => [...a, ...simd(0xe3)],
  sign: (a) => [
    ...[...a, ...four(0), ...GREATER, ...four(1), ...AND],
    ...[...a, ...four(0), ...LESS, ...four(-1), ...AND],
    ...OR,
  ],
};

/**
 * Assembles a program as a WebAssembly function that updates four numbers at a time. The parameters of the function are the
 * last byte of a range, the coefficients and the first byte. The code contains the addresses of the buffers.
 */
export function assemble(
  { nodes, stores }: Program,
  coefficients: readonly string[],
  { arrays }: FlatBuffers,
): Uint8Array<ArrayBuffer> {
  const end = 0;
  const position = 1 + coefficients.length;
  const local = (node: number) => position + 1 + node;
  const address = (buffer: string) => at(arrays[buffer]!.byteOffset);

  const code = (node: Node): Bytes => {
    switch (node.kind) {
      case 'coefficient':
        return [...get(1 + coefficients.indexOf(node.name)), ...SPLAT];
      case 'constant':
        return four(node.value);
      case 'buffer':
        return [...get(position), ...simd(LOAD, ...address(node.name))];
      case 'operation': {
        const [a, b = []] = node.inputs.map((input) => get(local(input)));
        return OPERATIONS[node.operation](a!, b);
      }
    }
  };
  const values = (isIncluded: (node: Node) => boolean): Bytes =>
    nodes.flatMap((node, i) => (isIncluded(node) ? [...code(node), ...set(local(i))] : []));
  const isConstant = ({ kind }: Node) => kind === 'coefficient' || kind === 'constant';

  return wasmModule({
    parameters: [VALUE.i32, ...coefficients.map(() => VALUE.f32), VALUE.i32],
    locals: nodes.map(() => VALUE.v128),
    body: [
      ...values(isConstant),
      ...[BLOCK, EMPTY, LOOP, EMPTY],
      ...[...get(position), ...get(end), I32.atLeast, ...branchIf(1)],
      ...values((node) => !isConstant(node)),
      ...stores.flatMap(({ buffer, node }) => [
        ...get(position),
        ...get(local(node)),
        ...simd(STORE, ...address(buffer)),
      ]),
      ...[...get(position), I32.constant, LANES, I32.add, ...set(position)],
      ...[...branch(0), END, END],
    ],
  });
}

/**
 * The sweep in WebAssembly. Undefined without WebAssembly or its vector instructions.
 *
 * It updates four numbers at a time: a range that isn't a multiple of four goes beyond its end.
 */
export function wasmSweep(program: Program, coefficients: readonly string[], buffers: FlatBuffers): Sweep | undefined {
  const { memory } = buffers;
  if (!memory) return undefined;
  let run: (end: number, ...coefficientsAndStart: number[]) => void;
  try {
    const module = new WebAssembly.Module(assemble(program, coefficients, buffers));
    run = new WebAssembly.Instance(module, { host: { memory } }).exports['run'] as typeof run;
  } catch {
    return undefined; // no vector instructions, or a page whose policy forbids compilation
  }
  const bytes = (count: number) => Math.ceil((count * Float32Array.BYTES_PER_ELEMENT) / LANES) * LANES;
  return (values, to, from = 0) => {
    const start = from * Float32Array.BYTES_PER_ELEMENT;
    run(start + bytes(to - from), ...coefficients.map((name) => values[name]!), start);
  };
}
