import * as tf from '@tensorflow/tfjs-core';
import { checkMembersOf, resolve, checkSpec, fail } from '@polytask/components';
import type { Contexts, FeatureColumns } from '../features/layout.ts';
import type { Call } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { checkShape } from '../layers/operations.ts';
import { createScope } from '../parameters/scope.ts';
import { termsOf, type Gate, type GateOptions, type GateDefinition, type GateSpec } from './gate.ts';
import { sideBySide, takeLanes, type Lanes } from './lanes.ts';
import { type ExpertPosition, visibleExperts } from './units.ts';

/** The weights that one gate of a level gives. The sum over the gates is W. */
export interface GateWeights {
  /** [units, batch or 1, experts], or [units, batch or 1, experts, features]. It may be a parameter of the gate. */
  readonly weights: tf.Tensor;
  /** Whether they depend on nothing but the gate's parameters. There is one row then. */
  readonly constant: boolean;
}

export interface LevelGatesOptions {
  path: string;
  gate: GateSpec;
  outputs: readonly string[];
  experts: readonly ExpertPosition[];
  expertDim: number;
  reads: readonly (readonly string[])[];
  /** The width of the input of each output's gate; undefined when a lane of the input is missing. */
  unitDims: readonly (number | undefined)[];
  rawDim: number;
  features?: ReadonlyMap<string, FeatureColumns> | undefined;
  contexts?: Contexts | undefined;
}

export function createGates(store: ParameterStore, config: LevelGatesOptions) {
  const terms = termsOf(config.gate);
  const pathOf = (i: number) => (terms.length === 1 ? config.path : `${config.path}.${i}`);
  const gates = terms.map((term, i) => buildGate(store, { ...config, gate: term, path: pathOf(i) }));
  const { outputs, experts, expertDim } = config;
  const learned = terms.map((_, i) => store.trainable().some(({ name }) => name.startsWith(`${pathOf(i)}.`)));
  const opened = (weights: tf.Tensor, i: number): tf.Tensor => {
    const seen = expertsSeen(terms[i]!, outputs, experts).map((row) => [row.map((each) => (each ? OPENING : 0))]);
    return tf.add(weights, weights.rank === 4 ? tf.expandDims(tf.tensor3d(seen), 3) : tf.tensor3d(seen));
  };
  const readsUnits = gates.some((gate) => gate.reads === 'unit');
  if (readsUnits && new Set(config.unitDims.filter((width) => width !== undefined)).size > 1) {
    fail({
      expected: `lanes of one width for the gate at ${config.path}`,
      received: outputs.map((name, u) => `${config.unitDims[u] ?? 'none'} for ${name}`).join(', '),
      fix: "Pass reads: 'raw' to the gate, or gateReads with lanes of one width.",
    });
  }

  const unitsOf = (lanes: Lanes): tf.Tensor => {
    const without = outputs.find((_, u) => !config.reads[u]!.every((lane) => lanes.has(lane)));
    if (without !== undefined) {
      fail({
        expected: `unit "${without}" to have a vector for its gate to read at ${config.path}`,
        received: `lanes ${[...lanes.keys()].join(', ')}`,
        fix: "Pass reads: 'raw' to the gate.",
      });
    }
    if (config.reads.every((names) => names.length === 1)) return takeLanes(lanes, config.reads.flat());
    const vectors = config.reads.map(sideBySide(lanes));
    return vectors.every((vector) => vector === vectors[0]) ? vectors[0]! : tf.stack(vectors);
  };
  const parts = (lanes: Lanes, call: Call, expertOutputs: () => tf.Tensor3D): tf.Tensor[] => {
    const units = readsUnits ? unitsOf(lanes) : undefined;
    return gates.map((gate, i) => {
      const x = gate.reads === 'unit' ? units! : call.raw;
      const applied = gate.apply(x, call, gate.attends ? expertOutputs() : undefined);
      const weights = call.opened && learned[i] ? opened(applied, i) : applied;
      const rows = isConstant(gate) ? 1 : call.raw.shape[0];
      const shape = [outputs.length, rows, experts.length, ...(weights.rank === 4 ? [expertDim] : [])];
      const fix = "A gate that reads 'nothing' has one row. A fourth axis is the experts' features.";
      checkShape(weights, shape, `gate "${terms[i]!.name}"`, fix, ', units × rows × experts');
      return weights;
    });
  };

  return {
    weights: (lanes: Lanes, call: Call, expertOutputs: () => tf.Tensor3D): GateWeights[] =>
      parts(lanes, call, expertOutputs).map((weights, i) => ({ weights, constant: isConstant(gates[i]!) })),
    /** W, [units, batch or 1, experts], or [units, batch or 1, experts, features]. */
    total(lanes: Lanes, call: Call, expertOutputs: () => tf.Tensor3D): tf.Tensor {
      const all = parts(lanes, call, expertOutputs);
      const wide = all.some((part) => part.rank === 4);
      return all
        .map((part) => (wide && part.rank === 3 ? tf.expandDims(part, 3) : part))
        .reduce((total, part) => tf.add(total, part));
    },
    /** The index of each unit's only expert, when each row of W is a constant one-hot vector; otherwise undefined. */
    picks: picksOf(gates),
    attends: gates.some((gate) => gate.attends === true),
    /** See `FusionLevel.chooses`. */
    chooses(): boolean[][] {
      const seen = terms.filter((_, i) => !isConstant(gates[i]!)).map((term) => expertsSeen(term, outputs, experts));
      return outputs.map((_, u) => experts.map((_, e) => seen.some((visible) => visible[u]![e])));
    },
  };
}

