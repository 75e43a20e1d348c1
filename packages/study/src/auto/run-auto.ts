import { type Option, readOptions, specNamed, type Written, recordOf } from '@polytask/components';
import { checks, type MultiTaskModel, sharesLayers, type Tasks, type Task } from '@polytask/core';
import { type AutoCandidate, rankedBy } from '../search/search.ts';
import type { ModelVariant } from '../models/model-variant.ts';
import { BASELINE } from '../models/models.ts';
import { metricEntry, selectionMeasure, metricsOf } from '../summary/metric-entries.ts';
import type { Executor } from '../trials/executor.ts';
import { type OpenSetting, planTrials } from '../trials/plan.ts';
import { trainAndTest, trainAndTestOptions, type TrainedSpec, type TrainedTrial } from '../trials/train-and-test.ts';
import { runPolicy, memoryStore, type TrialStore } from '../trials/run-trials.ts';
import { canBeTaught } from '../trials/train-model.ts';
import type { VisibleRows } from '../trials/open-data.ts';
import { contentKey } from '../results/trial-result.ts';
import type { TrialSpec } from '../trials/trial-spec.ts';
import { autoSearch, type AutoScore, searchClock } from './auto-search.ts';
import { averageModels, type ModelAverage, type ScoredModel, scoreModel } from './average-models.ts';
import { present } from '../format.ts';
import { ENSEMBLE } from '../predictions/ensemble.ts';
import { bootstrapInterval, counterRandom, delongTest, type Verdict, verdictOf } from '@polytask/metrics';
import type { TaskPredictions } from '@polytask/training';
import { measuredAs } from '@polytask/training/internal';
import type { TestedModel } from '../trials/test-model.ts';

const { anything, number, optional, text, wholeNumber } = checks;

const MEMBERS = 5;

/** The share of the time for the search. The rest is for the training of the finalists. */
const SEARCH = 2 / 3;

const own = {
  /** The time for search and training. Testing and opening the data come on top. */
  minutes: number(),
  /** The name of the search, with options: `tpe(startup=10)`. Default: `halving`. */
  search: optional(text),
  /** Where the trainings of the search run. */
  executor: anything as Option<Executor>,
  /** The most different models that are averaged, each of another architecture. Default: 5. With 1, the best one is the result. */
  members: optional(wholeNumber(1)),
  /** The store of the scores, so that an interrupted search can resume. Default: in memory. */
  store: optional(anything as Option<TrialStore>),
  /** How often to repeat a training whose process ended early. Default: 1. */
  retries: optional(wholeNumber()),
  /** The time in seconds, from any origin. Default: the clock of the machine. */
  now: optional(anything as Option<() => number>),
};

const { isLate: _, isLeftOut: __, choose: ___, ...ofTraining } = trainAndTestOptions;
const autoOptions = { ...ofTraining, ...own };

export interface AutoOptions
  extends Written<typeof own>, Written<Omit<typeof trainAndTestOptions, 'isLate' | 'isLeftOut' | 'choose'>> {}

/** The search that chose a model. */
export interface AutoSearchResult {
  readonly minutes: number;
  /** The search, if it isn't halving. */
  readonly method?: string | undefined;
  readonly seconds: number;
  /** All configurations with a score on the validation rows, the best one first. */
  readonly tried: readonly AutoScore[];
  /** The average of several models, chosen or not. Undefined if models can't be averaged. */
  readonly average?: ModelAverage | undefined;
}

/** A finalist's results. Its model is kept only if it won. */
type Finalist = Omit<TrainedTrial, 'model'>;

/** The model that the validation rows chose. The caller disposes of it. */
export interface AutoOutcome {
  readonly model: MultiTaskModel;
  /** The finalists with their results on the test rows. The first one is that of the model. */
  readonly finalists: readonly [Finalist, ...Finalist[]];
  readonly search: AutoSearchResult;
  /** The best model with shared layers against the best separate networks. Undefined if none with shared layers was trained in time. */
  readonly sharing: TestedComparison | undefined;
  /** The model against gradient boosting. Undefined if the model is boosting, or boosting can't train on the tasks. */
  readonly boosting: TestedComparison | undefined;
}

/**
 * Chooses and trains a model in a limited time. Brackets of successive halving (Jamieson & Talwalkar 2016), or of another search, choose on
 * the validation rows. The finalists are the best configuration, the best with shared layers, the best single-task networks, and, while there is time,
 * the best of further architectures. All are trained with the suite's epochs. The model is their average, with weights by the
 * validation rows, or the best of them if the average isn't better by more than a standard error. After that, the test rows are opened once.
 *
 * @param opened a setting of a suite with one seed, which is also the suite's `searchSeed`
 * @throws PolytaskError for an unknown option, or when a finalist can't be trained; the reason of the signal
 */
