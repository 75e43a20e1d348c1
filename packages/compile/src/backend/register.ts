import * as tf from '@tensorflow/tfjs';
import { kernels } from '../kernels/index.ts';
import type { Kernel, KernelCall } from '../kernels/kernel.ts';
import type { Value } from '../graph/value.ts';
import { foldOnCpu, foldOrThrow, type KernelArguments } from './fold.ts';
import { RecordingBackend } from './recording-backend.ts';

export const BACKEND = 'polytask-recorder';

let backend: RecordingBackend | undefined;

/** The recording backend, registered with TF.js at the first call. */
export function recordingBackend(): RecordingBackend {
  if (backend) return backend;
  const made = new RecordingBackend();
  tf.registerBackend(BACKEND, () => made, 0);
  const register = (kernelName: string, run: (call: KernelArguments) => tf.TensorInfo | tf.TensorInfo[]) =>
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        made.recording.kernels.add(kernelName);
        return run({ inputs, attrs });
      },
    });
  for (const [name, kernel] of Object.entries(kernels))
    register(name, (call) => foldOnCpu(name, call, made) ?? write(kernel, call, made));
  for (const { kernelName: name } of tf.getKernelsForBackend('cpu')) {
    if (!tf.getKernel(name, BACKEND)) register(name, (call) => foldOrThrow(name, call, made));
  }
  return (backend = made);
}

/** Writes a kernel into the current graph. */
function write(
  kernel: Kernel,
  { inputs, attrs }: KernelArguments,
  recorder: RecordingBackend,
): tf.TensorInfo | tf.TensorInfo[] {
  const given = Object.entries(inputs).filter((entry): entry is [string, tf.TensorInfo] => entry[1] !== undefined);
  const named = given.map(([name, tensor]): [string, Value] => [name, recorder.graphValue(tensor)]);
  const call: KernelCall = {
    emit: recorder.recording.emit,
    inputs: Object.fromEntries(named),
    list: named.map(([, value]) => value),
    attrs,
  };
  const result = kernel(call);
  return Array.isArray(result)
    ? (result as Value[]).map((value) => recorder.tensorOf(value))
    : recorder.tensorOf(result as Value);
}
