import { recordOf } from '@polytask/components';
import { type Arithmetic, doubleMath, PolytaskError } from '@polytask/core';
import { float, unsigned, type Bytes } from '../../bytes.ts';
import type { Optimizer, Coefficients } from '../optimizer.ts';

export const PARAMETER = 'parameter';
export const GRADIENT = 'gradient';
export const MEAN_SQUARE = 'mean square';
export const slotBuffer = (slot: string): string => `slot ${slot}`;

/** Buffers of the same length, by name, one after the other in the same memory. */
export interface FlatBuffers {
  readonly arrays: Readonly<Record<string, Float32Array>>;
  /** The WebAssembly memory. The offset of each array is its address. Undefined for ordinary memory. */
  readonly memory: WebAssembly.Memory | undefined;
}

/** Updates the numbers of the buffers from `from` (default 0) to `to` − 1 in place, with the coefficients of a step. */
export type Sweep = (coefficients: Coefficients, to: number, from?: number) => void;

const PAGE = 65_536;

/** The bytes of a cache line. Buffers are aligned and padded to cache lines, so that they can be read by four numbers. */
const LINE = 64;

/** Creates buffers of zeros, in a WebAssembly memory where possible. */
export function flatBuffers(names: readonly string[], size: number): FlatBuffers {
  const stride = Math.ceil((size * Float32Array.BYTES_PER_ELEMENT) / LINE) * LINE;
  const memory = wasmMemory(stride * names.length);
  const bytes = memory?.buffer ?? new ArrayBuffer(stride * names.length);
  return {
    memory,
    arrays: Object.fromEntries(names.map((name, i) => [name, new Float32Array(bytes, i * stride, size)])),
  };
}

function wasmMemory(bytes: number): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  } catch {
    return undefined; // no WebAssembly, more than 4 GB, or no address space left
  }
}

/** The recorded operations. A square is recorded as a product. */
export type Operation = Exclude<keyof Arithmetic<unknown>, 'square'>;

/** A value of an update: an input, a constant, or an operation. `inputs` are indices of earlier nodes. */
export type Node =
  | { readonly kind: 'buffer' | 'coefficient'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'operation'; readonly operation: Operation; readonly inputs: readonly number[] };

export interface Program {
  readonly nodes: readonly Node[];
  readonly stores: readonly { readonly buffer: string; readonly node: number }[];
}

class Recorded {
  constructor(readonly node: number) {}

  [Symbol.toPrimitive](): never {
    throw new Error('it asks for the numbers of a value');
  }
}

/** Records an update, which runs once on values without numbers. @throws PolytaskError when it is not elementwise arithmetic */
export function record(optimizer: Optimizer, coefficients: readonly string[]): Program {
  const nodes: Node[] = [];
  const push = (node: Node) => new Recorded(nodes.push(node) - 1);
  const lift = (value: unknown): Recorded => {
    if (value instanceof Recorded) return value;
    if (typeof value === 'number') return push({ kind: 'constant', value });
    throw new Error('it calculates with something that is neither a value that it was given nor a number');
  };
  const operation =
    (name: Operation) =>
    (...inputs: (Recorded | number)[]) =>
      push({ kind: 'operation', operation: name, inputs: inputs.map((each) => lift(each).node) });
  const operations = recordOf(Object.keys(OPERATIONS) as Operation[], operation);
  const arithmetic: Arithmetic<Recorded> = {
    ...operations,
    square(a) {
      const value = lift(a);
      return operations.mul(value, value);
    },
  };
  const read = (kind: 'buffer' | 'coefficient', name: string) => push({ kind, name });
  const slots = Object.keys(optimizer.slots);
  try {
    const state = {
      parameter: read('buffer', PARAMETER),
      gradient: read('buffer', GRADIENT),
      ...(optimizer.perRow && { meanSquare: read('buffer', MEAN_SQUARE) }),
      slots: Object.fromEntries(slots.map((slot) => [slot, read('buffer', slotBuffer(slot))])),
    };
    const scalars = Object.fromEntries(coefficients.map((name) => [name, read('coefficient', name)]));
    const next = optimizer.update(state, scalars, arithmetic);
    const names = Object.keys(next.slots);
    if (names.toSorted().join() !== slots.toSorted().join()) {
      throw new Error(`it gives the slots [${names.join(', ')}], not its own, [${slots.join(', ')}]`);
    }
    const stores = [
      { buffer: PARAMETER, node: lift(next.parameter).node },
      ...names.map((slot) => ({ buffer: slotBuffer(slot), node: lift(next.slots[slot]).node })),
    ];
    return { nodes, stores };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PolytaskError(
      `The update of the optimizer "${optimizer.name}" is not elementwise arithmetic: ${reason}. ` +
        'Outside TF.js it must use nothing but the functions that it is given.',
      { cause },
    );
  }
}

