import * as tf from '@tensorflow/tfjs';
import {
  createFusionLevel,
  defineExpert,
  dense,
  ParameterStore,
  randomStream,
  type Call,
  type FusionLevel,
  type GateSpec,
  type Unit,
} from '@polytask/core';

type Losses = [string, tf.Scalar][];

const UNIT_DIM = 3;
const RAW_DIM = 2;
const ROWS = 6;

/** The experts proper are another package's. */
export const testExpert = defineExpert('test-expert', (builder) => ({
  outputDim: 4,
  apply: dense(builder, { inputDim: builder.inputDim, units: 4, activation: 'tanh' }),
}));

/** Two tasks with two and one experts, and a shared one: columns a.0 a.1 b.0 shared.0. */
export const UNITS: readonly Unit[] = [
  { name: 'a', kind: 'task', experts: 2 },
  { name: 'b', kind: 'task', experts: 1 },
  { name: 'shared', kind: 'shared', experts: 1 },
];

/** What each unit sees of those columns, by visibility. */
export const SEES = {
  all: [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]],
  own: [[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
  'own+shared': [[1, 1, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1]],
} as const;

export interface TestLevel {
  readonly store: ParameterStore;
  readonly level: FusionLevel;
  /** The units' vectors and the network's input, as the gate gets them. */
  readonly vectors: Readonly<Record<string, number[][]>>;
  readonly raw: number[][];
  /** W in its two parts, [unit][row or one][expert]. */
  weights(options?: { training?: boolean }): { gated: number[][][] | undefined; constant: number[][][] | undefined };
  /** Each unit's next vector, [row][width]. */
  apply(options?: { training?: boolean }): Record<string, number[][]>;
  /** The losses that the gate adds. */
  losses(options?: { training?: boolean }): Record<string, number>;
  /** The gradient of Σ (next vectors)² and the gate's own losses in training, by parameter. */
  gradients(): Record<string, number[]>;
  read(name: string): unknown;
}

export interface TestLevelOptions {
  units?: readonly Unit[];
  outputs?: readonly string[];
  seed?: number;
  /** True: all units read one vector, as at the first level. */
  same?: boolean;
}

/** A fusion level by itself, with the gate that is tested. */
export function testLevel(gate: GateSpec, options: TestLevelOptions = {}): TestLevel {
  const { units = UNITS, outputs = units.map(({ name }) => name), seed = 7, same = false } = options;
  const store = new ParameterStore(seed);
  const lanes = [...new Set([...units.map(({ name }) => name), ...outputs])];
  const level = createFusionLevel(store, {
    path: 'l', units, experts: testExpert(), outputs, weights: gate, lanes, unitDim: UNIT_DIM, rawDim: RAW_DIM,
  });
  const vectors = Object.fromEntries(lanes.map((name) => [name, rows(UNIT_DIM, same ? 'one' : name)]));
  const raw = rows(RAW_DIM, 'raw');

  const inCall = <T>(use: (lanes: Map<string, tf.Tensor2D>, call: Call) => T, training = false, losses: Losses = []): T => {
    const one = tf.tensor2d(vectors[lanes[0]!]!);
    const tensors = new Map(lanes.map((name) => [name, same ? one : tf.tensor2d(vectors[name]!)]));
    return use(tensors, { training, raw: tf.tensor2d(raw), addLoss: (...loss) => void losses.push(loss) });
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
        inCall((given, call) =>
          Object.fromEntries([...level.apply(given, call)].map(([name, next]) => [name, next.arraySync()])),
          training,
        ),
      ),
    losses: ({ training } = {}) =>
      tf.tidy(() => {
        const losses: Losses = [];
        inCall((given, call) => level.apply(given, call), training, losses);
        return Object.fromEntries(losses.map(([name, loss]) => [name, loss.dataSync()[0]!]));
      }),
    gradients: () =>
      tf.tidy(() => {
        const loss = () => {
          const losses: Losses = [];
          const next = inCall((given, call) => [...level.apply(given, call).values()], true, losses);
          const all = [...next.map((v) => tf.sum(tf.square(v))), ...losses.map(([, each]) => each)];
          return all.reduce((sum, each) => tf.add(sum, each)) as tf.Scalar;
        };
        const { grads } = tf.variableGrads(loss, store.trainable().map(({ variable }) => variable));
        return Object.fromEntries(store.trainable().map(({ name, variable }) => [name, [...grads[variable.name]!.dataSync()]]));
      }),
    read: (name) => store.get(name).variable.arraySync(),
  };
}

function rows(width: number, name: string): number[][] {
  const stream = randomStream(1, name);
  return Array.from({ length: ROWS }, () => [...stream.normal(width)]);
}

/** Σ_e W_u,e E_e in plain loops, with the experts' outputs by member, [expert][row][width]. */
export const fuse = (weights: number[][], experts: number[][][]): number[][] =>
  experts[0]!.map((first, row) =>
    first.map((_, column) =>
      experts.reduce((sum, expert, e) => sum + weights[weights.length === 1 ? 0 : row]![e]! * expert[row]![column]!, 0),
    ),
  );

/** What the level's experts give, in plain loops. */
export function expertOutputs({ level, vectors, read }: TestLevel): number[][][] {
  const kernels = read('l.experts.kernel') as number[][][];
  const biases = read('l.experts.bias') as number[][][];
  return level.experts.map(({ unit }, e) => affine(vectors[unit]!, kernels[e]!, biases[e]![0]!).map((row) => row.map(Math.tanh)));
}

/** x W + b in plain loops. */
export const affine = (x: number[][], w: number[][], b: number[]): number[][] =>
  x.map((row) => b.map((bias, o) => row.reduce((sum, value, i) => sum + value * w[i]![o]!, bias)));
