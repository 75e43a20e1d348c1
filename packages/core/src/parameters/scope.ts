import { checkNames, sum } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import type { Contexts } from '../features/layout.ts';
import { interleavedDraws, randomStream, type RandomStream } from '../random/random.ts';
import { EmbeddingTable } from '../memory/embedding-table.ts';
import { fanInUniform, zeros, type Initializer } from './initializers.ts';
import type { ParameterAxes, ParameterStore } from './parameter-store.ts';

/**
 * A node in a model's tree of modules, with which an expert, gate or layer creates its parameters. The code is written once, for a single
 * module. In a *bank*, each parameter gets a leading axis with one entry per member, initialized from the member's own random stream.
 */
export interface Scope {
  readonly path: string;
  /** Names of the bank's members, or undefined for a single module. */
  readonly members: readonly string[] | undefined;
  /** The contexts of the schema, for experts and gates: {@link contextOf} reads them. */
  readonly contexts?: Contexts | undefined;
  /**
   * A scope for parameters of each member of the model ({@link ModelDeclaration.members}): a {@link bias} is [bank · model members, 1, size].
   * Undefined if the model has one member, and in gates and inputs.
   */
  readonly perModelMember?: Scope | undefined;
  child(name: string): Scope;
  /** A trained kernel: [...shape], or [members, ...shape] in a bank. `init` is {@link fanInUniform} by default. */
  weight(name: string, shape: readonly number[], init?: Initializer, axes?: ParameterAxes): tf.Variable;
  /** A trained vector that broadcasts over the batch: [size], or [members, 1, size] in a bank. `init` is {@link zeros} by default. */
  bias(name: string, size: number, init?: Initializer, axes?: ParameterAxes): tf.Variable;
  /** A vector shaped like {@link bias} that is saved but not trained, such as a running mean. */
  buffer(name: string, size: number, init?: Initializer, axes?: ParameterAxes): tf.Variable;
  /** A parameter of any shape that doesn't broadcast, such as the weight of a `tf.layers` layer. */
  tensor(
    name: string,
    shape: readonly number[],
    init: Initializer,
    trainable: boolean,
    axes?: ParameterAxes,
  ): tf.Variable;
  /** An embedding table with sparse updates, [rows, dimension], with the initial values of such a {@link weight}. A bank has none. */
  table(name: string, shape: readonly [rows: number, dimension: number], init: Initializer): EmbeddingTable;
  /** A tensor that is never trained or saved, such as a mask. The model disposes it. */
  constant(values: ArrayLike<number>, shape: number[]): tf.Tensor;
  /** The random stream of a path below this scope, for masks and noise that are drawn in training. */
  random(name: string): RandomStream;
}

export interface ScopeOptions {
  /** Names of a bank's members. Leave it out for a single module. */
  members?: readonly string[] | undefined;
  /** For parameters whose last axis has named columns: each starts from the random stream of its name, at any position. */
  columns?: ParameterAxes['columns'];
  /** The contexts of the schema. Default: none. */
  contexts?: Contexts | undefined;
  /** The number of members of the model, for modules with parameters for each. Default 1. */
  modelMembers?: number | undefined;
}

/** Names for what each member of the model has for itself: `income.0`, `income.1`, … */
export const memberNames = (members: number, names: readonly string[] = ['']): string[] =>
  names.flatMap((name) => Array.from({ length: members }, (_, i) => join(name, String(i))));

/**
 * Creates the scope of one module, or of a bank of modules when `members` are given. Member m of the bank at `experts` is
 * initialized with the same values as a single module at `experts.m`.
 *
 * @example
 * const store = new ParameterStore(7);
 * createScope(store, 'tower').weight('kernel', [4, 2]);                             // tower.kernel [4, 2]
 * createScope(store, 'experts', { members: ['a', 'b'] }).weight('kernel', [4, 2]);  // experts.kernel [2, 4, 2]
 */
export function createScope(store: ParameterStore, path: string, options: ScopeOptions = {}): Scope {
  checkNames(options, ['members', 'columns', 'contexts', 'modelMembers'], 'createScope');
  return scopeWithin(store, path, [], options);
}

function scopeWithin(store: ParameterStore, base: string, inner: readonly string[], options: ScopeOptions): Scope {
  const { members, columns, contexts, modelMembers = 1 } = options;
  const path = join(base, ...inner);

  const make = (
    name: string,
    shape: readonly number[],
    vector: boolean,
    init: Initializer,
    trainable: boolean,
    axes?: ParameterAxes,
  ) => {
    const whole = members ? [members.length, ...(vector ? [1] : []), ...shape] : [...shape];
    store.reserve(join(path, name), whole);
    const starts = (members ?? ['']).map((member, m) => {
      const place = join(base, member, ...inner, name);
      if (!columns) return init(shape, randomStream(store.seed, place), m);
      const streams = columns.names.map((column) => randomStream(store.seed, join(place, column)));
      const start = init(shape, interleavedDraws(streams), m);
      return start.map((value, i) => (columns.live[m]![i % columns.names.length] ? value : 0));
    });
    const size = starts[0]!.length;
    const flat = new Float32Array(size * starts.length);
    starts.forEach((start, m) => flat.set(start, m * size));
    const live = columns && sum(columns.live, (row) => (size / row.length) * row.filter(Boolean).length);
    return tf.tidy(() =>
      store.add(join(path, name), tf.tensor(flat, whole, 'float32'), {
        trainable,
        axes: { members, columns, ...axes },
        live,
      }),
    );
  };

  return {
    path,
    members,
    contexts,
    perModelMember:
      modelMembers === 1
        ? undefined
        : scopeWithin(store, base, inner, { members: memberNames(modelMembers, members), contexts }),
    child: (name) => scopeWithin(store, base, [...inner, name], options),
    weight: (name, shape, init = fanInUniform(), axes) => make(name, shape, false, init, true, axes),
    bias: (name, size, init = zeros(), axes) => make(name, [size], true, init, true, axes),
    buffer: (name, size, init = zeros(), axes) => make(name, [size], true, init, false, axes),
    tensor: (name, shape, init, trainable, axes) => make(name, shape, false, init, trainable, axes),
    table(name, shape, init) {
      store.reserve(join(path, name), shape);
      const place = join(path, name);
      return store.addTable(new EmbeddingTable(place, shape, () => init(shape, randomStream(store.seed, place), 0)));
    },
    constant: (values, shape) => store.constant(values, shape),
    random: (name) => store.stream(join(path, name)),
  };
}

const join = (...names: readonly string[]) => names.filter((name) => name !== '').join('.');
