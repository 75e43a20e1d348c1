import {
  contextsOf,
  createBank,
  createExpert,
  createScope,
  layoutOf,
  ParameterStore,
  partTensors,
  type Bank,
  type Call,
  type Contexts,
  type ExpertSpec,
  type FeatureTensors,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { oneOrEach, tinyCall, tinyRows } from '../tiny/numbers.ts';
import { tinyFeatures, tinySchema } from '../tiny/tiny-features.ts';
import { inputOf, type Probe } from './probe.ts';

const INPUT_DIM = 3;
const ROWS = 5;
/** Two experts of task `a`, one of task `b`. */
export const MEMBERS = ['a.0', 'a.1', 'b.0'];

export interface ExpertProbe extends Probe {
  readonly bank: Bank;
}

interface ExpertProbeOptions {
  seed?: number;
  rows?: number | undefined;
  /** Whether all members have one input, as at the first level. Default false. */
  same?: boolean;
  /** Names of contexts. Default: none. */
  context?: readonly string[] | undefined;
}

/** A probe of a bank at `e`, with an input for each member. */
export function expertProbe(spec: ExpertSpec, options: ExpertProbeOptions = {}): ExpertProbe {
  const { seed = 7, rows = ROWS, same = false, context } = options;
  const store = new ParameterStore(seed);
  const { contexts, features } = tinyContext(context);
  const bank = createBank(store, { path: 'e', members: MEMBERS, experts: spec, inputDim: INPUT_DIM, contexts });
  return { bank, ...probeOf(store, same ? ['all'] : MEMBERS, rows, features, (x, call) => bank.apply(x, call)) };
}

/** A probe of the single expert at `e.member`, outside of a bank. */
export function loneExpertProbe(spec: ExpertSpec, member: string, context?: readonly string[]): Probe {
  const store = new ParameterStore(7);
  const { contexts, features } = tinyContext(context);
  const expert = createExpert(createScope(store, `e.${member}`, { contexts }), spec, INPUT_DIM);
  return probeOf(store, [member], ROWS, features, (x, call) => expert.apply(x, call));
}

/** @param names of the inputs */
function probeOf(
  store: ParameterStore,
  names: readonly string[],
  rows: number,
  features: TinyContext['features'],
  apply: (x: tf.Tensor2D | tf.Tensor3D, call: Call) => tf.Tensor,
): Probe {
  const each = names.map((name) => [`the input of ${name}`, inputOf(tinyRows(rows, INPUT_DIM, name))] as const);
  const inputs = Object.fromEntries(each);
  return {
    ...{ store, inputs, prefix: 'e.' },
    run(training) {
      const losses: Record<string, tf.Scalar> = {};
      const raw = tf.tensor2d(tinyRows(rows, INPUT_DIM, 'raw')); // not the expert's own input
      const call = { ...tinyCall(raw, training, losses), features: features(rows) };
      return { outputs: apply(oneOrEach(Object.values(inputs)), call), ...losses };
    },
  };
}

/** The contexts of a component outside of a model. */
interface TinyContext {
  readonly contexts: Contexts | undefined;
  /** The features of a batch, for `Call.features`. Call it in a `tf.tidy`. */
  features(rows: number): FeatureTensors | undefined;
}

/** Contexts of these names. Each has a column of the network's input as its embedding. */
function tinyContext(names: readonly string[] = []): TinyContext {
  if (names.length === 0) return { contexts: undefined, features: () => undefined };
  const schema = { features: tinySchema(names), tasks: {} };
  const layout = layoutOf(schema);
  const columns = new Map(names.map((name, i) => [name, { from: i % INPUT_DIM, width: 1 }]));
  return {
    contexts: contextsOf({ ...schema, context: names }, layout, columns),
    features: (rows) => partTensors(tinyFeatures(rows, layout), layout),
  };
}
