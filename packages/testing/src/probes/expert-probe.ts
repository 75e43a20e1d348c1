import { createBank, createExpert, createScope, ParameterStore, type Bank, type ExpertSpec } from '@polytask/core';
import type * as tf from '@tensorflow/tfjs';
import { tinyRows } from '../tiny/inputs.ts';
import { oneOrEach, tinyCall } from '../tiny/tiny-bank.ts';
import { inputOf, type Probe } from './probe.ts';

export const INPUT_DIM = 3;
/** Two experts of one task, one of another. */
export const MEMBERS = ['a.0', 'a.1', 'b.0'];

export interface ExpertProbe extends Probe {
  readonly bank: Bank;
}

export interface ExpertProbeOptions {
  members?: readonly string[];
  seed?: number;
  rows?: number;
  /** True: one input for all members, as at the first level. */
  same?: boolean;
}

/** A bank of the expert at `e`, an input for each member. */
export function expertProbe(spec: ExpertSpec, options: ExpertProbeOptions = {}): ExpertProbe {
  const { members = MEMBERS, seed = 7, rows = 5, same = false } = options;
  const store = new ParameterStore(seed);
  const bank = createBank(store, { path: 'e', members, experts: spec, inputDim: INPUT_DIM });
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
      const given = Object.values(inputs) as unknown as tf.Tensor2D[];
      const losses: Record<string, tf.Scalar> = {};
      return { outputs: bank.apply(oneOrEach(given), tinyCall(given[0]!, training, losses)), ...losses };
    },
  };
}

/** The one expert that stands at `e.member` by itself, outside of any bank. */
export function loneExpertProbe(spec: ExpertSpec, member: string): Probe {
  const store = new ParameterStore(7);
  const expert = createExpert(createScope(store, `e.${member}`), spec, INPUT_DIM);
  const x = inputOf(tinyRows(5, INPUT_DIM, member));
  return {
    store,
    prefix: 'e.',
    inputs: { [`the input of ${member}`]: x },
    run(training) {
      const losses: Record<string, tf.Scalar> = {};
      return { outputs: expert.apply(x, tinyCall(x as unknown as tf.Tensor2D, training, losses)), ...losses };
    },
  };
}
