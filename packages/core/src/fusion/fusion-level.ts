import * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import type { Call } from '../layers/layer.ts';
import { unstack } from '../layers/unstack.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { expertSpecs } from '../specs/checks.ts';
import { createBank } from './bank.ts';
import type { ExpertSpec } from './expert.ts';
import type { FusionLevelConfig } from './fusion-level-config.ts';
import { StackedLanes, takeLanes, type Lanes } from './lanes.ts';
import { createGates, type LevelWeights } from './level-weights.ts';
import { takeMembers } from './take-members.ts';
import { expertPlaces, type ExpertPlace } from './units.ts';
import { validateLevel } from './validate-level.ts';

/** A built fusion level: f_u = Σ_e W_u,e E_e for each output u. */
export interface FusionLevel {
  readonly outputs: readonly string[];
  readonly experts: readonly ExpertPlace[];
  readonly outputDim: number;
  apply(lanes: Lanes, call: Call): Lanes;
  /** W, gated and constant part apart: for heat maps. */
  weights(lanes: Lanes, call: Call): LevelWeights;
}

export function createFusionLevel(
  store: ParameterStore,
  config: FusionLevelConfig & { path: string; lanes: readonly string[]; unitDim: number; rawDim: number },
): FusionLevel {
  validateLevel(config);
  const { path, units, outputs, unitDim, rawDim } = config;
  const experts = expertPlaces(units);
  const bank = createBank(store, {
    path: `${path}.experts`,
    members: experts.map(({ unit, index }) => `${unit}.${index}`),
    experts: inTurn(config.experts, experts, path),
    inputDim: unitDim,
  });
  const gates = createGates(store, { path: `${path}.gates`, gate: config.weights, outputs, experts, unitDim, rawDim });

  return {
    outputs,
    experts,
    outputDim: bank.outputDim,
    weights: (lanes, call) => gates.weights(lanes, call),
    apply(lanes, call) {
      const inputs = takeLanes(lanes, experts.map(({ unit }) => unit));
      const given = bank.apply(inputs, call); // [experts, batch, dim]
      const outputsOfExperts = call.experts ? call.experts(given, path) : given;
      const picked = gates.picks;
      if (picked?.every((expert) => expert === picked[0])) {
        const one = unstack(outputsOfExperts)[picked[0]!] as tf.Tensor2D;
        return new Map(outputs.map((name) => [name, one]));
      }
      const fused = picked ? takeMembers(outputsOfExperts, picked) : fuse(gates.total(lanes, call), outputsOfExperts);
      return new StackedLanes(outputs, fused);
    },
  };
}

/** The expert of each place: a unit takes the kinds of a list in turn, a pool as if it were one unit. */
function inTurn(specs: FusionLevelConfig['experts'], places: readonly ExpertPlace[], path: string): ExpertSpec[] {
  expertSpecs(specs, `${path}.experts`);
  const kinds = Array.isArray(specs) ? (specs as readonly ExpertSpec[]) : [specs as ExpertSpec];
  const pool = places.filter(({ kind }) => kind === 'pool');
  const turns = places.map((place) => (place.kind === 'pool' ? pool.indexOf(place) : place.index));
  const most = Math.max(...turns) + 1;
  if (kinds.length > most) {
    fail({
      expected: `no more kinds of expert at ${path} than a unit has experts, ${most}`,
      received: String(kinds.length),
      mend: 'Give the units more experts, or leave out the kinds that none would be of.',
    });
  }
  return turns.map((turn) => kinds[turn % kinds.length]!);
}

/** Σ_e W_u,e E_e → [units, batch, dim]. */
function fuse(weights: tf.Tensor, experts: tf.Tensor3D): tf.Tensor3D {
  const [units, rows] = weights.shape as [number, number, number];
  const [count, batch, dim] = experts.shape;
  if (rows === 1) {
    const flat = tf.reshape(experts, [count, batch * dim]);
    const fused = tf.matMul(tf.reshape(weights, [units, count]), flat); // [units, batch × dim]
    return tf.reshape(fused, [units, batch, dim]);
  }
  const fused = tf.matMul(tf.transpose(weights, [1, 0, 2]), tf.transpose(experts, [1, 0, 2])); // [batch, units, dim]
  return tf.transpose(fused, [1, 0, 2]) as tf.Tensor3D;
}
