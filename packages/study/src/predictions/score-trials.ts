import { findEntry, isObject, mapValues, sum } from '@polytask/components';
import {
  readOptions,
  checks,
  fail,
  type FromDescription,
  groupBy,
  labelOf,
  type Tasks,
  type Written,
} from '@polytask/core';
import { findMetric } from '@polytask/metrics';
import { type MeasuredAs } from '@polytask/training';
import { measuredAs } from '@polytask/training/internal';
import { metricNames, metricEntry, metricEntries, type MetricEntry } from '../summary/metric-entries.ts';
import {
  contentKey,
  settingKey,
  trialKey,
  type TrialResult,
  type PredictionStore,
  type TrialPredictions,
} from '../results/trial-result.ts';
import { pairOf } from '../results/folds.ts';
import { ENSEMBLE, meanPredictions, selectEnsemble } from './ensemble.ts';
import { scoresOfPart } from './tested-scores.ts';

const isEnsemble = ({ config: { model } }: TrialResult): boolean =>
  isObject(model.network) && 'ensemble' in model.network;

const { listOf, oneOf, optional, text } = checks;

export const scoreTrialsOptions = {
  /** Names of metrics. Each measures the tasks of its kind. Default: the metrics that every trial measures. */
  metrics: optional(listOf(text, 1)),
  /**
   * The ensembles to add. `models`: for each seed, a trial of the mean of models that the validation rows choose. `seeds`: for each
   * model, one trial of the mean of its seeds, where these have the same test rows. Default: none.
   */
  ensemble: optional(oneOf('models', 'seeds')),
};

export interface ScoreTrialsOptions extends Written<typeof scoreTrialsOptions>, FromDescription {}

interface PredictedTrial {
  readonly trial: TrialResult;
  readonly predictions: TrialPredictions;
}

/**
 * Measures finished trials again, from their predictions on the test rows. No model is trained.
 *
 * @returns the trials with the new metrics, and the trials of the ensembles: `ensemble`, or `ensemble of MODEL`
 * @throws PolytaskError on an unknown metric or option, when a trial has no predictions, or when the seeds of an ensemble have other test rows
 * @example const trials = await scoreTrials(await store.read(), predictions, { metrics: ['auc', 'prAuc'], ensemble: 'models' });
 */
export async function scoreTrials(
  trials: readonly TrialResult[],
  store: PredictionStore,
  options: ScoreTrialsOptions = {},
): Promise<TrialResult[]> {
  const { metrics, ensemble } = readOptions(options, scoreTrialsOptions, 'scoreTrials');
  metrics?.forEach(entryOf);
  await checkKept(trials, store);
  const scored: TrialResult[] = [];
  for (const group of groupsOf(trials, ensemble === 'seeds' ? 'model' : 'seed')) {
    const predicted: PredictedTrial[] = [];
    for (const trial of group) {
      const predictions = await store.read(trialKey(trial));
      scored.push(scoredTrial(trial, predictions, metrics));
      if (ensemble && !isEnsemble(trial)) predicted.push({ trial, predictions });
    }
    const mean = ensemble && (ensemble === 'seeds' ? meanOfSeeds(predicted) : meanOfModels(predicted));
    if (mean) scored.push(ensembleTrial(mean, metrics));
  }
  return scored;
}

async function checkKept(trials: readonly TrialResult[], store: PredictionStore): Promise<void> {
  const keys = await store.keys();
  const missing = trials.filter((trial) => !keys.has(trialKey(trial)));
  if (missing.length === 0) return;
  const { model, seed } = missing[0]!;
  fail({
    expected: 'the predictions of every trial',
    received: `${missing.length} of ${trials.length} trials without, such as ${model} with seed ${seed}`,
    fix: 'Run the comparison again with --keep-predictions: it trains these trials alone.',
  });
}

const groupsOf = (trials: readonly TrialResult[], by: 'seed' | 'model'): Iterable<TrialResult[]> =>
  groupBy(trials, (trial) =>
    JSON.stringify([settingKey(trial), trial.setting, by === 'seed' ? pairOf(trial) : trial.model]),
  ).values();

/** A trial with other metrics. Scores on unseen rows and by context are left out, because they need the rows. */
function scoredTrial(
  { unseen: _, byContext: _other, ...trial }: TrialResult,
  { tasks, test }: TrialPredictions,
  metrics: readonly string[] | undefined,
): TrialResult {
  const { warnings: __, ...scores } = scoresOfPart(
    tasks,
    test,
    metricNamesByTask(tasks, metrics, test.groups !== undefined),
  );
  return { ...trial, ...scores };
}

/** @throws PolytaskError for an unknown name */
function entryOf(name: string): MetricEntry {
  const known = new Map(metricEntries().map((metric) => [metric.name, metric]));
  return metricEntry(name) ?? findEntry([...known.values()], name, 'metric of the tables');
}

