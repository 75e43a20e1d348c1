import { type Finding, mapValues } from '@polytask/components';
import path from 'node:path';
import type { MultiTaskModel } from '@polytask/core';
import type { SeenRows } from '@polytask/data';
import {
  compareTested,
  contentKey,
  evaluatePredictions,
  measureCalibrated,
  openSetting,
  planTrials,
  rowsOfSpec,
  type Suite,
  type TrainedTrial,
  type TrainingReport,
  type TrialResult,
  type TrialSpec,
  withRandomSplit,
} from '@polytask/study';
import { calibrate, type FittedCalibration, calibratedPredictions, type TaskPredictions } from '@polytask/training';
import { openRun } from '../run-suite.ts';
import { recordTrial } from '../tracking/tracked-store.ts';
import { calibrationIn, triedPlan } from './calibration-choices.ts';
import { CHECKPOINTS, finishedModel, prepareFolder, type Trained, writeModelFolder } from '../model-folder.ts';
import { testedTeacher } from '../teacher.ts';
import type { TrainOptions } from './train-options.ts';

type Tested = Omit<TrainedTrial, 'model'>;

/** Opens the data of a training, and plans it. Faults of its calibration are found before the training. */
export async function begin(suite: Suite, options: TrainOptions) {
  const { boosting = true, listener, out, signal, trackers = [] } = options;
  if (out !== undefined) await prepareFolder(out, options.force);
  const { engine, data, environment, code, executor } = await openRun(suite, options);
  const open = await openSetting(suite, suite.settings[0]!, engine, data, code);
  for (const { message } of open.notes) listener?.onNote?.(message);
  const specs = planTrials(open) as [TrialSpec, ...TrialSpec[]];
  const [spec, ...others] = specs;
  const file = spec.config.data.file as Readonly<Record<string, unknown>> | undefined;
  const choices = calibrationIn(options, file);
  const { tasks } = await data.data(open.request);
  const isTrees = ({ model }: Pick<TrialSpec, 'model'>) =>
    suite.models.some(({ label, entry }) => entry.trainsItself && label === model);
  if (choices) await triedPlan(tasks, choices, (await rowsOfSpec(data, spec)).validation);
  let fitted: Readonly<Record<string, FittedCalibration | undefined>> = {};
  let predictions: Readonly<Record<string, TaskPredictions>> = {};
  const keyOf = (key: string) => (choices ? `${key} ${contentKey(choices)}` : key);
  /** Writes a model that was trained on these rows. @param earlier rows that it was trained on before */
  const write = async (folder: string, key: string, trained: Trained, earlier?: SeenRows) => {
    const raw = (await rowsOfSpec(data, spec)).raw?.();
    await writeModelFolder(folder, keyOf(key), trained, raw && { raw, earlier, predictions });
  };
  return {
    ...{ open, spec, others, tasks, executor },
    hooks: {
      ...{ data, environment, listener, signal },
      checkpoints: out === undefined ? undefined : ({ key }: TrialSpec) => path.join(out, CHECKPOINTS, key),
      calibrate: choices && [
        async (model: MultiTaskModel) => {
          const { validation } = await rowsOfSpec(data, spec);
          fitted = await calibrate(model, validation, { ...choices, engine: engine.mode, signal });
        },
      ],
    },
    write,
    /** The finished model of the folder, or a new one. @param key a hash of what the training depends on @param earlier rows of `from` */
    async inFolder(key: string, make: () => Promise<Trained>, earlier?: SeenRows): Promise<Trained> {
      const made = async (): Promise<Trained> => {
        const trained = await make();
        for (const trial of trained.report.trials)
          await recordTrial(trackers, trial, (message) => listener?.onNote?.(message));
        return trained;
      };
      if (out === undefined) return made();
      const finished = await finishedModel(out, keyOf(key));
      if (finished) return finished;
      const trained = await made();
      await write(out, key, trained, earlier);
      return trained;
    },
    async report([kept, ...others]: readonly [Tested, ...Tested[]]): Promise<TrainingReport> {
      const teacher = await testedTeacher(data, spec);
      const notes: readonly Finding[] = [...open.notes, ...(teacher?.warnings ?? [])];
      for (const { message } of teacher?.warnings ?? []) listener?.onNote?.(message);
      const decided = mapValues(tasks, (task, name) => ({ ...task, calibrated: fitted[name] ?? {} }));
      predictions = mapValues(kept.predictions, (each, name) => calibratedPredictions(decided[name]!, each));
      const labeled = Object.fromEntries(
        Object.entries(decided).filter(([name]) => predictions[name]!.labels.length > 0),
      );
      const trials: [TrialResult, ...TrialResult[]] = [
        kept.calibrated ?? kept.trial,
        ...others.map(({ trial }) => trial),
      ];
      const trees = boosting ? trials.findIndex(isTrees) : -1;
      if (trees >= 0)
        trials[trees] = await withRandomSplit(trials[trees]!, specs.find(isTrees)!, { data, environment, signal });
      return {
        ...{ name: suite.entry.name, tasks, notes, trials },
        tested: evaluatePredictions(labeled, predictions, {
          ...{ metrics: mapValues(labeled, () => []), worst: 1, where: String },
        }).tasks,
        teacher: teacher && compareTested(tasks, kept, teacher),
        ...(choices && { calibrated: measureCalibrated(tasks, kept.predictions, fitted) }),
      };
    },
  };
}
