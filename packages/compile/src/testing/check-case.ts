import * as tf from '@tensorflow/tfjs';
import { compile, type Compiled } from '../compile.ts';
import { sizeOf, type Values } from '../graph/graph.ts';
import { type HostTensor, type Runtime, tensorDifference } from '../runtimes/runtime.ts';
import { trace, type Tensors } from '../trace.ts';
import type { CaseInput, KernelCase } from './kernel-case.ts';

type Call = (...inputs: tf.Tensor[]) => Tensors;

/** The computations of a case: its result, and its gradient when TF.js can compute one. */
export function computations({
  kernel,
  inputs,
  call,
  eager,
  gradient = true,
}: KernelCase): { what: string; traced: Call; expected: Call }[] {
  const forward = { what: 'result', traced: call, expected: eager ?? call };
  const smooth = inputs.filter(({ dtype }) => dtype === 'float32').length;
  if (!gradient || smooth === 0 || !tf.getGradient(kernel)) return [forward];
  const backward = { what: 'gradient', traced: gradientOf(call, inputs), expected: gradientOf(eager ?? call, inputs) };
  try {
    eagerly(backward.expected, inputs);
  } catch {
    return [forward]; // no float32 result, or the gradient of TF.js doesn't broadcast
  }
  return [forward, backward];
}

/** The gradients of sum(f(x) · weights) with respect to all float32 inputs. */
function gradientOf(call: Call, inputs: readonly CaseInput[]): Call {
  return (...tensors) => {
    const isSmooth = (_: tf.Tensor, i: number) => inputs[i]!.dtype === 'float32';
    const loss = (...smooth: tf.Tensor[]): tf.Scalar => {
      const rest = [...smooth];
      const results = list(call(...tensors.map((tensor, i) => (isSmooth(tensor, i) ? rest.shift()! : tensor))));
      const real = results.filter(({ dtype }) => dtype === 'float32');
      return tf.addN(real.map((result) => tf.sum(tf.mul(result, weights(result.shape))))) as tf.Scalar;
    };
    return tf.grads(loss)(tensors.filter(isSmooth));
  };
}

const weights = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(1 + 3 * i)),
    shape,
    'float32',
  );

/**
 * Runs a case on the cpu backend, compiled with its tensors as inputs, and compiled with its tensors as constants, with and without the
 * kernels of the cpu backend.
 *
 * @returns the names of the compared computations: result, gradient
 * @throws Error with the first difference
 */
export async function checkCase(kernelCase: KernelCase, runtime: Runtime): Promise<string[]> {
  const { inputs, dtypes = true, constants: folds = true, tolerance = 1e-5 } = kernelCase;
  const specs = Object.fromEntries(inputs.map(({ shape, dtype }, i) => [`in${i}`, { shape, dtype }]));
  const feeds = Object.fromEntries(inputs.map(({ data }, i) => [`in${i}`, data]));
  const compared = computations(kernelCase);
  for (const { what, traced, expected } of compared) {
    const eagerResults = eagerly(expected, inputs);
    const check = (how: string, received: readonly HostTensor[]) => {
      const wrong = tensorDifference(received, eagerResults, { dtypes, tolerance });
      if (wrong) throw new Error(`${kernelCase.kernel}, ${kernelCase.title}: ${what} ${how}: ${wrong}`);
    };

    const compiled = await compile(traced, specs, { runtime });
    if (!compiled.trace.kernels.includes(kernelCase.kernel))
      throw new Error(`it calls ${compiled.trace.kernels.join()}`);
    check('of inputs', await runOnce(compiled, feeds));

    if (!folds) continue;
    const constants = inputs.map(tensorOf);
    const written = await withoutKernels(() => compile(() => traced(...constants), {}, { runtime }));
    check('of constants without the cpu backend', await runOnce(written));
    const { outputs } = trace(() => traced(...constants), {});
    tf.dispose(constants);
    if (!tf.getKernel(kernelCase.kernel, 'cpu')) continue; // the kernels of the cpu backend fold constants
    if (!outputs.every(({ value }) => value.constant))
      throw new Error(`${kernelCase.kernel}, ${kernelCase.title}: ${what} of constants is no constant`);
    check(
      'of constants',
      outputs.map(({ value }) => ({ type: value.type as 'float32', shape: value.shape, data: value.constant! })),
    );
  }
  return compared.map(({ what }) => what);
}

async function runOnce(compiled: Compiled, feeds?: Parameters<Compiled['run']>[0]): Promise<HostTensor[]> {
  const results = await compiled.run(feeds);
  await compiled.dispose();
  return compiled.trace.outputs.map(({ name }) => results[name]!);
}

/** Runs a function in a process as the command's, which has imported another backend than cpu. */
function withoutKernels<T>(run: () => T): T {
  const kernels = tf.getKernelsForBackend('cpu');
  for (const { kernelName } of kernels) tf.unregisterKernel(kernelName, 'cpu');
  try {
    return run();
  } finally {
    kernels.forEach(tf.registerKernel);
  }
}

function eagerly(compute: Call, inputs: readonly CaseInput[]): HostTensor[] {
  const results = tf.tidy(() => list(compute(...inputs.map(tensorOf))));
  const numbers = results.map(read);
  tf.dispose(results);
  return numbers;
}

const tensorOf = ({ shape, dtype, data }: CaseInput): tf.Tensor => tf.tensor(data.slice(), [...shape], dtype);

const list = (tensors: Tensors): tf.Tensor[] => (tensors instanceof tf.Tensor ? [tensors] : Object.values(tensors));

const read = (tensor: tf.Tensor): HostTensor => ({
  type: tensor.dtype as 'float32',
  shape: tensor.shape,
  data: (tensor.dataSync() as Values).slice(),
});
