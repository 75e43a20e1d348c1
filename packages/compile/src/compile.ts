import * as tf from '@tensorflow/tfjs-core';
import { CompileError, requireOptions } from './compile-error.ts';
import { sizeOf, valuesOf } from './graph/graph.ts';
import { writeModel } from './onnx/write-model.ts';
import { defaultRuntime } from './runtimes/default-runtime.ts';
import type { HostTensor, Runtime } from './runtimes/runtime.ts';
import { trace, variableInput, type Tensors, type TensorSpec, type Trace } from './trace.ts';

export interface CompileOptions {
  /** Default: `defaultRuntime()`, which is onnxruntime-node with one thread where it loads, else onnxruntime-web. */
  runtime?: Runtime;
}

/** A compiled function, which runs as one ONNX graph. */
export interface Compiled {
  /**
   * Runs the graph once. Runs of a function that assigns variables wait for each other.
   *
   * @param inputs the numbers of each input, by name, in row-major order
   * @returns the results by the names of {@link Trace.outputs}
   * @throws Error that names an input which is missing, unknown or of the wrong size
   */
  run(inputs?: Readonly<Record<string, ArrayLike<number>>>): Promise<Record<string, HostTensor>>;
  readonly trace: Trace;
  /** The graph as an ONNX file. */
  readonly model: Uint8Array;
  dispose(): Promise<void>;
}

/**
 * Compiles a TF.js function. The function runs once on a backend that records its operations. From then on ONNX Runtime
 * runs these operations as one graph. Each run reads the variables that the function reads, and assigns the variables that
 * the function assigns.
 *
 * All shapes are fixed. Numbers from outside are constants of the graph, so pass changing numbers as inputs. Random numbers
 * that `fn` draws are an error, because each run would repeat them.
 *
 * @param fn gets one tensor for each spec, in the order of `specs`
 * @param specs the shape and type of each input, by name
 * @throws CompileError that names the operation, when `fn` uses an operation that can't be compiled or reads a tensor's numbers
 * @throws CompileError when `fn` draws random numbers, as a dropout does
 * @example
 * const w = tf.variable(tf.ones([3, 2]));
 * const layer = await compile((x) => tf.relu(tf.matMul(x, w)), { x: { shape: [4, 3] } });
 * const { output } = await layer.run({ x: new Float32Array(12).fill(1) });
 */
export async function compile(
  fn: (...inputs: tf.Tensor[]) => Tensors | void,
  specs: Readonly<Record<string, TensorSpec>>,
  options: CompileOptions = {},
): Promise<Compiled> {
  requireOptions('compile', options, ['runtime']);
  const runtime = options.runtime ?? (await defaultRuntime());
  const traced = trace(fn, specs, runtime.threads === undefined ? {} : { threads: runtime.threads });
  const writes = traced.writes.map(({ variable, value }) => ({ variable, name: `next:${variable.name}`, value }));
  const outputs = [...traced.outputs, ...writes];
  if (outputs.length === 0)
    throw new CompileError(
      'The function to compile returns no tensor and assigns no variable: there is nothing to compute.',
    );
  const model = writeModel(traced.graph, outputs);
  const session = await runtime.load(model);
  let lastRun: Promise<unknown> = Promise.resolve();
  let isDisposed = false;

  async function runNow(inputs: Readonly<Record<string, ArrayLike<number>>>): Promise<Record<string, HostTensor>> {
    const feeds = feedsOf(specs, inputs);
    for (const variable of traced.reads) feeds[variableInput(variable)] = await numbersOf(variable);
    const results = await session.run(feeds);
    tf.tidy(() => {
      for (const { variable, name } of writes) {
        variable.assign(tf.tensor(results[name]!.data as Float32Array, variable.shape, variable.dtype as 'float32'));
        delete results[name];
      }
    });
    return results;
  }

  return {
    trace: traced,
    model,
    async run(inputs = {}) {
      if (isDisposed) throw new Error('This compiled function is disposed.');
      if (writes.length === 0) return runNow(inputs);
      const run = lastRun.then(() => runNow(inputs)); // starts from the variables that the previous run assigned
      lastRun = run.catch(() => undefined);
      return run;
    },
    async dispose() {
      if (isDisposed) return;
      isDisposed = true;
      await lastRun;
      await session.release();
    },
  };
}

function feedsOf(
  specs: Readonly<Record<string, TensorSpec>>,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, HostTensor> {
  const unknown = Object.keys(inputs).filter((name) => !Object.hasOwn(specs, name));
  if (unknown.length > 0) {
    const names = Object.keys(specs).map((name) => `"${name}"`);
    throw new Error(`There is no input "${unknown.join('", "')}": the function has ${names.join(', ') || 'none'}.`);
  }
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype = 'float32' }]): [string, HostTensor] => {
      const data = inputs[name] as ArrayLike<number> | undefined;
      if (data?.length !== sizeOf(shape)) {
        throw new Error(
          `Expected ${sizeOf(shape)} numbers for input "${name}" [${shape}], received ${data?.length ?? 'none'}.`,
        );
      }
      return [name, { type: dtype, shape, data: valuesOf(data, dtype) }];
    }),
  );
}

async function numbersOf(variable: tf.Variable): Promise<HostTensor> {
  if (variable.isDisposed) throw new Error(`The variable "${variable.name}" of a compiled function is disposed.`);
  const type = variable.dtype as 'float32';
  return { type, shape: variable.shape, data: valuesOf(await variable.data(), type) };
}
