import { fail, suggestion, type Tasks } from '@polytask/core';
import { splitRows, type SplitRows } from '../examples/split-rows.ts';
import type { Texts } from '../columns/columns.ts';
import { parseNumber } from '../columns/parse-number.ts';
import { groupsOf } from '../table/groups-of.ts';
import type { Table } from '../table/table.ts';
import type { DatasetSplit } from './described-split.ts';

/** The column that a split reads, to be kept as text. */
export const splitColumn = (split: DatasetSplit): string | undefined =>
  split.kind === 'random' ? split.by : split.column;

/** The rows of each part. @param seed for a split at random that has none of its own */
export function rowsOfParts<T extends Tasks>(table: Table<T>, split: DatasetSplit, seed: number): SplitRows {
  switch (split.kind) {
    case 'random': {
      const { validation = 0, test = 0, by } = split;
      return splitRows(table.size, {
        validation,
        test,
        seed: split.seed ?? seed,
        ...(by !== undefined && { groups: groupsOf(table, by) }),
      });
    }
    case 'column':
      return byValue(table, split.column, { validation: listOf(split.validation), test: listOf(split.test) });
    case 'time':
      return byTime(table, split.column, split.validation ?? 0, split.test ?? 0);
  }
}

const listOf = (values: string | readonly string[] = []): readonly string[] =>
  typeof values === 'string' ? [values] : values;

function byValue(
  table: Table,
  column: string,
  wanted: { validation: readonly string[]; test: readonly string[] },
): SplitRows {
  const { codes, dictionary } = textsOf(table, column);
  for (const value of [...wanted.validation, ...wanted.test]) {
    if (dictionary.includes(value)) continue;
    fail({
      expected: `rows where column "${column}" is ${JSON.stringify(value)}, to split by`,
      received: 'none',
      mend: suggestion(value, dictionary.slice(0, 20)),
    });
  }
  const partOf = dictionary.map((text): keyof SplitRows =>
    wanted.test.includes(text) ? 'test' : wanted.validation.includes(text) ? 'validation' : 'train',
  );
  return collect(table, (row) => (codes[row]! < 0 ? 'train' : partOf[codes[row]!]!), column);
}

/** The times at which validation and test begin are those of the row so many places before the last. */
function byTime(table: Table, column: string, validation: number, test: number): SplitRows {
  const { codes, dictionary } = textsOf(table, column);
  const timeOf = Float64Array.from(dictionary, (text) => {
    const number = parseNumber(text);
    return Number.isNaN(number) ? Date.parse(text) : number;
  });
  const times = Float64Array.from(codes, (code, row) => {
    const time = code < 0 ? NaN : timeOf[code]!;
    if (Number.isNaN(time)) {
      fail({
        expected: `a number or a date in column "${column}", to split by time`,
        received: `${code < 0 ? 'none' : JSON.stringify(dictionary[code])} in ${table.where(row)}`,
        mend: 'Write dates as 2022-05-01 or as numbers.',
      });
    }
    return time;
  });
  const sorted = times.slice().sort();
  const startOf = (fraction: number) =>
    fraction === 0 ? Infinity : sorted[Math.min(table.size - 1, Math.round(table.size * (1 - fraction)))]!;
  const [testStart, validationStart] = [startOf(test), startOf(validation === 0 ? 0 : validation + test)];
  return collect(
    table,
    (row) => (times[row]! >= testStart ? 'test' : times[row]! >= validationStart ? 'validation' : 'train'),
    column,
  );
}

function textsOf(table: Table, column: string): Texts {
  return table.columns.texts[column]!; // it is read with keep
}

function collect({ size }: Table, partOf: (row: number) => keyof SplitRows, column: string): SplitRows {
  const parts: Record<keyof SplitRows, number[]> = { train: [], validation: [], test: [] };
  for (let row = 0; row < size; row++) parts[partOf(row)].push(row);
  if (parts.train.length === 0) {
    fail({
      expected: `rows to train on after the split by column "${column}"`,
      received: 'none',
      mend: 'Give validation and test fewer of its values.',
    });
  }
  return {
    train: Uint32Array.from(parts.train),
    validation: Uint32Array.from(parts.validation),
    test: Uint32Array.from(parts.test),
  };
}
