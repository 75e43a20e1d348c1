import { createFusionLevel, ParameterStore, type FusionLevel, type GateSpec, type Unit } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { tinyRows } from '../tiny/inputs.ts';
import { tinyExpert } from '../tiny/parts.ts';
import { tinyCall } from '../tiny/tiny-bank.ts';
import { TINY_UNITS } from '../tiny/tiny-level.ts';
import { inputOf, type Probe } from './probe.ts';

export interface GateProbe extends Probe {
  readonly level: FusionLevel;
  /** W in its two parts, [unit][row or one][expert]. */
  weights(): { gated: number[][][] | undefined; constant: number[][][] | undefined };
  /** Each output's next vector. */
  apply(): ReadonlyMap<string, tf.Tensor2D>;
}

export interface GateProbeOptions {
  units?: readonly Unit[];
  outputs?: readonly string[];
  seed?: number;
  rows?: number;
}

/** A fusion level at `l`: W in its two parts, each output's next vector, and the losses that the gate adds. */
export function gateProbe(gate: GateSpec, options: GateProbeOptions = {}): GateProbe {
  const { units = TINY_UNITS, outputs = units.map(({ name }) => name), seed = 7, rows = 5 } = options;
  const store = new ParameterStore(seed);
  const lanes = units.map(({ name }) => name);
  const level = createFusionLevel(store, {
    path: 'l',
    units,
    experts: tinyExpert(),
    outputs,
    gate,
    lanes,
    unitDim: 3,
    rawDim: 2,
  });
  const vectors = Object.fromEntries(lanes.map((name) => [`the vector of ${name}`, inputOf(tinyRows(rows, 3, name))]));
  const raw = inputOf(tinyRows(rows, 2, 'raw'));
  const given = new Map(lanes.map((name) => [name, vectors[`the vector of ${name}`] as unknown as tf.Tensor2D]));
  return {
    store,
    prefix: 'l.gates',
    inputs: { ...vectors, "the network's input": raw },
    level,
    weights: () =>
      tf.tidy(() => {
        const { gated, constant } = level.weights(given, tinyCall(raw as unknown as tf.Tensor2D));
        return { gated: gated?.arraySync(), constant: constant?.arraySync() };
      }),
    apply: () => level.apply(given, tinyCall(raw as unknown as tf.Tensor2D)),
    run(training) {
      const losses: Record<string, tf.Scalar> = {};
      const call = tinyCall(raw as unknown as tf.Tensor2D, training, losses);
      const { gated, constant } = level.weights(given, call);
      const next = [...level.apply(given, call)].map(([name, vector]) => [`the next vector of ${name}`, vector]);
      return {
        ...(gated && { gated }),
        ...(constant && { constant }),
        ...(Object.fromEntries(next) as Record<string, tf.Tensor>),
        ...losses,
      };
    },
  };
}
