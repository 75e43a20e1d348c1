import { createBank, createExpert, createScope, ParameterStore, type ExpertSpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { oneOrEach, tinyCall, tinyRows } from '../tiny/numbers.ts';
import { tinyContext } from '../tiny/tiny-context.ts';
import { inputOf, type Probe, type ProbeOptions } from './probe.ts';

export const INPUT_DIM = 3;
/** Two experts of task `a`, one of task `b`. */
export const MEMBERS = ['a.0', 'a.1', 'b.0'];

interface ExpertProbeOptions extends ProbeOptions {
  /** Names of contexts. Default: none. */
  readonly context?: readonly string[] | undefined;
  /** The only expert, outside of a bank. Default: a bank of all {@link MEMBERS}. */
  readonly alone?: string;
}

/** A probe of a bank at `e`, with an input for each member, or of a single expert at `e.member`. */
export function expertProbe(experts: ExpertSpec, options: ExpertProbeOptions = {}): Probe {
  const { alone, seed = 7, rows = 5, same = false, context } = options;
  const { contexts, features } = tinyContext(context, INPUT_DIM);
  const store = new ParameterStore(seed);
  const own = alone
    ? createExpert(createScope(store, `e.${alone}`, { contexts }), experts, INPUT_DIM)
    : createBank(store, { path: 'e', members: MEMBERS, experts, inputDim: INPUT_DIM, contexts });
  const names = alone ? [alone] : same ? ['all'] : MEMBERS;
  const inputs = Object.fromEntries(
    names.map((name) => [`the input of ${name}`, inputOf(tinyRows(rows, INPUT_DIM, name))]),
  );
  return {
    ...{ store, prefix: 'e.', inputs, outputDim: own.outputDim },
    run(training) {
      const losses: Record<string, tf.Scalar> = {};
      const raw = tf.tensor2d(tinyRows(rows, INPUT_DIM, 'raw')); // the same for a bank and a lone expert
      const call = { ...tinyCall(raw, training, losses), features: features(rows) };
      return { outputs: own.apply(oneOrEach(Object.values(inputs)), call), ...losses };
    },
  };
}
