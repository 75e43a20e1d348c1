import * as tf from '@tensorflow/tfjs';
import { fail, suggestion } from '../errors/errors.ts';
import { randomStream, type RandomStream } from '../random/random-stream.ts';

/** A named tensor that belongs to a model: trained (a kernel) or only carried along (a running mean). */
export interface Parameter {
  /** Dotted path in the tree of modules, and the tensor's name in `weights.safetensors`. */
  readonly name: string;
  readonly variable: tf.Variable;
  readonly trainable: boolean;
  /** How many of its numbers can differ from zero: a gate's kernel has dead columns where an expert is invisible. */
  readonly live: number;
}

/** All parameters and random streams of one model, by name. Every random thing derives from its one seed. */
export class ParameterStore {
  readonly #parameters = new Map<string, Parameter>();
  readonly #streams = new Map<string, RandomStream>();
  readonly #constants: tf.Tensor[] = [];

  constructor(readonly seed: number) {
    if (!Number.isSafeInteger(seed)) {
      fail({ expected: 'a whole number as seed', received: String(seed), mend: 'Pass seed: 7, for instance.' });
    }
  }

  add(name: string, value: tf.Tensor, options: { trainable: boolean; live?: number }): tf.Variable {
    if (this.#parameters.has(name)) {
      fail({
        expected: 'each parameter of a model to have a name of its own',
        received: `"${name}" twice`,
        mend: 'Create it in a child scope with another name.',
      });
    }
    const variable = tf.variable(value, options.trainable);
    this.#parameters.set(name, { name, variable, trainable: options.trainable, live: options.live ?? variable.size });
    return variable;
  }

  /** A tensor that never changes and isn't saved, such as a mask; it lives as long as the store. */
  constant(values: ArrayLike<number>, shape: number[]): tf.Tensor {
    const tensor = tf.keep(tf.tensor(Float32Array.from(values), shape));
    this.#constants.push(tensor);
    return tensor;
  }

  /** In the order of their creation. */
  all(): Parameter[] {
    return [...this.#parameters.values()];
  }

  trainable(): Parameter[] {
    return this.all().filter((parameter) => parameter.trainable);
  }

  get(name: string): Parameter {
    return (
      this.#parameters.get(name) ??
      fail({
        expected: 'the name of a parameter',
        received: `"${name}"`,
        mend: suggestion(name, this.#parameters.keys()),
      })
    );
  }

  has(name: string): boolean {
    return this.#parameters.has(name);
  }

  /** How many trained numbers the model has. */
  count(): number {
    return this.trainable().reduce((sum, parameter) => sum + parameter.live, 0);
  }

  /** The stream of a path, the same object at each call. */
  stream(path: string): RandomStream {
    let stream = this.#streams.get(path);
    if (!stream) this.#streams.set(path, (stream = randomStream(this.seed, path)));
    return stream;
  }

  /** Where each random stream stands; give it to {@link restoreStreams} to repeat or resume a run exactly. */
  streamCounters(): Record<string, number> {
    return Object.fromEntries([...this.#streams].map(([path, stream]) => [path, stream.counter]));
  }

  restoreStreams(counters: Readonly<Record<string, number>>): void {
    for (const [path, counter] of Object.entries(counters)) this.stream(path).counter = counter;
  }

  dispose(): void {
    for (const { variable } of this.#parameters.values()) variable.dispose();
    for (const tensor of this.#constants) tensor.dispose();
    this.#parameters.clear();
    this.#constants.length = 0;
  }
}
