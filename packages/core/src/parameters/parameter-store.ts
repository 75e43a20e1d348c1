import * as tf from '@tensorflow/tfjs-core';
import { fail, number, sum, notKnown } from '@polytask/components';
import { randomStream, type RandomStream } from '../random/random.ts';
import type { EmbeddingTable } from '../memory/embedding-table.ts';
import { requireBackend } from '../tensorflow/backend.ts';

/** A named tensor of a model: trained (a kernel) or only saved with the model (a running mean). */
export interface Parameter {
  /** The dotted path in the tree of modules. It is also the tensor's name in `weights.safetensors`. */
  readonly name: string;
  readonly variable: tf.Variable;
  readonly trainable: boolean;
  /** The factor of the learning rate, which `fit` sets for a training. 0: it is frozen. Default 1. */
  rate?: number | undefined;
  /** How many of its numbers can differ from zero. A gate's kernel has columns of zeros for experts that are not visible. */
  readonly live: number;
  /** The names along its axes, for models that grow. Default: none. */
  readonly axes?: ParameterAxes | undefined;
}

/** The names of the places along the axes of a parameter. A grown model finds its old numbers by them. */
export interface ParameterAxes {
  /** Along the first axis: the members of a bank, such as tasks. */
  readonly members?: readonly string[] | undefined;
  /** Along the last axis, such as the experts that a gate weighs, and which of them may differ from zero, [members][columns]. */
  readonly columns?: { readonly names: readonly string[]; readonly live: readonly (readonly boolean[])[] } | undefined;
  /** Along the first axis: blocks of places, each of which may get further places at its end. */
  readonly blocks?: readonly PlaceBlock[] | undefined;
  /** The first axis has the rows of the embedding table. */
  readonly isTable?: boolean | undefined;
  /** The value of a column that is new to an old member: the old member's output stays. Default 0. */
  readonly closed?: number | undefined;
}

/** Some places of an axis that have one name together. */
export interface PlaceBlock {
  readonly name: string;
  readonly size: number;
  /** The place whose number further places start with. Default: they start as in a new model. */
  readonly like?: number | undefined;
}

/**
 * All parameters and random streams of one model, by name. All random numbers derive from the store's one seed.
 *
 * @throws PolytaskError when the seed is not a safe integer, or TensorFlow.js has no backend
 * @example const store = new ParameterStore(7);
 */
export class ParameterStore {
  readonly #parameters = new Map<string, Parameter>();
  readonly #tables = new Map<string, EmbeddingTable>();
  readonly #streams = new Map<string, RandomStream>();
  readonly #constants: tf.Tensor[] = [];
  #reserved = 0;

  /** @param most the most numbers that all parameters may hold together. Default: no limit */
  constructor(
    readonly seed: number,
    readonly most = Infinity,
  ) {
    number({ whole: true }).read(seed, 'the seed');
    requireBackend();
  }

  /** Announces a parameter. @throws PolytaskError when all parameters together would hold more numbers than the store may */
  reserve(name: string, shape: readonly number[]): void {
    this.#reserved += shape.reduce((product, side) => product * side, 1);
    if (this.#reserved > this.most) {
      fail({
        expected: `parameters of at most ${this.most.toLocaleString('en')} numbers`,
        received: `${this.#reserved.toLocaleString('en')} with "${name}" [${shape}]`,
        fix: 'Make the model smaller.',
      });
    }
  }

  /** Adds a variable with these initial values. @throws PolytaskError when the name is taken */
  add(
    name: string,
    value: tf.Tensor,
    { trainable, live, axes }: { trainable: boolean; live?: number | undefined; axes?: ParameterAxes },
  ): tf.Variable {
    this.#checkNew(name);
    const variable = tf.variable(value, trainable);
    this.#parameters.set(name, { name, variable, trainable, live: live ?? variable.size, axes });
    return variable;
  }

  /** Adds a table with sparse updates, which is not among {@link all}. @throws PolytaskError when the name is taken */
  addTable(table: EmbeddingTable): EmbeddingTable {
    this.#checkNew(table.name);
    this.#tables.set(table.name, table);
    return table;
  }

  #checkNew(name: string): void {
    if (!this.has(name)) return;
    fail({
      expected: 'each parameter of a model to have a name of its own',
      received: `"${name}" twice`,
      fix: 'Create it in a child scope with another name.',
    });
  }

  /** Creates a tensor that is never trained or saved, such as a mask. The store disposes it. */
  constant(values: ArrayLike<number>, shape: number[]): tf.Tensor {
    const tensor = tf.keep(tf.tensor(Float32Array.from(values), shape));
    this.#constants.push(tensor);
    return tensor;
  }

  /** All parameters but the tables, in the order of their creation. */
  all(): Parameter[] {
    return [...this.#parameters.values()];
  }

  /** The trained parameters that aren't frozen, in the order of their creation. */
  trainable(): Parameter[] {
    return this.all().filter(({ trainable, rate }) => trainable && rate !== 0);
  }

  /** The tables with sparse updates, in the order of their creation. */
  tables(): EmbeddingTable[] {
    return [...this.#tables.values()];
  }

  /** @throws PolytaskError when no parameter has this name */
  get(name: string): Parameter {
    return this.#parameters.get(name) ?? notKnown(name, this.#parameters.keys(), 'the name of a parameter');
  }

  has(name: string): boolean {
    return this.#parameters.has(name) || this.#tables.has(name);
  }

  count(): number {
    const rows = sum(this.tables(), (table) => table.size);
    return rows + sum(this.all(), ({ trainable, live }) => (trainable ? live : 0));
  }

  /** The random stream of this path, the same object each time. */
  stream(path: string): RandomStream {
    let stream = this.#streams.get(path);
    if (!stream) this.#streams.set(path, (stream = randomStream(this.seed, path)));
    return stream;
  }

  /** The random streams by path, as far as they were asked for. */
  get streams(): ReadonlyMap<string, RandomStream> {
    return this.#streams;
  }

  restoreStreams(counters: Readonly<Record<string, number>>): void {
    for (const [path, counter] of Object.entries(counters)) this.stream(path).counter = counter;
  }

  dispose(): void {
    for (const { variable } of this.#parameters.values()) variable.dispose();
    for (const tensor of this.#constants) tensor.dispose();
    this.#parameters.clear();
    this.#tables.clear();
    this.#constants.length = 0;
  }
}

/** The counters of all random streams, for `store.restoreStreams`. @example streamCounters(model.store) // { 'levels.0.dropout': 12 } */
export const streamCounters = ({ streams }: Pick<ParameterStore, 'streams'>): Record<string, number> =>
  Object.fromEntries([...streams].map(([path, stream]) => [path, stream.counter]));
