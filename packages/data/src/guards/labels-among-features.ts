import { labelsOf, labelOf, layoutOf, type FeaturePosition } from '@polytask/core';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { correlation, separation } from '../statistics/association.ts';
import type { DataWarning } from './warnings.ts';

/** A feature with this score gives the label away. */
const TELLING = 0.999;
/** Classes with fewer rows are not judged. */
const LEAST = 20;

/**
 * Finds features that alone tell the labels of a task. Such a feature may be the label, a copy of it, or a later event.
 *
 * A number's score is its AUC, or |Pearson's correlation| for a regression. A category's score is the share of the rows of a
 * class, the lesser of both classes, for which the most frequent label of the row's value is right. A value in a single row counts
 * as wrong, so an id has a low score. Multi-valued features are skipped, and tasks of other labels than
 * numbers and yes or no.
 *
 * @param train the training rows
 * @example labelsAmongFeatures(train) // [{ kind: 'label-among-features', task: 'income', feature: 'tax', score: 1, message: … }]
 */
export function labelsAmongFeatures(train: EncodedTable): DataWarning[] {
  const { places } = layoutOf(train.schema);
  return Object.entries(train.schema.tasks).flatMap(([task, declared]) => {
    const { type } = labelOf(declared);
    if (type !== 'number' && type !== 'yes-no') return [];
    return places.flatMap((place): DataWarning[] => {
      const score = scoreOf(train, task, type === 'yes-no', place);
      if (score < TELLING) return [];
      const message = `Feature "${place.name}" alone tells the labels of task "${task}" (${score.toFixed(4)} of 1): it may come from them.`;
      return [{ kind: 'label-among-features', task, feature: place.name, score, message }];
    });
  });
}

function scoreOf(
  train: EncodedTable,
  task: string,
  isBinary: boolean,
  { name, form, column, width, table }: FeaturePosition,
): number {
  const { arrays, schema } = train;
  const layout = layoutOf(schema);
  const own = labelsOf(arrays, task);
  const rows = [...own.weights.keys()].filter((row) => own.weights[row]! > 0);
  const labels = rows.map((row) => own.labels[row]!);
  const positives = isBinary ? labels.reduce((sum, label) => sum + label, 0) : 0;
  if ((isBinary ? Math.min(positives, rows.length - positives) : rows.length) < LEAST) return 0;
  if (isBinary && form.type === 'id' && table?.name === name) {
    const ids = rows.map((row) => arrays.ids[row * layout.fields + column]!);
    return byValue(ids, labels, positives);
  }
  if (form.type !== 'numbers') return 0;
  const scores = Array.from({ length: width }, (_, c) => {
    const values = Float64Array.from(rows, (row) => arrays.numeric[row * layout.numeric + column + c]!);
    return isBinary ? separation(values, labels) : correlation(values, Float64Array.from(labels));
  });
  return Math.max(...scores);
}

/** The share of rows for which the most frequent label of the value is right: of the two classes, the lesser share. */
function byValue(values: readonly number[], labels: readonly number[], positives: number): number {
  const counts = new Map<number, [no: number, yes: number]>();
  values.forEach((value, i) => {
    const count = counts.get(value) ?? [0, 0];
    count[labels[i] as 0 | 1]++;
    counts.set(value, count);
  });
  let right = [0, 0];
  for (const [no, yes] of counts.values()) {
    if (no + yes === 1) continue;
    right = yes > no ? [right[0]!, right[1]! + yes] : [right[0]! + no, right[1]!];
  }
  return Math.min(right[0]! / (labels.length - positives), right[1]! / positives);
}
