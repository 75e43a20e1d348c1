import { randomStream } from '@polytask/core';
import type { TrialResult } from '../results/trial-result.ts';
import { trialOf } from './trial-of.ts';

const MODELS = ['single-task', 'mmoe', 'gradient-boosting', 'adatt'];
/** The tasks, with the metrics, a level, and a step between levels. */
const TASKS = {
  click: { metrics: ['auc', 'ne'], level: 0.7, step: 0.005 },
  hours: { metrics: ['rmse'], level: 12, step: 0.3 },
  buy: { metrics: ['auc'], level: 0.7, step: 0.005 },
};

/** A table of trials, and how its seeds depend on each other. */
export interface RandomTable {
  readonly trials: readonly TrialResult[];
  readonly noun: 'seed' | 'fold';
  /** Test rows over the rows of a training; 0 if seeds share no rows. */
  readonly testToTrain: number;
}

/**
 * A random table: levels that may be equal, noise of four sizes, higher and lower metrics, sizes that may be unknown, and sometimes folds,
 * random splits, constants near the levels, intervals over rows, contexts, a score that isn't defined, a missing trial, or no baseline.
 */
export function randomTable(number: number): RandomTable {
  const draws = randomStream(number, 'table').uniform(1000);
  let at = 0;
  const next = () => draws[at++ % draws.length]!;
  const draw = (count: number) => Math.floor(next() * count);
  const isRare = (one: number) => draw(one) === 0;
  const folds = isRare(4) ? 3 + 2 * draw(2) : undefined;
  const seeds = folds === undefined ? 1 + draw(8) : 1 + draw(2);
  const tasks = Object.entries(TASKS).slice(0, 1 + draw(3));
  const spread = [0, 0.02, 0.2, 4][draw(4)]!;
  const without = isRare(4) ? 'single-task' : undefined;
  const rows = isRare(2) ? { train: 600, validation: 100, test: 350 } : undefined;
  const file = folds === undefined && isRare(4) ? { files: { all: 'people.csv' } } : undefined;
  const half = [undefined, 0.2, 4][draw(3)];
  const constants = isRare(3)
    ? undefined
    : Object.fromEntries(
        tasks.map(([task, { metrics, level, step }]) => [task, { [metrics[0]!]: level + step * (draw(6) - 1) }]),
      );
  const hasContexts = isRare(12);
  const trialIn = (model: string, parameters: number, levels: readonly number[], seed: number, fold?: number) => {
    const trial = trialOf({ model, seed, parameters, ...(fold !== undefined && { fold }) });
    const scores = () =>
      Object.fromEntries(
        tasks.map(([task, { metrics, step }], t) => [
          task,
          Object.fromEntries(
            metrics.map((metric) => [metric, isRare(300) ? NaN : levels[t]! + step * spread * (next() - 0.5)]),
          ),
        ]),
      );
    const metrics = scores();
    const interval = ([task, { metrics: names, step }]: (typeof tasks)[number]) => {
      const value = metrics[task]![names[0]!]!;
      return [task, { [names[0]!]: { low: value - half! * step, high: value + half! * step } }];
    };
    return {
      ...trial,
      config: {
        ...trial.config,
        data: {
          ...trial.config.data,
          ...(folds !== undefined && { folds }),
          ...(rows && { rows }),
          ...(file && { file }),
        },
      },
      metrics,
      ...(constants && { constants }),
      ...(half !== undefined && {
        rowIntervals: Object.fromEntries(tasks.map(interval)) as TrialResult['rowIntervals'],
      }),
      ...(hasContexts && {
        byContext: { tab: ['home', null].map((value) => ({ value, rows: 175, metrics: scores() })) },
      }),
    };
  };
  const trials = MODELS.slice(0, 3 + draw(2))
    .filter((model) => model !== without)
    .flatMap((model) => {
      const parameters = [0, 1000, 1010, 3000][draw(4)]!;
      const levels = tasks.map(([, { level, step }]) => level + step * draw(3));
      const own = Array.from({ length: seeds }, (_, i) =>
        folds === undefined
          ? [trialIn(model, parameters, levels, i + 1)]
          : Array.from({ length: folds }, (_, f) => trialIn(model, parameters, levels, i + 1, f + 1)),
      ).flat();
      return own.length > 1 && isRare(8) ? own.slice(1) : own;
    });
  const ratio = rows ? rows.test / (rows.train + rows.validation) : folds === undefined ? 0 : 1 / (folds - 1);
  return { trials, noun: folds === undefined ? 'seed' : 'fold', testToTrain: folds === undefined && !file ? 0 : ratio };
}
