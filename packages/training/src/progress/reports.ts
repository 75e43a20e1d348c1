import type { GradientDiagnostics } from '@polytask/balancing';
import type { Tasks } from '@polytask/core';
import type { DefaultMetrics, Scores } from '../evaluation/scores.ts';

/** The weights and diagnostics of a balancer: of one step, or means over the steps of an epoch. */
export interface BalancingReport<T extends Tasks = Tasks> {
  /** The weights by task. Undefined for a balancer that returns a vector. */
  readonly weights?: { readonly [K in keyof T]: number };
  /** Diagnostics of the tasks' gradients. Undefined for a balancer of losses, which doesn't read gradients. */
  readonly gradients?: GradientDiagnostics;
}

/** The total loss, and the losses by name. */
export interface LossReport<T extends Tasks = Tasks> {
  /** Σ weight × loss over tasks, plus the auxiliary losses. Without a balancer, training minimizes this sum. */
  readonly loss: number;
  /** The losses by task, weighted by rows. NaN when no row had a label. */
  readonly losses: { readonly [K in keyof T]: number };
  /** The losses that gates, experts and networks add, by name. */
  readonly auxiliary: Readonly<Record<string, number>>;
  /** Undefined without `balancing`. */
  readonly balancing?: BalancingReport<T>;
}

/** One step of training. The losses are from before the update. */
export interface StepReport<T extends Tasks = Tasks> extends LossReport<T> {
  /** The 1-based index of the epoch. */
  readonly epoch: number;
  /** The 1-based index of the batch in the epoch. */
  readonly batch: number;
  /** The 1-based index of the step since the start of training. */
  readonly step: number;
  readonly learningRate: number;
}

/** One epoch of training: mean losses over its steps, and the scores after the epoch. */
export interface EpochReport<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> extends LossReport<T> {
  /** The 1-based index of the epoch. */
  readonly epoch: number;
  /** The scores of the validation rows, as `evaluate` returns them. */
  readonly validation?: Scores<T, M, G>;
  /** The learning rate of the last step. */
  readonly learningRate: number;
  /** The number of steps in this epoch. */
  readonly steps: number;
  /** Seconds of training and validation. */
  readonly seconds: number;
}

/** The reason for the end of training: all epochs done, early stopping, or a callback. */
export type StoppedBy = 'epochs' | 'early' | 'callback';
