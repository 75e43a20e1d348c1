import { requireOptions } from '../compile-error.ts';
import { importPackage, keepTransposes, onnxRuntime } from './onnxruntime.ts';
import type { DefaultRuntimeOptions, Runtime } from './runtime.ts';

export interface NodeRuntimeOptions extends DefaultRuntimeOptions {
  /**
   * How long a waiting thread looks for work before it sleeps, in microseconds. `true` has no limit, and `false` sleeps at
   * once. Default 50: long enough to wait for the next operation, and too short to block a busy machine.
   */
  spinning?: boolean | number;
  /** The execution providers in the order of preference, such as `['cuda', 'cpu']`. Default `['cpu']`. */
  executionProviders?: readonly (string | { readonly name: string })[];
}

/** A variable, so that bundlers for browsers don't try to bundle the package. */
const name: string = 'onnxruntime-node';

/**
 * A runtime of onnxruntime-node: ONNX Runtime in this process, with its CPU kernels and other installed execution providers.
 *
 * @throws Error that says how to install onnxruntime-node, when the package is missing
 * @throws Error when `spinning` is a number that isn't whole and 0 or more
 * @example const runtime = await nodeRuntime({ threads: 2 });
 */
export async function nodeRuntime(options: NodeRuntimeOptions = {}): Promise<Runtime> {
  requireOptions('nodeRuntime', options, ['threads', 'spinning', 'executionProviders']);
  const { threads = 1, spinning = 50, executionProviders = ['cpu'] } = options;
  if (typeof spinning === 'number' && !(Number.isInteger(spinning) && spinning >= 0)) {
    throw new Error(
      `Expected microseconds as a whole number of 0 or more for nodeRuntime.spinning, received ${spinning}. ` +
        'Pass 50, or true or false.',
    );
  }
  const intraOp = {
    allow_spinning: spinning ? '1' : '0',
    ...(typeof spinning === 'number' && spinning > 0 && { spin_duration_us: String(spinning) }),
  };
  const ort = await importPackage(name, () => import(/* webpackIgnore: true */ /* @vite-ignore */ name));
  return onnxRuntime({ name, threads, executionProviders, fillsOutputs: true }, ort, (intraOpNumThreads) => ({
    intraOpNumThreads,
    interOpNumThreads: 1,
    extra: { session: { intra_op: intraOp }, ...keepTransposes },
  }));
}
