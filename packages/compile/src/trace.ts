import * as tf from '@tensorflow/tfjs-core';
import { Recording, type RecordingBackend, notRandom, BACKEND, recordingBackend } from './backend/recording-backend.ts';
import { CompileError, notTraced, requireOptions } from './compile-error.ts';
import { type Graph, type Output, type Value, typeOf, type Values } from './graph/graph.ts';

interface StandIn {
  /** Holds the data of the variable during the trace. */
  readonly holder: tf.Tensor;
  /** The data id of the variable until the function assigns the variable. */
  readonly dataId: object;
  /** The numbers of a variable that the function creates. */
  readonly start?: Values;
}

/**
 * The variables during a trace: each has a data id of the recording backend, which becomes an input, and its own data again afterwards. A
 * variable that the function creates, such as the slot of an optimizer, keeps its initial values.
 */
class StandIns {
  readonly #all = new Map<tf.Variable, StandIn>();

  constructor(
    readonly backend: RecordingBackend,
    readonly inputName: (variable: tf.Variable) => string,
  ) {
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      if (!['string', 'complex64'].includes(variable.dtype)) this.#add(variable);
    }
  }

  /** The variables that the function read, in the order of their registration with TF.js. */
  reads(): tf.Variable[] {
    const read = new Set(this.backend.recording.graph.inputs.map(({ input }) => input));
    return [...this.#all.keys()].filter((variable) => read.has(this.inputName(variable)));
  }

  /** Adds the variables with this data id that the function has created. */
  adopt(dataId: object): void {
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      if (variable.dataId !== dataId || this.#all.has(variable)) continue;
      const start = this.backend.graphValue(variable).constant;
      if (!start) {
        variable.dispose();
        throw new CompileError(
          `The function makes the variable "${variable.name}" from a computed tensor while it is compiled. ` +
            'Make it before, or from numbers.',
        );
      }
      this.#add(variable, start);
    }
  }

  /** The next values of the variables that the function assigned. */
  writes(): { variable: tf.Variable; value: Value }[] {
    return [...this.#all]
      .filter(([variable, { dataId }]) => !variable.isDisposed && variable.dataId !== dataId)
      .map(([variable]) => ({ variable, value: notRandom(this.backend.graphValue(variable)) }));
  }

  /** Gives all variables their former data. Call this method after setting the former backend again. */
  restore(): void {
    for (const [variable, { holder, start }] of this.#all) {
      if (!variable.isDisposed) {
        swapData(variable, holder);
        if (start) tf.tidy(() => variable.assign(tf.tensor(start, variable.shape, variable.dtype as 'float32')));
      }
      holder.dispose();
    }
    this.#all.clear();
  }

  #add(variable: tf.Variable, start?: Values): void {
    const name = this.inputName(variable);
    const spec = { type: typeOf(variable.dtype), shape: variable.shape };
    const info = this.backend.standIn(spec, `the variable "${variable.name}"`, () =>
      this.backend.recording.graph.input(name, spec),
    );
    const holder = tf.keep(tf.engine().makeTensorFromTensorInfo(info, this.backend));
    swapData(variable, holder);
    this.#all.set(variable, { holder, dataId: info.dataId, ...(start && { start }) });
  }
}

function swapData(a: tf.Tensor, b: tf.Tensor): void {
  [a.dataId, b.dataId] = [b.dataId, a.dataId];
}

/** The results of a function: a tensor, a list of tensors, or tensors by name. */
export type Tensors = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

/** The graph of a function, with the variables that the function reads and assigns. */
export interface Trace {
  readonly graph: Graph;
  /** The results: `output` for a single tensor, `output0`, `output1`, … for a list, or the names of the function. */
  readonly outputs: readonly Output[];
  /** The variables that the function reads. {@link TraceOptions} says how their inputs are named. */
  readonly reads: readonly tf.Variable[];
  /** The variables that the function assigns, with their next values. */
  readonly writes: readonly { readonly variable: tf.Variable; readonly value: Value }[];
  /** The names of the TF.js kernels that the function calls. */
  readonly kernels: readonly string[];
}

export interface TraceOptions {
  /** The name of a variable's input. Default: `variable:` and the TF.js name of the variable. */
  inputName?(variable: tf.Variable): string | undefined;
  /**
   * The number of threads that run one operation, as {@link Runtime.threads} says. Default: unknown. With one thread, sums at
   * repeated indices (the gradient of an embedding) use a kernel that is several times faster. With more threads, this
   * kernel would lose updates.
   */
  threads?: number;
}

export const variableInput = (variable: tf.Variable): string => `variable:${variable.name}`;

/**
 * Records the operations of a function as a graph. The function runs once on a backend that computes nothing, with tensors
 * of the given shapes. The current backend, and all tensors and variables, are unchanged afterwards. A variable that the
 * function creates (an optimizer creates slots at its first step) stays, with its initial values.
 *
 * @param specs the inputs by name, in the order of the function's arguments
 * @throws CompileError that names the operation, when `fn` uses an operation that can't be traced or reads a tensor's numbers
 * @throws CompileError when `fn` draws random numbers, as a dropout does. Only the first numbers of a variable may be random
 * @throws Error for an unknown option
 * @example
 * const { graph, outputs } = trace((x) => tf.softmax(x), { x: { shape: [32, 3] } });
 */
