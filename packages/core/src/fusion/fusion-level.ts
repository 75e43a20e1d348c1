import { checkMembersOf, checkSpec, fail, resolve, wholeNumber, sum } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { stopGradient } from '../arithmetic/stop-gradient.ts';
import type { FeatureColumns } from '../features/layout.ts';
import type { Call, LanesTap } from '../layers/layer.ts';
import { takeMembers, unstack } from '../layers/operations.ts';
import { randomSigns } from '../parameters/initializers.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope, memberNames } from '../parameters/scope.ts';
import { expertSpecs } from '../specs/checks.ts';
import { type BankOptions, createBank } from './bank.ts';
import type { ExpertSpec } from './expert.ts';
import { type Lanes, readLanes, sideBySide, StackedLanes, tapLanes } from './lanes.ts';
import { createGates, maskOf, type GateWeights } from './level-weights.ts';
import type { Penalty, PenaltyDefinition, PenaltySpec } from './penalty.ts';
import type { TiedBanks, TiedExperts } from './tied-bank.ts';
import { type ExpertPosition, expertPositions, lanesOf, type Unit, type Visibility, visibleExperts } from './units.ts';
import type { GateSpec } from './gate.ts';

/** The declaration of a fusion level: experts, and a gate for the matrix W of weights. */
export interface FusionLevelDeclaration {
  /** The lanes that the level reads, and the number of experts that are native to each. */
  units: readonly Unit[];
  /** One expert for all places, or a list that the experts of each unit, or of the pool, take in turn. */
  experts: ExpertSpec | readonly ExpertSpec[];
  /** The lanes that the level outputs: names of tasks, of units, or both. */
  outputs: readonly string[];
  gate: GateSpec;
  /** Lanes that pass through unchanged, beside the outputs, for a level above. */
  keeps?: readonly string[];
  /** The lanes that the gate of an output reads, concatenated. Default: the lane with the output's name. */
  gateReads?: Readonly<Record<string, readonly string[]>>;
  /** Experts that all units share, `tiedExperts(name)`. Default: each unit has its own. */
  tied?: TiedExperts;
  /** The experts that the loss of an output trains. Default: all experts that it sees (STEM trains fewer). */
  trains?: Visibility;
  penalties?: readonly PenaltySpec[];
}

function validateLevel(
  config: Pick<FusionLevelDeclaration & LevelBuildInputs, 'units' | 'outputs' | 'keeps' | 'path' | 'lanes'>,
): void {
  const { path, units, outputs, lanes, keeps = [] } = config;
  for (const { name, experts } of units) wholeNumber().read(experts, `the experts of unit "${name}" at ${path}`);
  const needed = [
    ...units.flatMap((unit) => lanesOf(unit).map((lane) => ({ lane, by: `unit "${unit.name}"` }))),
    ...keeps.map((lane) => ({ lane, by: 'the lanes that it keeps' })),
  ];
  const absent = needed.find(({ lane }) => !lanes.has(lane));
  if (absent) {
    fail({
      expected: `a lane "${absent.lane}" from the level before ${path}, for ${absent.by}`,
      received: `lanes ${[...lanes.keys()].join(', ')}`,
      fix: 'Add it to the outputs of that level, or to the lanes that it keeps.',
    });
  }
  if (units.every(({ experts }) => experts === 0)) {
    fail({ expected: `at least one expert at ${path}`, received: 'none', fix: 'Pass perTask or shared above 0.' });
  }
  for (const [what, names] of [
    ['units', units.map((unit) => unit.name)],
    ['outputs', [...outputs, ...keeps]],
  ] as const) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      fail({ expected: `${what} with different names at ${path}`, received: `"${twice}" twice`, fix: 'Rename one.' });
    }
  }
}