/** The numbers of a block, so that the intermediate values of an update stay in the cache of the processor. */
const NUMBERS = 1024;

/** The arithmetic of doubles, for each number of a block. A result is rounded to float32. */
function blockArithmetic(length: number): Arithmetic<Float32Array> {
  type Values = Float32Array | number;
  const block = (value: Values) => (typeof value === 'number' ? new Float32Array(length).fill(value) : value);
  const operation = (name: keyof Arithmetic<unknown>) => {
    const compute = doubleMath[name] as (a: number, b?: number) => number;
    return (a: Values, b?: Values) => {
      const others = b === undefined ? undefined : block(b);
      return block(a).map((value, i) => compute(value, others?.[i]));
    };
  };
  return recordOf([...(Object.keys(OPERATIONS) as Operation[]), 'square'], operation);
}

/** The sweep without WebAssembly. It gives the same values, and is slower. */
export function blockSweep(optimizer: Optimizer, { arrays }: FlatBuffers): Sweep {
  const parameters = arrays[PARAMETER]!;
  return (coefficients, end, start = 0) => {
    for (let from = start; from < end; from += NUMBERS) {
      const to = Math.min(from + NUMBERS, end);
      const arithmetic = blockArithmetic(to - from);
      const read = (buffer: string) => arrays[buffer]!.slice(from, to);
      const slots = Object.keys(optimizer.slots).map((slot) => [slot, read(slotBuffer(slot))] as const);
      const fill = (value: number) => new Float32Array(to - from).fill(value);
      const scalars = Object.entries(coefficients).map(([name, value]) => [name, fill(value)] as const);
      const state = {
        ...{ parameter: read(PARAMETER), gradient: read(GRADIENT), slots: Object.fromEntries(slots) },
        ...(optimizer.perRow && { meanSquare: read(MEAN_SQUARE) }),
      };
      const next = optimizer.update(state, Object.fromEntries(scalars), arithmetic);
      parameters.set(next.parameter, from);
      for (const [slot, value] of Object.entries(next.slots)) arrays[slotBuffer(slot)]!.set(value, from);
    }
  };
}

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

/** A WebAssembly function of the last byte of a range, the coefficients and the first byte. It has the addresses of the buffers. */
function assemble(
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

/** Updates four numbers at a time, also beyond the end of a range. Undefined without WebAssembly or its vector instructions. */
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

// The parts of a WebAssembly binary: core specification, version 2, chapter 5.

export const VALUE = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

const FUNCTION = 0x60;

const list = (items: readonly Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: Bytes): Bytes => [...unsigned(bytes.length), ...bytes];
const text = (value: string): Bytes => sized([...new TextEncoder().encode(value)]);
const section = (id: number, ...items: readonly Bytes[]): Bytes => [id, ...sized(list(items))];

/** A module that imports `host.memory` and exports `run`, a function without result. */
export function wasmModule(code: Readonly<Record<'parameters' | 'locals' | 'body', Bytes>>): Uint8Array<ArrayBuffer> {
  const locals = list(code.locals.map((type) => [1, type]));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
    ...section(1, [FUNCTION, ...sized(code.parameters), 0]),
    ...section(2, [...text('host'), ...text('memory'), 2, 0, 0]), // a memory of any size
    ...section(3, [0]), // one function, of type 0
    ...section(7, [...text('run'), 0, 0]), // function 0
    ...section(10, sized([...locals, ...code.body, END])),
  ]);
}
