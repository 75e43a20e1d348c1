import { mapValues, type MultiTaskModel, type Tasks } from '@polytask/core';
import {
  calibrationOf,
  contentKey,
  measureCalibrated,
  rowsOfSpec,
  type TrialSpec,
  type DataNote,
  noteText,
  openSetting,
  type OpenSetting,
  plan,
  runAuto,
  type Suite,
  type TestedModel,
  trainAndTest,
  type TrainingReport,
  autoKey,
} from '@polytask/study';
import { calibrate, calibratedPredictions } from '@polytask/training';
import { openRun, type OpenRun } from '../open-run.ts';
import { loadPlugins } from '../plugins.ts';
import { openResults } from '../trials/results-file.ts';
import { type CalibrationChoices, calibrationIn, triedPlan } from './calibration-choices.ts';
import { checkpointsOf, finishedModel, prepareFolder, type Trained, writeModelFolder } from './model-folder.ts';
import {
  autoSuite,
  type AutoTrainOptions,
  trainSuite,
  type TrainingChoices,
  type TrainOptions,
} from './train-options.ts';

import '@polytask/experts'; // these packages define the components of models that are loaded
import '@polytask/gating';

/**
 * Trains one model on a data set, with early stopping on the validation rows, and evaluates it on the test rows. With `out`, it writes the
 * folder of the model: the model itself, its scores, a model card and a report.
 *
 * @param data the JSON file of a data set, as `polytask describe` writes it
 * @throws PolytaskError on invalid options or data, or an earlier training in `out`; the reason of the signal
 * @example
 * const { model, report } = await train('people.json', { model: 'adatt', out: 'people-model' });
 * report.trials[0].metrics.income.auc; // on the test rows
 */
export async function train(data: string, options: TrainOptions = {}): Promise<Trained> {
  await loadPlugins(options.plugins ?? []);
  return trainOn(await trainSuite(data, options), options);
}

/** Trains as {@link train} does, on the suite that `trainSuite` has made of the same options. */
export async function trainOn(suite: Suite, options: TrainOptions): Promise<Trained> {
  const { out, listener, signal } = options;
  const training = await begin(suite, options);
  const { open, data, environment } = training;
  const specs = plan(open);
  const [spec] = specs as [(typeof specs)[number]];
  const calibration = await planned(training, spec, options);
  return inFolder(out, keyWith(spec.key, calibration), async () => {
    const [{ model, ...tested }] = (await trainAndTest(specs, {
      ...{ data, environment, listener, signal },
      checkpoints: out === undefined ? undefined : (spec) => checkpointsOf(out, spec.key),
    })) as [Trained & TestedModel];
    return { model, report: await reportOf(training, [tested], await calibration?.fit(model)) };
  });
}

/**
 * Chooses a model for a data set in a limited time, and trains it: see docs/train-without-code.md. With `out`, it writes the folder of the
 * model, and an interrupted search goes on there.
 *
 * @param data the JSON file of a data set, as `polytask describe` writes it
 * @throws PolytaskError as {@link train} does
 * @example
 * const { report } = await autoTrain('people.json', { minutes: 10, out: 'people-model' });
 * report.sharing?.tasks.income.verdict; // whether sharing helped
 */
export async function autoTrain(data: string, options: AutoTrainOptions = {}): Promise<Trained> {
  await loadPlugins(options.plugins ?? []);
  return autoTrainOn(await autoSuite(data, options), options);
}

/** Trains as {@link autoTrain} does, on the suite that `autoSuite` has made of the same options. */
export async function autoTrainOn(suite: Suite, options: AutoTrainOptions): Promise<Trained> {
  const { out, minutes = 10, members, workers = 0, retries, listener, signal } = options;
  const training = await begin(suite, options);
  const { open, data, environment } = training;
  const calibration = await planned(training, plan(open)[0]!, options);
  return inFolder(out, keyWith(autoKey(open, minutes, members), calibration), async () => {
    const executor = training.executor(workers);
    const store = out === undefined ? undefined : openResults(out);
    const { model, finalists, search, sharing } = await runAuto(open, {
      ...{ minutes, members, executor, store, retries, data, environment, listener, signal },
      checkpoints: out === undefined ? undefined : (spec) => checkpointsOf(out, spec.key),
    }).finally(() => executor.close());
    const report = await reportOf(training, finalists, await calibration?.fit(model));
    return { model, report: { ...report, search, sharing } };
  });
}

/** A training with its opened data. */
interface Begun extends OpenRun {
  readonly open: OpenSetting;
}

async function begin(suite: Suite, options: TrainingChoices): Promise<Begun> {
  const { listener, out } = options;
  await loadPlugins(options.plugins ?? []);
  if (out !== undefined) await prepareFolder(out, options);
  const run = await openRun(suite, options);
  const open = await openSetting(suite, suite.settings[0]!, run.engine, run.data, run.code);
  for (const note of open.notes) listener?.onNote?.(noteText(note));
  return { ...run, open };
}

/** The calibration that a training ends with. */
interface PlannedCalibration {
  /** The choices, for the key of the folder. */
  readonly choices: CalibrationChoices;
  /** Fits it to the validation rows. @returns the tasks with it */
  fit(model: MultiTaskModel): Promise<Tasks>;
}

/** The calibration of the options, or of the data set file. Its faults are found before the training. */
async function planned(
  { open, data, engine }: Begun,
  spec: TrialSpec,
  options: TrainingChoices,
): Promise<PlannedCalibration | undefined> {
  const file = spec.config.data.file as Readonly<Record<string, unknown>> | undefined;
  const choices = calibrationIn(options, file);
  if (!choices) return undefined;
  const { tasks } = await data.data(open.request);
  const { validation } = await rowsOfSpec(data, spec);
  await triedPlan(tasks, choices, validation);
  return {
    choices,
    async fit(model) {
      await calibrate(model, validation, { ...choices, engine: engine.mode, signal: options.signal });
      return model.schema.tasks;
    },
  };
}

/** The key of a training that ends with a calibration is another one. */
const keyWith = (key: string, calibration: PlannedCalibration | undefined): string =>
  calibration ? `${key} ${contentKey(calibration.choices)}` : key;

/** The finished model of a folder, or a new one that is written there. */
async function inFolder(folder: string | undefined, key: string, make: () => Promise<Trained>): Promise<Trained> {
  if (folder === undefined) return make();
  const finished = await finishedModel(folder, key);
  if (finished) return finished;
  const trained = await make();
  await writeModelFolder(folder, key, trained);
  return trained;
}

async function reportOf(
  { open, data }: Begun,
  [kept, ...others]: readonly [TestedModel, ...TestedModel[]],
  calibrated: Tasks | undefined,
): Promise<TrainingReport> {
  const { tasks } = await data.data(open.request);
  const notes: readonly DataNote[] = open.notes;
  const predictions = mapValues(calibrated ?? {}, (task, name) => calibratedPredictions(task, kept.predictions[name]!));
  return {
    ...{ name: open.suite.row.name, tasks, notes },
    trials: [kept.trial, ...others.map(({ trial }) => trial)],
    calibration: calibrationOf(tasks, { ...kept.predictions, ...predictions }),
    ...(calibrated && { calibrated: measureCalibrated(calibrated, kept.predictions) }),
  };
}
