import * as tf from '@tensorflow/tfjs';
import { CompileError } from '../compile-error.ts';
import { sizeOf, type Values } from '../graph/value.ts';
import type { RecordingBackend } from './recording-backend.ts';

/** A kernel's inputs and attributes as TF.js gives them. */
export interface KernelArguments {
  readonly inputs: tf.NamedTensorInfoMap | readonly tf.TensorInfo[];
  readonly attrs: tf.NamedAttrMap | undefined;
}

const LARGEST = 1 << 16;

/**
 * Runs a kernel of TF.js's cpu backend on constants, and gives its result as constants. Undefined when there is no such
 * kernel, not all of what it reads is known, or (unless `large`) more would be written into the file than the operation is worth.
 */
export function foldOnCpu(
  kernelName: string,
  { inputs, attrs }: KernelArguments,
  recorder: RecordingBackend,
  large = false,
): tf.TensorInfo | tf.TensorInfo[] | undefined {
  const kernel = tf.getKernel(kernelName, 'cpu') as tf.KernelConfig | undefined;
  const given = Object.entries(inputs).filter((entry): entry is [string, tf.TensorInfo] => entry[1] !== undefined);
  const values = given.map(([, tensor]) => recorder.graphValue(tensor));
  if (!kernel || !values.every(({ constant }) => constant)) return undefined;
  if (!large && values.some(({ shape }) => sizeOf(shape) > LARGEST)) return undefined;

  const cpu = tf.engine().findBackend('cpu');
  const moved = given.map(([name, { shape, dtype }], i): [string, tf.TensorInfo] => [
    name,
    { dataId: cpu.write(values[i]!.constant!.slice(), shape, dtype), shape, dtype },
  ]);
  const used = moved.map(([, tensor]) => tensor);
  try {
    const named = Array.isArray(inputs) ? used : Object.fromEntries(moved);
    const result = kernel.kernelFunc({ inputs: named as tf.NamedTensorInfoMap, attrs: attrs!, backend: cpu });
    const results = [result].flat();
    used.push(...results);
    if (!large && results.some(({ shape }) => sizeOf(shape) > LARGEST)) return undefined;
    if (!large && results.some((each) => each.dtype === 'bool' && !isBool(cpu.readSync(each.dataId) as Values)))
      return undefined;
    const back = ({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo => ({
      dataId: recorder.write((cpu.readSync(dataId) as Values).slice(), shape, dtype),
      shape,
      dtype,
    });
    return Array.isArray(result) ? result.map(back) : back(result);
  } finally {
    for (const { dataId } of used) cpu.disposeData(dataId, true);
  }
}

/** TF.js's cpu backend keeps 2 for true + true, which is no bool elsewhere. */
const isBool = (values: Values): boolean => values.every((value) => value <= 1);

/** For a kernel that isn't traced: its result where all is known, or an error that names it. */
export function foldOrThrow(
  kernelName: string,
  call: KernelArguments,
  recorder: RecordingBackend,
): tf.TensorInfo | tf.TensorInfo[] {
  const folded = foldOnCpu(kernelName, call, recorder, true);
  if (folded) return folded;
  throw notTraced(kernelName);
}

/** @param scope TF.js's name for the operation that runs, `pad__op` */
export function notTraced(
  kernel: string,
  cause?: unknown,
  scope = tf.engine().state.activeScope?.name ?? '',
): CompileError {
  const operation = scope.endsWith('__op')
    ? `tf.${scope.slice(0, -'__op'.length)} (kernel ${kernel})`
    : `the TF.js kernel ${kernel}`;
  return new CompileError(
    `The function uses ${operation}, which can't be compiled. Write it with other operations, compute it before and pass it ` +
      'as an input, run the function eagerly on a TF.js backend, or add the kernel (docs/compile.md).',
    { kernel, cause },
  );
}
