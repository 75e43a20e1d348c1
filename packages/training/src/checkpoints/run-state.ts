import type { Json } from '@polytask/balancing';
import type { EpochReport } from '../fit/reports.ts';
import type { TotalsState } from '../fit/epoch-totals.ts';
import type { StopperState } from '../stopping/stopper.ts';

/** Where a run stands, as plain JSON but for NaN: with the tensors, all that it takes to go on. */
export interface RunState {
  /** The epoch that is running, from 1. */
  readonly epoch: number;
  /** Steps done in it. */
  readonly batch: number;
  /** Steps done in all. */
  readonly step: number;
  /** The losses of this epoch so far. */
  readonly totals: TotalsState;
  /** The learning rate of the last step. */
  readonly learningRate: number;
  /** Seconds that this epoch has taken so far. */
  readonly seconds: number;
  readonly history: readonly EpochReport[];
  readonly stopper: StopperState | undefined;
  /** What a balancer has learned. */
  readonly balancer?: Json;
}

/** The state before the first step. */
export const freshState = (totals: TotalsState): RunState => ({
  epoch: 1,
  batch: 0,
  step: 0,
  totals,
  learningRate: 0,
  seconds: 0,
  history: [],
  stopper: undefined,
});
