import * as tf from '@tensorflow/tfjs';
import { CompileError } from '../compile-error.ts';
import type { Value, Values } from '../graph/value.ts';
import { typeOf, type RecordingBackend } from './recording-backend.ts';

/** A variable while a function is traced. */
interface StandIn {
  readonly variable: tf.Variable;
  /** Holds the variable's own data, and in the end what the function left in it. */
  readonly holder: tf.Tensor;
  /** The data id that the variable has until it is assigned. */
  readonly dataId: object;
  /** The first value of a variable that the function makes. */
  readonly start?: Values;
}

/**
 * Variables while a function is traced: each has a data id of its own here, which is an input of the graph, and takes its
 * own data back in the end. Those that the function makes (an optimizer its slots) are treated alike, and keep the
 * values that they were made with.
 */
export class StandIns {
  readonly #backend: RecordingBackend;
  readonly #inputName: (variable: tf.Variable) => string;
  readonly #all = new Map<tf.Variable, StandIn>();

  constructor(backend: RecordingBackend, inputName: (variable: tf.Variable) => string) {
    this.#backend = backend;
    this.#inputName = inputName;
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      if (!['string', 'complex64'].includes(variable.dtype)) this.#add(variable);
    }
  }

  /** All variables, in the order in which TF.js knows them. */
  get variables(): tf.Variable[] {
    return [...this.#all.keys()];
  }

  /** Finds the variables that the function has made, when one takes this data id. */
  adopt(dataId: object): void {
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      if (variable.dataId !== dataId || this.#all.has(variable)) continue;
      const start = this.#backend.graphValue(variable).constant;
      if (!start) {
        variable.dispose();
        throw new CompileError(
          `The function makes the variable "${variable.name}" from a computed tensor while it is compiled. Make it before, or from numbers.`,
        );
      }
      this.#add(variable, start);
    }
  }

  /** The next values of the variables that were assigned. */
  writes(): { variable: tf.Variable; value: Value }[] {
    const assigned = [...this.#all.values()].filter(
      ({ variable, dataId }) => !variable.isDisposed && variable.dataId !== dataId,
    );
    return assigned.map(({ variable }) => ({ variable, value: this.#backend.graphValue(variable) }));
  }

  /** Gives all variables their own data back; to be called when the backend is the former one again. */
  restore(): void {
    for (const { variable, holder, start } of this.#all.values()) {
      if (!variable.isDisposed) {
        swapData(variable, holder);
        if (start) tf.tidy(() => variable.assign(tf.tensor(start, variable.shape, variable.dtype as 'float32')));
      }
      holder.dispose();
    }
    this.#all.clear();
  }

  #add(variable: tf.Variable, start?: Values): void {
    const name = this.#inputName(variable);
    const spec = { type: typeOf(variable.dtype), shape: variable.shape };
    const info = this.#backend.standIn(spec, `the variable "${variable.name}"`, () =>
      this.#backend.recording.graph.input(name, spec),
    );
    const holder = tf.keep(tf.engine().makeTensorFromTensorInfo(info, this.#backend));
    swapData(variable, holder);
    this.#all.set(variable, { variable, holder, dataId: info.dataId, ...(start && { start }) });
  }
}

/** Exchanges the data of two tensors of one shape and type, which TF.js counts alike before and after. */
function swapData(a: tf.Tensor, b: tf.Tensor): void {
  [a.dataId, b.dataId] = [b.dataId, a.dataId];
}
