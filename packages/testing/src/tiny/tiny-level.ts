import { createFusionLevel, ParameterStore, type FusionLevel, type GateSpec, type Unit } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { tinyRows, writeParameter } from './inputs.ts';
import { tinyExpert } from './parts.ts';
import { tinyCall } from './tiny-bank.ts';

type Losses = Record<string, tf.Scalar>;

const UNIT_DIM = 3;
const RAW_DIM = 2;
const ROWS = 6;

/** Two tasks with two and one experts, and a shared one: columns a.0 a.1 b.0 shared.0. */
export const TINY_UNITS: readonly Unit[] = [
  { name: 'a', kind: 'own', experts: 2 },
  { name: 'b', kind: 'own', experts: 1 },
  { name: 'shared', kind: 'shared', experts: 1 },
];

/** What each of those units sees of those columns, written out by hand. */
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

/** A fusion level by itself, in plain numbers. Its parameters are called `l.…`. */
export interface TinyLevel {
  readonly store: ParameterStore;
  readonly level: FusionLevel;
  /** The units' vectors and the network's input, as the gate gets them. */
  readonly vectors: Readonly<Record<string, number[][]>>;
  readonly raw: number[][];
  /** W in its two parts, [unit][row or one][expert]. */
  weights(options?: { training?: boolean }): { gated: number[][][] | undefined; constant: number[][][] | undefined };
  /** Each unit's next vector, [row][width]. */
  apply(options?: { training?: boolean }): Record<string, number[][]>;
  /** The losses that the gate adds, by name. */
  losses(options?: { training?: boolean }): Record<string, number>;
  /** The gradient of Σ (next vectors)² and of the gate's own losses in training, by parameter. */
  gradients(): Record<string, number[]>;
  /** A parameter's numbers, as nested lists. */
  read(name: string): unknown;
  write(name: string, values: tf.TensorLike): void;
}

export interface TinyLevelOptions {
  /** Default: {@link TINY_UNITS}. */
  units?: readonly Unit[];
  /** Default: all units. */
  outputs?: readonly string[];
  /** Default 7. */
  seed?: number;
  /** True: all units read one vector, as at the first level. */
  same?: boolean;
  /** Default 6. */
  rows?: number;
}

/**
 * A fusion level of tanh experts with a gate, to compare with numbers worked out by hand.
 *
 * @example
 * const { level, weights } = tinyLevel(softmaxGate({ sees: 'own' }));
 * weights().gated![0]![0]; // unit a, first row: [w, 1 − w, 0, 0]
 */
export function tinyLevel(gate: GateSpec, options: TinyLevelOptions = {}): TinyLevel {
  const { units = TINY_UNITS, outputs = units.map(({ name }) => name), seed = 7, same = false, rows = ROWS } = options;
  const store = new ParameterStore(seed);
  const lanes = [...new Set([...units.map(({ name }) => name), ...outputs])];
  const level = createFusionLevel(store, {
    path: 'l',
    units,
    experts: tinyExpert(),
    outputs,
    gate,
    lanes,
    unitDim: UNIT_DIM,
    rawDim: RAW_DIM,
  });
  const vectors = Object.fromEntries(lanes.map((name) => [name, tinyRows(rows, UNIT_DIM, same ? 'one' : name)]));
  const raw = tinyRows(rows, RAW_DIM, 'raw');

  const inCall = <T>(
    use: (...given: Parameters<FusionLevel['apply']>) => T,
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
    weights: ({ training } = {}) =>
      tf.tidy(() =>
        inCall((given, call) => {
          const { gated, constant } = level.weights(given, call);
          return { gated: gated?.arraySync(), constant: constant?.arraySync() };
        }, training),
      ),
    apply: ({ training } = {}) =>
      tf.tidy(() =>
        inCall(
          (given, call) =>
            Object.fromEntries([...level.apply(given, call)].map(([name, next]) => [name, next.arraySync()])),
          training,
        ),
      ),
    losses: ({ training } = {}) =>
      tf.tidy(() => {
        const losses: Losses = {};
        inCall((given, call) => level.apply(given, call), training, losses);
        return Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));
      }),
    gradients: () =>
      tf.tidy(() => {
        const loss = () => {
          const losses: Losses = {};
          const next = inCall((given, call) => [...level.apply(given, call).values()], true, losses);
          return tf.addN([...next.map((v) => tf.sum(tf.square(v))), ...Object.values(losses)]) as tf.Scalar;
        };
        const { grads } = tf.variableGrads(
          loss,
          store.trainable().map(({ variable }) => variable),
        );
        return Object.fromEntries(
          store.trainable().map(({ name, variable }) => [name, [...grads[variable.name]!.dataSync()]]),
        );
      }),
    read: (name) => store.get(name).variable.arraySync(),
    write: (name, values) => writeParameter(store, name, values),
  };
}
