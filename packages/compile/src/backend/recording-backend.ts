import * as tf from '@tensorflow/tfjs';
import type { Value, Values, ValueType } from '../graph/value.ts';
import type { Recording } from './recording.ts';

/** What stands behind a data id: a value of the graph, and the host's numbers where they are known. */
interface Entry {
  readonly value: Value;
  /** The numbers of a tensor that came from another backend, and goes back there after the recording. */
  readonly host?: Values;
  references: number;
}

/**
 * A TF.js backend that computes nothing: its kernels write ONNX operations into the current recording. Tensors that
 * arrive from another backend are inputs when the recording expects them, and constants otherwise.
 */
export class RecordingBackend extends tf.KernelBackend {
  readonly #entries = new Map<object, Entry>();
  readonly #visitors = new Set<object>();
  #recording: Recording | undefined;

  get recording(): Recording {
    if (!this.#recording) throw new Error('The recording backend computes nothing: it is used by compile() alone.');
    return this.#recording;
  }

  begin(recording: Recording): void {
    this.#recording = recording;
  }

  end(): void {
    this.#recording = undefined;
  }

  /** The value behind a tensor; one of another backend comes here first. */
  graphValue(tensor: { dataId: object }): Value {
    if (!this.#entries.has(tensor.dataId)) tf.engine().moveData(this, tensor.dataId);
    return this.#entries.get(tensor.dataId)!.value;
  }

  /** A new tensor for a value that a kernel gave. */
  tensorOf(value: Value): tf.TensorInfo {
    const dataId = {};
    this.#entries.set(dataId, { value, references: 1 });
    return { dataId, shape: [...value.shape], dtype: tfType(value.type) };
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    const value = this.recording.arrival(dataId, values as Values, { type: typeOf(dtype), shape });
    this.#entries.set(dataId, { value, references: 1 });
    return dataId;
  }

  override move(dataId: object, values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType, refCount: number): void {
    const value = this.recording.arrival(dataId, values as Values, { type: typeOf(dtype), shape });
    this.#entries.set(dataId, { value, host: values as Values, references: refCount });
    this.#visitors.add(dataId);
  }

  /** Sends all tensors that came from other backends, and still exist, to this one. */
  giveBack(backend: tf.KernelBackend): void {
    for (const dataId of this.#visitors) if (this.#entries.has(dataId)) tf.engine().moveData(backend, dataId);
    this.#visitors.clear();
  }

  override readSync(dataId: object): Values {
    const { value, host } = this.#entries.get(dataId)!;
    const known = host ?? value.constant;
    if (known) return known;
    throw new Error(
      `The function reads the numbers of a tensor [${value.shape}] while it is compiled (dataSync, data, arraySync or print, ` +
        `after ${this.recording.last}). Return the tensor instead, and read it from what the compiled function gives.`,
    );
  }

  override read(dataId: object): Promise<Values> {
    return Promise.resolve(this.readSync(dataId));
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
    if (entry) entry.references++;
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
}

export function typeOf(dtype: tf.DataType): ValueType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`A tensor of dtype ${dtype} can't be compiled: float32, int32 and bool can.`);
}

const tfType = (type: ValueType): 'float32' | 'int32' | 'bool' => (type === 'int64' ? 'int32' : type);
