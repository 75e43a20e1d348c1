import type { Json } from '@polytask/balancing';
import type { StopperState } from '../stopping/stopper.ts';
import { emptyTotals, type TotalsState } from './epoch-totals.ts';
import type { EpochReport } from './reports.ts';

/** The progress of a run, as plain JSON except for NaN. A resumed run needs this state and the tensors. */
export interface RunState {
  /** The 1-based index of the current epoch. */
  readonly epoch: number;
  /** Steps done in the current epoch. */
  readonly batch: number;
  /** Steps done in all epochs. */
  readonly step: number;
  readonly totals: TotalsState;
  /** The learning rate of the last step. */
  readonly learningRate: number;
  /** Seconds of the current epoch so far. */
  readonly seconds: number;
  readonly history: readonly EpochReport[];
  readonly stopper: StopperState | undefined;
  readonly balancer?: Json;
}

/** The state before the first step. */
export const freshState = (tasks: readonly string[]): RunState => ({
  epoch: 1,
  batch: 0,
  step: 0,
  totals: emptyTotals(tasks),
  learningRate: 0,
  seconds: 0,
  history: [],
  stopper: undefined,
});
