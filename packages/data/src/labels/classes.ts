import { fail, suggestion, sum, addTo } from '@polytask/components';
import type { LabelOfType, Task } from '@polytask/core';
import { fittedLoss } from '@polytask/core/internal';
import { columnIn, isNumber, needOf, wrongValue } from '../columns/columns.ts';
import { anyOf, quoted } from '../words/words.ts';
import { type LabeledTask, type LabelFit, type LabelReading, sorted, textReader } from './label-reading.ts';

export const classes: LabelReading<LabelOfType<'class'>> = {
  needs: ({ column }) => [needOf('texts', column)],
  reader(table, { name, column, task, label: { classes: known = [] } }) {
    const index = new Map(known.map((each, i) => [each, i]));
    return textReader(
      table,
      column,
      (text) => index.get(text),
      (text, row) => {
        const declare =
          `A class that the training rows lack has to be declared before training: ${task.kind}({ classes: […] }), ` +
          'or "classes" in the data set file. For a trained model, leave the cell of such a label empty.';
        const fix = `${suggestion(text, known)} ${declare}`;
        return wrongValue(text, `a class of task "${name}"`, column, table.where(row), fix);
      },
    );
  },
  fit,
  parts: () => [{ what: 'the labels', type: 'classes', valueOf: (y) => y }],
  missing({ classes: known = [] }, labels) {
    const classes = known.filter((_, at) => !labels.includes(at));
    return { classes, what: `row of ${anyOf(classes, 'class', 'classes')}` };
  },
  strata(table, { column }) {
    const { codes } = columnIn(table, 'texts', column);
    return (row) => (codes[row]! < 0 ? [] : [codes[row]!]);
  },
  cells: ({ column, label: { classes: known = ['1', '2', '3'] } }) => ({ [column]: [known[0], ...known] }),
};

const COMPARED = 20;

/** Finds the share of each class, and the classes: in numeric order if all are numbers, else in the order of their texts. */
function fit({ name, column, task, label }: LabeledTask<LabelOfType<'class'>>): LabelFit<string> {
  const weights = new Map<string, number>();
  return {
    read(table) {
      const { codes, dictionary } = columnIn(table, 'texts', column);
      return (row) => dictionary[codes[row]!];
    },
    take: (text, weight) => addTo(weights, text, weight),
    finish() {
      if (label.ordered && !label.classes && ![...weights.keys()].every(isNumber)) {
        fail({
          expected: `the classes of task "${name}" in their order`,
          received: `none, and the texts ${quoted([...weights.keys()].slice(0, COMPARED))} in column "${column}"`,
          fix: `Declare them, the least one first: ${task.kind}({ classes: […] }).`,
        });
      }
      const classes = label.classes ?? sorted([...weights.keys()]);
      const counts = classes.map((text) => weights.get(text) ?? 0);
      const total = sum(counts);
      const shares = counts.map((count) => (total > 0 ? count / total : 1 / classes.length));
      return fittedLoss<Task & { readonly classes: readonly string[] }>(
        { ...task, classes, fitted: { shares } },
        counts,
      );
    },
  };
}
