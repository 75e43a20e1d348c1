import { multiTaskModel, type MultiTaskModel, type Tasks } from '@polytask/core';
import { adam, earlyStopping, fit, type FitResult } from '@polytask/training';
import { metricsOf } from '../summary/metric-rows.ts';
import type { VisibleRows } from './sealed-rows.ts';
import { trainingOf } from './trial-key.ts';
import type { TrialHooks, TrialSpec } from './trial-spec.ts';

/** A trained model with the weights of its best epoch. */
export interface TrainedModel {
  readonly model: MultiTaskModel;
  readonly fitted: FitResult;
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
  { onEpoch, signal, checkpoints }: TrialHooks,
): Promise<TrainedModel> {
  const { rate, balancing, size: _, chosen: __, ...parts } = config.model;
  const { epochs, batchSize, learningRate, patience, selection, headStart = 'random' } = trainingOf(config);
  const model = multiTaskModel({ schema: train.schema, ...parts, headStart, seed });
  try {
    const start = performance.now();
    const fitted = await fit(model, train, {
      epochs,
      batchSize,
      optimizer: adam(rate * learningRate),
      seed,
      validation,
      metrics: metricNames(train.schema.tasks),
      stopping: earlyStopping({ metric: selection, patience }),
      ...(balancing && { balancing }),
      engine: mode, // without a fallback: the result names the engine
      progress: false,
      callbacks: { onEpochEnd: ({ epoch }) => onEpoch?.(epoch) },
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

/** The measure that chooses epochs: the mean AUC if all tasks are binary, else the mean relative error. */
export const selectionFor = (tasks: Tasks): 'auc' | 'relativeError' =>
  Object.values(tasks).every(({ kind }) => kind === 'binary') ? 'auc' : 'relativeError';

/** The metrics of each task. @param grouped whether the rows have groups */
export const metricNames = (tasks: Tasks, grouped = false): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(tasks).map(([task, { kind }]) => [task, metricsOf(kind, grouped).map(({ name }) => name)]),
  );
