import * as tf from '@tensorflow/tfjs-core';
import { CompileError, runningOperation, notTraced } from '../compile-error.ts';
import {
  typeOf,
  valuesOf,
  type Value,
  type Values,
  type ValueSpec,
  type ValueType,
  sizeOf,
  Graph,
} from '../graph/graph.ts';
import { Emitter } from '../graph/emit.ts';
import { kernels } from '../kernels/index.ts';

/** Operations that draw random numbers on the host, with or without a seed: those of TF.js, and `randomTensor` of core. */
const RANDOM_OPERATION = /^(rand|truncatedNormal|multinomial)/;

/** The random operation that is running, as the function called it: `dropout`, and not the `randomUniform` inside. */
function drawingOperation(): string | undefined {
  const scopes = tf.engine().state.scopeStack.map(({ name }) => name ?? '');
  const operations = scopes.slice(scopes.findLastIndex((name) => !name.endsWith(tf.OP_SCOPE_SUFFIX)) + 1);
  const innermost = operations.at(-1);
  return innermost !== undefined && RANDOM_OPERATION.test(innermost)
    ? operations[0]!.slice(0, -tf.OP_SCOPE_SUFFIX.length)
    : undefined;
}

/** A value that a node reads, or that is a result. @throws CompileError when it has random numbers, which each run would repeat */
export function notRandom(value: Value): Value {
  if (value.drawnBy === undefined) return value;
  throw new CompileError(
    `The function draws random numbers of its own (by ${value.drawnBy}), with a seed or without. Each run of the compiled ` +
      'function would repeat the same numbers. Pass them as an input, or run the function eagerly on a TF.js backend. In a ' +
      "model, use dropout or randomTensor of @polytask/core, or pass engine: 'eager'.",
  );
}

export class Recording {
  readonly graph = new Graph();
  readonly emit: Emitter;
  /** The TF.js kernels that the function called, folded ones included. */
  readonly kernels = new Set<string>();
  /** By the data ids of tensors of other backends. */
  readonly foreignConstants = new Map<object, Value[]>();
  /** An error that could not be thrown at its cause, as the function asked for numbers by a promise. */
  fault: Error | undefined;

  /** @param onReference called with the data id that a variable takes */
  constructor(
    threads: number | undefined,
    readonly onReference: (dataId: object) => void,
  ) {
    this.emit = new Emitter(this.graph, threads);
  }
}

/** The value of a data id of this backend. */
interface Entry {
  /** Creates the value at the first use, so a variable that isn't read is no input. */
  readonly value: () => Value;
  readonly recording: Recording;
  readonly name: string;
  references: number;
}

/** A TF.js backend that computes nothing: its kernels write ONNX operations. Tensors of other backends become constants. */
export class RecordingBackend extends tf.KernelBackend {
  readonly #entries = new Map<object, Entry>();
  /** Set while a function is traced. */
  current: Recording | undefined;

  get recording(): Recording {
    if (this.current) return this.current;
    throw new CompileError(
      'Nothing is being compiled: this works inside of a function that compile() or trace() runs.',
    );
  }

  /** The value of a tensor. A tensor of another backend or of an earlier trace becomes a constant. */
  graphValue(tensor: tf.TensorInfo): Value {
    const entry = this.#entries.get(tensor.dataId);
    return entry?.recording === this.recording ? entry.value() : this.#constantOf(tensor);
  }

  tensorOf(value: Value): tf.TensorInfo {
    return { dataId: this.#add(() => value), shape: [...value.shape], dtype: tfType(value.type) };
  }

  /** A tensor whose value is created when a kernel first reads the tensor. */
  standIn(spec: ValueSpec, name: string, create: () => Value): tf.TensorInfo {
    let value: Value | undefined;
    return { dataId: this.#add(() => (value ??= create()), name), shape: [...spec.shape], dtype: tfType(spec.type) };
  }

  /** @param drawnBy the random operation that the numbers come from */
  override write(
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    drawnBy = drawingOperation(),
  ): object {
    const { graph } = this.recording;
    const type = typeOf(dtype);
    const numbers = valuesOf(values as Values, type).slice();
    const value =
      drawnBy === undefined
        ? graph.constant(numbers, { type, shape })
        : graph.randomConstant(numbers, { type, shape }, drawnBy);
    return this.#add(() => value);
  }

  override readSync(dataId: object): Values {
    const { value, name, recording } = this.#entries.get(dataId)!;
    const { constant, shape } = value();
    if (constant) return constant;
    if (recording !== this.current) {
      throw new CompileError(
        `A tensor [${shape}] that was made while a function was compiled has no numbers. Return it from that function.`,
      );
    }
    throw new CompileError(
      `${runningOperation() ?? 'The function'} asks for the numbers of ${name} [${shape}] while it is compiled, ` +
        'when there are none yet (by dataSync, arraySync, data, array, print or an operation that reads on the host). ' +
        'Return the tensor, and read it from what the compiled function gives; or pass as an input what the numbers decide.',
    );
  }

  /** A rejected promise doesn't stop the function, so `trace` throws the error after the function has returned. */
  override read(dataId: object): Promise<Values> {
    try {
      return Promise.resolve(this.readSync(dataId));
    } catch (error) {
      if (!this.current) return Promise.reject(error as Error);
      this.current.fault ??= error as Error;
      return new Promise(() => {}); // the trace throws, so no caller awaits this promise
    }
  }

  override disposeData(dataId: object, force = false): boolean {
    const entry = this.#entries.get(dataId);
    if (!entry) return true;
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.#entries.delete(dataId);
    return true;
  }

  override incRef(dataId: object): void {
    const entry = this.#entries.get(dataId);
    const owner = tf.engine().state.tensorInfo.get(dataId)?.backend;
    if (entry) entry.references++;
    else if (owner !== this) owner?.incRef(dataId); // a variable takes the data of another backend
    this.current?.onReference(dataId);
  }

  override refCount(dataId: object): number {
    return this.#entries.get(dataId)?.references ?? 0;
  }

  override numDataIds(): number {
    return this.#entries.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    this.#entries.clear();
  }

  #add(value: () => Value, name = 'a tensor'): object {
    const dataId = {};
    this.#entries.set(dataId, { value, name, recording: this.recording, references: 1 });
    return dataId;
  }

  #constantOf({ dataId, shape, dtype }: tf.TensorInfo): Value {
    const { graph, foreignConstants } = this.recording;
    const constants = foreignConstants.get(dataId) ?? [];
    const type = typeOf(dtype);
    const existing = constants.find((value) => value.type === type && value.shape.join() === shape.join());
    if (existing) return existing;
    if (!tf.engine().state.tensorInfo.has(dataId))
      throw new CompileError('The function uses or returns a tensor that is disposed.');
    const numbers = valuesOf(tf.engine().readSync(dataId) as Values, type).slice();
    const value = graph.constant(numbers, { type, shape });
    foreignConstants.set(dataId, [...constants, value]);
    return value;
  }
}