/** What a metric is called that takes the order of classes into account, where they have one. */
const OF_ORDERED: Readonly<Record<string, string>> = { kappa: 'quadraticKappa' };

/** The metrics of each task, by default those that every comparison measures. @throws PolytaskError when a metric fits no task */
export function metricNamesByTask(
  tasks: Tasks,
  metrics: readonly string[] | undefined,
  grouped = false,
): Record<string, string[]> {
  if (metrics === undefined) return metricNames(tasks, grouped);
  const kinds = [...new Set(Object.values(tasks).map(measuredAs))];
  const names = [...new Set(metrics.map((name) => entryOf(name).name))];
  const fits = (name: string, kind: MeasuredAs) => findMetric(name, kind).task === kind;
  for (const name of names) {
    const { task, grouped: needsGroups } = entryOf(name);
    if (kinds.some((kind) => fits(name, kind)) && (grouped || !needsGroups)) continue;
    fail({
      expected: `metrics for ${kinds.join(' and ')} tasks${grouped ? '' : ' of rows without groups'}`,
      received: `"${name}", which is for ${needsGroups ? 'groups of ' : ''}${task} tasks`,
      fix: 'Leave it out.',
    });
  }
  return mapValues(tasks, (task) => {
    const label = labelOf(task);
    const isOrdered = 'ordered' in label && label.ordered;
    const own = names.filter((name) => fits(name, measuredAs(task)));
    return [...new Set(own.map((name) => (isOrdered ? (OF_ORDERED[name] ?? name) : name)))];
  });
}

interface Ensemble {
  readonly name: string;
  readonly members: readonly (PredictedTrial & { readonly weight: number })[];
  /** What a trial says of its members, in place of a network. */
  readonly network: unknown;
  readonly seconds: number;
}

const secondsOf = (predicted: readonly PredictedTrial[]) => sum(predicted.map(({ trial }) => trial.seconds));

function meanOfModels(predicted: readonly PredictedTrial[]): Ensemble | undefined {
  const onValidation = new Map(
    predicted.flatMap(({ trial, predictions: { validation } }) => (validation ? [[trial.model, validation]] : [])),
  );
  const candidates = predicted.filter(({ trial }) => onValidation.has(trial.model));
  const [first] = candidates;
  if (!first || candidates.length < 2) return undefined;
  const counts = selectEnsemble(first.predictions.tasks, onValidation, first.trial.config.training.selection);
  return {
    name: ENSEMBLE,
    members: candidates.flatMap((each) => {
      const weight = counts.get(each.trial.model);
      return weight === undefined ? [] : [{ ...each, weight }];
    }),
    network: { ensemble: Object.fromEntries(counts) },
    seconds: secondsOf(candidates), // the choice needs all of them
  };
}

/** The mean of the seeds of one model. Undefined for a single seed. */
function meanOfSeeds(predicted: readonly PredictedTrial[]): Ensemble | undefined {
  const [first] = predicted;
  if (!first || predicted.length < 2) return undefined;
  const { model, config } = first.trial;
  return {
    name: `${ENSEMBLE} of ${model}`,
    members: predicted.map((each) => ({ ...each, weight: 1 })),
    network: { ensemble: config.model.network, seeds: predicted.map(({ trial }) => trial.seed) },
    seconds: secondsOf(predicted),
  };
}

/** The trial of an ensemble, with the seed of its first member. @throws PolytaskError when the members have other test rows */
function ensembleTrial(
  { name, members, network, seconds }: Ensemble,
  metrics: readonly string[] | undefined,
): TrialResult {
  const { trial, predictions } = members[0]!;
  const test = meanPredictions(members.map((each) => ({ part: each.predictions.test, weight: each.weight })));
  const codes = [...new Set(members.flatMap((each) => each.trial.config.model.code ?? []))].sort();
  const multiplyAdds = members.flatMap((each) => each.trial.multiplyAdds ?? []);
  const { suite, setting, seed, fold, engine, versions, machine, config } = trial;
  const { tasks } = predictions;
  return {
    ...(setting !== undefined && { setting }),
    ...{ suite, model: name, parts: { model: name }, seed, ...(fold && { fold }), engine, versions },
    ...(machine !== undefined && { machine }),
    config: { ...config, model: { network, rate: 1, ...(codes.length > 0 && { code: contentKey(codes) }) } },
    ...scoresOfPart(tasks, test, metricNamesByTask(tasks, metrics, test.groups !== undefined)),
    parameters: sum(members.map((each) => each.trial.parameters)),
    ...(multiplyAdds.length === members.length && { multiplyAdds: sum(multiplyAdds) }),
    seconds,
    ...{ epochs: 0, bestEpoch: 0, curve: [], fusion: [] },
  };
}
