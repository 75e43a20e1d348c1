import { staticWeights } from '@polytask/balancing';
import { mapValues } from '@polytask/core';
import { atPreference, drawPreferences, evaluate } from '@polytask/training';
import { named, type ModelVariant } from '../models/model-variant.ts';
import { resampling } from '../results/folds.ts';
import type { TrialResult } from '../results/trial-result.ts';
import type { MeasuredRun } from '../summary/fronts.ts';
import { type OpenedData, rowsOfSpec } from '../trials/open-data.ts';
import { type OpenSetting, plan } from '../trials/plan.ts';
import { testRowsOf, visibleRows } from '../trials/sealed-rows.ts';
import { trainModel } from '../trials/train-model.ts';

/** The weights of all tasks in their order, with the sum 1: those other than `task` share the rest evenly. */
const preferenceAt = (weight: number, task: string, tasks: readonly string[]): number[] =>
  tasks.map((name) => (name === task ? weight : (1 - weight) / (tasks.length - 1)));

/** A model that is trained with a weight of the task. */
export interface WeightedVariant extends ModelVariant {
  /** The label of the model without weights. */
  readonly of: string;
  readonly weight: number;
}

/** Each model with each weight of the task. The mean weight of all tasks is 1, so that learning rates keep their meaning. */
export const weightedModels = (
  models: readonly ModelVariant[],
  weights: readonly number[],
  task: string,
  tasks: readonly string[],
): WeightedVariant[] =>
  models.flatMap((model) =>
    weights.map((weight) => ({
      ...{ ...model, of: model.label, weight },
      ...named({ ...model.parts, balancer: `${task}=${weight}` }),
      balancing: staticWeights(preferenceAt(weight, task, tasks).map((share) => share * tasks.length)),
    })),
  );

/** The runs of weighted models. @param measure `auc` or `relativeError` */
export const trainedRuns = (
  trials: readonly TrialResult[],
  models: readonly WeightedVariant[],
  measure: string,
): MeasuredRun[] =>
  models.flatMap(({ label, of: model, weight }) =>
    trials
      .filter((trial) => trial.model === label)
      .map(({ seed, config, metrics, relativeErrors = {} }) => ({
        ...{ model, weight, isConditioned: false, seed, dependence: resampling(config) },
        scores: measure === 'auc' ? mapValues(metrics, (values) => values['auc'] ?? NaN) : relativeErrors,
      })),
  );

/**
 * Trains each model of the suite once for each seed, with the preference as an input (`drawPreferences`), and measures it on the test rows
 * at each weight of the task. Epochs are chosen at equal weights.
 *
 * @throws PolytaskError when a model can't be trained; the signal's reason
 */
export async function conditionedRuns(
  open: OpenSetting,
  weights: readonly number[],
  task: string,
  data: OpenedData,
  onTraining: (model: string, seed: number) => void = () => {},
  signal?: AbortSignal,
): Promise<MeasuredRun[]> {
  const runs: MeasuredRun[] = [];
  for (const spec of plan(open)) {
    const { model: label, seed, mode, config } = spec;
    const rows = await rowsOfSpec(data, spec);
    const { train, validation } = visibleRows(rows);
    const visible = { train: drawPreferences(train, { seed }), validation: atPreference(validation) };
    const { model } = await trainModel(visible, spec, { signal });
    try {
      const { rows: test } = testRowsOf(rows);
      for (const weight of weights) {
        const at = atPreference(test, preferenceAt(weight, task, open.tasks));
        const measured = await evaluate(model, at, { engine: mode });
        const scoreOf = (values: Readonly<Record<string, number>>) => values[config.training.selection] ?? NaN;
        const scores = mapValues(measured, scoreOf);
        runs.push({ model: label, weight, isConditioned: true, seed, scores, dependence: resampling(config) });
      }
    } finally {
      model.dispose();
    }
    onTraining(label, seed);
  }
  return runs;
}
