import { fail, suggestion, type Row, type Tasks } from '@polytask/core';
import { wrongValue } from '../columns/values.ts';
import { checkDeclaration, type Declaration } from '../declarations/declaration.ts';
import { tableBuilder } from './table-builder.ts';
import type { Table } from './table.ts';

/**
 * Makes a table of objects. Their keys are the columns; null or undefined is a missing value.
 *
 * @throws PolytaskError for a column that a row lacks, and for a value of the wrong kind, with its row and column
 * @example
 * const table = fromRows([{ age: 41, state: 'Utah', income: 1 }, { age: 17, state: null, income: 0 }], {
 *   features: { age: numeric(), state: categorical() },
 *   tasks: { income: binary() },
 * });
 */
export function fromRows<T extends Tasks>(rows: Iterable<Row>, declaration: Declaration<T>): Table<T> {
  checkDeclaration(declaration, {}, 'fromRows');
  const collector = rowCollector(declaration);
  for (const row of rows) collector.add(row);
  return collector.finish();
}

/** Collects rows one by one, for sources that are no iterables. */
export function rowCollector<T extends Tasks>(
  declaration: Declaration<T>,
): { add(row: Row): void; finish(): Table<T> } {
  const { sinks, finish } = tableBuilder(declaration);
  let size = 0;
  return {
    add(row) {
      for (const { need, builder } of sinks) {
        const value = row[need.column];
        if (value === undefined && !(need.column in row)) {
          fail({
            expected: `column "${need.column}" in row ${size}`,
            received: `a row with ${Object.keys(row).length} keys`,
            mend: `${suggestion(need.column, Object.keys(row))} Pass null where a value is missing.`,
          });
        }
        if (!builder.push(value)) {
          wrongValue(value, builder.expected, need.column, `row ${size}`, 'Pass null where a value is missing.');
        }
      }
      size++;
    },
    finish() {
      if (size === 0) {
        fail({ expected: 'at least one row', received: 'none', mend: 'Look whether the source is empty.' });
      }
      return finish(size, (row) => `row ${row}`);
    },
  };
}
