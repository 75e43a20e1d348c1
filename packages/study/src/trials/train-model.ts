import { mapValues, multiTaskModel, type MultiTaskModel, type Tasks } from '@polytask/core';
import { earlyStopping, evaluateGradients, fit, measuredAs, type FitResult } from '@polytask/training';
import { metricNames } from '../summary/metric-rows.ts';
import type { VisibleRows } from './sealed-rows.ts';
import { measureFusion } from './measure-fusion.ts';
import { trainingOf } from '../results/trial-key.ts';
import { optimizerFor, partsToTrain } from '../training/choices.ts';
import { rowsToTrain } from './rows-to-train.ts';
import { rounded } from '../results/trial-result.ts';
import type { TrainingHooks, TrialSpec } from './trial-spec.ts';

/** The decimals of validation scores in results. */
const SCORE_DIGITS = 6;

/** A trained model with the weights of its best epoch. */
export interface TrainedModel {
  readonly model: MultiTaskModel;
  /** An average of models has no epochs of its own. */
  readonly fitted: Pick<FitResult, 'history' | 'epochs' | 'best' | 'warnings'>;
  /** The seconds of training and validation, those before an interruption included. */
  readonly seconds: number;
}

/**
 * Trains the model of a spec, and chooses the epoch on the validation rows. The seed sets the initial weights and the order of the
 * batches.
 *
 * @returns a model that the caller disposes of
 */
export async function trainModel(
  { train, validation }: VisibleRows,
  { config, seed, mode }: TrialSpec,
  { onEpoch, signal, checkpoints, start: startOf }: TrainingHooks,
): Promise<TrainedModel> {
  const { rate, balancing, size: _, chosen: __, code: ___, from: ____, ...parts } = config.model;
  const training = trainingOf(config);
  const { epochs, batchSize, patience, selection, headStart = 'random' } = training;
  const model = startOf
    ? await startOf(train.schema)
    : multiTaskModel({ schema: train.schema, ...parts, headStart, seed });
  try {
    const start = performance.now();
    const rows = await rowsToTrain({ train, validation }, { config, seed, mode }, signal);
    const fitted = await fit(model, rows, {
      epochs,
      batchSize,
      optimizer: optimizerFor(training, rate),
      seed,
      validation,
      metrics: metricNames(train.schema.tasks),
      stopping: earlyStopping({ metric: selection, patience }),
      ...partsToTrain(training),
      ...(balancing && { balancing }),
      engine: mode, // without a fallback: the result names the engine
      progress: false,
      callbacks: {
        onEpochEnd: (report) =>
          onEpoch?.(report.epoch, async () => ({
            losses: report.losses,
            validation: scoresOf(report.validation, selection),
            fusion: await measureFusion(model, validation, mode),
            gradients: await evaluateGradients(model, validation),
          })),
      },
      ...(signal && { signal }),
      ...(checkpoints !== undefined && { checkpoint: { directory: checkpoints }, resume: true }),
    });
    const seconds = Math.max(fitted.seconds, (performance.now() - start) / 1000); // a resumed training began earlier
    return { model, fitted: fitted as FitResult, seconds };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The selection measure of each task. @param validation by task and metric; undefined without validation rows */
export const scoresOf = (
  validation: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
  selection: string,
): Record<string, number> => mapValues(validation, (values) => rounded(values[selection] ?? NaN, SCORE_DIGITS));

/** The measure that chooses epochs: the mean AUC if all tasks are binary, else the mean relative error. */
export const selectionFor = (tasks: Tasks): 'auc' | 'relativeError' =>
  Object.values(tasks).every((task) => measuredAs(task) === 'binary') ? 'auc' : 'relativeError';
