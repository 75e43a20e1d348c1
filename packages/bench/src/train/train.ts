import {
  planTrials,
  rowsOfSpec,
  runAuto,
  type Suite,
  trainAndTest,
  type TrainedTrial,
  type TrialSpec,
} from '@polytask/study';
import { autoKey } from '@polytask/study/internal';
import { loadPlugins } from '../plugins.ts';
import { openResults } from '../trials/results-file.ts';
import { checkpointsOf, type Trained } from '../model-folder.ts';
import { autoSuite, type AutoTrainOptions, trainSuite, type TrainOptions } from './train-options.ts';
import { begin, inFolder, keyWith, plannedCalibration, reportOf } from './training-run.ts';

import '@polytask/experts'; // these packages define the components of models that are loaded
import '@polytask/gating';

/**
 * Trains one model on a data set, with early stopping on the validation rows, and evaluates it on the test rows. With `out`, it writes the
 * folder of the model: the model itself, its scores, a model card and a report.
 *
 * @param data the JSON file of a data set, as `polytask describe` writes it. With `from`, a file of rows will do
 * @throws PolytaskError on invalid options or data, or an earlier training in `out`; the reason of the signal
 * @example
 * const { model, report } = await train('people.json', { model: 'adatt', out: 'people-model' });
 * report.trials[0].metrics.income.auc; // on the test rows
 */
export async function train(data: string, options: TrainOptions = {}): Promise<Trained> {
  await loadPlugins(options.plugins ?? []);
  if (options.from !== undefined) return (await import('./train-from.ts')).trainFrom(data, options);
  return trainOn(await trainSuite(data, options), options);
}

/** Trains as {@link train} does, on the suite that `trainSuite` has made of the same options. */
export async function trainOn(suite: Suite, options: TrainOptions): Promise<Trained> {
  const { out, listener, signal } = options;
  const training = await begin(suite, options);
  const { open, data, environment } = training;
  const specs = planTrials(open);
  const [spec] = specs as [(typeof specs)[number]];
  const calibration = await plannedCalibration(training, spec, options);
  return inFolder(
    out,
    keyWith(spec.key, calibration),
    async () => {
      const [{ model, ...tested }] = (await trainAndTest(specs, {
        ...{ data, environment, listener, signal },
        checkpoints: out === undefined ? undefined : (spec) => checkpointsOf(out, spec.key),
        calibrate: calibration?.fit,
      })) as [TrainedTrial];
      return { model, report: await reportOf(training, [tested], calibration) };
    },
    () => rowsOfSpec(data, spec),
  );
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
  const [spec] = planTrials(open) as [TrialSpec];
  const calibration = await plannedCalibration(training, spec, options);
  return inFolder(
    out,
    keyWith(autoKey(open, minutes, members), calibration),
    async () => {
      const executor = training.executor(workers);
      const store = out === undefined ? undefined : openResults(out);
      const { model, finalists, search, sharing, boosting } = await runAuto(open, {
        ...{ minutes, members, executor, store, retries, data, environment, listener, signal },
        checkpoints: out === undefined ? undefined : (spec) => checkpointsOf(out, spec.key),
        calibrate: calibration?.fit,
      }).finally(() => executor.close());
      const report = await reportOf(training, finalists, calibration);
      return { model, report: { ...report, search, sharing, boosting } };
    },
    () => rowsOfSpec(data, spec),
  );
}
