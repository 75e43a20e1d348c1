import { mapValues } from '@polytask/components';
import {
  readOptions,
  checks,
  fail,
  type Examples,
  type MultiTaskModel,
  type Options,
  type Tasks,
} from '@polytask/core';
import { meanInterval, type Metric } from '@polytask/metrics';
import { evaluate, type EngineChoice, type TaskPredictions } from '@polytask/training';
import { metricsOf } from '../summary/metric-entries.ts';
import { permutedExamples } from './permuted-examples.ts';

/** The importance of a feature for a task. */
export interface FeatureImportance {
  readonly feature: string;
  /** How much worse the metric gets without the feature: the mean over permutations. */
  readonly drop: number;
  /** The standard deviation over permutations. NaN for one permutation. */
  readonly deviation: number;
}

/** The importance of all features for a task. */
export interface TaskImportance {
  /** The metric: the first one that comparisons have for the task. */
  readonly metric: string;
  /** The metric of the rows as they are. NaN for a task without labels. */
  readonly value: number;
  /** In the order of the schema. The side columns of a sequence belong to the sequence. */
  readonly features: readonly FeatureImportance[];
}

export interface ImportanceOptions {
  /** How often each feature is permuted. Default: 5. */
  readonly repeats?: number | undefined;
  /** The seed of the permutations. Default: 0. */
  readonly seed?: number | undefined;
  readonly engine?: EngineChoice | undefined;
  readonly signal?: AbortSignal | undefined;
}

const { anything, optional, wholeNumber } = checks;

/** The checks of the options, for core's `readOptions`. */
export const importanceOptions: Options<ImportanceOptions> = {
  repeats: optional(wholeNumber(1)),
  seed: optional(wholeNumber()),
  engine: anything,
  signal: anything,
};

/**
 * Permutation importance: how much worse a task's metric gets when a feature has the values of other rows. It is about this model on
 * these rows. Of two features that say the same, each may seem unimportant, because the other one is left.
 *
 * Papers: Breiman 2001, "Random forests", section 10; Fisher, Rudin & Dominici 2019, "All models are wrong, but many are useful".
 *
 * @param rows labeled rows that the model wasn't trained on
 * @returns by task
 * @throws PolytaskError when no row has a label, the rows don't fit the model, or an option is unknown or invalid
 * @example (await permutationImportance(model, test)).income.features[0]; // { feature: 'age', drop: 0.021, deviation: 0.002 }
 */
export async function permutationImportance<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Examples<T>,
  options: ImportanceOptions = {},
): Promise<{ readonly [K in keyof T]: TaskImportance }> {
  readOptions(options, importanceOptions, 'permutationImportance');
  const { repeats = 5, seed = 0, engine, signal } = options;
  const { tasks } = model.schema;
  const all = permutedExamples(rows, repeats, seed);
  const { predictions } = await evaluate(model, all, { predictions: true, engine, signal });
  if (Object.values(predictions).every((each) => each.labels.length === 0))
    fail({
      expected: 'rows with a label, to measure the importance of features',
      received: `${rows.size} without one`,
      fix: 'Pass rows with the label columns.',
    });
  return mapValues(tasks, (definition, task): TaskImportance => {
    const metric = metricsOf(definition)[0]!;
    const sign = metric.direction === 'higher' ? 1 : -1;
    const values = valuesByCopy(predictions[task]!, metric, all.copyOf);
    const value = values.get(-1) ?? NaN;
    const importances = all.features.map((feature, f): FeatureImportance => {
      const drops = Array.from({ length: repeats }, (_, r) => sign * (value - (values.get(f * repeats + r) ?? NaN)));
      const { mean, deviation } = meanInterval(drops);
      return { feature, drop: mean, deviation };
    });
    return { metric: metric.name, value, features: importances };
  }) as { readonly [K in keyof T]: TaskImportance };
}

/** The metric of each copy of the rows. */
function valuesByCopy(
  { rows, labels, predictions, weights }: TaskPredictions,
  metric: Metric,
  copyOf: (row: number) => number,
): Map<number, number> {
  const width = predictions.length / labels.length;
  const values = new Map<number, number>();
  for (let from = 0, to = 0; from < rows.length; from = to) {
    const copy = copyOf(rows[from]!);
    while (to < rows.length && copyOf(rows[to]!) === copy) to++;
    const state = metric.create();
    state.update(labels.subarray(from, to), predictions.subarray(from * width, to * width), {
      weights: weights.subarray(from, to),
    });
    values.set(copy, state.compute());
  }
  return values;
}
