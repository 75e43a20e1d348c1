import { mapValues } from '@polytask/components';
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
import { inputOf, type Probe } from './probe.ts';
import { gradientNumbers, tinyCall, tinyRows, writeParameter } from './numbers.ts';
import { tinyExpert } from './parts.ts';

type Losses = Record<string, tf.Scalar>;

const UNIT_DIM = 3;
const RAW_DIM = 2;

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

/** The two parts of W as nested lists, [unit][row or 1][expert]. */
type WeightNumbers = Readonly<Record<'gated' | 'constant', number[][][] | undefined>>;

/**
 * A fusion level outside of a network, with plain numbers in and out. Its parameters are named `l.…`. As a probe it has the two parts of W,
 * the next vectors, and the losses of the gate.
 */
export interface TinyLevel extends Probe {
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
  const names = units.map(({ name }) => name);
  const { outputs = names } = read;
  const lanes = [...new Set([...names, ...outputs])];
  const store = new ParameterStore(seed);
  const level = createFusionLevel(store, {
    ...{ path: 'l', experts: tinyExpert(), gate, units, outputs, rawDim: RAW_DIM },
    lanes: new Map(lanes.map((name) => [name, UNIT_DIM])),
    features: new Map(features.map((name, i) => [name, { from: i % RAW_DIM, width: 1 }])),
  });
  const one = same && inputOf(tinyRows(rows, UNIT_DIM, 'one'));
  const vectors = new Map(lanes.map((name) => [name, one || inputOf(tinyRows(rows, UNIT_DIM, name))]));
  const raw = inputOf(tinyRows(rows, RAW_DIM, 'raw'));
  const weights = (training = false, losses?: Losses) =>
    sumGates(level.weights(vectors, tinyCall(raw, training, losses)));
  const apply = (training = false, losses?: Losses) =>
    Object.fromEntries(level.apply(vectors, tinyCall(raw, training, losses)));
  const named = <T>(values: Readonly<Record<string, T>>, what: string) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${what} of ${name}`, value]));
  return {
    ...{ store, prefix: 'l.gates', level, raw: raw.arraySync() },
    inputs: { ...named(Object.fromEntries(vectors), 'the vector'), "the network's input": raw },
    vectors: mapValues(Object.fromEntries(vectors), (vector) => vector.arraySync()),
    run(training) {
      const losses: Losses = {};
      const { gated, constant } = weights(training, losses);
      const next = named(apply(training, losses), 'the next vector');
      return { ...(gated && { gated }), ...(constant && { constant }), ...next, ...losses };
    },
    weights: ({ training } = {}) =>
      tf.tidy(() => {
        const { gated, constant } = weights(training);
        return { gated: gated?.arraySync(), constant: constant?.arraySync() };
      }),
    apply: ({ training } = {}) => tf.tidy(() => mapValues(apply(training), (next) => next.arraySync())),
    losses: ({ training } = {}) =>
      tf.tidy(() => {
        const losses: Losses = {};
        apply(training, losses);
        return mapValues(losses, (loss) => loss.dataSync()[0]!);
      }),
    gradients() {
      const loss = () => {
        const losses: Losses = {};
        const next = Object.values(apply(true, losses)).map((vector) => tf.sum(tf.square(vector)));
        return tf.addN([...next, ...Object.values(losses)]) as tf.Scalar;
      };
      return mapValues(gradientNumbers(loss, store.trainable()), (gradient) => [...gradient]);
    },
    read: (name) => store.get(name).variable.arraySync(),
    write: (name, values) => writeParameter(store, name, values),
  };
}
