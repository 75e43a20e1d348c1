import type { Tasks } from '@polytask/core';
import type { BalancingReport } from '../engine.ts';
import type { DefaultMetrics, Scores } from '../evaluation/metric-table.ts';

/** The text beside the bar: `epoch 2/10 · income 0.412 · married 0.203`, or `epoch 2 of at most 10` with early stopping. */
export const progressText = (
  epoch: number,
  epochs: number,
  losses: Readonly<Record<string, number>>,
  stopsEarly = false,
): string =>
  [
    stopsEarly ? `epoch ${epoch} of at most ${epochs}` : `epoch ${epoch}/${epochs}`,
    ...Object.entries(losses).map(([task, loss]) => `${task} ${loss.toFixed(4)}`),
  ].join(' · ');

/** A number with few digits: `0.9132`, `11.33`, `25310`. */
const shown = (value: number): string =>
  Math.abs(value) < 10 ? value.toFixed(4) : Math.abs(value) < 1e4 ? value.toFixed(2) : value.toPrecision(5);

/** `epoch 3, 117 steps, 2.1 s · loss 0.4123 · income: auc 0.9132, ne 0.6120 · hours: rmse 10.21 · best so far` */
export function epochText(report: EpochReport, best: boolean | undefined): string {
  const { epoch, steps, seconds, loss, validation = {} } = report;
  const tasks = Object.entries(validation).map(([task, { loss: _, normalizedLoss: __, ...metrics }]) => {
    const first = Object.entries(metrics).slice(0, 2);
    return `${task}: ${first.map(([metric, value]) => `${metric} ${shown(value)}`).join(', ')}`;
  });
  const head = `epoch ${epoch}, ${steps} steps, ${seconds.toFixed(1)} s · loss ${shown(loss)}`;
  return [head, ...tasks, ...(best ? ['best so far'] : [])].join(' · ');
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
  readonly steps: number;
  /** Seconds of training and validation. */
  readonly seconds: number;
}

export type StoppedBy = 'epochs' | 'early' | 'callback';
