import { createBank, ParameterStore, createExpert, createScope, type Bank, type ExpertSpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { oneOrEach, tinyCall, tinyRows } from '../tiny/numbers.ts';
import { tinyContext } from '../tiny/tiny-context.ts';
import { inputOf, type Probe } from './probe.ts';

export const INPUT_DIM = 3;
const ROWS = 5;
/** Two experts of task `a`, one of task `b`. */
export const MEMBERS = ['a.0', 'a.1', 'b.0'];

export interface ExpertProbe extends Probe {
  readonly bank: Bank;
}

export interface ExpertProbeOptions {
  members?: readonly string[];
  seed?: number;
  rows?: number | undefined;
  /** Whether all members have one input, as at the first level. Default false. */
  same?: boolean;
  /** Names of contexts. Default: none. */
  context?: readonly string[] | undefined;
}

/** The network's input: the same for a bank and for a lone expert, and not the expert's own input. */
const rawRows = (rows: number): tf.Tensor2D => tf.tensor2d(tinyRows(rows, INPUT_DIM, 'raw'));

/** A probe of a bank at `e`, with an input for each member. */
export function expertProbe(spec: ExpertSpec, options: ExpertProbeOptions = {}): ExpertProbe {
  const { members = MEMBERS, seed = 7, rows = ROWS, same = false, context } = options;
  const { contexts, features } = tinyContext(context, INPUT_DIM);
  const store = new ParameterStore(seed);
  const bank = createBank(store, { path: 'e', members, experts: spec, inputDim: INPUT_DIM, contexts });
  const names = same ? ['all'] : members;
  const inputs = Object.fromEntries(
    names.map((name) => [`the input of ${name}`, inputOf(tinyRows(rows, INPUT_DIM, name))]),
  );
  return {
    store,
    prefix: 'e.',
    inputs,
    bank,
    run(training) {
      const losses: Record<string, tf.Scalar> = {};
      const call = { ...tinyCall(rawRows(rows), training, losses), features: features(rows) };
      return { outputs: bank.apply(oneOrEach(Object.values(inputs)), call), ...losses };
    },
  };
}

/** A probe of the single expert at `e.member`, outside of a bank. */
export function loneExpertProbe(spec: ExpertSpec, member: string, context?: readonly string[]): Probe {
  const { contexts, features } = tinyContext(context, INPUT_DIM);
  const store = new ParameterStore(7);
  const expert = createExpert(createScope(store, `e.${member}`, { contexts }), spec, INPUT_DIM);
  const x = inputOf(tinyRows(ROWS, INPUT_DIM, member));
  return {
    store,
    prefix: 'e.',
    inputs: { [`the input of ${member}`]: x },
    run(training) {
      const losses: Record<string, tf.Scalar> = {};
      return {
        outputs: expert.apply(x, { ...tinyCall(rawRows(ROWS), training, losses), features: features(ROWS) }),
        ...losses,
      };
    },
  };
}
