import * as tf from '@tensorflow/tfjs';
import { writeModel } from './onnx/write-model.ts';
import { nodeRuntime } from './runtimes/node-runtime.ts';
import type { HostTensor, Runtime, Session } from './runtimes/runtime.ts';
import type { TensorSpec } from './tensor-spec.ts';
import { trace, variableInput, type Tensors, type Trace } from './trace.ts';

export interface CompileOptions {
  /** Default: onnxruntime-node with one thread. */
  runtime?: Runtime;
}

/** A function that runs as one ONNX graph. */
export interface Compiled {
  /** Takes numbers by input name, or in the order of the inputs; gives numbers by output name. */
  run(inputs: Readonly<Record<string, ArrayLike<number> | HostTensor['data']>>): Promise<Record<string, HostTensor>>;
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
 * @throws Error that names the operation, when the function uses one that can't be compiled or reads a tensor's numbers
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
  const traced = trace(fn, specs);
  const writes = traced.writes.map(({ variable, value }) => ({ variable, name: `next:${variable.name}`, value }));
  const model = writeModel(traced.graph, [...traced.outputs, ...writes]);
  const runtime = options.runtime ?? (await nodeRuntime());
  const session: Session = await runtime.load(model);

  return {
    trace: traced,
    model,
    async run(inputs) {
      const feeds: Record<string, HostTensor> = {};
      for (const [name, { shape, dtype = 'float32' }] of Object.entries(specs)) {
        const data = inputs[name];
        const size = tf.util.sizeFromShape([...shape]);
        if (!data || data.length !== size) {
          throw new Error(`Expected ${size} numbers for input "${name}" [${shape}], received ${data ? data.length : 'none'}.`);
        }
        feeds[name] = { type: dtype, shape, data: typedAs(dtype, data) };
      }
      for (const variable of traced.reads) {
        const data = (await variable.data()) as HostTensor['data'];
        feeds[variableInput(variable)] = { type: variable.dtype as 'float32', shape: variable.shape, data };
      }
      const used = new Set(traced.graph.inputs.map(({ input }) => input));
      const results = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => used.has(name))));
      tf.tidy(() => {
        for (const { variable, name } of writes) {
          const { data, shape } = results[name]!;
          variable.assign(tf.tensor(data as Float32Array, [...shape], variable.dtype as 'float32'));
          delete results[name];
        }
      });
      return results;
    },
    dispose: () => session.release(),
  };
}

function typedAs(dtype: 'float32' | 'int32' | 'bool', data: ArrayLike<number>): HostTensor['data'] {
  const type = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
  return data instanceof type ? data : type.from(data);
}
