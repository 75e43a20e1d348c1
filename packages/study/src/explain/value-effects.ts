import { mean } from '@polytask/components';
import {
  randomStream,
  permutation,
  predictionTypeOf,
  rowWriter,
  UNKNOWN,
  valueEncoder,
  type Examples,
  type MultiTaskModel,
  type Task,
  type Tasks,
} from '@polytask/core';

/** The effect of one repeated value of a number on a prediction. */
export interface ValueEffect {
  readonly value: number;
  /** The mean prediction if all rows had this value. */
  readonly prediction: number;
  /** The mean prediction if all rows had a number of this size that isn't repeated: on the curve between the spikes. */
  readonly nearby: number;
}

/** The effects of a number's repeated values on one prediction, ascending by value. */
export interface FeatureEffects {
  readonly feature: string;
  readonly task: string;
  /** A class, a label or a quantile, of a task that predicts several. */
  readonly of?: string;
  readonly effects: readonly ValueEffect[];
}

const ROWS = 100;
/** The most values of a feature: the most frequent ones. */
const VALUES = 64;

/**
 * Partial dependence on the repeated values that have vectors of their own, with and without the vector, on at most 100 rows.
 * Paper: Friedman 2001, "Greedy function approximation", section 8.2.
 */
export async function valueEffects<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Examples<T>,
): Promise<FeatureEffects[]> {
  const { layout, schema } = model;
  const some = permutation(randomStream(0, 'value effects'), rows.size).slice(0, ROWS);
  const found: FeatureEffects[] = [];
  for (const place of layout.places) {
    if (!place.values) continue;
    const encode = valueEncoder(place, layout);
    const write = rowWriter(place.values, layout);
    const values = Float64Array.from(place.values.table!.codes.known!.slice(0, VALUES), Number).sort();
    // each value in all rows, with its vector and then without
    const copies = 2 * values.length;
    const batch = rows.batch(Array.from({ length: copies * some.length }, (_, i) => some[i % some.length]!));
    for (let row = 0; row < copies * some.length; row++) {
      const copy = Math.floor(row / some.length);
      encode(values[copy % values.length]!, batch, row);
      if (copy >= values.length) write(batch, row, 0, UNKNOWN);
    }
    const predictions = await model.predictAsync(batch);
    for (const [task, definition] of Object.entries(schema.tasks)) {
      const names = namesOf(definition);
      names.forEach((of, c) => {
        const valueAt = (row: number) => predictions[task]![row * names.length + c]!;
        const means = Array.from({ length: copies }, (_, copy) =>
          mean(Array.from(some, (_row, i) => valueAt(copy * some.length + i))),
        );
        const effects = Array.from(values, (value, v) => {
          return { value, prediction: means[v]!, nearby: means[values.length + v]! };
        });
        if (effects.every((effect) => effect.prediction === effect.nearby)) return; // such as of trees, which don't read them
        found.push({ feature: place.name, task, ...(of !== undefined && { of }), effects });
      });
    }
  }
  return found;
}

/** The classes, labels or quantiles that a task predicts; one without a name for a single number. */
function namesOf(task: Task): readonly (string | undefined)[] {
  const { names } = predictionTypeOf(task);
  return names.length > 0 ? names : [undefined];
}
