import * as tf from '@tensorflow/tfjs';
import { BACKEND, recordingBackend } from './backend/register.ts';
import { Recording } from './backend/recording.ts';
import type { Graph } from './graph/graph.ts';
import type { Value } from './graph/value.ts';

/** The shape and type of a tensor that a function takes. */
export interface TensorSpec {
  readonly shape: readonly number[];
  /** Default float32. */
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

/** What a function gives: a tensor, a list of them, or tensors by name. */
export type Tensors = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

/** A function written down as a graph. */
export interface Trace {
  readonly graph: Graph;
  /** By the names of the specs. */
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  /** The variables that the function reads, in the order of their inputs; see {@link TraceOptions}. */
  readonly reads: readonly tf.Variable[];
  /** The next values of the variables that it assigns. */
  readonly writes: readonly { readonly variable: tf.Variable; readonly value: Value }[];
}

export interface TraceOptions {
  /** What a variable's input is called; by default `variable:` and its TF.js name. */
  inputName?(variable: tf.Variable): string | undefined;
}

export const variableInput = (variable: tf.Variable): string => `variable:${variable.name}`;

/**
 * Runs a function once on the recording backend, with tensors of these shapes, and gives what it did as a graph. Nothing
 * is computed, and the current backend and all variables are as before.
 *
 * @param specs the inputs by name, in the order of the function's arguments
 * @throws Error that names the operation, when the function uses one that can't be traced or reads a tensor's numbers
 */
export function trace(
  fn: (...inputs: tf.Tensor[]) => Tensors,
  specs: Readonly<Record<string, TensorSpec>>,
  options: TraceOptions = {},
): Trace {
  const inputName = (variable: tf.Variable) => options.inputName?.(variable) ?? variableInput(variable);
  const recorder = recordingBackend();
  const recording = new Recording();
  const variables = Object.values(tf.engine().registeredVariables);
  const kept = variables.map((variable) => ({ variable, before: tf.clone(variable) }));
  for (const { variable, before } of kept) recording.expect(before.dataId, inputName(variable));

  const backend = tf.getBackend();
  recorder.begin(recording);
  try {
    tf.setBackend(BACKEND);
    let result: Trace | undefined;
    tf.tidy(() => {
      const inputs = Object.entries(specs).map(([name, spec]) => {
        const value = recording.graph.input(name, { type: spec.dtype ?? 'float32', shape: spec.shape });
        return tf.engine().makeTensorFromTensorInfo(recorder.tensorOf(value));
      });
      const outputs = named(run(fn, inputs)).map(([name, tensor]) => ({ name, value: recorder.graphValue(tensor) }));
      const writes = kept
        .filter(({ variable, before }) => variable.dataId !== before.dataId)
        .map(({ variable }) => ({ variable, value: recorder.graphValue(variable) }));
      const read = new Set(recording.graph.inputs.map(({ input }) => input));
      const reads = variables.filter((each) => read.has(inputName(each)));
      result = { graph: recording.graph, outputs, writes, reads };
    });
    return result!;
  } finally {
    for (const { variable, before } of kept) if (variable.dataId !== before.dataId) variable.assign(before);
    tf.setBackend(backend);
    recorder.giveBack(tf.engine().backend);
    for (const { before } of kept) before.dispose();
    recorder.end();
  }
}

function run(fn: (...inputs: tf.Tensor[]) => Tensors, inputs: tf.Tensor[]): Tensors {
  let result: Tensors | Promise<unknown>;
  try {
    result = fn(...inputs);
  } catch (error) {
    const kernel = /Cannot find registered kernel '(\w+)'|Kernel '(\w+)' not registered/.exec((error as Error).message);
    if (!kernel) throw error;
    throw new Error(
      `The function uses the TF.js kernel ${kernel[1] ?? kernel[2]}, which can't be compiled. Write the step with other ` +
        'operations, or run it eagerly on a TF.js backend.',
      { cause: error },
    );
  }
  if (result instanceof Promise) {
    throw new Error('The function to compile is async. It is run once, and must give its tensors at once.');
  }
  return result;
}

/**
 * A further input of the function that is being traced, made while it runs: for what isn't known before, such as the
 * random numbers that a layer asks for.
 *
 * @throws Error outside of a trace
 */
export function placeholder(name: string, spec: TensorSpec): tf.Tensor {
  const recorder = recordingBackend();
  const value = recorder.recording.graph.input(name, { type: spec.dtype ?? 'float32', shape: spec.shape });
  return tf.engine().makeTensorFromTensorInfo(recorder.tensorOf(value));
}

/** Results by name: a single one is `output`, those of a list `output0`, `output1`, … */
function named(result: Tensors): [string, tf.Tensor][] {
  if (result instanceof tf.Tensor) return [['output', result]];
  if (Array.isArray(result)) return (result as tf.Tensor[]).map((tensor, i) => [`output${i}`, tensor]);
  return Object.entries(result as Record<string, tf.Tensor>);
}
