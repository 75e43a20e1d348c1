import type * as tf from '@tensorflow/tfjs';
import type { Call } from '../layers/layer.ts';
import type { Scope } from '../parameters/scope.ts';
import { register, type Spec } from '../specs/registry.ts';
import type { Visibility } from './visibility.ts';

/** What a gate is built with. It is written for one unit and runs for all of the level: its scope is a bank of units. */
export interface GateBuilder extends Scope {
  /** Width of a unit's vector at this level. */
  readonly unitDim: number;
  /** Width of the network's input. */
  readonly rawDim: number;
  /** Number of experts in the level: the columns of W. */
  readonly experts: number;
  /** [units][experts]: what each unit may take from. */
  readonly visible: readonly (readonly boolean[])[];
  /** [units][experts]: which experts are a unit's own. */
  readonly native: readonly (readonly boolean[])[];
  /** {@link visible} as a tensor of 1 and 0, [units, 1, experts]. */
  readonly mask: tf.Tensor;
  /** A scope for parameters whose last side runs over the experts: they are, and stay, 0 where one is invisible. */
  readonly overExperts: Scope;
}

/** A built gate for all units of a level. */
export interface Gate {
  /**
   * What its weights depend on: the units' own vectors (a unit that has none at this level can't have such a gate), the
   * network's input, or nothing.
   */
  readonly reads: 'unit' | 'raw' | 'nothing';
  /**
   * The level's weights, or this gate's part of them; 0 wherever the mask is.
   *
   * @param x the units' vectors: [units, batch, unitDim], or [batch, unitDim] where all are the same
   * @returns [units, batch, experts], or [units, 1, experts] when they don't depend on the input
   */
  apply(x: tf.Tensor, call: Call): tf.Tensor;
  /** Its weights when they are the same numbers for ever, [units][experts]. */
  readonly fixed?: readonly (readonly number[])[];
}

/** A gate with what its units may take from; the architecture's own visibility where `sees` is left out. */
export type GateSpec<C = unknown> = Spec<'gate', C>;

export interface GateConfig {
  sees?: Visibility;
}

export type GateDefinition<C> = (builder: GateBuilder, config: C) => Gate;

/**
 * Defines a gate, once, for one unit. Saved and loaded by its name and configuration (plain JSON).
 *
 * @example
 * // A learned weight for each visible expert, through a sigmoid.
 * export const staticSigmoid = defineGate('static-sigmoid', ({ overExperts, experts, mask }) => {
 *   const scores = overExperts.bias('scores', experts);
 *   return { reads: 'nothing', apply: () => tf.sigmoid(scores).mul(mask) };
 * });
 */
export function defineGate<C extends GateConfig = GateConfig>(
  name: string,
  build: GateDefinition<C>,
): (config?: C) => GateSpec<C> {
  register('gate', name, build);
  return (config = {} as C) => ({ kind: 'gate', name, config });
}

/** The name under which sums of gates are saved. */
export const SUM = 'sum';

/** Gates add up: W is the sum of theirs. Each keeps the experts that it sees. */
export const sum = (...gates: readonly GateSpec[]): GateSpec<{ gates: readonly GateSpec[] }> => ({
  kind: 'gate',
  name: SUM,
  config: { gates },
});

/** The terms of a sum, sums of sums included; a gate alone is its own. */
export const termsOf = (gate: GateSpec): GateSpec[] =>
  gate.name === SUM ? (gate.config as { gates: readonly GateSpec[] }).gates.flatMap(termsOf) : [gate];

/** The gate with this visibility, where it was given none of its own. */
export function seeing(sees: Visibility, gate: GateSpec): GateSpec {
  if (gate.name === SUM) return sum(...termsOf(gate).map((term) => seeing(sees, term)));
  return { ...gate, config: { sees, ...(gate.config as GateConfig) } };
}
