import { fail, type Tasks } from '@polytask/core';
import type { DefaultMetrics } from '../evaluation/scores.ts';
import type { EpochReport, StepReport } from '../progress/reports.ts';

/** `'stop'` ends the training. Any other value continues. */
export type CallbackAnswer = 'stop' | void | Promise<'stop' | void>;

/** Functions that `fit` calls and awaits. An error in a callback ends the training, and `fit` throws this error. */
export interface FitCallbacks<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> {
  /** Called after each step. `'stop'` ends the epoch, which is validated and reported as the last epoch. */
  onStep?: ((report: StepReport<T>) => CallbackAnswer) | undefined;
  /** Called after each epoch, before its checkpoint is written. `'stop'` makes the epoch the last. */
  onEpochEnd?: ((report: EpochReport<T, M, G>) => CallbackAnswer) | undefined;
}

/** Several callbacks as one. The results say whether a callback asked to stop. */
export interface Listeners<T extends Tasks, M, G> {
  readonly hearsSteps: boolean;
  step(report: StepReport<T>): Promise<boolean>;
  epochEnd(report: EpochReport<T, M, G>): Promise<boolean>;
}

export function listenersOf<T extends Tasks, M, G>(
  callbacks: FitCallbacks<T, M, G> | readonly FitCallbacks<T, M, G>[] = [],
): Listeners<T, M, G> {
  const all = (Array.isArray(callbacks) ? callbacks : [callbacks]) as readonly FitCallbacks<T, M, G>[];
  for (const each of all) {
    if (typeof each === 'object' && each !== null) continue;
    fail({ expected: 'callbacks as objects', received: typeof each, fix: 'Pass { onEpochEnd(report) { … } }.' });
  }
  const ask = async (answers: Iterable<CallbackAnswer>) => {
    let stop = false;
    for (const answer of answers) if ((await answer) === 'stop') stop = true;
    return stop;
  };
  return {
    hearsSteps: all.some(({ onStep }) => onStep !== undefined),
    step: (report) => ask(mapLazily(all, (each) => each.onStep?.(report))),
    epochEnd: (report) => ask(mapLazily(all, (each) => each.onEpochEnd?.(report))),
  };
}

/** Calls the second callback only after the first has been awaited. */
function* mapLazily<A, B>(items: readonly A[], apply: (item: A) => B): Generator<B> {
  for (const item of items) yield apply(item);
}
