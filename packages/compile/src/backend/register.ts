import * as tf from '@tensorflow/tfjs-core';
import { notTraced } from '../compile-error.ts';
import { sizeOf, type Value, type Values } from '../graph/value.ts';
import { kernels, type Kernel } from '../kernels/index.ts';
import { RecordingBackend, notRandom } from './recording-backend.ts';

export const BACKEND = 'polytask-recorder';

/**
 * The recording backend. The first call registers the backend and its kernels with TF.js, which keeps the backend. So a second
 * evaluation of this module, as WebKit does to the entry of a worker, finds the one that TF.js calls.
 */
export function recordingBackend(): RecordingBackend {
  const registered = tf.findBackend(BACKEND) as RecordingBackend | null;
  if (registered) return registered;
  const recorder = new RecordingBackend();
  tf.registerBackend(BACKEND, () => recorder, 0);
  const register = (kernelName: string, run: (call: KernelArguments) => tf.TensorInfo | tf.TensorInfo[]) =>
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        recorder.recording.kernels.add(kernelName);
        const operands = Object.entries(inputs).filter(
          (entry): entry is [string, tf.TensorInfo] => entry[1] !== undefined,
        );
        const values = operands.map(([, tensor]) => recorder.graphValue(tensor));
        return run({ operands, values, isList: Array.isArray(inputs), attrs });
      },
    });
  for (const [name, kernel] of Object.entries(kernels))
    register(name, (call) => foldOnCpu(name, call, recorder) ?? write(kernel, call, recorder));
  for (const { kernelName: name } of tf.getKernelsForBackend('cpu')) {
    if (tf.getKernel(name, BACKEND)) continue;
    register(name, (call) => {
      const folded = foldOnCpu(name, call, recorder, true);
      if (!folded) throw notTraced(name);
      return folded;
    });
  }
  return recorder;
}

interface KernelArguments {
  readonly operands: readonly (readonly [name: string, tensor: tf.TensorInfo])[];
  /** The graph values of the operands, in their order. */
  readonly values: readonly Value[];
  /** Whether TF.js passed the operands as a list. */
  readonly isList: boolean;
  readonly attrs: tf.NamedAttrMap | undefined;
}

/** Writes a kernel into the current graph. */
function write(
  kernel: Kernel,
  { operands, values, attrs }: KernelArguments,
  recorder: RecordingBackend,
): tf.TensorInfo | tf.TensorInfo[] {
  const inputs = Object.fromEntries(operands.map(([name], i) => [name, notRandom(values[i]!)]));
  const result = kernel({ emit: recorder.recording.emit, inputs, list: values, attrs });
  return Array.isArray(result)
    ? (result as Value[]).map((value) => recorder.tensorOf(value))
    : recorder.tensorOf(result as Value);
}

/** The largest constant that is folded. A longer constant takes more space in the file than the operation is worth. */
const LARGEST = 1 << 16;

/**
 * Runs a kernel of TF.js's cpu backend on constants. The results are constants, too. Random constants give random constants.
 *
 * @param large folds constants of any size
 * @returns undefined when the cpu backend has no such kernel, an operand is not a constant, or a constant is too large
 */
function foldOnCpu(
  kernelName: string,
  { operands, values, isList, attrs }: KernelArguments,
  recorder: RecordingBackend,
  large = false,
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