const tfType = (type: ValueType): 'float32' | 'int32' | 'bool' =>
  type === 'float32' || type === 'bool' ? type : 'int32';

export const BACKEND = 'polytask-recorder';

/** TF.js keeps the first one: a module that is evaluated again, as WebKit does to the entry of a worker, finds it. */
export function recordingBackend(): RecordingBackend {
  const registered = tf.findBackend(BACKEND) as RecordingBackend | null;
  if (registered) return registered;
  const recorder = new RecordingBackend();
  tf.registerBackend(BACKEND, () => recorder, 0);
  const ofCpu = tf.getKernelsForBackend('cpu').map((each) => each.kernelName);
  for (const kernelName of new Set([...Object.keys(kernels), ...ofCpu])) {
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
      recorder.recording.kernels.add(kernelName);
      const operands = Object.entries(inputs).filter(
        (entry): entry is [string, tf.TensorInfo] => entry[1] !== undefined,
      );
      const values = operands.map(([, tensor]) => recorder.graphValue(tensor));
      const call = { operands, values, isList: Array.isArray(inputs), attrs };
      const kernel = kernels[kernelName];
      const folded = foldOnCpu(kernelName, call, recorder, kernel === undefined);
      if (folded) return folded;
      if (!kernel) throw notTraced(kernelName);
      const named = Object.fromEntries(operands.map(([name], i) => [name, notRandom(values[i]!)]));
      const result = kernel({ emit: recorder.recording.emit, inputs: named, list: values, attrs });
      const tensors = [result].flat().map((value) => recorder.tensorOf(value));
      return Array.isArray(result) ? tensors : tensors[0]!;
    };
    tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc });
  }
  return recorder;
}

interface KernelArguments {
  readonly operands: readonly (readonly [name: string, tensor: tf.TensorInfo])[];
  readonly values: readonly Value[];
  /** Whether TF.js passed the operands as a list. */
  readonly isList: boolean;
  readonly attrs: tf.NamedAttrMap | undefined;
}

/** The largest constant that is folded. A longer constant takes more space in the file than the operation is worth. */
const LARGEST = 1 << 16;

/** Runs a kernel of the cpu backend on constants; undefined where it can't. @param large folds constants of any size */
function foldOnCpu(
  kernelName: string,
  { operands, values, isList, attrs }: KernelArguments,
  recorder: RecordingBackend,
  large: boolean,
): tf.TensorInfo | tf.TensorInfo[] | undefined {
  const kernel = tf.getKernel(kernelName, 'cpu') as tf.KernelConfig | undefined;
  if (!kernel || !values.every(({ constant }) => constant)) return undefined;
  if (!large && values.some(({ shape }) => sizeOf(shape) > LARGEST)) return undefined;

  const cpu = tf.engine().findBackend('cpu');
  const copies = operands.map(([, { shape, dtype }], i): tf.TensorInfo => {
    return { dataId: cpu.write(values[i]!.constant!.slice(), shape, dtype), shape, dtype };
  });
  const tensors = [...copies];
  try {
    const inputs = isList ? copies : Object.fromEntries(operands.map(([name], i) => [name, copies[i]!]));
    const result = kernel.kernelFunc({ inputs: inputs as tf.NamedTensorInfoMap, attrs: attrs!, backend: cpu });
    const results = [result].flat();
    tensors.push(...results);
    const numbers = results.map(({ dataId }) => cpu.readSync(dataId) as Values);
    if (!large && results.some(({ shape, dtype }, i) => sizeOf(shape) > LARGEST || !isOf(dtype, numbers[i]!)))
      return undefined;
    const drawnBy = values.find((value) => value.drawnBy !== undefined)?.drawnBy;
    const constants = results.map(({ shape, dtype }, i): tf.TensorInfo => {
      return { dataId: recorder.write(numbers[i]!.slice(), shape, dtype, drawnBy), shape, dtype };
    });
    return Array.isArray(result) ? constants : constants[0]!;
  } finally {
    for (const { dataId } of tensors) cpu.disposeData(dataId, true);
  }
}

/** Whether bools are 0 and 1. TF.js's cpu backend stores true + true as 2. */
const isOf = (dtype: tf.DataType, values: Values): boolean => dtype !== 'bool' || values.every((value) => value <= 1);
