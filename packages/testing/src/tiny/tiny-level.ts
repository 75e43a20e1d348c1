import {
  readOptions,
  checks,
  ParameterStore,
  sumGates,
  type FusionLevel,
  type GateSpec,
  type FromDescription,
  type Option,
  type Unit,
  type Written,
} from '@polytask/core';
import { createFusionLevel } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import { gradientNumbers, tinyCall, tinyRows, writeParameter } from './numbers.ts';
import { tinyExpert } from './parts.ts';

type Losses = Record<string, tf.Scalar>;

export const UNIT_DIM = 3;
export const RAW_DIM = 2;

/** Task `a` with two experts, task `b` with one, and a shared expert. The columns are a.0, a.1, b.0, shared.0. */
export const TINY_UNITS: readonly Unit[] = [
  { name: 'a', kind: 'own', experts: 2 },
  { name: 'b', kind: 'own', experts: 1 },
  { name: 'shared', kind: 'shared', experts: 1 },
];

/** The columns that each unit of {@link TINY_UNITS} sees, [unit][column]. */
export const TINY_SEES = {
  all: [
    [1, 1, 1, 1],
    [1, 1, 1, 1],
    [1, 1, 1, 1],
  ],
  own: [
    [1, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ],
  'own+shared': [
    [1, 1, 0, 1],
    [0, 0, 1, 1],
    [1, 1, 1, 1],
  ],
} as const;

interface LevelParts {
  readonly units: readonly Unit[];
  readonly outputs: readonly string[];
  readonly lanes: readonly string[];
  /** Names of features, each a column of the network's input. */
  readonly features?: readonly string[] | undefined;
}

/** A fusion level of tanh experts at `l`. */
export function tanhLevel(store: ParameterStore, gate: GateSpec, { features = [], ...parts }: LevelParts): FusionLevel {
  const columns = new Map(features.map((name, i) => [name, { from: i % RAW_DIM, width: 1 }]));
  const dims = { unitDim: UNIT_DIM, rawDim: RAW_DIM };
  return createFusionLevel(store, { path: 'l', experts: tinyExpert(), gate, ...dims, ...parts, features: columns });
}

/** The two parts of W as nested lists, [unit][row or 1][expert]. */
type WeightNumbers = Readonly<Record<'gated' | 'constant', number[][][] | undefined>>;

/** W of a level as numbers. */
export const weightNumbers = (level: FusionLevel, ...inputs: Parameters<FusionLevel['weights']>): WeightNumbers =>
  tf.tidy(() => {
    const { gated, constant } = sumGates(level.weights(...inputs));
    return { gated: gated?.arraySync(), constant: constant?.arraySync() };
  });

/** A fusion level outside of a network, with plain numbers in and out. Its parameters are named `l.…`. */
export interface TinyLevel {
  readonly store: ParameterStore;
  readonly level: FusionLevel;
  /** The units' vectors, [row][3]: the input of the gate and of the experts. */
  readonly vectors: Readonly<Record<string, number[][]>>;
  /** The network's input, [row][2]. */
  readonly raw: number[][];
  /** The two parts of W, [unit][row or 1][expert]. */
  weights(options?: { training?: boolean }): WeightNumbers;
  /** Each unit's next vector, [row][width]. */
  apply(options?: { training?: boolean }): Record<string, number[][]>;
  /** The losses that the gate adds, by name. */
  losses(options?: { training?: boolean }): Record<string, number>;
  /** The gradient of Σ (next vectors)² + the gate's losses in training, by parameter. */
  gradients(): Record<string, number[]>;
  /** A parameter as nested lists. */
  read(name: string): unknown;
  /** Writes values, nested or flat, into a parameter. */
  write(name: string, values: tf.TensorLike): void;
}

const { anything, flag, listOf, optional, text, wholeNumber } = checks;

const description = {
  /** Default: {@link TINY_UNITS}. */
  units: optional(anything as Option<readonly Unit[]>, TINY_UNITS),
  /** Default: all units. */
  outputs: optional(listOf(text)),
  seed: optional(wholeNumber(), 7),
  /** Whether all units read one vector, as at the first level. */
  same: optional(flag, false),
  rows: optional(wholeNumber(1), 6),
  /** Names of features that the gate reads, each a column of the network's input. */
  features: optional(listOf(text), []),
};

export interface TinyLevelOptions extends Written<typeof description>, FromDescription {}

/**
 * A fusion level of tanh experts with a gate, to compare with numbers computed by hand.
 *
 * @example
 * const { level, weights } = tinyLevel(softmaxGate({ sees: 'own' }));
 * weights().gated![0]![0]; // unit a, first row: [w, 1 − w, 0, 0]
 */
export function tinyLevel(gate: GateSpec, options: TinyLevelOptions = {}): TinyLevel {
  const { units, seed, same, rows, features, ...read } = readOptions(options, description, 'tinyLevel');
  const { outputs = units.map(({ name }) => name) } = read;
  const store = new ParameterStore(seed);
  const lanes = [...new Set([...units.map(({ name }) => name), ...outputs])];
  const level = tanhLevel(store, gate, { units, outputs, lanes, features });
  const vectors = Object.fromEntries(lanes.map((name) => [name, tinyRows(rows, UNIT_DIM, same ? 'one' : name)]));
  const raw = tinyRows(rows, RAW_DIM, 'raw');

  const inCall = <T>(
    use: (...inputs: Parameters<FusionLevel['apply']>) => T,
    training = false,
    losses: Losses = {},
  ): T => {
    const one = tf.tensor2d(vectors[lanes[0]!]!);
    const tensors = new Map(lanes.map((name) => [name, same ? one : tf.tensor2d(vectors[name]!)]));
    return use(tensors, tinyCall(tf.tensor2d(raw), training, losses));
  };
  return {
    store,
    level,
    vectors,
    raw,
    weights: ({ training } = {}) => tf.tidy(() => inCall((lanes, call) => weightNumbers(level, lanes, call), training)),
    apply: ({ training } = {}) =>
      tf.tidy(() =>
        inCall(
          (lanes, call) =>
            Object.fromEntries([...level.apply(lanes, call)].map(([name, next]) => [name, next.arraySync()])),
          training,
        ),
      ),
    losses: ({ training } = {}) =>
      tf.tidy(() => {
        const losses: Losses = {};
        inCall((lanes, call) => level.apply(lanes, call), training, losses);
        return Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));
      }),
    gradients: () =>
      tf.tidy(() => {
        const loss = () => {
          const losses: Losses = {};
          const next = inCall((lanes, call) => [...level.apply(lanes, call).values()], true, losses);
          return tf.addN([...next.map((v) => tf.sum(tf.square(v))), ...Object.values(losses)]) as tf.Scalar;
        };
        const gradients = Object.entries(gradientNumbers(loss, store.trainable()));
        return Object.fromEntries(gradients.map(([name, gradient]) => [name, [...gradient]]));
      }),
    read: (name) => store.get(name).variable.arraySync(),
    write: (name, values) => writeParameter(store, name, values),
  };
}
