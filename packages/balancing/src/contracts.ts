/**
 * The three contracts of balancing. Each is pure: a rule reads numbers and its state, and gives numbers; what it learns is
 * the next state. Nothing here knows of models or tensors, so every engine can use it.
 *
 * | contract   | reads                     | gives                                        |
 * |------------|---------------------------|----------------------------------------------|
 * | `losses`   | the tasks' losses L [T]   | weights w [T] of the one scalar Σ w_i L_i     |
 * | `gramian`  | G = J Jᵀ [T, T]           | weights w [T] of the one vector Σ w_i g_i     |
 * | `jacobian` | J [T, P], a gradient a row | the one vector [P]                           |
 */
export type Contract = 'losses' | 'gramian' | 'jacobian';

/** Plain JSON: what a state is made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where random numbers come from; `randomStream` of `@polytask/core` fits. */
export interface Random {
  /** `size` numbers, uniform in [0, 1). */
  uniform(size: number): ArrayLike<number>;
  /** `size` numbers of mean 0 and variance 1. */
  normal(size: number): ArrayLike<number>;
  /** 0 … size − 1 in a random order. */
  permutation(size: number): ArrayLike<number>;
}

/** Where training stands. */
export interface Place {
  /** Steps done before this one. */
  readonly step: number;
  /** Epochs done before this one. */
  readonly epoch: number;
}

/** What a rule knows besides what it reads. */
export interface Moment extends Place {
  readonly tasks: readonly string[];
  readonly random: Random;
}

/** The tasks' losses of one step. */
export interface Losses {
  /** [T] */
  readonly losses: readonly number[];
  /** Which tasks have a label in the batch; the loss of any other says nothing, and its gradient is 0. Default: all. */
  readonly present?: readonly boolean[] | undefined;
}

/** Of one step: the losses, and the inner products of the tasks' gradients, [T][T]. */
export interface Gradients extends Losses {
  readonly gramian: readonly (readonly number[])[];
}

/** Of one step: the losses, and each task's gradient, [T][P]. */
export interface Jacobian extends Losses {
  readonly jacobian: readonly Float32Array[];
}

/** What is checked and filled in before a rule sees it. */
export type Seen<I extends Losses> = I & { readonly present: readonly boolean[] };

/** What a definition says of its balancer: lists and comparisons read it, and need no table of their own. */
export interface AboutBalancer {
  /** In a line: `orthogonal gradients of one length`. */
  readonly description?: string;
  /** Authors, venue, year. */
  readonly paper?: string;
  /** Another name that finds it. */
  readonly alias?: string;
  /** The balancer as a comparison tries it. Left out: a comparison doesn't try it by itself. */
  readonly default?: () => BalancerSpec;
}

interface Rule<C, S extends Json> extends AboutBalancer {
  /** The state before the first step. */
  start(config: C, tasks: readonly string[]): S;
}

/** losses → weights of one scalar. */
export interface LossRule<C, S extends Json> extends Rule<C, S> {
  /** Whether the weights of a step depend on its own losses. If not, the losses aren't waited for. Default false. */
  readonly needsLosses?: boolean;
  /** @param seen the step's losses if it `needsLosses`; NaN otherwise */
  weights(state: S, config: C, moment: Moment, seen: Seen<Losses>): readonly number[];
  /** The next state, once the losses are known. */
  learn?(state: S, config: C, moment: Moment, seen: Seen<Losses>): S;
}

/** Gramian of the tasks' gradients → weights of one vector. */
export interface GramianRule<C, S extends Json> extends Rule<C, S> {
  weights(state: S, config: C, moment: Moment, seen: Seen<Gradients>): readonly number[];
  learn?(state: S, config: C, moment: Moment, seen: Seen<Gradients>): S;
}

/** The tasks' gradients → one vector. */
export interface JacobianRule<C, S extends Json> extends Rule<C, S> {
  vector(state: S, config: C, moment: Moment, seen: Seen<Jacobian>): Float32Array;
  learn?(state: S, config: C, moment: Moment, seen: Seen<Jacobian>): S;
}

/** What gradients are taken with respect to: all parameters that tasks share, or what the network gives where sharing ends. */
export type GradientsOf = 'parameters' | 'representation';

/** A balancer as plain JSON: its kind, its contract and its options. It is saved in checkpoints. */
export interface BalancerSpec<K extends Contract = Contract> {
  readonly kind: string;
  readonly contract: K;
  /** Of the `gramian` contract. */
  readonly of?: GradientsOf;
  /** Of a `gramian` balancer that turns the tasks' rotations of the representation as well. */
  readonly rotates?: Turning;
  readonly config: object;
}

/** How rotations learn: at step t by the angle `learningRate · decayᵗ`. */
export interface Turning {
  /** How many features are rotated; all of them when it is left out. */
  readonly size?: number;
  /** In radians. */
  readonly learningRate: number;
  readonly decay: number;
}