/** A built fusion level: f_u = Σ_e W_u,e E_e for each output u (AdaTT, KDD'23). */
export interface FusionLevel {
  /** Names of the outputs, in the order of the rows of W. */
  readonly outputs: readonly string[];
  /** The experts, in the order of the columns of W. */
  readonly experts: readonly ExpertPosition[];
  /** Whether a gate that reads the rows may use an expert for an output, [outputs][experts]. */
  chooses(): boolean[][];
  /** The prefix of the experts' parameter names. Levels with the same tied experts share it. */
  readonly expertsPath: string;
  readonly outputDim: number;
  /** The widths of all lanes after the level, including the lanes that it keeps. */
  readonly lanes: ReadonlyMap<string, number>;
  /** The lanes before the level → the lanes after it, [batch, dim] each. */
  apply(lanes: Lanes, call: Call): Lanes;
  /** Whether the outputs, and their gradients, are linear in the experts' outputs. No gate attends, and `trains` is unset. */
  readonly linear: boolean;
  /** W as its gates give it, for heat maps; see `levelWeightsOf`. */
  weights(lanes: Lanes, call: Call): GateWeights[];
}

export interface LevelBuildInputs extends Pick<BankOptions, 'contexts' | 'modelMembers'> {
  path: string;
  /** The widths of the lanes before the level. */
  lanes: ReadonlyMap<string, number>;
  rawDim: number;
  features?: ReadonlyMap<string, FeatureColumns> | undefined;
  /** Whether this is the first level, whose experts read the input with random signs for each member. Default false. */
  isFirst?: boolean;
  tiedBanks?: TiedBanks;
}

/** @throws PolytaskError when units, outputs, lanes, experts and gate don't fit together */
export function createFusionLevel(
  store: ParameterStore,
  config: FusionLevelDeclaration & LevelBuildInputs,
): FusionLevel {
  validateLevel(config);
  const { path, units, outputs, keeps = [], lanes: incoming, contexts, modelMembers } = config;
  const widthOf = (names: readonly string[]) => sum(names, (lane) => incoming.get(lane)!);
  const experts = expertPositions(units);
  const reads = new Map(units.map((unit) => [unit.name, lanesOf(unit)]));
  const specs = inTurn(config.experts, units, experts, path);
  const inputDim = experts.map(({ unit }) => widthOf(reads.get(unit)!));
  const { path: expertsPath = `${path}.experts` } = config.tied ?? {};
  const members = experts.map(({ unit, index }) => `${unit}.${index}`);
  const bankOf = { experts: specs, inputDim, contexts, modelMembers };
  const bank = config.tied
    ? config.tied.bank(store, config.tiedBanks ?? new Map(), { units, ...bankOf })
    : createBank(store, { path: expertsPath, members, ...bankOf });
  const gateReads = outputs.map((name) => config.gateReads?.[name] ?? [name]);
  const gates = createGates(store, {
    ...config,
    path: `${path}.gates`,
    experts,
    expertDim: bank.outputDim,
    reads: gateReads,
    unitDims: gateReads.map((names) => (names.every((lane) => incoming.has(lane)) ? widthOf(names) : undefined)),
  });
  const trains = config.trains && maskOf(store, visibleExperts(config.trains, outputs, experts));
  const penalties = (config.penalties ?? []).map((spec): [string, Penalty] => {
    const { builder: build, config: own } = resolve<PenaltyDefinition<unknown>>(checkSpec('penalty', spec, path));
    const scope = createScope(store, `${path}.${spec.name}`);
    const penalty: unknown = build({ ...scope, experts, parameters: bank.parameters }, own);
    return [spec.name, checkMembersOf(spec, typeof penalty === 'function' ? (penalty as Penalty) : undefined, [])!];
  });
  const read = experts.map(({ unit }) => reads.get(unit)!);
  const single = read.every((names) => names.length === 1) && inputDim.every((width) => width === inputDim[0]);
  const entry = config.isFirst ? memberScales(store, path, config.rawDim, modelMembers) : undefined;
  const run = (before: Lanes, call: Call): tf.Tensor3D => {
    const lanes = tapLanes(before, path, entry);
    if (!single) return bank.apply(read.map(sideBySide(lanes)), call); // [experts, batch, dim]
    const { x, laneOf } = readLanes(lanes, read.flat());
    return bank.apply(x, call, laneOf);
  };

  return {
    outputs,
    experts,
    chooses: gates.chooses,
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
      const untapped = run(lanes, call);
      const expertOutputs = call.experts ? call.experts(untapped, path) : untapped;
      const keptLanes = tapLanes(new Map(keeps.map((lane) => [lane, lanes.get(lane)!])), path, call.lanes);
      const picks = trains ? undefined : gates.picks;
      if (picks?.every((expert) => expert === picks[0])) {
        const one = unstack(expertOutputs)[picks[0]!] as tf.Tensor2D;
        return new Map([...keptLanes, ...outputs.map((name) => [name, one] as const)]);
      }
      const weights = () => gates.total(lanes, call, () => expertOutputs);
      const fused = picks
        ? takeMembers(expertOutputs, picks)
        : trains
          ? fuseTrained(weights(), expertOutputs, trains)
          : fuse(weights(), expertOutputs); // [outputs, batch, dim]
      if (keeps.length === 0) return new StackedLanes(outputs, fused);
      const vectors = unstack(fused) as tf.Tensor2D[];
      return new Map([...keptLanes, ...outputs.map((name, u) => [name, vectors[u]!] as const)]);
    },
  };
}

