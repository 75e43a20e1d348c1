import { fail, MOST_LABELS, type Task } from '@polytask/core';
import { columnIn } from '../columns/columns.ts';
import { labelsKey } from '../declarations/needs.ts';
import { labelLists, type Several } from './labels.ts';
import { sorted } from './label-texts.ts';
import { labeledRows } from './labeled-rows.ts';
import type { Fitter } from '../statistics/statistics.ts';

/** The number of labels that an error message lists. */
const SHOWN = 10;

/**
 * Finds the share of rows with each label, and the labels: in numeric order if all are numbers, else in the order of their texts.
 *
 * @throws PolytaskError, at the end, for fewer than 2 labels, and for more than a bit mask holds
 */
export function labelsFitter(name: string, task: Task, label: Several): Fitter<Task> {
  const rows = labeledRows(name, task);
  const weights = new Map<string, number>();
  let total = 0;
  return {
    add(table, at) {
      const { dictionary } = columnIn(table, 'lists', labelsKey(name));
      rows.visit(table, at, labelLists(table, name), (codes, weight) => {
        total += weight;
        for (const code of new Set(codes)) {
          weights.set(dictionary[code]!, (weights.get(dictionary[code]!) ?? 0) + weight);
        }
      });
    },
    finish() {
      rows.check();
      const labels = label.labels ?? found(name, task, label, weights);
      return { ...task, labels, fitted: { shares: labels.map((each) => (weights.get(each) ?? 0) / total) } };
    },
  };
}

function found(name: string, task: Task, { separator }: Several, weights: ReadonlyMap<string, number>): string[] {
  const labels = sorted([...weights.keys()]);
  const column = `column "${task.from ?? name}"`;
  if (labels.length > MOST_LABELS) {
    const frequent = labels.toSorted((a, b) => weights.get(b)! - weights.get(a)!).slice(0, SHOWN);
    fail({
      expected: `at most ${MOST_LABELS} labels of task "${name}" in ${column}`,
      received: `${labels.length}; the most frequent are ${frequent.map((each) => JSON.stringify(each)).join(', ')}`,
      mend: "Declare those to predict: multiLabel({ labels: […], others: 'left-out' }). A second task of the column can have the rest.",
    });
  }
  if (labels.length >= 2) return labels;
  return fail({
    expected: `two or more labels of task "${name}" in ${column}`,
    received: labels.length === 0 ? 'lists without labels' : `only ${JSON.stringify(labels[0])}`,
    mend: `Look at the separator, ${JSON.stringify(separator)}: multiLabel({ separator: ',' }).`,
  });
}
