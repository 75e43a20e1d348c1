import { checkOptions, checks, fail, type Options, parseNumber, suggestion } from '@polytask/core';
import type { Texts } from '../columns/columns.ts';
import { mapParts, splitRows, type SplitRows } from '../fitting/split.ts';
import { anything, fraction, oneOrMore, text } from '../options/checks.ts';
import { groupsOf, type Table } from '../table/table.ts';
import { ofKind } from './described-columns.ts';

const { number, optional } = checks;

/** How a data set file splits the rows of one source. */
export type DatasetSplit =
  /** At random. Rows with the same value of `groupBy` stay in one part. */
  | {
      readonly kind: 'random';
      readonly validation?: number;
      readonly test?: number;
      readonly seed?: number;
      readonly groupBy?: string;
    }
  /** By a column's values: some are for validation, some for the test, all others for training. */
  | {
      readonly kind: 'column';
      readonly column: string;
      readonly validation?: string | readonly string[];
      readonly test?: string | readonly string[];
    }
  /** By time: the latest fraction is for the test, the one before it for validation. Rows of one time stay together. */
  | { readonly kind: 'time'; readonly column: string; readonly validation?: number; readonly test?: number };

const fractions = { kind: anything, validation: optional(fraction), test: optional(fraction) };

const KINDS: { readonly [K in DatasetSplit['kind']]: object } = {
  random: { ...fractions, seed: optional(number('a whole number', Number.isSafeInteger)), groupBy: optional(text) },
  column: { kind: anything, column: text, validation: optional(oneOrMore), test: optional(oneOrMore) },
  time: { ...fractions, column: text },
};

/** @throws PolytaskError for an unknown key or kind, and for fractions that leave no rows to train on */
export function describedSplit(value: unknown, where: string): DatasetSplit {
  const { entry, description } = ofKind(value, KINDS, where);
  checkOptions(description, entry as Options<object>, where);
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

/** The column that a split reads, as text. */
export const splitColumn = (split: DatasetSplit): string | undefined =>
  split.kind === 'random' ? split.groupBy : split.column;

/** The seed that a split depends on: its own, else the given one. A split by a column's values depends on none. */
export const seedOf = (split: DatasetSplit, seed: number): number =>
  split.kind === 'random' ? (split.seed ?? seed) : 0;

/**
 * The row indices of each part.
 *
 * @param seed of a random split without a seed of its own
 * @throws PolytaskError for a value that no row has, a text that is no time, and a split that leaves no rows to train on
 */
export function rowsOfParts(table: Table, split: DatasetSplit, seed: number): SplitRows {
  if (split.kind === 'random') {
    const { validation = 0, test = 0, groupBy } = split;
    return splitRows(table.size, {
      validation,
      test,
      seed: seedOf(split, seed),
      ...(groupBy !== undefined && { groups: groupsOf(table, groupBy) }),
    });
  }
  const partOf = split.kind === 'column' ? byValue(table, split) : byTime(table, split);
  const parts: Record<keyof SplitRows, number[]> = { train: [], validation: [], test: [] };
  for (let row = 0; row < table.size; row++) parts[partOf(row)].push(row);
  if (parts.train.length === 0) {
    fail({
      expected: `rows to train on after the split by column "${split.column}"`,
      received: 'none',
      mend: 'Give validation and test fewer of its values.',
    });
  }
  return mapParts(parts, (rows) => Uint32Array.from(rows));
}

type PartOf = (row: number) => keyof SplitRows;

const listOf = (values: string | readonly string[] = []): readonly string[] =>
  typeof values === 'string' ? [values] : values;

function byValue(table: Table, split: DatasetSplit & { kind: 'column' }): PartOf {
  const { codes, dictionary } = textsOf(table, split.column);
  const [validation, test] = [listOf(split.validation), listOf(split.test)];
  for (const value of [...validation, ...test]) {
    if (dictionary.includes(value)) continue;
    fail({
      expected: `rows where column "${split.column}" is ${JSON.stringify(value)}, to split by`,
      received: 'none',
      mend: suggestion(value, dictionary.slice(0, 20)),
    });
  }
  const parts = dictionary.map((value) =>
    test.includes(value) ? 'test' : validation.includes(value) ? 'validation' : 'train',
  );
  return (row) => parts[codes[row]!] ?? 'train'; // a missing value has code −1
}

/** Sorts the times. The time at which a part begins is that of the row at the part's fraction from the end. */
function byTime(table: Table, { column, validation = 0, test = 0 }: DatasetSplit & { kind: 'time' }): PartOf {
  const { codes, dictionary } = textsOf(table, column);
  const timeOf = Float64Array.from(dictionary, (value) => {
    const time = parseNumber(value);
    return Number.isNaN(time) ? Date.parse(value) : time;
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
  const startOf = (share: number) =>
    share === 0 ? Infinity : sorted[Math.min(table.size - 1, Math.round(table.size * (1 - share)))]!;
  const [testStart, validationStart] = [startOf(test), startOf(validation === 0 ? 0 : validation + test)];
  return (row) => (times[row]! >= testStart ? 'test' : times[row]! >= validationStart ? 'validation' : 'train');
}

/** `keep` names the column, so the table has it as text. */
const textsOf = (table: Table, column: string): Texts => table.columns.texts[column]!;
