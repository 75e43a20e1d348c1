import * as tf from '@tensorflow/tfjs';
import { interleavedStream, randomStream, type RandomStream } from '../random/random-stream.ts';
import { fanInUniform, zeros, type Initializer } from './initializers.ts';
import type { ParameterStore } from './parameter-store.ts';

/**
 * A place in a model's tree of modules, where parameters are made. An expert, gate or layer is written against a scope
 * once, as if there were one of it; in the scope of a *bank* each parameter gets a leading axis, one entry a member,
 * and each member's start comes from its own random stream. The functions are bound: take them apart as you like.
 */
export interface Scope {
  readonly path: string;
  /** Names of the bank's members, or undefined for a single module. */
  readonly members: readonly string[] | undefined;
  child(name: string): Scope;
  /** A trained kernel, `shape` for one member; [members, ...shape] in a bank. Starts as {@link fanInUniform}. */
  weight(name: string, shape: readonly number[], init?: Initializer): tf.Variable;
  /** A trained vector that broadcasts over the batch: [size]; [members, 1, size] in a bank. Starts at zero. */
  bias(name: string, size: number, init?: Initializer): tf.Variable;
  /** A vector like {@link bias} that no optimizer touches, such as a running mean. */
  buffer(name: string, size: number, init?: Initializer): tf.Variable;
  /** A parameter of any shape that doesn't broadcast, for code that brings its own: a `tf.layers` layer's weight. */
  tensor(name: string, shape: readonly number[], init: Initializer, trainable: boolean): tf.Variable;
  /** Numbers that never change and aren't saved, such as a mask. The tensor lives as long as the model. */
  constant(values: ArrayLike<number>, shape: number[]): tf.Tensor;
  /** The random stream of this path, for masks and noise drawn while training. */
  random(name: string): RandomStream;
}

export interface ScopeOptions {
  members?: readonly string[] | undefined;
  /** For parameters whose last side runs over named things, such as the experts that a gate weighs. */
  columns?: Columns | undefined;
}

export interface Columns {
  /** Each column's start comes from a random stream of its own name, whatever its place among the others. */
  readonly names: readonly string[];
  /** What can ever differ from zero, [members][columns]: the rest starts, and stays, at 0. */
  readonly live: readonly (readonly boolean[])[];
}

/**
 * The scope of one module, or of a bank of them when `members` are given. Member m of the bank at `experts` starts with
 * the same numbers as a single module at `experts.m`.
 *
 * @example
 * const store = new ParameterStore(7);
 * createScope(store, 'tower').weight('kernel', [4, 2]);                             // tower.kernel [4, 2]
 * createScope(store, 'experts', { members: ['a', 'b'] }).weight('kernel', [4, 2]);  // experts.kernel [2, 4, 2]
 */
export function createScope(store: ParameterStore, path: string, options: ScopeOptions = {}): Scope {
  return scopeWithin(store, path, [], options);
}

function scopeWithin(store: ParameterStore, base: string, inner: readonly string[], options: ScopeOptions): Scope {
  const { members, columns } = options;
  const path = join(base, ...inner);

  const make = (name: string, shape: readonly number[], vector: boolean, init: Initializer, trainable: boolean) => {
    const starts = (members ?? ['']).map((member, m) => {
      const place = join(base, member, ...inner, name);
      if (!columns) return init(shape, randomStream(store.seed, place), m);
      const streams = columns.names.map((column) => randomStream(store.seed, join(place, column)));
      const start = init(shape, interleavedStream(streams), m);
      return start.map((value, i) => (columns.live[m]![i % columns.names.length] ? value : 0));
    });
    const size = starts[0]!.length;
    const flat = new Float32Array(size * starts.length);
    starts.forEach((start, m) => flat.set(start, m * size));
    const whole = members ? [members.length, ...(vector ? [1] : []), ...shape] : [...shape];
    const count = columns?.live.reduce((sum, row) => sum + (size / row.length) * row.filter(Boolean).length, 0);
    return tf.tidy(() =>
      store.add(join(path, name), tf.tensor(flat, whole, 'float32'), {
        trainable,
        ...(count === undefined ? {} : { live: count }),
      }),
    );
  };

  return {
    path,
    members,
    child: (name) => scopeWithin(store, base, [...inner, name], options),
    weight: (name, shape, init = fanInUniform()) => make(name, shape, false, init, true),
    bias: (name, size, init = zeros()) => make(name, [size], true, init, true),
    buffer: (name, size, init = zeros()) => make(name, [size], true, init, false),
    tensor: (name, shape, init, trainable) => make(name, shape, false, init, trainable),
    constant: (values, shape) => store.constant(values, shape),
    random: (name) => store.stream(join(path, name)),
  };
}

const join = (...names: readonly string[]) => names.filter((name) => name !== '').join('.');
