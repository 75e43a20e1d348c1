import {
  anything,
  flag,
  listOf,
  mapValues,
  optional,
  readOptions,
  recordOf,
  text,
  wholeNumber,
  type FromDescription,
  type Option,
  type Written,
} from '@polytask/components';
import {
  ParameterStore,
  sumGates,
  type Call,
  type FusionLevel,
  type GateSpec,
  type Unit,
  createBank,
  type Bank,
  type ExpertSpec,
} from '@polytask/core';
import { createFusionLevel } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import { tinyExpert } from './parts.ts';
import { tinyRows, gradientNumbers, write } from './tiny-model.ts';

type Losses = Record<string, tf.Scalar>;

/** A call with the network's input, [batch, width]. @param losses collects the losses that components add, by name */
export const tinyCall = (raw: tf.Tensor2D, training = false, losses: Losses = {}): Call => ({
  training,
  raw,
  addLoss: (name, loss) => void (losses[name] = losses[name] ? tf.add(losses[name], loss) : loss),
});

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
 * A fusion level outside of a network, with plain numbers in and out. Its parameters are named `l.…`.
 */
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

const levelOptions = {
  /** Default: {@link TINY_UNITS}. */
  units: optional(anything as Option<readonly Unit[]>, TINY_UNITS),
  /** Names of units. Default: all. */
  outputs: optional(listOf(text)),
  seed: optional(wholeNumber(), 7),
  /** Whether all units read one vector, as at the first level. */
  same: optional(flag, false),
  rows: optional(wholeNumber(1), 6),
  /** Names of features that the gate reads, each a column of the network's input. */
  features: optional(listOf(text), []),
};

export interface TinyLevelOptions extends Written<typeof levelOptions>, FromDescription {}

/**
 * A fusion level of tanh experts with a gate, to compare with numbers computed by hand.
 *
 * @example
 * const { level, weights } = tinyLevel(softmaxGate({ sees: 'own' }));
 * weights().gated![0]![0]; // unit a, first row: [w, 1 − w, 0, 0]
 */
export function tinyLevel(gate: GateSpec, options: TinyLevelOptions = {}): TinyLevel {
  const { units, seed, same, rows, features, ...read } = readOptions(options, levelOptions, 'tinyLevel');
  const names = units.map(({ name }) => name);
  const { outputs = names } = read;
  const lanes = [...new Set([...names, ...outputs])];
  const store = new ParameterStore(seed);
  const level = createFusionLevel(store, {
    ...{ path: 'l', experts: tinyExpert(), gate, units, outputs, rawDim: RAW_DIM },
    lanes: new Map(lanes.map((name) => [name, UNIT_DIM])),
    features: new Map(features.map((name, i) => [name, { from: i % RAW_DIM, width: 1 }])),
  });
  const one = tinyRows(rows, UNIT_DIM, 'one');
  const vectors = recordOf(lanes, (name) => (same ? one : tinyRows(rows, UNIT_DIM, name)));
  const raw = tinyRows(rows, RAW_DIM, 'raw');
  const input = (training = false, losses?: Losses) => {
    const whole = same && tf.tensor2d(one);
    const tensors = new Map(lanes.map((name) => [name, whole || tf.tensor2d(vectors[name]!)]));
    return [tensors, tinyCall(tf.tensor2d(raw), training, losses)] as const;
  };
  return {
    ...{ store, level, raw, vectors },
    weights: ({ training } = {}) =>
      tf.tidy(() => {
        const { gated, constant } = sumGates(level.weights(...input(training)));
        return { gated: gated?.arraySync(), constant: constant?.arraySync() };
      }),
    apply: ({ training } = {}) =>
      tf.tidy(() =>
        Object.fromEntries([...level.apply(...input(training))].map(([name, next]) => [name, next.arraySync()])),
      ),
    losses: ({ training } = {}) =>
      tf.tidy(() => {
        const losses: Losses = {};
        level.apply(...input(training, losses));
        return mapValues(losses, (loss) => loss.dataSync()[0]!);
      }),
    gradients() {
      const loss = () => {
        const losses: Losses = {};
        const next = [...level.apply(...input(true, losses))].map(([, vector]) => tf.sum(tf.square(vector)));
        return tf.addN([...next, ...Object.values(losses)]) as tf.Scalar;
      };
      return gradientNumbers(loss, store.trainable());
    },
    read: (name) => store.get(name).variable.arraySync(),
    write: (name, values) => write({ store }, name, values),
  };
}

/** A bank of experts outside of a network, with plain numbers in and out. Its parameters are named `e.…`. */
export interface TinyBank {
  readonly store: ParameterStore;
  readonly bank: Bank;
  /**
   * Runs the bank on rows for each member, or on one list of rows for all. `raw` is the network's input; default: the first rows.
   * Returns [member][row][width].
   */
  run(inputs: readonly number[][][], options?: { training?: boolean; raw?: number[][] }): number[][][];
  /** A parameter as nested lists. */
  read(name: string): unknown;
  /** Writes values, nested or flat, into a parameter. */
  write(name: string, values: tf.TensorLike): void;
}

const bankOptions = {
  members: optional(listOf(text), ['a.0', 'a.1', 'b.0']),
  inputDim: optional(wholeNumber(1), 3),
  seed: optional(wholeNumber(), 7),
};

export interface TinyBankOptions extends Written<typeof bankOptions>, FromDescription {}

/**
 * A bank outside of a network, to compare with numbers computed by hand.
 *
 * @param experts one expert for all members, or one for each member
 * @example
 * const bank = tinyBank(glu({ units: 1 }), { members: ['a.0'], inputDim: 1 });
 * bank.write('e.value.kernel', [3]);
 * bank.run([[[5]]]); // [[[15 σ(gate)]]]
 */
export function tinyBank(experts: ExpertSpec | readonly ExpertSpec[], options: TinyBankOptions = {}): TinyBank {
  const { members, inputDim, seed } = readOptions(options, bankOptions, 'tinyBank');
  const store = new ParameterStore(seed);
  const bank = createBank(store, { path: 'e', members, experts, inputDim });
  return {
    store,
    bank,
    run: (inputs, { training = false, raw } = {}) =>
      tf.tidy(() => {
        const tensors = inputs.map((rows) => tf.tensor2d(rows));
        const input = tensors.length === 1 ? tensors[0]! : (tf.stack(tensors) as tf.Tensor3D);
        return bank.apply(input, tinyCall(raw ? tf.tensor2d(raw) : tensors[0]!, training)).arraySync();
      }),
    read: (name) => store.get(name).variable.arraySync(),
    write: (name, values) => write({ store }, name, values),
  };
}
