import { fail, type Tasks } from '@polytask/core';
import { findRow } from '../named-row.ts';
import { metricRows } from '../summary/metric-rows.ts';
import { metricNames } from '../trials/train-model.ts';
import { settingKey, trialKey } from '../trials/trial-key.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { meanPredictions, selectEnsemble } from './ensemble.ts';
import { scoresOfPart } from './tested-scores.ts';
import type { PartPredictions, PredictionStore, TrialPredictions } from './trial-predictions.ts';

/** The name of the row of an ensemble. */
export const ENSEMBLE = 'ensemble';

export interface ScoreTrialsOptions {
  /** Names of metrics. Each measures the tasks of its kind. Default: the metrics that every trial measures. */
  readonly metrics?: readonly string[] | undefined;
  /** Whether to add, for each seed, a trial of the mean of models that the validation rows choose. Default: false. */
  readonly ensemble?: boolean | undefined;
}

/** A trial with its predictions. */
interface PredictedTrial {
  readonly trial: TrialResult;
  readonly predictions: TrialPredictions;
}

/**
 * Measures finished trials again, from their predictions on the test rows. No model is trained.
 *
 * @returns the trials with the new metrics, seed by seed; with `ensemble`, followed by a trial named `ensemble` for each seed
 * @throws PolytaskError on an unknown metric, or when a trial has no predictions
 * @example const trials = await scoreTrials(await store.read(), predictions, { metrics: ['auc', 'prAuc'], ensemble: true });
 */
export async function scoreTrials(
  trials: readonly TrialResult[],
  store: PredictionStore,
  { metrics, ensemble = false }: ScoreTrialsOptions = {},
): Promise<TrialResult[]> {
  for (const name of metrics ?? []) findRow(metricRows(), name, 'metric of the tables');
  await checkKept(trials, store);
  const scored: TrialResult[] = [];
  for (const seedTrials of bySeed(trials)) {
    const predicted: PredictedTrial[] = [];
    for (const trial of seedTrials) {
      const predictions = await store.read(trialKey(trial));
      scored.push(scoredTrial(trial, predictions, metrics));
      if (ensemble && trial.model !== ENSEMBLE) predicted.push({ trial, predictions });
    }
    if (ensemble) scored.push(...ensembleOf(predicted, metrics));
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
    mend: 'Run the comparison again with --keep-predictions: it trains these trials alone.',
  });
}

/** The trials of each table and seed. */
function bySeed(trials: readonly TrialResult[]): Iterable<TrialResult[]> {
  const groups = new Map<string, TrialResult[]>();
  for (const trial of trials) {
    const key = JSON.stringify([settingKey(trial), trial.setting, trial.seed]);
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  return groups.values();
}

/** A trial with other metrics. Scores on unseen rows are left out, because they need the training rows. */
function scoredTrial(
  { unseen: _, ...trial }: TrialResult,
  { tasks, test }: TrialPredictions,
  metrics: readonly string[] | undefined,
): TrialResult {
  const { warnings: __, ...scores } = scoresOfPart(tasks, test, namesByTask(tasks, test, metrics));
  return { ...trial, ...scores };
}

/** The metrics of each task. @throws PolytaskError when a metric fits no task */
function namesByTask(
  tasks: Tasks,
  { groups }: PartPredictions,
  metrics: readonly string[] | undefined,
): Record<string, string[]> {
  const grouped = groups !== undefined;
  if (metrics === undefined) return metricNames(tasks, grouped);
  const rows = metricRows().filter(({ name }) => metrics.includes(name));
  const kinds = Object.values(tasks).map(({ kind }) => kind);
  for (const row of rows) {
    if (kinds.includes(row.kind) && (grouped || !row.grouped)) continue;
    fail({
      expected: `metrics for ${[...new Set(kinds)].join(' and ')} tasks${grouped ? '' : ' of rows without groups'}`,
      received: `"${row.name}", which is for ${row.grouped ? 'groups of ' : ''}${row.kind} tasks`,
      mend: 'Leave it out.',
    });
  }
  return Object.fromEntries(
    Object.entries(tasks).map(([task, { kind }]) => [
      task,
      rows.filter((row) => row.kind === kind).map(({ name }) => name),
    ]),
  );
}

/** The trial of an ensemble of the trials of one seed, or none where fewer than two have predictions on validation rows. */
function ensembleOf(predicted: readonly PredictedTrial[], metrics: readonly string[] | undefined): TrialResult[] {
  const candidates = predicted.flatMap(({ trial, predictions: { tasks, validation, test } }) =>
    validation ? [{ trial, tasks, validation, test }] : [],
  );
  const [first] = candidates;
  if (!first || candidates.length < 2) return [];
  const { trial, tasks } = first;
  const onValidation = new Map(candidates.map((each) => [each.trial.model, each.validation]));
  const counts = selectEnsemble(tasks, onValidation, trial.config.training.selection);
  const members = candidates.filter((each) => counts.has(each.trial.model));
  const test = meanPredictions(members.map((each) => ({ part: each.test, weight: counts.get(each.trial.model)! })));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const multiplyAdds = members.flatMap((each) => each.trial.multiplyAdds ?? []);
  const { suite, setting, seed, engine, versions, machine, config } = trial;
  return [
    {
      ...(setting !== undefined && { setting }),
      ...{ suite, model: ENSEMBLE, seed, engine, versions },
      ...(machine !== undefined && { machine }),
      config: { ...config, model: { network: { ensemble: Object.fromEntries(counts) }, rate: 1 } },
      ...scoresOfPart(tasks, test, namesByTask(tasks, test, metrics)),
      parameters: sum(members.map((each) => each.trial.parameters)),
      ...(multiplyAdds.length === members.length && { multiplyAdds: sum(multiplyAdds) }),
      seconds: sum(candidates.map((each) => each.trial.seconds)), // the choice needs all of them
      ...{ epochs: 0, bestEpoch: 0, curve: [], fusion: [] },
    },
  ];
}
