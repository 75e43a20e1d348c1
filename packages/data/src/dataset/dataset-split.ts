import { checkOptions, checks, fail, suggestion, type Options, type Tasks } from '@polytask/core';
import type { Texts } from '../columns/columns.ts';
import { parseNumber } from '../columns/values.ts';
import { splitRows, type SplitRows } from '../examples/split.ts';
import { groupsOf, type Table } from '../table/table.ts';
import { anything, fraction, oneOrMore, text } from '../options/checks.ts';
import { ofKind } from './described-columns.ts';

const { number, optional } = checks;
const whole = optional(number('a whole number', Number.isSafeInteger));

/** How the rows of one source are shared out. */
export type DatasetSplit =
  /** At random; rows with the same value of `by` stay in one part. */
  | {
      readonly kind: 'random';
      readonly validation?: number;
      readonly test?: number;
      readonly seed?: number;
      readonly by?: string;
    }
  /** By the value of a column: these are for validation, those for the test, all others to train on. */
  | {
      readonly kind: 'column';
      readonly column: string;
      readonly validation?: string | readonly string[];
      readonly test?: string | readonly string[];
    }
  /** By time: the latest fraction is for the test, the one before it for validation. Rows of one time stay together. */
  | { readonly kind: 'time'; readonly column: string; readonly validation?: number; readonly test?: number };

const KINDS: { readonly [K in DatasetSplit['kind']]: Options<object> } = {
  random: {
    kind: anything,
    validation: optional(fraction),
    test: optional(fraction),
    seed: whole,
    by: optional(text),
  } as Options<object>,
  column: {
    kind: anything,
    column: text,
    validation: optional(oneOrMore),
    test: optional(oneOrMore),
  } as Options<object>,
  time: { kind: anything, column: text, validation: optional(fraction), test: optional(fraction) } as Options<object>,
};

export function describedSplit(value: unknown, where: string): DatasetSplit {
  const { entry, description } = ofKind(value, KINDS, where);
  checkOptions(description, entry, where);
  const split = description as DatasetSplit;
  if (split.kind !== 'column' && (split.validation ?? 0) + (split.test ?? 0) >= 1) {
    fail({
      expected: `validation and test of ${where} to leave rows to train on`,
      received: `${split.validation} and ${split.test}`,
      mend: 'Write 0.1 for a tenth.',
    });
  }
  return split;
}

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
