import * as tf from '@tensorflow/tfjs';
import { kernels } from '../kernels/index.ts';
import type { KernelCall } from '../kernels/kernel.ts';
import type { Value } from '../graph/value.ts';
import { foldable, foldOnCpu } from './fold.ts';
import { RecordingBackend } from './recording-backend.ts';

export const BACKEND = 'polytask-recorder';

let backend: RecordingBackend | undefined;

/** The recording backend, registered with TF.js at the first call. */
export function recordingBackend(): RecordingBackend {
  if (backend) return backend;
  const made = new RecordingBackend();
  tf.registerBackend(BACKEND, () => made, 0);
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        const { recording } = made;
        recording.last = kernelName;
        const list = Array.isArray(inputs) ? (inputs as tf.TensorInfo[]) : Object.values(inputs as Record<string, tf.TensorInfo>);
        const values = list.map((tensor) => made.graphValue(tensor));
        const named = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, made.graphValue(tensor as tf.TensorInfo)]));
        if (foldable(kernelName, values)) return foldOnCpu(kernelName, inputs, attrs, made);
        const call: KernelCall<never> = { emit: recording.emit, inputs: named, list: values, attrs: attrs as never };
        const result = kernel(call);
        return Array.isArray(result) ? (result as Value[]).map((value) => made.tensorOf(value)) : made.tensorOf(result as Value);
      },
    });
  }
  registerConstants(made);
  return (backend = made);
}

/** Kernels without inputs, or with inputs that they don't read, give constants. */
function registerConstants(made: RecordingBackend): void {
  const add = (kernelName: string, kernelFunc: tf.KernelFunc) => tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc });
  const filled = (shape: number[], dtype: tf.DataType, value: number) => {
    const size = tf.util.sizeFromShape(shape);
    const values = tf.util.getTypedArrayFromDType(dtype as 'float32', size);
    return { dataId: made.write(values.fill(value), shape, dtype), shape, dtype };
  };
  add('Fill', ({ attrs }) => {
    const { shape, value, dtype } = attrs as unknown as { shape: number[]; value: number; dtype?: tf.DataType };
    return filled(shape, dtype ?? 'float32', value);
  });
  const like = (value: number): tf.KernelFunc => ({ inputs }) => {
    const { x } = inputs as { x: tf.TensorInfo };
    return filled(x.shape, x.dtype, value);
  };
  add('OnesLike', like(1));
  add('ZerosLike', like(0));
  const range = (values: Float32Array | Int32Array, dtype: tf.DataType) => ({
    dataId: made.write(values, [values.length], dtype),
    shape: [values.length],
    dtype,
  });
  add('Range', ({ attrs }) => {
    const { start, stop, step, dtype } = attrs as unknown as { start: number; stop: number; step: number; dtype: 'float32' | 'int32' };
    const length = Math.max(0, Math.ceil((stop - start) / step));
    const values = Array.from({ length }, (_, i) => start + i * step);
    return range(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), dtype);
  });
  add('LinSpace', ({ attrs }) => {
    const { start, stop, num } = attrs as unknown as { start: number; stop: number; num: number };
    const step = num > 1 ? (stop - start) / (num - 1) : 0;
    return range(Float32Array.from({ length: num }, (_, i) => start + i * step), 'float32');
  });
}
