import * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import type { Call } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { builderOf, checkSpec } from '../specs/registry.ts';
import { termsOf, type Gate, type GateConfig, type GateDefinition, type GateSpec } from './gate.ts';
import { takeLanes, type Lanes } from './lanes.ts';
import type { ExpertPlace } from './units.ts';
import { visibleExperts } from './visibility.ts';

/** A level's weights in its two parts; their sum is W. */
export interface LevelWeights {
  /** What depends on the input, [units, batch, experts]; undefined when nothing does. */
  readonly gated: tf.Tensor3D | undefined;
  /** What doesn't, [units, 1, experts]; undefined when there is no such gate. */
  readonly constant: tf.Tensor3D | undefined;
}

/** The gates of a level as one. */
export interface LevelGates {
  weights(lanes: Lanes, call: Call): LevelWeights;
  /** W, [units, batch or 1, experts]. */
  total(lanes: Lanes, call: Call): tf.Tensor;
  /** For each unit the one expert that is its next vector, when W is just that, for ever. */
  readonly picks: readonly number[] | undefined;
}

export interface LevelGatesConfig {
  path: string;
  gate: GateSpec;
  outputs: readonly string[];
  experts: readonly ExpertPlace[];
  unitDim: number;
  rawDim: number;
}

export function createGates(store: ParameterStore, config: LevelGatesConfig): LevelGates {
  const terms = termsOf(config.gate);
  const gates = terms.map((term, i) =>
    buildGate(store, { ...config, gate: term, path: terms.length === 1 ? config.path : `${config.path}.${i}` }),
  );
  const { outputs, experts } = config;

  const unitsOf = (lanes: Lanes): tf.Tensor => {
    const without = outputs.find((name) => !lanes.has(name));
    return without === undefined ? takeLanes(lanes, outputs) : noVector(without, config.path, lanes);
  };
  const parts = (lanes: Lanes, call: Call): tf.Tensor[] => {
    const units = gates.some((gate) => gate.reads === 'unit') ? unitsOf(lanes) : undefined;
    return gates.map((gate, i) => {
      const weights = gate.apply(gate.reads === 'unit' ? units! : call.raw, call);
      const rows = gate.reads === 'nothing' ? 1 : call.raw.shape[0];
      return expected(terms[i]!, weights, [outputs.length, rows, experts.length]);
    });
  };

  return {
    weights(lanes, call) {
      const all = parts(lanes, call);
      const sumOf = (fits: (gate: Gate) => boolean) => {
        const total = added(all.filter((_, i) => fits(gates[i]!)));
        return total && (tf.clone(total) as tf.Tensor3D); // the caller's own: a gate may have given its parameter
      };
      return {
        gated: sumOf((gate) => gate.reads !== 'nothing'),
        constant: sumOf((gate) => gate.reads === 'nothing'),
      };
    },
    total: (lanes, call) => added(parts(lanes, call))!,
    picks: picksOf(gates),
  };
}

const added = (parts: readonly tf.Tensor[]): tf.Tensor3D | undefined =>
  parts.length === 0 ? undefined : (parts.reduce((total, part) => tf.add(total, part)) as tf.Tensor3D);

function buildGate(store: ParameterStore, config: LevelGatesConfig): Gate {
  const { path, gate, outputs, experts, unitDim, rawDim } = config;
  checkSpec('gate', gate, path);
  const visible = visibleExperts((gate.config as GateConfig).sees ?? 'all', outputs, experts);
  const native = visibleExperts('own', outputs, experts);
  const flat = visible.flat().map(Number);
  const mask = store.constant(flat, [outputs.length, 1, experts.length]);
  const scope = createScope(store, path, { members: outputs });
  const names = experts.map(({ unit, index }) => `${unit}.${index}`);
  const overExperts = createScope(store, path, { members: outputs, columns: { names, live: visible } });
  const build = builderOf<GateDefinition<unknown>>(gate);
  return build(
    { ...scope, unitDim, rawDim, experts: experts.length, visible, native, mask, overExperts },
    gate.config,
  );
}

function expected(gate: GateSpec, weights: tf.Tensor, shape: readonly number[]): tf.Tensor {
  if (weights.shape.length !== shape.length || weights.shape.some((side, i) => side !== shape[i])) {
    fail({
      expected: `gate "${gate.name}" to give [${shape}], units × rows × experts`,
      received: `[${weights.shape}]`,
      mend: "Its weights have one row where it reads 'nothing', and a row for each of the batch otherwise.",
    });
  }
  return weights;
}

/** Rows of one 1 among zeros, from one fixed gate. */
function picksOf(gates: readonly Gate[]): number[] | undefined {
  const fixed = gates.length === 1 ? gates[0]!.fixed : undefined;
  const single = fixed?.every((row) => row.filter((w) => w !== 0).length === 1 && row.includes(1));
  return single ? fixed!.map((row) => row.indexOf(1)) : undefined;
}

function noVector(unit: string, path: string, lanes: Lanes): never {
  return fail({
    expected: `unit "${unit}" to have a vector for its gate to read at ${path}`,
    received: `vectors for ${[...lanes.keys()].join(', ')} alone`,
    mend: "Let the gate read the network's input: softmaxGate({ reads: 'raw' }).",
  });
}
