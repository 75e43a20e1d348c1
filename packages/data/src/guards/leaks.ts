import { defineFinding, type Finding, groupBy } from '@polytask/components';
import { decodeFeatures, labelOf, labelsOf, layoutOf, type Task } from '@polytask/core';
import { decodedLabels } from '@polytask/core/internal';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { findLeaks, type LeakColumn } from '../statistics/find-leaks.ts';
import { labelParts } from '../labels/index.ts';
import { listed } from '../words/words.ts';

const oneFeature = /* @__PURE__ */ defineFinding<'task' | 'column', { what: string; score: number }>(
  'label-among-features',
  {
    says: ({ task, column, what, score }) =>
      `Feature "${column}" alone tells ${what} of task "${task}" (${score.toFixed(4)} of 1): it may come from them.`,
  },
);
const together = /* @__PURE__ */ defineFinding<
  'task',
  { columns: readonly string[]; what: string; how: string; score: number }
>('combined-leak', {
  says: ({ task, columns, what, how, score }) =>
    `Features ${listed(columns.map((name) => `"${name}"`))} together tell ${what} of task "${task}", ` +
    `by ${how} (${score.toFixed(4)} of 1).`,
  remedy: 'Is this a leak?',
});

/**
 * Finds features that tell the labels of a task, alone or together. Such a feature may be the label, a copy of it, a part of it, or a
 * later event. All kinds of task and feature are searched, as the model reads them. Of a large table, a sample of 2000 rows is.
 *
 * A feature alone has the score of small decision trees on rows that they were not grown on. That is the least share of a class's
 * rows that they get right, or the correlation with a number. A number also has its AUC or correlation. The 20 features with the
 * highest scores are then tried in pairs. Numbers are also tried by sums, differences, products and ratios.
 *
 * @example leaks(train) // [{ kind: 'label-among-features', about: { task: 'income', column: 'tax' }, … }]
 */
export function leaks(train: EncodedTable): Finding[] {
  const targets = Object.entries(train.schema.tasks).flatMap(([task, declared]) => targetsOf(train, task, declared));
  const found = targets.flatMap(({ task, what, label }) =>
    findLeaks(label, (rows) => columnsOf(train, rows), targets.length).leaks.map(({ columns: names, how, score }) => {
      const columns = [...new Set(names)];
      return columns.length === 1
        ? oneFeature({ task, column: columns[0]! }, { what, score })
        : together({ task }, { columns, what, how, score });
    }),
  );
  const same = groupBy(found, ({ about, evidence }) => JSON.stringify([about, evidence['columns']]));
  return [...same.values()].map(([first]) => first!);
}

function targetsOf({ arrays }: EncodedTable, task: string, declared: Task) {
  const { labels, weights } = labelsOf(arrays, task);
  const label = labelOf(declared);
  const decoded = decodedLabels(declared, labels);
  return labelParts(label).map(({ what, type, valueOf }) => {
    const values = decoded.map((y, i) => (weights[i]! > 0 ? valueOf(y) : NaN));
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
