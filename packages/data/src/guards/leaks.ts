import { decodeFeatures, labelDecoder, labelOf, labelsOf, layoutOf, type Task } from '@polytask/core';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { findLeaks, type LeakColumn } from '../statistics/find-leaks.ts';
import { labelParts } from '../labels/index.ts';
import { listed } from '../words/words.ts';
import type { DataWarning } from './warnings.ts';

/**
 * Finds features that tell the labels of a task, alone or together. Such a feature may be the label, a copy of it, a part of it, or a
 * later event. All kinds of task and feature are searched, as the model reads them. Of a large table, a sample of 2000 rows is.
 *
 * A feature alone has the score of small decision trees on rows that they were not grown on. That is the least share of a class's
 * rows that they get right, or the correlation with a number. A number also has its AUC or correlation. The 20 features with the
 * highest scores are then tried in pairs. Numbers are also tried by sums, differences, products and ratios.
 *
 * @example leaks(train) // [{ kind: 'label-among-features', task: 'income', feature: 'tax', score: 1, message: … }]
 */
export function leaks(train: EncodedTable): DataWarning[] {
  const targets = Object.entries(train.schema.tasks).flatMap(([task, declared]) => targetsOf(train, task, declared));
  const found = targets.flatMap(({ task, what, label }) =>
    findLeaks(label, (rows) => columnsOf(train, rows), targets.length).leaks.map((leak) => {
      return { ...leak, columns: [...new Set(leak.columns)], task, what };
    }),
  );
  const first = new Map(found.toReversed().map((leak) => [JSON.stringify([leak.task, ...leak.columns]), leak]));
  return found
    .filter((leak) => [...first.values()].includes(leak))
    .map(({ task, what, columns, how, score }): DataWarning => {
      const share = `(${score.toFixed(4)} of 1)`;
      const [feature, ...others] = columns as [string, ...string[]];
      if (others.length === 0) {
        const message = `Feature "${feature}" alone tells ${what} of task "${task}" ${share}: it may come from them.`;
        return { kind: 'label-among-features', task, feature, score, message };
      }
      const names = listed(columns.map((name) => `"${name}"`));
      const message = `Features ${names} together tell ${what} of task "${task}", by ${how} ${share}. Is this a leak?`;
      return { kind: 'combined-leak', task, columns, score, message };
    });
}

function targetsOf({ arrays }: EncodedTable, task: string, declared: Task) {
  const { labels, weights } = labelsOf(arrays, task);
  const label = labelOf(declared);
  const decoded = labelDecoder(declared);
  return labelParts(label).map(({ what, type, valueOf }) => {
    const values = Float64Array.from(labels, (y, i) => (weights[i]! > 0 ? valueOf(decoded(y)) : NaN));
    return { task, what, label: { type, values } };
  });
}

/** The features in some rows: those of a vector have one name. */
function columnsOf({ batch, schema }: EncodedTable, rows: readonly number[]): LeakColumn[] {
  const { places } = layoutOf(schema);
  return decodeFeatures(batch(rows), schema).map(({ name: own, kind, values }): LeakColumn => {
    const { name, form } = places.find((each) => own === each.name || own.replace(/\[\d+\]$/, '') === each.name)!;
    if (kind === 'number') return { name, numbers: Float64Array.from(values, (value) => (value ?? NaN) as number) };
    return { name, texts: values as (string | null)[], separator: 'separator' in form ? form.separator : undefined };
  });
}
