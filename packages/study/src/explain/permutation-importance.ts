import { fail, type FromDescription, mapValues, type Option, readOptions, type Written } from '@polytask/components';
import {
  BATCH_PARTS,
  checks,
  type Examples,
  layoutOf,
  type MultiTaskModel,
  permutation,
  randomStream,
  type Tasks,
} from '@polytask/core';
import { explainedFeatures } from '@polytask/core/internal';
import { meanInterval, type Metric } from '@polytask/metrics';
import { evaluate, type EngineChoice, type TaskPredictions } from '@polytask/training';
import { metricsOf } from '../summary/metric-entries.ts';

/** The rows, followed by `repeats` copies of them for each feature. Copy f · repeats + r has the values of feature f in permutation r. */
export function permutedExamples<T extends Tasks>(rows: Examples<T>, repeats: number, seed: number) {
  const { schema, size } = rows;
  const layout = layoutOf(schema);
  const explained = explainedFeatures(layout);
  const features = explained.map(({ name }) => name);
  const permutations = Array.from({ length: repeats }, (_, r) =>
    permutation(randomStream(seed, `permutation ${r}`), size),
  );
  /** The 0-based index of the copy that a row belongs to, or −1 for the rows themselves. */
  const copyOf = (row: number) => Math.floor(row / size) - 1;
  return {
    ...{ schema, features, size: size * (1 + features.length * repeats), copyOf },
    batch(indices: ArrayLike<number>) {
      const copies = Array.from(indices, copyOf);
      const own = Array.from(indices, (index) => index % size);
      const batch = rows.batch(own);
      const donors = rows.batch(
        own.map((row, i) => (copies[i]! < 0 ? row : permutations[copies[i]! % repeats]![row]!)),
      );
      copies.forEach((copy, row) => {
        for (const { part, column, width } of explained[Math.floor(copy / repeats)]?.parts ?? []) {
          const start = row * BATCH_PARTS[part].width(layout) + column;
          batch[part].set(donors[part].subarray(start, start + width), start);
        }
      });
      return batch;
    },
  };
}

const { anything, optional, wholeNumber } = checks;

export interface FeatureImportance {
  readonly feature: string;
  /** How much worse the metric gets without the feature: the mean over permutations. */
  readonly drop: number;
  /** The standard deviation over permutations. NaN for one permutation. */
  readonly deviation: number;
}

export interface TaskImportance {
  /** The metric: the first one that comparisons have for the task. */
  readonly metric: string;
  /** The metric of the rows as they are. NaN for a task without labels. */
  readonly value: number;
  /** In the order of the schema. The side columns of a sequence belong to the sequence. */
  readonly features: readonly FeatureImportance[];
}

export const importanceOptions = {
  /** How often each feature is permuted. */
  repeats: optional(wholeNumber(1), 5),
  /** The seed of the permutations. */
  seed: optional(wholeNumber(), 0),
  engine: optional(anything as Option<EngineChoice>),
  signal: optional(anything as Option<AbortSignal>),
};

export interface ImportanceOptions extends Written<typeof importanceOptions>, FromDescription {}

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
  const { repeats, seed, engine, signal } = readOptions(options, importanceOptions, 'permutationImportance');
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
