import * as tf from '@tensorflow/tfjs';
import { sizeOf, type Value, type Values } from '../graph/value.ts';
import type { RecordingBackend } from './recording-backend.ts';

const LARGEST = 1 << 16;

/** Whether a kernel's result can be computed now: everything that it reads is known, and not large. */
export const foldable = (kernel: string, inputs: readonly Value[]): boolean =>
  inputs.length > 0 && tf.getKernel(kernel, 'cpu') !== undefined && inputs.every((value) => value.constant && sizeOf(value.shape) <= LARGEST);

/** Runs a kernel of TF.js's cpu backend on constants, and gives its result as constants. */
export function foldOnCpu(
  kernelName: string,
  inputs: tf.NamedTensorInfoMap | tf.TensorInfo[],
  attrs: tf.NamedAttrMap | undefined,
  recorder: RecordingBackend,
): tf.TensorInfo | tf.TensorInfo[] {
  const cpu = tf.engine().findBackend('cpu');
  const toCpu = (tensor: tf.TensorInfo): tf.TensorInfo => ({
    dataId: cpu.write(recorder.graphValue(tensor).constant!.slice(), tensor.shape, tensor.dtype),
    shape: tensor.shape,
    dtype: tensor.dtype,
  });
  const moved = Array.isArray(inputs)
    ? inputs.map(toCpu)
    : Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toCpu(tensor as tf.TensorInfo)]));
  const result = tf.getKernel(kernelName, 'cpu').kernelFunc({ inputs: moved as tf.NamedTensorInfoMap, attrs: attrs!, backend: cpu });
  const back = (tensor: tf.TensorInfo): tf.TensorInfo => {
    const values = (cpu.readSync(tensor.dataId) as Values).slice();
    return { dataId: recorder.write(values, tensor.shape, tensor.dtype), shape: tensor.shape, dtype: tensor.dtype };
  };
  const outputs = Array.isArray(result) ? result.map(back) : back(result);
  const used = [...Object.values(moved), ...[result].flat()] as tf.TensorInfo[];
  for (const tensor of used) cpu.disposeData(tensor.dataId, true);
  return outputs;
}