/**
 * The scales r_i of the members of the model: the experts of the first level read x ∘ r_i, and gates read x. They start as random signs, the
 * only difference between members at the start that reaches all layers (TabM, Gorishniy et al., ICLR 2025).
 */
function memberScales(store: ParameterStore, path: string, width: number, members = 1): LanesTap | undefined {
  if (members === 1) return undefined;
  const scale = createScope(store, path, { members: memberNames(members) }).bias('scale', width, randomSigns());
  return (x) => tf.reshape(tf.mul(tf.reshape(x, [members, -1, width]), scale), x.shape);
}

/** The spec of each expert: that of its unit, or those of the level, which the experts of a unit, or of the whole pool, take in turn. */
function inTurn(
  specs: FusionLevelDeclaration['experts'],
  units: readonly Unit[],
  places: readonly ExpertPosition[],
  path: string,
): ExpertSpec[] {
  const read = expertSpecs.read(specs, `${path}.experts`);
  const kinds = Array.isArray(read) ? (read as readonly ExpertSpec[]) : [read as ExpertSpec];
  const pool = places.filter(({ kind }) => kind === 'pool');
  const turns = places.map((place) => (place.kind === 'pool' ? pool.indexOf(place) : place.index));
  const most = turns.reduce((highest, turn) => Math.max(highest, turn), 0) + 1; // too many for one call's arguments
  if (kinds.length > most) {
    fail({
      expected: `no more kinds of expert at ${path} than a unit has experts, ${most}`,
      received: String(kinds.length),
      fix: 'Give the units more experts, or leave out kinds.',
    });
  }
  const own = new Map(units.map(({ name, expert }) => [name, expert]));
  return places.map(({ unit }, i) => own.get(unit) ?? kinds[turns[i]! % kinds.length]!);
}

/** f_u = Σ_e W_u,e E_e, [units, batch, dim]. @param weights [units, batch or 1, experts (, dim)] @param experts [experts, batch, dim] */
function fuse(weights: tf.Tensor, experts: tf.Tensor3D): tf.Tensor3D {
  const [units, rows] = weights.shape as [number, number, number];
  const [count, batch, dim] = experts.shape;
  if (weights.rank === 4) {
    const outputs = tf.expandDims(tf.transpose(experts, [1, 0, 2]), 0); // [1, batch, experts, dim]
    return tf.sum(tf.mul(weights, outputs), 2) as tf.Tensor3D;
  }
  if (rows === 1) {
    const flat = tf.reshape(experts, [count, batch * dim]);
    const fused = tf.matMul(tf.reshape(weights, [units, count]), flat); // [units, batch × dim]
    return tf.reshape(fused, [units, batch, dim]);
  }
  const fused = tf.matMul(tf.transpose(weights, [1, 0, 2]), tf.transpose(experts, [1, 0, 2])); // [batch, units, dim]
  return tf.transpose(fused, [1, 0, 2]) as tf.Tensor3D;
}

/** {@link fuse} whose gradients reach only the experts in the mask. The weights get gradients from all experts. */
function fuseTrained(weights: tf.Tensor, experts: tf.Tensor3D, mask: tf.Tensor): tf.Tensor3D {
  const trained = weights.rank === 4 ? tf.expandDims(mask, 3) : mask;
  const open = fuse(tf.mul(weights, trained), experts);
  const closed = fuse(tf.mul(weights, tf.sub(1, trained)), stopGradient(experts));
  return tf.add(open, closed);
}