export function trace(
  fn: (...inputs: tf.Tensor[]) => Tensors | void,
  specs: Readonly<Record<string, TensorSpec>>,
  options: TraceOptions = {},
): Trace {
  requireOptions('trace', options, ['inputName', 'threads']);
  const recorder = recordingBackend();
  if (recorder.current)
    throw new CompileError('A function that is being compiled compiles another one: compile that before.');
  for (const [name, spec] of Object.entries(specs)) checkSpec(name, spec);
  const inputName = (variable: tf.Variable) => options.inputName?.(variable) ?? variableInput(variable);
  const engine = tf.engine();
  void engine.backend; // creates the backend when none has been in use
  const { backendName } = engine;
  let standIns: StandIns | undefined;
  recorder.current = new Recording(options.threads, (dataId) => standIns?.adopt(dataId));
  try {
    standIns = new StandIns(recorder, inputName);
    void tf.setBackend(BACKEND); // synchronous, as this backend has no asynchronous start
    let result: Trace | undefined;
    tf.tidy(() => {
      result = record(fn, specs, standIns!);
    });
    return result!;
  } catch (error) {
    dropTape();
    throw readable(error);
  } finally {
    void tf.setBackend(backendName); // synchronous, as this backend was in use
    standIns?.restore();
    recorder.current = undefined;
  }
}

function record(
  fn: (...inputs: tf.Tensor[]) => Tensors | void,
  specs: Readonly<Record<string, TensorSpec>>,
  standIns: StandIns,
): Trace {
  const { backend } = standIns;
  const { graph, kernels } = backend.recording;
  const inputs = Object.entries(specs).map(([name, spec]) => placeholder(name, spec));
  const result = fn(...inputs);
  const { fault } = backend.recording;
  if (fault) throw fault;
  const outputs = named(result).map(([name, tensor]) => ({ name, value: notRandom(backend.graphValue(tensor)) }));
  return { graph, outputs, writes: standIns.writes(), reads: standIns.reads(), kernels: [...kernels] };
}

/** Disposes the tensors that TF.js has saved for a gradient which failed. */
function dropTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0 || !state.activeTape) return;
  for (const { saved } of state.activeTape) for (const tensor of saved ?? []) tensor.dispose();
  state.activeTape = [];
}

/** Replaces the error of TF.js about a kernel that no backend has. */
function readable(error: unknown): unknown {
  const match = error instanceof Error && /Kernel '(\w+)' not registered for backend/.exec(error.message);
  return match ? notTraced(match[1]!, error) : error;
}

/**
 * Adds an input to the graph while the function runs. Use a placeholder for an input that is unknown before the trace, such
 * as the random numbers of a layer.
 *
 * @throws CompileError outside of a trace, or when a spec is wrong
 * @throws Error when an input with this name exists
 * @example
 * trace((x) => tf.mul(x, placeholder('mask', { shape: [4] })), { x: { shape: [4] } }).graph.inputs.length; // 2
 */
export function placeholder(name: string, spec: TensorSpec): tf.Tensor {
  const recorder = recordingBackend();
  checkSpec(name, spec);
  const value = recorder.recording.graph.input(name, { type: spec.dtype ?? 'float32', shape: spec.shape });
  return tf.engine().makeTensorFromTensorInfo(recorder.tensorOf(value), recorder);
}

/** The results by name. A function that only assigns variables has no results. */
function named(result: unknown): [string, tf.Tensor][] {
  if (result instanceof Promise) {
    result.catch(() => {}); // the error below says more
    throw new CompileError(
      'The function to compile is async. It is run once, and must give its tensors at once: wait for what it needs before.',
    );
  }
  if (result === undefined) return [];
  const isList = typeof result === 'object' && result !== null && !(result instanceof tf.Tensor);
  const entries: [string, unknown][] = Array.isArray(result)
    ? (result as unknown[]).map((each, i) => [`output${i}`, each])
    : Object.entries(isList ? result : { output: result });
  return entries.map(([name, each]) => {
    if (!(each instanceof tf.Tensor)) {
      const received = each === null ? 'null' : typeof each;
      throw new CompileError(
        `Expected a tensor for the result "${name}" of the function to compile, received ${received}.`,
      );
    }
    if (each.isDisposed)
      throw new CompileError(
        `The result "${name}" of the function to compile is disposed: don't dispose what it returns.`,
      );
    return [name, each];
  });
}

/** The shape and type of an input. */
export interface TensorSpec {
  readonly shape: readonly number[];
  /** Default float32. */
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

/** @throws CompileError that names the input, when its shape or type is wrong */
function checkSpec(name: string, { shape, dtype = 'float32' }: TensorSpec): void {
  if (!Array.isArray(shape) || !shape.every((side) => Number.isInteger(side) && side >= 0)) {
    throw new CompileError(
      `Expected whole sides for the shape of input "${name}", received [${shape}]: a graph has fixed shapes.`,
    );
  }
  if (!['float32', 'int32', 'bool'].includes(dtype))
    throw new CompileError(`Expected float32, int32 or bool for input "${name}", received ${dtype}.`);
}
