import * as tf from '@tensorflow/tfjs-core';
import { CompileError } from '../compile-error.ts';
import { typeOf, type Value, type Values } from '../graph/value.ts';
import { type RecordingBackend, notRandom } from './recording-backend.ts';

/** A variable while a function is traced. */
interface StandIn {
  readonly variable: tf.Variable;
  /** Holds the data of the variable during the trace. */
  readonly holder: tf.Tensor;
  /** The data id of the variable until the function assigns the variable. */
  readonly dataId: object;
  /** The numbers of a variable that the function creates. */
  readonly start?: Values;
}

/**
 * The variables during a trace. Each variable has a data id of the recording backend, which becomes an input of the graph.
 * After the trace, each variable has its former data again. A variable that the function creates, such as the slot of an
 * optimizer, keeps its initial values.
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

  /** All variables, in the order of their registration with TF.js. */
  get variables(): tf.Variable[] {
    return [...this.#all.keys()];
  }

  /** Adds the variables with this data id that the function has created. */
  adopt(dataId: object): void {
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      if (variable.dataId !== dataId || this.#all.has(variable)) continue;
      const start = this.#backend.graphValue(variable).constant;
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
    return [...this.#all.values()]
      .filter(({ variable, dataId }) => !variable.isDisposed && variable.dataId !== dataId)
      .map(({ variable }) => ({ variable, value: notRandom(this.#backend.graphValue(variable)) }));
  }

  /** Gives all variables their former data. Call this method after setting the former backend again. */
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

/** Exchanges the data of two tensors of the same shape and type. */
function swapData(a: tf.Tensor, b: tf.Tensor): void {
  [a.dataId, b.dataId] = [b.dataId, a.dataId];
}
