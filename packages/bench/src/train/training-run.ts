import { mapValues } from '@polytask/components';
import type { MultiTaskModel } from '@polytask/core';
import type { SeenRows } from '@polytask/data';
import {
  contentKey,
  type DataNote,
  openSetting,
  type OpenSetting,
  rowsOfSpec,
  type Suite,
  type TrainedTrial,
  type TrainingReport,
  type TrialData,
  type TrialSpec,
} from '@polytask/study';
import { calibrationOf, measureCalibrated, noteText } from '@polytask/study/internal';
import { calibrate, type FittedCalibration } from '@polytask/training';
import { calibratedPredictions } from '@polytask/training/internal';
import { openRun, type OpenRun } from '../run-suite.ts';
import { loadPlugins } from '../plugins.ts';
import { type CalibrationChoices, calibrationIn, triedPlan } from './calibration-choices.ts';
import { finishedModel, prepareFolder, type Trained, writeModelFolder } from '../model-folder.ts';
import type { TrainOptions } from './train-options.ts';

/** A training with its opened data. */
export interface Begun extends OpenRun {
  readonly open: OpenSetting;
}

export async function begin(suite: Suite, options: TrainOptions): Promise<Begun> {
  const { listener, out } = options;
  await loadPlugins(options.plugins ?? []);
  if (out !== undefined) await prepareFolder(out, options.force);
  const run = await openRun(suite, options);
  const open = await openSetting(suite, suite.settings[0]!, run.engine, run.data, run.code);
  for (const note of open.notes) listener?.onNote?.(noteText(note));
  return { ...run, open };
}

/** The calibration that a training ends with. */
export interface PlannedCalibration {
  /** The choices, for the key of the folder. */
  readonly choices: CalibrationChoices;
  /** Fits it to the validation rows. */
  fit(model: MultiTaskModel): Promise<void>;
  /** What `fit` has fitted, by task. */
  readonly fitted: Readonly<Record<string, FittedCalibration | undefined>>;
}

/** The calibration of the options, or of the data set file. Its faults are found before the training. */
export async function plannedCalibration(
  { open, data, engine }: Begun,
  spec: TrialSpec,
  options: TrainOptions,
): Promise<PlannedCalibration | undefined> {
  const file = spec.config.data.file as Readonly<Record<string, unknown>> | undefined;
  const choices = calibrationIn(options, file);
  if (!choices) return undefined;
  const { tasks } = await data.data(open.request);
  const { validation } = await rowsOfSpec(data, spec);
  await triedPlan(tasks, choices, validation);
  let fitted: PlannedCalibration['fitted'] = {};
  return {
    choices,
    async fit(model) {
      fitted = await calibrate(model, validation, { ...choices, engine: engine.mode, signal: options.signal });
    },
    get fitted() {
      return fitted;
    },
  };
}

/** The key of a training that ends with a calibration is another one. */
export const keyWith = (key: string, calibration: PlannedCalibration | undefined): string =>
  calibration ? `${key} ${contentKey(calibration.choices)}` : key;

/**
 * The finished model of a folder, or a new one that is written there.
 *
 * @param rows gives the rows of the training
 * @param earlier the rows of the model whose training was continued
 */
export async function inFolder(
  folder: string | undefined,
  key: string,
  make: () => Promise<Trained>,
  rows: () => Promise<TrialData>,
  earlier?: SeenRows,
): Promise<Trained> {
  if (folder === undefined) return make();
  const finished = await finishedModel(folder, key);
  if (finished) return finished;
  const trained = await make();
  await writeModelFolder(folder, key, trained, (await rows()).raw?.(), earlier);
  return trained;
}

type Tested = Omit<TrainedTrial, 'model'>;

export async function reportOf(
  { open, data }: Begun,
  [kept, ...others]: readonly [Tested, ...Tested[]],
  calibration: PlannedCalibration | undefined,
): Promise<TrainingReport> {
  const { tasks } = await data.data(open.request);
  const notes: readonly DataNote[] = open.notes;
  const predictions = mapValues(kept.predictions, (each, name) =>
    calibratedPredictions({ ...tasks[name]!, calibrated: calibration?.fitted[name] ?? {} }, each),
  );
  return {
    ...{ name: open.suite.entry.name, tasks, notes },
    trials: [kept.calibrated ?? kept.trial, ...others.map(({ trial }) => trial)],
    calibration: calibrationOf(tasks, predictions),
    ...(calibration && { calibrated: measureCalibrated(tasks, kept.predictions, calibration.fitted) }),
  };
}
