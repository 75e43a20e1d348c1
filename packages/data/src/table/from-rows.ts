import { fail, suggestion, type Row, type Tasks } from '@polytask/core';
import { checkDeclaration, type Declaration } from '../declarations/declaration.ts';
import type { Table } from './table.ts';
import { tableBuilder, type Sink } from './table-builder.ts';
import { wrongValue } from '../columns/values.ts';

/**
 * A table of objects. Their keys are the columns; null or undefined is a missing value.
 *
 * @throws PolytaskError naming row and column, where a value is not what its feature or task reads, or is not there at all
 * @example
 * const table = fromRows([{ age: 41, state: 'Utah', income: 1 }, { age: 17, state: null, income: 0 }], {
 *   features: { age: numeric(), state: categorical() },
 *   tasks: { income: binary() },
 * });
 */
export function fromRows<T extends Tasks>(rows: Iterable<Row>, declaration: Declaration<T>): Table<T> {
  checkDeclaration(declaration, {}, 'fromRows');
  const collected = rowCollector(declaration);
  for (const row of rows) collected.add(row);
  return collected.finish();
}

/** Takes rows one by one, for sources that can't be iterated at once. */
export function rowCollector<T extends Tasks>(
  declaration: Declaration<T>,
): { add(row: Row): void; finish(): Table<T> } {
  const { sinks, finish } = tableBuilder(declaration);
  let size = 0;
  return {
    add(row) {
      for (const sink of sinks) pushValue(sink, row, size);
      size++;
    },
    finish() {
      if (size === 0)
        fail({ expected: 'at least one row', received: 'none', mend: 'Look whether the source is empty.' });
      return finish(size, rowName);
    },
  };
}

const rowName = (row: number): string => `row ${row}`;

function pushValue({ need, builder }: Sink, row: Row, index: number): void {
  const value = row[need.column];
  if (value === undefined && !(need.column in row)) {
    fail({
      expected: `column "${need.column}" in row ${index}`,
      received: `a row with ${Object.keys(row).length} keys`,
      mend: `${suggestion(need.column, Object.keys(row))} Pass null where a value is missing.`,
    });
  }
  if (!builder.push(value)) {
    wrongValue(value, builder.expected, need.column, rowName(index), 'Pass null where a value is missing.');
  }
}
