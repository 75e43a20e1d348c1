import { trainerOf } from '@polytask/core';
import { type OpenedData, rowsOfSpec, sealedRows, type SealedRows } from './open-data.ts';
import { withRandomSplit } from './random-split.ts';
import { type Environment, testModel } from './test-model.ts';
import { isScore, type Result, type TrialResult, type TrialScore } from '../results/trial-result.ts';
import type { TrialHooks, TrialSpec, TrainingHooks } from './trial-spec.ts';
import { predictionsOn, trainModel } from './train-model.ts';

/**
 * Runs trials, for example in this process, in a pool of processes, on a queue, or in the workers of a page. An implementation makes the
 * rows of a spec by `openData`, and calls `runTrial`.
 */
export interface Executor {
  /** How many trials run at the same time. */
  readonly places: number;
  /**
   * Runs a trial, which measures what its spec asks for.
   *
   * @throws the trial's error; {@link WorkerLost} when its process ended early; the signal's reason
   */
  run(spec: TrialSpec, hooks: TrialHooks): Promise<Result>;
  /** Releases the executor's resources. */
  close(): Promise<void>;
}

export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';

  /** @param log the last lines that the process wrote */
  constructor(
    message: string,
    readonly log: string,
  ) {
    super(message);
  }
}

/**
 * Runs trials in this process, one after the other. A diagnosed trial of gradient boosting, which takes seconds, is also trained with a
 * random split: see {@link withRandomSplit}.
 *
 * @param environment the versions and the machine that results name
 * @example const executor = inProcess(openData(() => Promise.resolve(suite.entry)));
 */
export const inProcess = (data: OpenedData, environment: Environment = { versions: {} }): Executor => ({
  places: 1,
  async run(spec, hooks) {
    const result = await runTrial(sealedRows(await rowsOfSpec(data, spec)), spec, environment, hooks);
    if (isScore(result) || !spec.diagnosed || !trainerOf(spec.config.model.network)) return result;
    return withRandomSplit(result, spec, { data, environment, signal: hooks.signal });
  },
  close: () => Promise.resolve(),
});

/**
 * Runs a trial: trains a model on the rows of one seed, and chooses the epoch on the validation rows. Then it evaluates the model on the
 * test rows once, unless the trial measures the validation rows: the test rows stay sealed then. The seed also sets the initial weights and
 * the order of the batches.
 *
 * @throws PolytaskError when the model can't be built, or training diverges
 * @example await runTrial(sealedRows(await rowsOfSpec(data, spec)), spec, { versions: {} });
 */
export function runTrial<M extends TrialSpec['measures']>(
  rows: SealedRows,
  spec: TrialSpec & { readonly measures: M },
  environment: Environment,
  hooks?: TrainingHooks,
): Promise<M extends 'test' ? TrialResult : M extends 'validation' ? TrialScore : Result>;
export async function runTrial(
  { test: openTest, ...visible }: SealedRows,
  spec: TrialSpec,
  environment: Environment,
  hooks: TrainingHooks = {},
): Promise<Result> {
  const trained = await trainModel(visible, spec, hooks);
  try {
    if (spec.measures === 'validation') return scoreOf(spec, trained.fitted.best?.value ?? NaN);
    await hooks.onTrained?.(trained.model);
    const test = openTest();
    const { trial, predictions } = await testModel(trained, spec, visible, test, environment);
    if (!spec.keepPredictions) return trial;
    return {
      ...trial,
      predictions: {
        tasks: visible.train.schema.tasks,
        validation: await predictionsOn(trained.model, visible.validation, spec.mode),
        test: { size: test.rows.size, byTask: predictions, groups: test.groups },
      },
    };
  } finally {
    trained.model.dispose();
  }
}

/** The result of a trial on the validation rows. @param score the best epoch's mean of the selection measure; NaN for a failed training */
export const scoreOf = ({ key, setting, model, config }: TrialSpec, score: number): TrialScore => ({
  measures: 'validation',
  ...{ key, setting, model, score },
  values: { ...config.model.chosen },
  epochs: config.training.epochs,
});
