import { ParameterStore, sumGates, type FusionLevel, type GateSpec, type Lanes, type Unit } from '@polytask/core';
import type * as tf from '@tensorflow/tfjs-core';
import { tinyCall, tinyRows } from '../tiny/numbers.ts';
import { RAW_DIM, tanhLevel, TINY_UNITS, UNIT_DIM, weightNumbers } from '../tiny/tiny-level.ts';
import { inputOf, type Probe, type ProbeOptions } from './probe.ts';

export interface GateProbe extends Probe {
  readonly level: FusionLevel;
  /** The two parts of W, [unit][row or 1][expert]. */
  weights(): ReturnType<typeof weightNumbers>;
  /** The next vector of each output. */
  apply(): Lanes;
}

interface GateProbeOptions extends ProbeOptions {
  readonly units?: readonly Unit[];
  /** Names of features, each a column of the network's input. */
  readonly features?: readonly string[] | undefined;
}

/** Makes a probe of a gate. */
export type ProbeOf = (gate: GateSpec, options?: GateProbeOptions) => GateProbe;

/** A probe of a fusion level at `l`. Its outputs are the two parts of W, the next vectors, and the losses of the gate. */
export const gateProbe: ProbeOf = (gate, { units = TINY_UNITS, seed = 7, rows = 5, features } = {}) => {
  const store = new ParameterStore(seed);
  const lanes = units.map(({ name }) => name);
  const level = tanhLevel(store, gate, { units, outputs: lanes, lanes, features });
  const vectors = new Map<string, tf.Variable<tf.Rank.R2>>(
    lanes.map((name) => [name, inputOf(tinyRows(rows, UNIT_DIM, name))]),
  );
  const raw = inputOf(tinyRows(rows, RAW_DIM, 'raw'));
  const named = (values: Iterable<readonly [string, tf.Tensor]>, what: string) =>
    Object.fromEntries([...values].map(([name, value]) => [`${what} of ${name}`, value]));
  return {
    ...{ store, prefix: 'l.gates', level },
    inputs: { ...(named(vectors, 'the vector') as Probe['inputs']), "the network's input": raw },
    weights: () => weightNumbers(level, vectors, tinyCall(raw)),
    apply: () => level.apply(vectors, tinyCall(raw)),
    run(training) {
      const losses: Record<string, tf.Scalar> = {};
      const call = tinyCall(raw, training, losses);
      const { gated, constant } = sumGates(level.weights(vectors, call));
      const next = named(level.apply(vectors, call), 'the next vector');
      return { ...(gated && { gated }), ...(constant && { constant }), ...next, ...losses };
    },
  };
};
