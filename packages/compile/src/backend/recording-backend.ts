import * as tf from '@tensorflow/tfjs';
import { CompileError } from '../compile-error.ts';
import { valuesOf, type Value, type Values, type ValueSpec, type ValueType } from '../graph/value.ts';
import type { Recording } from './recording.ts';

/** What stands behind a data id that was made here. */
interface Entry {
  /** Made at the first use: a variable that isn't read is no input. */
  readonly value: () => Value;
  readonly recording: Recording;
  /** What it is called in errors. */
  readonly name: string;
  references: number;
}

/**
 * A TF.js backend that computes nothing: its kernels write ONNX operations into the current recording. Tensors of other
 * backends stay where they are; those that the function uses are constants of the graph.
 */
export class RecordingBackend extends tf.KernelBackend {
  readonly #entries = new Map<object, Entry>();
  #foreign = new Map<object, Value[]>();
  #recording: Recording | undefined;
  #onReference: (dataId: object) => void = () => {};

  get recording(): Recording {
    if (!this.#recording)
      throw new CompileError(
        'Nothing is being compiled: this works inside of a function that compile() or trace() runs.',
      );
    return this.#recording;
  }

  get isRecording(): boolean {
    return this.#recording !== undefined;
  }

  /** @param onReference is told when a variable takes a data id */
  begin(recording: Recording, onReference: (dataId: object) => void): void {
    this.#recording = recording;
    this.#onReference = onReference;
  }

  end(): void {
    this.#recording = undefined;
    this.#onReference = () => {};
    this.#foreign.clear();
  }

  /** The value behind a tensor; the numbers of one of another backend, or of an earlier trace, become a constant. */
  graphValue(tensor: tf.TensorInfo): Value {
    const entry = this.#entries.get(tensor.dataId);
    return entry?.recording === this.recording ? entry.value() : this.#constantOf(tensor);
  }

  /** A new tensor for a value that a kernel gave. */
  tensorOf(value: Value): tf.TensorInfo {
    return { dataId: this.#add(() => value), shape: [...value.shape], dtype: tfType(value.type) };
  }

  /** A tensor that becomes a value when it is first used. */
  standIn(spec: ValueSpec, name: string, make: () => Value): tf.TensorInfo {
    let made: Value | undefined;
    return { dataId: this.#add(() => (made ??= make()), name), shape: [...spec.shape], dtype: tfType(spec.type) };
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const type = typeOf(dtype);
    const value = this.recording.graph.constant(valuesOf(values as Values, type).slice(), { type, shape });
    return this.#add(() => value);
  }

  override readSync(dataId: object): Values {
    const { value, name, recording } = this.#entries.get(dataId)!;
    const { constant, shape } = value();
    if (constant) return constant;
    if (recording !== this.#recording) {
      throw new CompileError(
        `A tensor [${shape}] that was made while a function was compiled has no numbers. Return it from that function.`,
      );
    }
    const scope = tf.engine().state.activeScope?.name ?? '';
    const reader = scope.endsWith('__op') ? `tf.${scope.slice(0, -'__op'.length)}` : 'The function';
    throw new CompileError(
      `${reader} asks for the numbers of ${name} [${shape}] while it is compiled, when there are none yet (by dataSync, ` +
        'arraySync, data, array, print or an operation that reads on the host). Return the tensor, and read it from what ' +
        'the compiled function gives; or pass as an input what the numbers decide.',
    );
  }

  /** A promise can't stop the function here; trace() throws when the function is through. */
  override read(dataId: object): Promise<Values> {
    const recording = this.#recording;
    try {
      return Promise.resolve(this.readSync(dataId));
    } catch (error) {
      if (!recording) return Promise.reject(error as Error);
      recording.fault ??= error as Error;
      return new Promise(() => {}); // nobody waits for it after the trace has thrown
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
    else if (owner !== this) owner?.incRef(dataId); // a variable takes a tensor of another backend
    this.#onReference(dataId);
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

  override epsilon(): number {
    return 1e-7;
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
    const same = this.#foreign.get(dataId) ?? [];
    const type = typeOf(dtype);
    const known = same.find((value) => value.type === type && value.shape.join() === shape.join());
    if (known) return known;
    if (!tf.engine().state.tensorInfo.has(dataId))
      throw new CompileError('The function uses or returns a tensor that is disposed.');
    const numbers = valuesOf(tf.engine().readSync(dataId) as Values, type).slice();
    const value = this.recording.graph.constant(numbers, { type, shape });
    this.#foreign.set(dataId, [...same, value]);
    return value;
  }
}

export function typeOf(dtype: tf.DataType): ValueType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new CompileError(`A tensor of dtype ${dtype} can't be compiled: float32, int32 and bool can.`);
}

const tfType = (type: ValueType): 'float32' | 'int32' | 'bool' =>
  type === 'float32' || type === 'bool' ? type : 'int32';
