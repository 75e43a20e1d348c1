import type * as tf from '@tensorflow/tfjs-core';
import {
  component,
  define,
  listOf,
  optional,
  type Definition,
  type Factory,
  type Read,
  type Spec,
  type Written,
} from '@polytask/components';
import type { FeatureColumns } from '../features/layout.ts';
import type { Call } from '../layers/layer.ts';
import type { Scope } from '../parameters/scope.ts';
import type { GateVariant } from '../variants/variants.ts';
import { visibility, type Visibility } from './units.ts';

/** The argument of a gate's builder. You write a gate for one unit: the scope is a bank whose members are the units. */
export interface GateBuilder extends Scope {
  readonly unitDim: number;
  readonly rawDim: number;
  readonly experts: number;
  /** Names of the experts, `unit.index`, in the order of the columns. */
  readonly names: readonly string[];
  readonly expertDim: number;
  /** The columns of each feature in the network's input; empty when the input doesn't declare them. */
  readonly features: ReadonlyMap<string, FeatureColumns>;
  /** [units][experts]: whether a unit may use an expert. */
  readonly visible: readonly (readonly boolean[])[];
  /** [units][experts]: whether an expert is native to a unit. */
  readonly native: readonly (readonly boolean[])[];
  /** {@link visible} as a tensor of 1 and 0, [units, 1, experts]. */
  readonly mask: tf.Tensor;
  /** A scope for parameters whose last axis has one column per expert. Columns of experts that are not visible stay 0. */
  readonly overExperts: Scope;
}

export interface Gate {
  /** The input of the gate: the units' own vectors, which every unit must then have, the network's input, or nothing. */
  readonly reads: 'unit' | 'raw' | 'nothing';
  /**
   * Computes the weights W of the level, or this gate's term of W. Weights must be 0 where the mask is 0. A loss of its own (load balancing,
   * sparsity), multiplied by an option, goes to `call.addLoss(name, loss)`.
   *
   * @param x with `reads: 'unit'`: [units, batch, unitDim], or [batch, unitDim] when all units have the same vector. Otherwise the network's
   *   input, [batch, rawDim]
   * @param outputs the experts' outputs, [experts, batch, expertDim], for a gate that `attends`; otherwise undefined
   * @returns [units, batch, experts], or [units, 1, experts] when the weights don't depend on the input. A fourth axis,
   *   expertDim, gives a weight to each feature of an expert's output.
   */
  apply(x: tf.Tensor, call: Call, outputs: tf.Tensor3D | undefined): tf.Tensor;
  readonly attends?: boolean;
  /** The weights, [units][experts], of a gate whose weights are never trained and never change. */
  readonly fixed?: readonly (readonly number[])[];
}

/** A gate as plain JSON; see {@link defineGate}. */
export type GateSpec<C = unknown> = Spec<'gate', C>;

const everyGate = {
  /** The experts that each unit may use. Default: the visibility of the architecture. */
  sees: optional(visibility),
};

export interface GateOptions extends Written<typeof everyGate> {}

export type GateDefinition<C> = (builder: GateBuilder, config: C) => Gate;

export interface DefineGateOptions<O extends object> extends Definition<O> {
  /** The gate in comparisons, under its own name. `polytask bench --gates` accepts it. */
  variant?: GateVariant<Written<O> & GateOptions>;
}

/**
 * Defines a gate. You write the code for a single unit. Models save the gate by its name and configuration (plain JSON).
 *
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * // A learned weight for each visible expert, through a sigmoid.
 * export const staticSigmoid = defineGate('static-sigmoid', ({ overExperts, experts, mask }) => {
 *   const scores = overExperts.bias('scores', experts);
 *   return { reads: 'nothing', apply: () => tf.sigmoid(scores).mul(mask) };
 * });
 */
export function defineGate<O extends object = Record<never, never>>(
  name: string,
  build: GateDefinition<Read<O & typeof everyGate>>,
  { options, ...about }: DefineGateOptions<O> = {},
): Factory<'gate', O & typeof everyGate> {
  return define('gate', name, build, { ...about, options: { ...(options as O), ...everyGate } });
}

/** The name of a sum of gates in saved models. It is registered so that no other gate can take it. */
const SUM = 'sum';
const sum = define('gate', SUM, null, {
  options: { gates: listOf(component('gate'), 1) },
  help: { gates: 'The terms.' },
  description: 'the sum of other gates',
  paper: 'Li et al., KDD 2023, eq. 11',
  package: '@polytask/core',
});

/**
 * Adds gates: W is the sum of their weights. Each gate keeps its own visibility.
 *
 * @throws PolytaskError when the list is empty, or an argument is not a gate
 * @example sumGate(softmaxGate({ sees: 'all' }), constantGate({ sees: 'own' })) // AdaTT
 */
export const sumGate = (...gates: readonly GateSpec[]): GateSpec<{ gates: readonly GateSpec[] }> => sum({ gates });

/** The terms of a sum of gates, also of nested sums. @example termsOf(sumGate(softmaxGate(), constantGate())).length // 2 */
export function termsOf(gate: GateSpec): GateSpec[] {
  if (gate.name !== SUM) return [gate];
  return sum(gate.config as { gates: readonly GateSpec[] }).config.gates.flatMap(termsOf);
}

/** Sets the visibility of a gate without one. @example seeing('own+shared', softmaxGate()).config // { sees: 'own+shared' } */
export function seeing(sees: Visibility, gate: GateSpec): GateSpec {
  if (gate.name === SUM) return sumGate(...termsOf(gate).map((term) => seeing(sees, term)));
  const config = gate.config as GateOptions;
  return { ...gate, config: { ...config, sees: config.sees ?? sees } };
}