export async function runAuto(opened: OpenSetting, options: AutoOptions): Promise<AutoOutcome> {
  readOptions(options, autoOptions, 'runAuto');
  const { minutes, now = () => performance.now() / 1000, executor, retries, data, listener, signal } = options;
  const { start: newModel, environment, checkpoints, store = memoryStore(), members = MEMBERS } = options;
  const clock = searchClock(now);
  const { tasks } = await data.data(opened.request);
  const open = withTrainable(opened, tasks);
  const seconds = 60 * minutes;
  const search = autoSearch(open, {
    ...{ clock, listener, seconds: SEARCH * seconds },
    method: options.search === undefined ? undefined : specNamed('search', options.search),
    hasTeacher: open.engine.mode === 'compiled' && Object.values(tasks).some(canBeTaught), // trees are slow without graphs
  });
  const tried = await runPolicy(search, { executor, store, retries, signal });
  const start = clock.elapsed();
  const isShared = ({ config }: TrialSpec) => sharesLayers(config.model.network, open.tasks, open.contexts);
  const trainsItself = ({ model }: Pick<AutoCandidate, 'model'>) =>
    variantOf(open, model).entry.trainsItself !== undefined;
  const firstOf = (is: (candidate: AutoCandidate) => boolean | undefined) =>
    tried.find(({ values }) => is(values))?.values;
  const bestSingle = firstOf(({ model }) => model === BASELINE) ?? { model: BASELINE, values: {} };
  const bestShared = firstOf((candidate) => isShared(specOf(open, candidate)));
  const finalists = [...new Set(present([tried[0]?.values, bestShared, firstOf(trainsItself), bestSingle]))];
  const further = furtherOf(tried, finalists, members);
  const specs = [...finalists, ...further].map((candidate) => specOf(open, candidate));
  const isOver = (share: number) => clock.elapsed() >= start + share * Math.max(0, seconds - start);
  let average: ModelAverage | undefined;
  const tested = await trainAndTest(specs, {
    ...{ data, environment, checkpoints, start: newModel, listener, signal },
    isLate: (trial) => isOver(Math.min(1, (trial + 1) / finalists.length)),
    isLeftOut: (trial) => trial >= finalists.length && isOver(1),
    async choose(trained, visible) {
      const ranked = await rankedModels(trained, visible);
      const mean = members > 1 ? await averageModels(ranked, visible) : undefined;
      average = mean?.average;
      const single = ranked.find(({ spec }) => spec.model === BASELINE)!;
      const sharing = ranked.find(({ spec }) => isShared(spec));
      const trees = ranked.find(({ spec }) => trainsItself(spec));
      return [...new Set(present([mean?.chosen, ranked[0], sharing, single, trees]))];
    },
  });

  const [winner, ...others] = tested as [(typeof tested)[number], ...typeof tested];
  for (const { model } of others) model.dispose();
  const separate = tested.find(({ trial }) => trial.model === BASELINE)!;
  const sharing = tested.find(({ trial }) => trial.sharesLayers);
  const trees = others.find(({ trial }) => trial.model !== ENSEMBLE && trainsItself(trial));
  const result = ({ model: _, ...tested }: TrainedTrial): Finalist => tested;
  return {
    model: winner.model,
    finalists: [result(winner), ...others.map(result)],
    search: { minutes, method: options.search, seconds: start, tried, average },
    sharing: sharing && compareTested(tasks, sharing, separate),
    boosting: trees && compareTested(tasks, winner, trees),
  };
}

/** A hash of all that the choice of a model depends on, but the speed of the machine. */
export const autoKey = (open: OpenSetting, minutes: number, members = MEMBERS, search?: string): string =>
  contentKey({
    key: open.key,
    seeds: open.suite.seeds,
    models: open.suite.models.map(({ label }) => label),
    code: codeOf(open),
    minutes,
    members,
    search: search === undefined ? undefined : specNamed('search', search),
  });

/** The code of the models' components from outside. Undefined without such components. */
function codeOf(open: OpenSetting): string[] | undefined {
  const codes = open.suite.models.flatMap((model) => {
    try {
      return planTrials(open, [model], [open.searched]).flatMap(({ config }) => config.model.code ?? []);
    } catch {
      return []; // it can't be built at this size: the search leaves it out
    }
  });
  return codes.length === 0 ? undefined : [...new Set(codes)].sort();
}

/** The setting without models that bring their training, and can't train on a task. */
const withTrainable = (open: OpenSetting, tasks: Tasks): OpenSetting => {
  const isTrainable = ({ entry: { trainsItself } }: ModelVariant) =>
    !trainsItself || Object.values(tasks).every(trainsItself);
  return { ...open, suite: { ...open.suite, models: open.suite.models.filter(isTrainable) } };
};

