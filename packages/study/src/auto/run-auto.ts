import type { MultiTaskModel } from '@polytask/core';
import { isBetter } from '@polytask/metrics';
import type { ScoreStore } from '../search/candidate-scores.ts';
import { BASELINE, isSeparate } from '../models/models.ts';
import { selectionMeasure } from '../summary/metric-rows.ts';
import { validationScore } from '../summary/summarize.ts';
import type { Executor } from '../trials/executor.ts';
import { type OpenSetting, plan } from '../trials/plan.ts';
import type { TestedModel } from '../trials/test-model.ts';
import { trainAndTest, type TrainAndTestOptions } from '../trials/train-and-test.ts';
import { contentKey } from '../trials/trial-key.ts';
import type { TrialSpec } from '../trials/trial-spec.ts';
import { autoSearch, type AutoScore } from './auto-search.ts';
import type { AutoCandidate } from './auto-space.ts';
import { searchClock } from './search-clock.ts';
import { compareSharing, type SharingComparison } from './sharing.ts';

/** The share of the time for the search. The rest is for the training of the finalists. */
const SEARCH = 2 / 3;

export interface AutoOptions extends Omit<TrainAndTestOptions, 'isLate'> {
  /** The time for search and training. Testing and opening the data come on top. */
  readonly minutes: number;
  /** Where the trainings of the search run. */
  readonly executor: Executor;
  /** The store of the scores, so that an interrupted search can resume. Default: none. */
  readonly scores?: ScoreStore | undefined;
  /** How often to repeat a training whose process ended early. Default: 1. */
  readonly retries?: number | undefined;
  /** The time in seconds, from any origin. Default: the clock of the machine. */
  readonly now?: (() => number) | undefined;
}

/** The search that chose a model. */
export interface AutoSearchResult {
  readonly minutes: number;
  /** The seconds of the search. */
  readonly seconds: number;
  /** All configurations with a score on the validation rows, the best one first. */
  readonly tried: readonly AutoScore[];
}

/** The model that the validation rows chose. The caller disposes of it. */
export interface AutoOutcome {
  readonly model: MultiTaskModel;
  /** The finalists with their results on the test rows. The first one is that of the model. */
  readonly finalists: readonly [TestedModel, ...TestedModel[]];
  readonly search: AutoSearchResult;
  /** The best model with shared layers against the best separate networks. Undefined if none with shared layers was trained in time. */
  readonly sharing: SharingComparison | undefined;
}

/**
 * Chooses and trains a model in a limited time. Brackets of successive halving (Jamieson & Talwalkar 2016) search on the validation
 * rows. The finalists are the best configuration, the best with shared layers, and the best single-task networks. All are trained
 * with the suite's epochs. Their best validation scores decide. After that, the test rows are opened once.
 *
 * @param open a setting of a suite with one seed, which is also the suite's `searchSeed`
 * @throws PolytaskError when a finalist can't be trained; the reason of the signal
 */
export async function runAuto(open: OpenSetting, options: AutoOptions): Promise<AutoOutcome> {
  const { minutes, now = () => performance.now() / 1000, executor, scores, retries, data, listener, signal } = options;
  const clock = searchClock(now);
  const seconds = 60 * minutes;
  const tried = await autoSearch(open, {
    ...{ clock, executor, scores, retries, listener, signal },
    seconds: SEARCH * seconds,
  });
  const start = clock.elapsed();
  const specs = finalistsOf(tried).map((candidate) => specOf(open, candidate));
  const isLate = (trial: number) =>
    clock.elapsed() >= start + ((trial + 1) * Math.max(0, seconds - start)) / specs.length;
  const trained = await trainAndTest(specs, { ...options, isLate });

  const { direction } = selectionMeasure(open.common.training.selection);
  const winner = trained.reduce((best, each) =>
    isBetter(direction, validationScore(each.trial), validationScore(best.trial)) ? each : best,
  );
  for (const { model } of trained) if (model !== winner.model) model.dispose();
  const separate = trained.find(({ trial }) => trial.model === BASELINE)!;
  const sharing = trained.find(({ trial }) => !isSeparate(trial.model));
  const { tasks } = await data.data(open.request);
  const results = [winner, ...trained.filter((each) => each !== winner)].map(({ trial, predictions }): TestedModel => ({
    trial,
    predictions,
  })) as [TestedModel, ...TestedModel[]];
  return {
    model: winner.model,
    finalists: results,
    search: { minutes, seconds: start, tried },
    sharing: sharing && compareSharing(tasks, sharing, separate),
  };
}

/** A hash of all that the choice of a model depends on, but the speed of the machine. */
export const autoKey = (open: OpenSetting, minutes: number): string =>
  contentKey({ key: open.key, seeds: open.suite.seeds, models: open.suite.models.map(({ label }) => label), minutes });

/** The best configuration, the best with shared layers, and the best of single-task, each once. */
function finalistsOf(tried: readonly AutoScore[]): AutoCandidate[] {
  const best = tried[0]?.values;
  const single = tried.find(({ values }) => values.model === BASELINE)?.values ?? { model: BASELINE, values: {} };
  const sharing = tried.find(({ values }) => !isSeparate(values.model))?.values;
  return [...new Set([best, sharing, single].filter((candidate) => candidate !== undefined))];
}

function specOf(open: OpenSetting, { model, values }: AutoCandidate): TrialSpec {
  const { models, seeds } = open.suite;
  const variant = models.find(({ label }) => label === model)!;
  const chosen = new Map(Object.keys(values).length === 0 ? [] : [[model, values]]);
  return plan(open, [variant], seeds, chosen)[0]!;
}
