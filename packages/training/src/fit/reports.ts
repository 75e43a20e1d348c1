import type { Tasks } from '@polytask/core';
import type { DefaultMetrics, Scores } from '../evaluation/scores.ts';

/** Losses by name, all at once. */
export interface LossReport<T extends Tasks = Tasks> {
  /** What is minimised: Σ weight × loss over tasks, and the auxiliary losses. */
  readonly loss: number;
  /** By task. Weighted by rows; NaN where no row had a label. */
  readonly losses: { readonly [K in keyof T]: number };
  /** What gates, experts and networks add to the loss, by name. */
  readonly auxiliary: Readonly<Record<string, number>>;
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