/** What {@link Call.opened} adds to the weights of the experts that a gate sees. */
const OPENING = 0.1;

const isConstant = (gate: Gate): boolean => gate.reads === 'nothing' && gate.attends !== true;

/** Whether each output may use each expert, [outputs][experts]. @param gate not a sum */
export const expertsSeen = (
  gate: GateSpec,
  outputs: readonly string[],
  experts: readonly ExpertPosition[],
): boolean[][] => visibleExperts((gate.config as GateOptions).sees ?? 'all', outputs, experts);

/** 1 where an output may use an expert, 0 elsewhere, [outputs, 1, experts]. */
export const maskOf = (store: ParameterStore, visible: readonly (readonly boolean[])[]): tf.Tensor =>
  store.constant(visible.flat().map(Number), [visible.length, 1, visible[0]!.length]);

function buildGate(store: ParameterStore, config: LevelGatesOptions): Gate {
  const { path, gate, outputs, experts, expertDim, unitDims, rawDim, features = new Map(), contexts } = config;
  const unitDim = unitDims.find((width) => width !== undefined) ?? 0;
  const visible = expertsSeen(gate, outputs, experts);
  const native = visibleExperts('own', outputs, experts);
  const mask = maskOf(store, visible);
  const scope = createScope(store, path, { members: outputs, contexts });
  const names = experts.map(({ unit, index }) => `${unit}.${index}`);
  const overExperts = createScope(store, path, { members: outputs, columns: { names, live: visible } });
  const { builder, config: own } = resolve<GateDefinition<unknown>>(checkSpec('gate', gate, path));
  const widths = { unitDim, rawDim, expertDim, experts: experts.length };
  const built = builder({ ...scope, ...widths, features, names, visible, native, mask, overExperts }, own);
  return checkMembersOf(gate, built, ['reads', 'apply']);
}

/** The index of the 1 in each row, when the only gate is fixed and every row is one-hot. */
function picksOf(gates: readonly Gate[]): number[] | undefined {
  const fixed = gates.length === 1 ? gates[0]!.fixed : undefined;
  const single = fixed?.every((row) => row.filter((w) => w !== 0).length === 1 && row.includes(1));
  return single ? fixed!.map((row) => row.indexOf(1)) : undefined;
}
