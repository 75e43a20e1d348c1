import { ParameterStore, sumGates, type FusionLevel, type GateSpec, type Lanes, type Unit } from '@polytask/core';
import type * as tf from '@tensorflow/tfjs-core';
import { tinyCall, tinyRows } from '../tiny/numbers.ts';
import { RAW_DIM, tanhLevel, TINY_UNITS, UNIT_DIM, weightNumbers } from '../tiny/tiny-level.ts';
import { inputOf, type Probe } from './probe.ts';

export interface GateProbe extends Probe {
  readonly level: FusionLevel;
  /** The two parts of W, [unit][row or 1][expert]. */
  weights(): ReturnType<typeof weightNumbers>;
  /** The next vector of each output. */
  apply(): Lanes;
}

export interface GateProbeOptions {
  units?: readonly Unit[];
  outputs?: readonly string[];
  seed?: number;
  rows?: number;
  /** Names of features, each a column of the network's input. */
  features?: readonly string[] | undefined;
}

/** Makes a probe of a gate. */
export type ProbeOf = (gate: GateSpec, options?: GateProbeOptions) => GateProbe;

/** A probe of a fusion level at `l`. Its outputs are the two parts of W, the next vectors, and the losses of the gate. */
export function gateProbe(gate: GateSpec, options: GateProbeOptions = {}): GateProbe {
  const { units = TINY_UNITS, outputs = units.map(({ name }) => name), seed = 7, rows = 5, features } = options;
  const store = new ParameterStore(seed);
  const lanes = units.map(({ name }) => name);
  const level = tanhLevel(store, gate, { units, outputs, lanes, features });
  const inputs = lanes.map((name) => [name, inputOf(tinyRows(rows, UNIT_DIM, name))] as const);
  const raw = inputOf(tinyRows(rows, RAW_DIM, 'raw'));
  const vectors = new Map<string, tf.Tensor2D>(inputs);
  return {
    store,
    prefix: 'l.gates',
    inputs: {
      ...Object.fromEntries(inputs.map(([name, input]) => [`the vector of ${name}`, input])),
      "the network's input": raw,
    },
    level,
    weights: () => weightNumbers(level, vectors, tinyCall(raw)),
    apply: () => level.apply(vectors, tinyCall(raw)),
    run(training) {
      const losses: Record<string, tf.Scalar> = {};
      const call = tinyCall(raw, training, losses);
      const { gated, constant } = sumGates(level.weights(vectors, call));
      const next = [...level.apply(vectors, call)].map(([name, vector]) => [`the next vector of ${name}`, vector]);
      return {
        ...(gated && { gated }),
        ...(constant && { constant }),
        ...(Object.fromEntries(next) as Record<string, tf.Tensor>),
        ...losses,
      };
    },
  };
}
