import { PolytaskError, featureKind, formOf, type Row, type RowFault, type Schema } from '@polytask/core';
import { taskNeeds } from '@polytask/data/internal';

/** The features whose values are numbers, or lists of numbers. Vectors refuse all else themselves. */
export const numberFeatures = (features: Schema['features']): string[] =>
  Object.keys(features).filter((name) => {
    const form = formOf(features[name]!, name, features);
    const { cell } = featureKind(features[name]!.kind);
    const isNumber = cell === 'number' || form.type === 'entry-numbers' || (form.type === 'numbers' && form.scale);
    return isNumber && !form.reads;
  });

/** The columns of labels that are read as numbers, and of weights. */
export const numberLabels = (tasks: Schema['tasks']): string[] =>
  Object.entries(tasks).flatMap(([name, task]) =>
    taskNeeds(name, task).flatMap(({ kind, column }) => (kind === 'numbers' ? [column] : [])),
  );

/** The faults of rows with true or false for a number. The readers of tables refuse them as text; as JSON they would be 1 and 0. */
export function booleanFaults(columns: readonly string[], rows: readonly Row[]): RowFault[] {
  const faults: RowFault[] = [];
  rows.forEach((row: Row | null, r) => {
    for (const column of columns) {
      const value: unknown = row?.[column];
      const wrong = Array.isArray(value) ? value.find((each) => typeof each === 'boolean') : value;
      if (typeof wrong === 'boolean') faults.push({ row: r, feature: column, error: noNumber(column, wrong) });
    }
  });
  return faults;
}

const noNumber = (column: string, received: boolean): PolytaskError =>
  new PolytaskError(
    `Expected a number for "${column}", received ${received}. Send 1 for true and 0 for false, if these are the numbers of the training.`,
  );
