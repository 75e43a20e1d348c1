import * as tf from '@tensorflow/tfjs';
import { notTraced } from './backend/fold.ts';
import { Recording } from './backend/recording.ts';
import type { RecordingBackend } from './backend/recording-backend.ts';
import { BACKEND, recordingBackend } from './backend/register.ts';
import { StandIns } from './backend/stand-ins.ts';
import { CompileError } from './compile-error.ts';
import type { Graph } from './graph/graph.ts';
import type { Value } from './graph/value.ts';
import { checkSpec, type TensorSpec } from './tensor-spec.ts';

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
  /** The TF.js kernels that it calls, by name. */
  readonly kernels: readonly string[];
}

export interface TraceOptions {
  /** What a variable's input is called; by default `variable:` and its TF.js name. */
  inputName?(variable: tf.Variable): string | undefined;
  /**
   * How many threads will run one operation; a {@link Runtime} knows. By default that is unknown. With one, sums at
   * repeated places (the gradient of an embedding) are several times faster; with more, that way would lose some of them.
   */
  threads?: number;
}

export const variableInput = (variable: tf.Variable): string => `variable:${variable.name}`;

/**
 * Runs a function once on the recording backend, with tensors of these shapes, and gives what it did as a graph. Nothing
 * is computed, and the current backend and all tensors and variables are as before. A variable that the function makes
 * (an optimizer its slots, at its first step) stays, with the numbers that it was made with.
 *
 * @param specs the inputs by name, in the order of the function's arguments
 * @throws CompileError that names the operation, when the function uses one that can't be traced or reads a tensor's numbers
 */
export function trace(
  fn: (...inputs: tf.Tensor[]) => Tensors | void,
  specs: Readonly<Record<string, TensorSpec>>,
  options: TraceOptions = {},
): Trace {
  const recorder = recordingBackend();
  if (recorder.isRecording)
    throw new CompileError('A function that is being compiled compiles another one: compile that before.');
  for (const [name, spec] of Object.entries(specs)) checkSpec(name, spec);
  const inputName = (variable: tf.Variable) => options.inputName?.(variable) ?? variableInput(variable);
  const { backendName } = withBackend();
  const recording = new Recording(options.threads);
  let standIns: StandIns | undefined;
  recorder.begin(recording, (dataId) => standIns?.adopt(dataId));
  try {
    standIns = new StandIns(recorder, inputName);
    void tf.setBackend(BACKEND); // at once, as making this backend waits for nothing
    let result: Trace | undefined;
    tf.tidy(() => {
      result = record(fn, specs, recorder, standIns!, inputName);
    });
    return result!;
  } catch (error) {
    dropTape();
    throw readable(error);
  } finally {
    void tf.setBackend(backendName); // at once, as this one was in use
    standIns?.restore();
    recorder.end();
  }
}

function record(
  fn: (...inputs: tf.Tensor[]) => Tensors | void,
  specs: Readonly<Record<string, TensorSpec>>,
  recorder: RecordingBackend,
  standIns: StandIns,
  inputName: (variable: tf.Variable) => string,
): Trace {
  const { graph, kernels } = recorder.recording;
  const inputs = Object.entries(specs).map(([name, spec]) => placeholder(name, spec));
  const result = fn(...inputs);
  const { fault } = recorder.recording;
  if (fault) throw fault;
  const outputs = named(result).map(([name, tensor]) => ({ name, value: recorder.graphValue(tensor) }));
  const writes = standIns.writes();
  const read = new Set(graph.inputs.map(({ input }) => input));
  const reads = standIns.variables.filter((variable) => read.has(inputName(variable)));
  return { graph, outputs, writes, reads, kernels: [...kernels] };
}

/** The engine with its backend, which is made now if none has been in use. */
function withBackend(): { backendName: string } {
  const engine = tf.engine();
  void engine.backend;
  return { backendName: engine.backendName };
}

/** TF.js keeps what it has saved for a gradient that fails. */
function dropTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0 || !state.activeTape) return;
  for (const { saved } of state.activeTape) for (const tensor of saved ?? []) tensor.dispose();
  state.activeTape = [];
}

/** Says what to do about a kernel that no backend has, which TF.js finds out by itself. */
function readable(error: unknown): unknown {
  const found = error instanceof Error && /Kernel '(\w+)' not registered for backend/.exec(error.message);
  return found ? notTraced(found[1]!, error) : error;
}

/**
 * A further input of the function that is being traced, made while it runs: for what isn't known before, such as the
 * random numbers that a layer asks for.
 *
 * @throws CompileError outside of a trace, and when an input has that name already
 */
export function placeholder(name: string, spec: TensorSpec): tf.Tensor {
  const recorder = recordingBackend();
  checkSpec(name, spec);
  const value = recorder.recording.graph.input(name, { type: spec.dtype ?? 'float32', shape: spec.shape });
  return tf.engine().makeTensorFromTensorInfo(recorder.tensorOf(value), recorder);
}

/** Results by name: a single one is `output`, those of a list `output0`, `output1`, …; a function may only assign variables. */
function named(result: unknown): [string, tf.Tensor][] {
  if (result instanceof Promise) {
    result.catch(() => {}); // the error below says enough
    throw new CompileError(
      'The function to compile is async. It is run once, and must give its tensors at once: wait for what it needs before.',
    );
  }
  if (result === undefined) return [];
  if (result instanceof tf.Tensor) return [['output', whole('output', result)]];
  const entries = Array.isArray(result)
    ? (result as unknown[]).map((each, i): [string, unknown] => [`output${i}`, each])
    : Object.entries(typeof result === 'object' && result !== null ? result : { output: result });
  return entries.map(([name, each]) => [name, whole(name, each)]);
}

function whole(name: string, result: unknown): tf.Tensor {
  if (!(result instanceof tf.Tensor)) {
    throw new CompileError(
      `Expected a tensor for the result "${name}" of the function to compile, received ${
        result === null ? 'null' : typeof result
      }.`,
    );
  }
  if (result.isDisposed)
    throw new CompileError(
      `The result "${name}" of the function to compile is disposed: don't dispose what it returns.`,
    );
  return result;
}
