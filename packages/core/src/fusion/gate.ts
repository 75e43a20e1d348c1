import type * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import type { FeatureColumns } from '../features/input.ts';
import type { Call } from '../layers/layer.ts';
import type { Scope } from '../parameters/scope.ts';
import { optional } from '../specs/checks.ts';
import type { Options } from '../specs/options.ts';
import { checkSpec, createSpec, register, type About, type Spec } from '../specs/registry.ts';
import { checkVisibility, type Visibility } from './visibility.ts';

/** What a gate is built with. It is written for one unit and runs for all of the level: its scope is a bank of units. */
export interface GateBuilder extends Scope {
  /** Width of a unit's vector at this level. */
  readonly unitDim: number;
  /** Width of the network's input. */
  readonly rawDim: number;
  /** Number of experts in the level: the columns of W. */
  readonly experts: number;
  /** Names of the experts, `unit.index`, in the order of the columns. */
  readonly names: readonly string[];
  /** Width of an expert's output. */
  readonly expertDim: number;
  /** Where each feature stands in the network's input, when the input says so. */
  readonly features: ReadonlyMap<string, FeatureColumns>;
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
   * A gate that has a loss of its own (load balancing, sparsity) hands it to `call.addLoss(name, loss)`, weighed by an
   * option of its configuration; the model's `auxiliary` weighs it by name, and the history shows it.
   *
   * @param x what it reads. The units' vectors: [units, batch, unitDim], or [batch, unitDim] where all are the same;
   *   or the network's input, [batch, rawDim]
   * @param outputs what the experts give, [experts, batch, expertDim]; there for a gate that `attends` alone
   * @returns [units, batch, experts], or [units, 1, experts] when they don't depend on the input; with a fourth axis of
   *   expertDim for a weight for each feature of an expert's output
   */
  apply(x: tf.Tensor, call: Call, outputs: tf.Tensor3D | undefined): tf.Tensor;
  /** True for a gate that reads what the experts give. */
  readonly attends?: boolean;
  /** Its weights when they are the same numbers for ever, [units][experts]. */
  readonly fixed?: readonly (readonly number[])[];
}

/** A gate with what its units may take from; the architecture's own visibility where `sees` is left out. */
export type GateSpec<C = unknown> = Spec<'gate', C>;

export interface GateConfig {
  sees?: Visibility;
}

export type GateDefinition<C> = (builder: GateBuilder, config: C) => Gate;

export interface DefineGateOptions<C = unknown> extends About {
  /** A check for each option of the configuration but `sees`, which every gate has. {@link checks} has the usual ones. */
  options?: Options<Omit<C, 'sees'>>;
}

/**
 * Defines a gate, once, for one unit. Saved and loaded by its name and configuration (plain JSON).
 *
 * @param name how it is saved; it can be taken once
 * @throws PolytaskError when the name is taken; the factory, when the configuration doesn't fit `options`
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
  { options, ...about }: DefineGateOptions<C> = {},
): (config?: C) => GateSpec<C> {
  register('gate', name, build, options && { ...options, sees: optional(checkVisibility) }, about);
  return (config = {} as C) => createSpec('gate', name, config);
}

/** The name under which sums of gates are saved; no other gate can take it. */
const SUM = 'sum';
register('gate', SUM, undefined, undefined, {
  description: 'the sum of other gates, as AdaTT has it',
  paper: 'Li et al., KDD 2023, eq. 11',
});

/**
 * Gates add up: W is the sum of theirs. Each keeps the experts that it sees.
 *
 * @throws PolytaskError when there is no gate, or one of them is none
 * @example sum(softmaxGate({ sees: 'all' }), constantGate({ sees: 'own' })) // AdaTT
 */
export function sum(...gates: readonly GateSpec[]): GateSpec<{ gates: readonly GateSpec[] }> {
  if (gates.length === 0) {
    fail({
      expected: 'one or more gates in a sum',
      received: 'none',
      mend: 'Pass sum(softmaxGate(), constantGate()).',
    });
  }
  gates.forEach((gate, i) => checkSpec('gate', gate, `term ${i} of a sum`));
  return { kind: 'gate', name: SUM, config: { gates } };
}

/** The terms of a sum, sums of sums included; a gate alone is its own only one. */
export function termsOf(gate: GateSpec): GateSpec[] {
  if (gate.name !== SUM) return [gate];
  const { gates } = gate.config as { gates?: readonly GateSpec[] };
  return sum(...(gates ?? [])).config.gates.flatMap(termsOf);
}

/** The gate with this visibility, where it was given none of its own. */
export function seeing(sees: Visibility, gate: GateSpec): GateSpec {
  if (gate.name === SUM) return sum(...termsOf(gate).map((term) => seeing(sees, term)));
  const config = gate.config as GateConfig;
  return { ...gate, config: { ...config, sees: config.sees ?? sees } };
}
