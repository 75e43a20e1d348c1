import { mapValues } from '@polytask/components';
import {
  multiTaskModel,
  predictionTypeOf,
  trainerOf,
  type Examples,
  type MultiTaskModel,
  type Tasks,
  type LevelReport,
} from '@polytask/core';
import {
  cosine,
  earlyStopping,
  evaluateGradients,
  findLearningRate,
  fit,
  type FindLearningRateOptions,
  type FitResult,
  evaluateGates,
} from '@polytask/training';
import { metricNames } from '../summary/metric-entries.ts';
import type { VisibleRows } from './open-data.ts';
import { trainingOf } from '../results/trial-key.ts';
import { optimizerAt } from '../training/choices.ts';
import { rowsToTrain } from './rows-to-train.ts';
import { rounded, type TrialConfig, type FusionLevelWeights } from '../results/trial-result.ts';
import type { TrainingHooks, TrialSpec, TrainingMode } from './trial-spec.ts';

/** The decimals of validation scores in results. */
const SCORE_DIGITS = 6;

/** A trained model with the weights of its best epoch. */
export interface TrainedModel {
  readonly model: MultiTaskModel;
  /** An average of models has no epochs of its own. */
  readonly fitted: Pick<FitResult, 'history' | 'epochs' | 'best' | 'warnings'>;
  /** The learning rate that a range test found. Undefined without one. */
  readonly learningRate?: number | undefined;
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
  visible: VisibleRows,
  { config, seed, mode }: TrialSpec,
  { onEpoch, signal, checkpoints, start: startOf }: TrainingHooks,
): Promise<TrainedModel> {
  const { rate, balancing, size: _, chosen: __, code, from: ___, ...parts } = config.model;
  const { train, validation } = visible;
  const training = trainingOf(config);
  const { epochs, batchSize, patience, selection, headStart = 'random', schedule, trainable, rates } = training;
  const model = startOf
    ? await startOf(train.schema)
    : multiTaskModel({ schema: train.schema, ...parts, headStart, seed });
  try {
    const start = performance.now();
    const rows = await rowsToTrain(visible, { config, seed, mode }, signal);
    const how: Omit<FindLearningRateOptions, 'optimizer'> = {
      ...{ batchSize, seed },
      ...(trainable && { trainable }),
      ...(rates && { rates }),
      ...(balancing && { balancing }),
      engine: mode, // without a fallback: the result names the engine
      ...(signal && { signal }),
    };
    const isFound = training.learningRate === 'find' && !trainerOf(model.config.network);
    const learningRate = isFound ? await rateFor(model, rows, training, how) : undefined;
    const given = training.learningRate === 'find' ? 1 : training.learningRate; // 1 for trees, which have none
    const highest = (learningRate ?? given) * (isFound ? 1 : rate);
    const fitted = await fit(model, rows, {
      ...how,
      epochs,
      optimizer: optimizerAt(training, schedule === 'cosine' ? cosine(highest, { epochs }) : highest),
      validation,
      metrics: metricNames(train.schema.tasks),
      stopping: earlyStopping({ metric: selection, patience }),
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
      ...(checkpoints !== undefined && {
        checkpoint: { directory: checkpoints, ...(code !== undefined && { code }) },
        resume: true,
      }),
    });
    const seconds = Math.max(fitted.seconds, (performance.now() - start) / 1000); // a resumed training began earlier
    return { model, fitted: fitted as FitResult, learningRate, seconds };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The learning rate that a range test finds, in three digits: the test isn't more exact. */
async function rateFor(
  model: MultiTaskModel,
  rows: Examples,
  training: TrialConfig['training'],
  how: FindLearningRateOptions,
): Promise<number> {
  const { suggestion } = await findLearningRate(model, rows, {
    ...how,
    optimizer: (rate) => optimizerAt(training, rate),
  });
  return Number(suggestion.toPrecision(3));
}

/** The selection measure of each task. @param validation by task and metric; undefined without validation rows */
export const scoresOf = (
  validation: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
  selection: string,
): Record<string, number> => mapValues(validation, (values) => rounded(values[selection] ?? NaN, SCORE_DIGITS));

/** The measure that chooses epochs: the mean AUC if all tasks are binary, else the mean normalized loss. */
export const selectionFor = (tasks: Tasks): 'auc' | 'normalizedLoss' =>
  Object.values(tasks).every((task) => predictionTypeOf(task).hasDecision) ? 'auc' : 'normalizedLoss';

const DIGITS = 5;

/** Measures the fusion weights of a model on some rows, level by level, with the entropy and effective number of experts of each lane. */
export async function measureFusion<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Examples<T>,
  engine: TrainingMode,
): Promise<FusionLevelWeights[]> {
  const levels = await evaluateGates(model, rows, { engine });
  return levels.map(({ weights, units }) => {
    const uses = Object.values(units);
    return {
      ...compact(weights),
      ...(!isChoice(weights) && {
        entropy: uses.map(({ entropy }) => rounded(entropy, DIGITS)),
        effectiveExperts: uses.map(({ effectiveExperts }) => rounded(effectiveExperts, DIGITS)),
      }),
    };
  });
}

/** Whether each lane reads one expert, the same for all rows. Such a level has no entropy. */
const isChoice = ({ gated, gatedDeviation, constant }: LevelReport): boolean =>
  [gated, gatedDeviation].flat(2).every((value) => value === 0) &&
  constant.every((row) => row.filter((value) => value !== 0).length === 1);

const compact = ({ outputs, experts, gated, gatedDeviation, constant }: LevelReport): FusionLevelWeights => {
  const table = (values: number[][]) => values.map((row) => row.map((value) => rounded(value, DIGITS)));
  return {
    outputs: [...outputs],
    experts: experts.map(({ unit, index }) => `${unit}.${index}`),
    gated: table(gated),
    gatedDeviation: table(gatedDeviation),
    constant: table(constant),
  };
};
