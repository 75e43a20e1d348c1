import type { GradientDiagnostics } from '@polytask/balancing';
import type { Tasks } from '@polytask/core';
import type { DefaultMetrics, Scores } from '../evaluation/scores.ts';

/** What a balancer did: in a step, or the means over those of an epoch. */
export interface BalancingReport<T extends Tasks = Tasks> {
  /** By task; a balancer that gives a vector has none. */
  readonly weights?: { readonly [K in keyof T]: number };
  /** How the tasks' gradients stood to each other; a balancer of losses doesn't see them. */
  readonly gradients?: GradientDiagnostics;
}

/** Losses by name, all at once. */
export interface LossReport<T extends Tasks = Tasks> {
  /** Σ weight × loss over tasks, and the auxiliary losses: what is minimized, unless there is a balancer. */
  readonly loss: number;
  /** By task. Weighted by rows; NaN where no row had a label. */
  readonly losses: { readonly [K in keyof T]: number };
  /** What gates, experts and networks add to the loss, by name. */
  readonly auxiliary: Readonly<Record<string, number>>;
  /** With `balancing` alone. */
  readonly balancing?: BalancingReport<T>;
}

/** One step of training; the losses are those before its update. */
export interface StepReport<T extends Tasks = Tasks> extends LossReport<T> {
  /** From 1. */
  readonly epoch: number;
  /** In the epoch, from 1. */
  readonly batch: number;
  /** Since the start of training, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/** One epoch of training: means over its steps, and the scores after it. */
export interface EpochReport<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> extends LossReport<T> {
  /** From 1. */
  readonly epoch: number;
  /** Scores of the validation rows, as `evaluate` gives them. */
  readonly validation?: Scores<T, M, G>;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  /** Steps in this epoch. */
  readonly steps: number;
  /** Training and validation together. */
  readonly seconds: number;
}

/** Why training ended: all epochs were done, early stopping, or a callback. */
export type StoppedBy = 'epochs' | 'early' | 'callback';
