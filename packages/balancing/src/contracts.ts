/**
 * The three contracts of balancing. A rule is a pure function: it reads numbers and its state, and returns numbers. Its
 * `learn` returns the next state. Rules use no models or tensors, so every engine can run them.
 *
 * | contract   | input                        | output                                   |
 * |------------|------------------------------|------------------------------------------|
 * | `losses`   | the tasks' losses L [T]      | weights w [T] of the scalar Σ w_i L_i    |
 * | `gramian`  | G = J Jᵀ [T, T]              | weights w [T] of the vector Σ w_i g_i    |
 * | `jacobian` | J [T, P], a gradient per row | the vector [P]                           |
 */
export type Contract = 'losses' | 'gramian' | 'jacobian';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A source of random numbers, such as `randomDraws(stream)` of `@polytask/core`. */
export interface Random {
  /** `size` numbers from U[0, 1). */
  uniform(size: number): ArrayLike<number>;
  /** `size` numbers of mean 0 and variance 1. */
  normal(size: number): ArrayLike<number>;
  /** 0 … size − 1 in a random order. */
  permutation(size: number): ArrayLike<number>;
}

export interface TrainingPosition {
  /** The number of steps before this one. */
  readonly step: number;
  /** The number of epochs before this one. */
  readonly epoch: number;
}

/** The position in training, the names of the tasks and a source of random numbers. */
export interface Moment extends TrainingPosition {
  readonly tasks: readonly string[];
  readonly random: Random;
}

/** The tasks' losses of one step. */
export interface TaskLosses {
  /** [T] */
  readonly losses: readonly number[];
  /** Whether each task has a label in the batch. Losses of other tasks are ignored; their gradients are 0. Default: all. */
  readonly present?: readonly boolean[] | undefined;
}

/** The losses of one step, and the inner products of the tasks' gradients, [T][T]. */
export interface Gradients extends TaskLosses {
  readonly gramian: readonly (readonly number[])[];
}

/** The losses of one step, and the gradient of each task, [T][P]. */
export interface Jacobian extends TaskLosses {
  readonly jacobian: readonly Float32Array[];
}

/** Checked inputs of a rule, with `present` filled in. */
export type Seen<I extends TaskLosses> = I & { readonly present: readonly boolean[] };

interface Rule<C, S extends Json> {
  start(config: C, tasks: readonly string[]): S;
}

/** A rule of the contract `losses`: losses → weights of one scalar. */
export interface LossRule<C, S extends Json> extends Rule<C, S> {
  /** Whether the weights depend on the losses of the same step. If not, engines don't wait for the losses. Default false. */
  readonly needsLosses?: boolean;
  /** Computes the weights, [T]. @param input the losses of the step if `needsLosses`; otherwise all losses are NaN */
  weights(state: S, config: C, moment: Moment, input: Seen<TaskLosses>): readonly number[];
  learn?(state: S, config: C, moment: Moment, input: Seen<TaskLosses>): S;
}

/** A rule of the contract `gramian`: the Gramian of the tasks' gradients → weights of one vector. */
export interface GramianRule<C, S extends Json> extends Rule<C, S> {
  /** How the rotations of the representation are trained. Undefined (default): there are none. */
  rotates?(config: C): Turning;
  weights(state: S, config: C, moment: Moment, input: Seen<Gradients>): readonly number[];
  learn?(state: S, config: C, moment: Moment, input: Seen<Gradients>): S;
}

/** A rule of the contract `jacobian`: the tasks' gradients → one vector. */
export interface JacobianRule<C, S extends Json> extends Rule<C, S> {
  vector(state: S, config: C, moment: Moment, input: Seen<Jacobian>): Float32Array;
  learn?(state: S, config: C, moment: Moment, input: Seen<Jacobian>): S;
}

/** The training of rotations: at step t the angle is at most `learningRate · decayᵗ`. */
export interface Turning {
  /** The number of rotated features. Default: all. */
  readonly size?: number;
  /** The largest angle of a step, in radians. */
  readonly learningRate: number;
  /** The factor of the angle after each step. */
  readonly decay: number;
}
