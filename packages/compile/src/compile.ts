import * as tf from '@tensorflow/tfjs';
import { CompileError } from './compile-error.ts';
import { sizeOf, valuesOf } from './graph/value.ts';
import { writeModel } from './onnx/write-model.ts';
import { nodeRuntime } from './runtimes/node-runtime.ts';
import type { HostTensor, Runtime } from './runtimes/runtime.ts';
import type { TensorSpec } from './tensor-spec.ts';
import { trace, variableInput, type Tensors, type Trace } from './trace.ts';

export interface CompileOptions {
  /** Default: onnxruntime-node with one thread. */
  runtime?: Runtime;
}

/** A function that runs as one ONNX graph. */
export interface Compiled {
  /**
   * Takes numbers by input name, and gives numbers by output name: `output` for a single tensor, `output0`, … for a list,
   * the function's own names for an object. Runs of a function that assigns variables wait for each other.
   *
   * @throws Error that says which input is missing, unknown or of the wrong size
   */
  run(inputs?: Readonly<Record<string, ArrayLike<number>>>): Promise<Record<string, HostTensor>>;
  readonly trace: Trace;
  /** The graph as an ONNX file. */
  readonly model: Uint8Array;
  dispose(): Promise<void>;
}

/**
 * Compiles a TF.js function: it is run once on a backend that writes its operations down, and from then on as one graph
 * by ONNX Runtime. Variables that it reads are read at each run; those that it assigns get their next values.
 *
 * Shapes are fixed. Numbers that the function draws at random or reads from elsewhere are constants of the graph: pass
 * what changes as an input.
 *
 * @throws CompileError that names the operation, when the function uses one that can't be compiled or reads a tensor's numbers
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
  const runtime = options.runtime ?? (await nodeRuntime());
  const traced = trace(fn, specs, runtime.threads === undefined ? {} : { threads: runtime.threads });
  const writes = traced.writes.map(({ variable, value }) => ({ variable, name: `next:${variable.name}`, value }));
  const outputs = [...traced.outputs, ...writes];
  if (outputs.length === 0)
    throw new CompileError(
      'The function to compile returns no tensor and assigns no variable: there is nothing to compute.',
    );
  const model = writeModel(traced.graph, outputs);
  const session = await runtime.load(model);
  let last: Promise<unknown> = Promise.resolve();
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
      const run = last.then(() => runNow(inputs)); // the next run starts from the variables that this one leaves
      last = run.catch(() => undefined);
      return run;
    },
    async dispose() {
      if (isDisposed) return;
      isDisposed = true;
      await last;
      await session.release();
    },
  };
}

/** The numbers of all inputs, in the arrays of their types. */
function feedsOf(
  specs: Readonly<Record<string, TensorSpec>>,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, HostTensor> {
  const unknown = Object.keys(inputs).filter((name) => !Object.hasOwn(specs, name));
  if (unknown.length > 0) {
    const known = Object.keys(specs).map((name) => `"${name}"`);
    throw new Error(`There is no input "${unknown.join('", "')}": the function has ${known.join(', ') || 'none'}.`);
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
  const data = (await variable.data()) as HostTensor['data'];
  return {
    type: variable.dtype as 'float32',
    shape: variable.shape,
    data: valuesOf(data, variable.dtype as 'float32'),
  };
}
