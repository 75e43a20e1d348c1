import type { MulticlassTask } from '@polytask/core';
import { parseNumber } from '../columns/parse-number.ts';
import { columnIn } from '../table/table.ts';
import type { Fitter } from './fitter.ts';
import { labeledRows } from './labeled-rows.ts';

/** Finds the classes, in numeric order where all are numbers, else by their text; and the share of each. */
export function multiclassFitter(name: string, task: MulticlassTask): Fitter<MulticlassTask> {
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const weights = new Map<string, number>();
  return {
    add(table, rows) {
      const { codes, dictionary } = columnIn(table, 'texts', column);
      labels.visit(
        table,
        rows,
        (row) => dictionary[codes[row]!],
        (text, weight) => weights.set(text, (weights.get(text) ?? 0) + weight),
      );
    },
    finish() {
      labels.check();
      const classes = task.classes ?? sorted([...weights.keys()]);
      const total = classes.reduce((sum, each) => sum + (weights.get(each) ?? 0), 0);
      const shares = classes.map((each) => (total > 0 ? (weights.get(each) ?? 0) / total : 1 / classes.length));
      return { ...task, classes, fitted: { shares } };
    },
  };
}

function sorted(classes: readonly string[]): string[] {
  const numbers = classes.every((text) => !Number.isNaN(parseNumber(text)));
  return [...classes].sort((a, b) => (numbers ? parseNumber(a) - parseNumber(b) : 0) || (a < b ? -1 : 1));
}
