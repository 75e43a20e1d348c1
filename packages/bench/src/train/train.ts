import {
  autoKey,
  compareTested,
  runAuto,
  shownAs,
  trainAndTest,
  trainingDocument,
  type TrainedTrial,
} from '@polytask/study';
import { loadPlugins } from '../modules/imported-modules.ts';
import { openResults } from '../trials/run-files.ts';
import type { Trained } from '../model-folder.ts';
import { autoSuite, type AutoTrainOptions, trainSuite, type TrainOptions } from './train-options.ts';
import { begin } from './training-run.ts';

import '@polytask/experts'; // these packages define the components of models that are loaded
import '@polytask/gating';

/**
 * Trains one model on a data set, with early stopping on the validation rows, and evaluates it on the test rows. With `out`, it writes the
 * folder of the model: the model itself, its scores, a model card and a report. On a table that trees can learn, gradient boosting is trained,
 * too, and the report compares the two.
 *
 * @param data the JSON file of a data set, as `polytask describe` writes it. With `from`, a file of rows will do
 * @throws PolytaskError on invalid options or data, or an earlier training in `out`; the reason of the signal
 * @example
 * const { model, report } = await train('people.json', { model: 'adatt', out: 'people-model' });
 * report.trials[0].metrics.income.auc; // on the test rows
 */
export const train = async (data: string, options: TrainOptions = {}): Promise<Trained> =>
  shown(await (await plannedTraining(data, options))());

const shown = (trained: Trained): Trained =>
  shownAs(trained, ({ model, report }) => trainingDocument(report, model.schema));

/** Runs a training whose options and data are read. */
type Planned = (hooks?: Pick<TrainOptions, 'listener' | 'signal'>) => Promise<Trained>;

/** The training of {@link train}. Wrong options are an error here. */
export async function plannedTraining(data: string, options: TrainOptions): Promise<Planned> {
  await loadPlugins(options.plugins ?? []);
  if (options.from !== undefined) {
    const { trainFrom } = await import('./train-from.ts');
    return (given) => trainFrom(data, { ...options, ...given });
  }
  const suite = await trainSuite(data, options);
  return async (given) => {
    const { spec, others, tasks, hooks, inFolder, report } = await begin(suite, { ...options, ...given });
    return inFolder(spec.key, async () => {
      const [own, trees] = (await trainAndTest([spec, ...others], hooks)) as [TrainedTrial, TrainedTrial | undefined];
      trees?.model.dispose();
      const boosting = trees && compareTested(tasks, own, trees);
      return { model: own.model, report: { ...(await report(trees ? [own, trees] : [own])), boosting } };
    });
  };
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
export const autoTrain = async (data: string, options: AutoTrainOptions = {}): Promise<Trained> =>
  shown(await (await plannedSearch(data, options))());

/** The training of {@link autoTrain}. Wrong options are an error here. */
export async function plannedSearch(data: string, options: AutoTrainOptions): Promise<Planned> {
  await loadPlugins(options.plugins ?? []);
  const { out, minutes = 10, members, search: method, workers = 0, retries } = options;
  const suite = await autoSuite(data, options);
  return async (given) => {
    const { open, executor: executorOf, hooks, inFolder, report } = await begin(suite, { ...options, ...given });
    return inFolder(autoKey(open, minutes, members, method), async () => {
      const executor = executorOf(workers);
      const store = out === undefined ? undefined : openResults(out);
      const { model, finalists, search, sharing, boosting } = await runAuto(open, {
        ...{ minutes, members, search: method, executor, store, retries, ...hooks },
      }).finally(() => executor.close());
      return { model, report: { ...(await report(finalists)), search, sharing, boosting } };
    });
  };
}