/** The best configurations of further architectures, so that an average has up to so many members. */
function furtherOf(tried: readonly AutoScore[], finalists: readonly AutoCandidate[], members: number): AutoCandidate[] {
  const labels = new Set(finalists.map(({ model }) => model));
  const others = tried.filter(({ values: { model } }) => !labels.has(model) && (labels.add(model), true));
  return others.slice(0, Math.max(0, members - finalists.length)).map(({ values }) => values);
}

async function rankedModels(
  trained: readonly TrainedSpec[],
  visible: VisibleRows,
): Promise<[ScoredModel, ...ScoredModel[]]> {
  const scored: ScoredModel[] = [];
  for (const each of trained) scored.push(await scoreModel(each, visible));
  const { direction } = selectionMeasure(trained[0]!.spec.config.training.selection);
  const failed = scored.filter(({ score }) => Number.isNaN(score));
  return [...rankedBy(direction, scored), ...failed] as [ScoredModel, ...ScoredModel[]];
}

function specOf(open: OpenSetting, { model, values }: AutoCandidate): TrialSpec {
  const chosen = new Map(Object.keys(values).length === 0 ? [] : [[model, values]]);
  return planTrials(open, [variantOf(open, model)], undefined, chosen)[0]!;
}

const variantOf = ({ suite: { models } }: OpenSetting, model: string) => models.find(({ label }) => label === model)!;

/** The difference of two models in the first metric of a task, on the same test rows. */
export interface TaskDifference {
  readonly metric: string;
  readonly model: number;
  readonly other: number;
  /** model − other. */
  readonly difference: number;
  /** The interval of the difference over samples of test rows. */
  readonly low: number;
  readonly high: number;
  /** Whether the model is significantly better than the other one. */
  readonly verdict: Verdict;
  readonly method: 'DeLong' | 'bootstrap';
}

/** Two models, task by task, on the same test rows. */
export interface TestedComparison {
  readonly model: string;
  readonly other: string;
  readonly rows: number;
  readonly tasks: Readonly<Record<string, TaskDifference>>;
}

/** The chance that any of the verdicts is wrong where there is no difference. */
const LEVEL = 0.05;
const RESAMPLES = 1000;

/** A model with its predictions on the test rows. */
export interface ComparedModel extends Pick<TestedModel, 'predictions'> {
  readonly trial: Pick<TestedModel['trial'], 'model'>;
}

/**
 * Compares two models on the same test rows: AUCs by DeLong's test, other metrics by a paired bootstrap over rows. The intervals hold for
 * all tasks together (Bonferroni). They don't contain the chance of another seed.
 *
 * @param other may have fewer tasks
 * @param metrics the metric of a task. Default: its first one
 */
export function compareTested(
  tasks: Tasks,
  model: ComparedModel,
  other: ComparedModel,
  metrics: Readonly<Record<string, string>> = {},
): TestedComparison {
  const names = Object.keys(tasks).filter((name) => name in other.predictions);
  const confidence = 1 - LEVEL / names.length;
  return {
    model: model.trial.model,
    other: other.trial.model,
    rows: Math.max(...names.map((name) => model.predictions[name]!.rows.length)),
    tasks: recordOf(names, (name) =>
      differenceOf(tasks[name]!, metrics[name], model.predictions[name]!, other.predictions[name]!, confidence),
    ),
  };
}

function differenceOf(
  task: Task,
  named: string | undefined,
  { labels, weights, predictions: a }: TaskPredictions,
  { predictions: b }: TaskPredictions,
  confidence: number,
): TaskDifference {
  const own = named === undefined ? metricsOf(task)[0]! : metricEntry(named, measuredAs(task))!;
  const { name: metric, direction } = own;
  if (metric === 'auc' && own.task === 'binary' && weights.every((weight) => weight === weights[0])) {
    const { aucs, difference, low, high } = delongTest(labels, a, b, { confidence });
    const [model, other] = aucs;
    const verdict = verdictOf({ low, high }, direction);
    return { metric, model, other, difference, low, high, verdict, method: 'DeLong' };
  }
  const valueOf = (predictions: Float64Array, counted: Float64Array) =>
    own.create().update(labels, predictions, { weights: counted }).compute();
  const differenceOn = (rows: Float64Array) => {
    const counted = new Float64Array(labels.length); // a row that is sampled twice weighs twice
    for (const row of rows) counted[row]! += weights[row]!;
    return valueOf(a, counted) - valueOf(b, counted);
  };
  const { estimate, low, high } = bootstrapInterval(
    [Float64Array.from(labels.keys())],
    ([rows]) => differenceOn(rows!),
    {
      confidence,
      resamples: RESAMPLES,
      method: 'percentile',
      random: counterRandom(0),
    },
  );
  return {
    ...{ metric, model: valueOf(a, weights), other: valueOf(b, weights), difference: estimate, low, high },
    verdict: verdictOf({ low, high }, direction),
    method: 'bootstrap',
  };
}
