import type * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import type { FeatureColumns } from '../features/input.ts';
import type { Call } from '../layers/layer.ts';
import { unstack, takeMembers } from '../layers/members.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { expertSpecs } from '../specs/checks.ts';
import { createBank } from './bank.ts';
import type { ExpertSpec } from './expert.ts';
import { type FusionLevelConfig, validateLevel } from './fusion-level-config.ts';
import { fuse, fuseTrained, trainMask } from './fuse.ts';
import { readLanes, sideBySide, StackedLanes, type Lanes, tapLanes } from './lanes.ts';
import { createGates, type LevelWeights } from './level-weights.ts';
import { createPenalties } from './penalty.ts';
import { tiedBank, tiedPath, type TiedBanks } from './tied-bank.ts';
import { expertPlaces, lanesOf, type ExpertPlace } from './units.ts';

/** A built fusion level: f_u = Σ_e W_u,e E_e for each output u. */
export interface FusionLevel {
  readonly outputs: readonly string[];
  readonly experts: readonly ExpertPlace[];
  /** What the names of its experts' parameters begin with; levels of tied experts have one in common. */
  readonly expertsPath: string;
  readonly outputDim: number;
  /** The lanes after it, the kept ones included, with their widths. */
  readonly lanes: ReadonlyMap<string, number>;
  apply(lanes: Lanes, call: Call): Lanes;
  /** Whether what it gives is linear in what its experts give, and its gradients that map's: no gate attends, all is trained. */
  readonly linear: boolean;
  /** W, gated and constant part apart: for heat maps. */
  weights(lanes: Lanes, call: Call): LevelWeights;
}

export interface LevelPlace {
  path: string;
  /** The lanes that come in. */
  lanes: readonly string[];
  /** Their width. */
  unitDim: number;
  /** The widths of those that differ from it. */
  laneDims?: ReadonlyMap<string, number>;
  rawDim: number;
  features?: ReadonlyMap<string, FeatureColumns>;
  /** The network's experts that levels have in common. */
  tiedBanks?: TiedBanks;
}

export function createFusionLevel(store: ParameterStore, config: FusionLevelConfig & LevelPlace): FusionLevel {
  validateLevel(config);
  const { path, units, outputs, keeps = [], lanes: incoming, unitDim, rawDim, laneDims, features = new Map() } = config;
  const widthOf = (names: readonly string[]) => names.reduce((sum, lane) => sum + (laneDims?.get(lane) ?? unitDim), 0);
  const experts = expertPlaces(units);
  const reads = new Map(units.map((unit) => [unit.name, lanesOf(unit)]));
  const specs = inTurn(config.experts, experts, path);
  const inputDim = experts.map(({ unit }) => widthOf(reads.get(unit)!));
  const expertsPath = config.tied === undefined ? `${path}.experts` : tiedPath(config.tied);
  const bank =
    config.tied === undefined
      ? createBank(store, {
          path: expertsPath,
          members: experts.map(({ unit, index }) => `${unit}.${index}`),
          experts: specs,
          inputDim,
        })
      : tiedBank(store, config.tiedBanks ?? new Map(), { name: config.tied, units, experts: specs, inputDim });
  const gateReads = outputs.map((name) => config.gateReads?.[name] ?? [name]);
  const gates = createGates(store, {
    path: `${path}.gates`,
    gate: config.gate,
    outputs,
    experts,
    expertDim: bank.outputDim,
    reads: gateReads,
    unitDims: gateReads.map((names) => (names.every((lane) => incoming.includes(lane)) ? widthOf(names) : undefined)),
    rawDim,
    features,
  });
  const trains = config.trains && trainMask(store, config.trains, outputs, experts);
  const penalties = createPenalties(store, {
    path,
    experts,
    parameters: bank.parameters,
    penalties: config.penalties ?? [],
  });
  const read = experts.map(({ unit }) => reads.get(unit)!);
  const single = read.every((names) => names.length === 1) && inputDim.every((width) => width === inputDim[0]);
  const run = (lanes: Lanes, call: Call): tf.Tensor3D => {
    if (!single) return bank.apply(read.map(sideBySide(lanes)), call); // [experts, batch, dim]
    const { x, laneOf } = readLanes(lanes, read.flat());
    return bank.apply(x, call, laneOf);
  };

  return {
    outputs,
    experts,
    expertsPath,
    outputDim: bank.outputDim,
    lanes: new Map([
      ...keeps.map((lane) => [lane, widthOf([lane])] as const),
      ...outputs.map((lane) => [lane, bank.outputDim] as const),
    ]),
    linear: !gates.attends && config.trains === undefined,
    weights: (lanes, call) => gates.weights(lanes, call, () => run(lanes, call)),
    apply(lanes, call) {
      for (const [name, loss] of penalties) call.addLoss(name, loss());
      const own = run(lanes, call);
      const given = call.experts ? call.experts(own, path) : own;
      const kept = tapLanes(new Map(keeps.map((lane) => [lane, lanes.get(lane)!])), path, call.lanes);
      const picked = trains ? undefined : gates.picks;
      if (picked?.every((expert) => expert === picked[0])) {
        const one = unstack(given)[picked[0]!] as tf.Tensor2D;
        return new Map([...kept, ...outputs.map((name) => [name, one] as const)]);
      }
      const weights = () => gates.total(lanes, call, () => given);
      const fused = picked
        ? takeMembers(given, picked)
        : trains
          ? fuseTrained(weights(), given, trains)
          : fuse(weights(), given); // [outputs, batch, dim]
      if (kept.size === 0) return new StackedLanes(outputs, fused);
      const each = unstack(fused) as tf.Tensor2D[];
      return new Map([...kept, ...outputs.map((name, u) => [name, each[u]!] as const)]);
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
