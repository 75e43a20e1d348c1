import {
  either,
  fail,
  flag,
  groupBy,
  listOf,
  number,
  oneOf,
  optional,
  readOptions,
  shaped,
  checkKnown,
} from '@polytask/components';
import { anything, text, wholeNumber, type FromDescription, type Option, type Written } from '@polytask/components';
import { permutation, randomStream, type RandomStream } from '@polytask/core';
import { DATE_FORMATS } from '@polytask/core/features';
import { allRows, type Texts, timesOf } from '../columns/columns.ts';
import { ofKind } from '../declarations/declared-kind.ts';
import { groupsOf, type Table } from '../table/table.ts';
import { dealGroups, dealStrata, strataOf, type Strata } from './deal-rows.ts';

const fractions = {
  /** The fraction of rows for validation, in [0, 1). */
  validation: optional(number({ from: 0, below: 1 })),
  /** The fraction of rows for the test. */
  test: optional(number({ from: 0, below: 1 })),
};

const random = {
  ...fractions,
  seed: optional(number({ whole: true })),
  /** The column of a feature or a label, or one named in `keep`. Rows with the same value stay in one part: a user's rows, for instance. */
  groupBy: optional(text),
  /**
   * Tasks whose labels each part has its share of; true for all tasks. By iterative stratification (Sechidis et al. 2011). A
   * regression counts by the fifth of its labels.
   */
  stratify: optional(either(flag, listOf(text, 1))),
};

/** At random. Each part has about its fraction of the rows. */
export interface RandomSplit extends Written<typeof random>, FromDescription {
  readonly kind: 'random';
}

export const oneOrMore = either(text, listOf(text, 1));

const byColumn = { column: text, validation: optional(oneOrMore), test: optional(oneOrMore) };

/** By a column's values: some are for validation, some for the test, all others for training. */
export interface ColumnSplit extends Written<typeof byColumn>, FromDescription {
  readonly kind: 'column';
}

const byTime = {
  ...fractions,
  column: text,
  /** How its dates are written, as of a `date` feature: `day-first` is 28/11/2026. */
  format: optional(oneOf(...DATE_FORMATS)),
};

/** By time: the latest fraction is for the test, the one before it for validation. Rows of one time stay together. */
export interface TimeSplit extends Written<typeof byTime>, FromDescription {
  readonly kind: 'time';
}

/** How the rows of one table are split. */
export type RowSplit = RandomSplit | ColumnSplit | TimeSplit;

const kinds = { random, column: byColumn, time: byTime };

/** @throws PolytaskError for an unknown key or kind, and for fractions that leave no rows to train on */
export const anySplit = ofKind(
  () => kinds,
  (kind, options, given, where): RowSplit => {
    const split = { kind, ...readOptions(given, options, where) } as RowSplit;
    if (split.kind === 'column' || (split.validation ?? 0) + (split.test ?? 0) < 1) return split;
    return fail({
      expected: `validation and test of ${where} to leave rows to train on`,
      received: `${split.validation} and ${split.test}`,
      fix: 'Write 0.1 for a tenth.',
    });
  },
  {
    either: [
      oneOf('random'),
      ...Object.entries(kinds).map(([kind, options]) => shaped({ kind: oneOf(kind), ...options })),
    ],
  },
);

/** One of k folds. The folds of one seed are k equal parts of the rows. */
export interface Fold {
  /** From 1 to `of`. */
  readonly number: number;
  /** k, 2 or more. */
  readonly of: number;
}

const ofRows = {
  validation: optional(fractions.validation, 0),
  test: optional(fractions.test, 0),
  seed: optional(number({ whole: true }), 0),
  /**
   * [size], a group number for each row. Rows of one group stay in one part. The parts are then as near to their fractions as whole
   * groups allow.
   */
  groups: optional(anything as Option<ArrayLike<number>>),
  /** [size], the labels of each row as numbers. Each part has its share of each label. */
  strata: optional(anything as Option<Strata>),
};

export interface SplitOptions extends Written<typeof ofRows>, FromDescription {}

/** What is known of the rows to split. Without it, each row is for itself. */
export type RowsToDeal = Pick<SplitOptions, 'groups' | 'strata'>;

/** Something of each part of a data set. */
export interface Parts<V> {
  readonly train: V;
  readonly validation: V;
  readonly test: V;
}

/** The row indices of each part, ascending. Each index is in one part. */
export interface SplitRows extends Parts<Uint32Array> {}

/** A part of a data set. */
export type PartName = keyof Parts<unknown>;

export const mapParts = <V, R>({ train, validation, test }: Parts<V>, map: (part: V) => R): Parts<R> => ({
  train: map(train),
  validation: map(validation),
  test: map(test),
});

/**
 * Splits the row indices 0 … size − 1 at random.
 *
 * @throws PolytaskError for an unknown option, a fraction outside of [0, 1), and a part that would be empty
 * @example splitRows(10, { test: 0.2, seed: 7 }) // { train: 8 rows, validation: none, test: 2 rows }
 */
export function splitRows(size: number, options: SplitOptions): SplitRows {
  const { validation, test, seed, groups, strata } = readOptions(options, ofRows, 'splitRows');
  fractions.test.read(validation + test, 'validation + test');
  const targets = { test: Math.round(size * test), validation: Math.round(size * validation) };
  const stream = randomStream(seed, 'split');
  const parts: Parts<ArrayLike<number>> = groups
    ? partsOfGroups(groups, targets, stream)
    : strata
      ? partsOfStrata(strata, { validation, test }, stream)
      : partsOfRows(permutation(stream, size), targets);

  for (const [name, fraction] of Object.entries({ train: 1, validation, test }) as [PartName, number][]) {
    if (fraction === 0 || parts[name].length > 0) continue;
    fail({
      expected: `enough ${groups ? 'groups' : 'rows'} for the ${name} part to have some`,
      received: `${size} rows${groups ? ` in ${new Set(Array.from(groups)).size} groups` : ''}`,
      fix: 'Change the fractions, or take more rows.',
    });
  }
  return mapParts(parts, (rows) => Uint32Array.from(rows).sort());
}

type Targets = Omit<Parts<number>, 'train'>;

const partsOfRows = (order: Uint32Array, { validation, test }: Targets): SplitRows => ({
  test: order.subarray(0, test),
  validation: order.subarray(test, test + validation),
  train: order.subarray(test + validation),
});

/** Takes groups in random order. A group goes to the test, or else to validation, if that brings the part nearer to its target. */
function partsOfGroups(groups: ArrayLike<number>, targets: Targets, stream: RandomStream): Parts<number[]> {
  const rowsByGroup = [...groupBy(Array(groups.length).keys(), (row) => groups[row]!).values()];
  const parts: Parts<number[]> = { test: [], validation: [], train: [] };
  for (const g of permutation(stream, rowsByGroup.length)) {
    const rows = rowsByGroup[g]!;
    const part =
      (['test', 'validation'] as const).find((name) => parts[name].length + rows.length / 2 <= targets[name]) ??
      'train';
    for (const row of rows) parts[part].push(row);
  }
  return parts;
}

function partsOfStrata(strata: Strata, { validation, test }: Targets, stream: RandomStream): Parts<ArrayLike<number>> {
  const partOf = dealStrata(strata, [1 - validation - test, validation, test], stream);
  const of = (part: number) => allRows(strata.length).filter((row) => partOf[row] === part);
  return { train: of(0), validation: of(1), test: of(2) };
}

/** The seed that a split depends on: its own, else the given one. A split by a column's values depends on none. */
export const seedOf = (split: RowSplit, seed: number): number => (split.kind === 'random' ? (split.seed ?? seed) : 0);

export const splitColumn = (split: RowSplit): string | undefined =>
  split.kind === 'random' ? split.groupBy : split.column;

/** What a split keeps together: rows of one group, or of one time. */
export interface SplitUnits {
  /** [rows] the group of each row, of a split by groups. */
  readonly groups?: ArrayLike<number>;
  /** [rows] the time of each row, of a split by time. */
  readonly times?: ArrayLike<number>;
}

/** The groups or the times that the split of some rows goes by, for folds of the rows of a part. */
export function unitsOf(table: Table, split: RowSplit): SplitUnits {
  if (split.kind === 'time') return { times: timesIn(table, split) };
  return split.kind === 'random' && split.groupBy !== undefined ? { groups: groupsOf(table, split.groupBy) } : {};
}

/** The row indices of each part. Test rows whatever the seed, and validation rows of a column's value, are in no fold. */
export function rowsOfParts(table: Table, split: RowSplit, seed: number, fold?: Fold): SplitRows {
  checkRule(split);
  if (fold) return rowsOfFold(table, split, seed, fold);
  if (split.kind === 'random') {
    const { validation = 0, test = 0 } = split;
    return splitRows(table.size, { validation, test, seed: seedOf(split, seed), ...ruleOf(table, split) });
  }
  const partOf = split.kind === 'column' ? valuePart(table, split) : timePart(table, split);
  const parts: Parts<number[]> = { train: [], validation: [], test: [] };
  for (let row = 0; row < table.size; row++) parts[partOf(row)].push(row);
  if (parts.train.length === 0) {
    fail({
      expected: `rows to train on after the split by column "${split.column}"`,
      received: 'none',
      fix:
        split.kind === 'column'
          ? 'Give validation and test fewer of its values.'
          : `Take rows of more times, or "split": { "kind": "random", "validation": 0.1, "test": 0.1 }.`,
    });
  }
  return mapParts(parts, (rows) => Uint32Array.from(rows));
}

function checkRule(split: RowSplit): void {
  if (split.kind === 'column') {
    const test = valuesOf(split.test);
    const both = valuesOf(split.validation).find((value) => test.includes(value));
    if (both === undefined) return;
    fail({
      expected: `each value of column "${split.column}" in one part of the split`,
      received: `${JSON.stringify(both)} for validation and test`,
      fix: 'Leave it out of one of the two.',
    });
  }
  if (split.kind !== 'random' || split.groupBy === undefined || !split.stratify) return;
  fail({
    expected: 'a split by groupBy or by stratify',
    received: 'both',
    fix: 'Whole groups have the labels that they have: leave one of the two out.',
  });
}

const ruleOf = (table: Table, { groupBy, stratify }: RandomSplit): RowsToDeal => ({
  ...(groupBy !== undefined && { groups: groupsOf(table, groupBy) }),
  ...(stratify && { strata: strataOf(table, stratify) }),
});

function rowsOfFold(table: Table, split: RowSplit, seed: number, fold: Fold): SplitRows {
  checkFold(fold);
  if (split.kind === 'time') {
    return fail({
      expected: 'a split whose rows can be dealt into folds at random',
      received: `a split by time, of column "${split.column}"`,
      fix: 'A fold would be trained on later rows than it is tested on: leave folds out, and compare over seeds.',
    });
  }
  const isFixed = split.kind === 'column' || split.seed !== undefined;
  const fixed = isFixed ? rowsOfParts(table, split, seed) : undefined;
  const validation = split.kind === 'column' ? fixed!.validation : new Uint32Array();
  const left = new Set([...(fixed?.test ?? []), ...validation]);
  const pool = allRows(table.size).filter((row) => !left.has(row));
  const rule = split.kind === 'random' ? ruleOf(table.subset(pool), split) : {};
  const foldOf = dealt(pool.length, fold.of, seed, rule);
  const rest = allRows(pool.length).filter((row) => foldOf[row] !== fold.number - 1);
  const share = split.kind === 'random' ? (split.validation ?? 0) / (1 - (split.test ?? 0)) : 0;
  const inner = splitRows(rest.length, {
    validation: share,
    seed,
    ...(rule.groups && { groups: Array.from(rest, (row) => rule.groups![row]!) }),
    ...(rule.strata && { strata: Array.from(rest, (row) => rule.strata![row]!) }),
  });
  const test = pool.filter((_, i) => foldOf[i] === fold.number - 1);
  if (test.length === 0) {
    fail({
      expected: `rows for each of ${fold.of} folds`,
      received: `${pool.length} rows${rule.groups ? ` in ${new Set(Array.from(rule.groups)).size} groups` : ''}`,
      fix: 'Ask for fewer folds.',
    });
  }
  return {
    train: inner.train.map((row) => pool[rest[row]!]!),
    validation: validation.length > 0 ? validation : inner.validation.map((row) => pool[rest[row]!]!),
    test,
  };
}

function checkFold({ number: own, of }: Fold): void {
  wholeNumber(2).read(of, '"of" of a fold');
  number({ whole: true, from: 1, to: of }).read(own, '"number" of a fold');
}

function dealt(size: number, folds: number, seed: number, { groups, strata }: RowsToDeal): Uint32Array {
  const stream = randomStream(seed, 'folds');
  if (groups) return dealGroups(groups, folds, stream);
  if (strata) return dealStrata(strata, new Array<number>(folds).fill(1 / folds), stream);
  const foldOf = new Uint32Array(size);
  permutation(stream, size).forEach((row, place) => (foldOf[row] = Math.floor((place * folds) / size)));
  return foldOf;
}

type PartOf = (row: number) => PartName;

const valuesOf = (values: string | readonly string[] = []): readonly string[] => [values].flat();

function valuePart(table: Table, split: ColumnSplit): PartOf {
  const { codes, dictionary } = textsOf(table, split.column);
  const [validation, test] = [valuesOf(split.validation), valuesOf(split.test)];
  for (const value of [...validation, ...test])
    checkKnown(value, dictionary, `a value of column "${split.column}" to split by`);
  const parts = dictionary.map((value) =>
    test.includes(value) ? 'test' : validation.includes(value) ? 'validation' : 'train',
  );
  return (row) => parts[codes[row]!] ?? 'train'; // a missing value has code −1
}

function timesIn(table: Table, { column, format }: TimeSplit): Float64Array {
  const { codes, dictionary } = textsOf(table, column);
  const timeOfCode = timesOf(dictionary, format);
  return Float64Array.from(codes, (code, row) => {
    const time = code < 0 ? NaN : timeOfCode[code]!;
    if (Number.isNaN(time)) {
      fail({
        expected: `a number or a date in column "${column}", to split by time`,
        received: `${code < 0 ? 'none' : JSON.stringify(dictionary[code])} in ${table.where(row)}`,
        fix: 'Write dates as 2022-05-01 or as numbers, or say how they are written: "format": "day-first", for example.',
      });
    }
    return time;
  });
}

/** Sorts the times. The time at which a part begins is that of the row at the part's fraction from the end. */
function timeParts(table: Table, split: TimeSplit) {
  const { validation = 0, test = 0 } = split;
  const times = timesIn(table, split);
  const sorted = times.slice().sort();
  const startOf = (share: number) =>
    share === 0 ? Infinity : sorted[Math.min(table.size - 1, Math.round(table.size * (1 - share)))]!;
  const [testStart, validationStart] = [startOf(test), startOf(validation === 0 ? 0 : validation + test)];
  return { times, first: sorted[0]!, testStart, validationStart };
}

function timePart(table: Table, split: TimeSplit): PartOf {
  const { times, testStart, validationStart } = timeParts(table, split);
  return (row) => (times[row]! >= testStart ? 'test' : times[row]! >= validationStart ? 'validation' : 'train');
}

/** A random split in place of one by time that leaves no rows to train on, as those of one month have one time. */
export function withFewTimes(table: Table, split: RowSplit): { times: number; split: RandomSplit } | undefined {
  if (split.kind !== 'time' || table.size === 0) return undefined;
  const { times, first, testStart, validationStart } = timeParts(table, split);
  if (first < Math.min(testStart, validationStart)) return undefined;
  const { kind: _, column: __, format: ___, ...fractions } = split;
  return { times: new Set(times).size, split: { kind: 'random', ...fractions } };
}

/** A column as text. A column of numbers has a text for each number. */
function textsOf(table: Table, column: string): Pick<Texts, 'codes' | 'dictionary'> {
  const texts = table.columns.texts[column];
  if (texts) return texts;
  const values = table.columns.numbers[column];
  if (!values) return groupsOf(table, column) as never; // throws
  const dictionary = [...new Set(values)].filter((value) => !Number.isNaN(value));
  const codeOf = new Map(dictionary.map((value, code) => [value, code]));
  return { codes: Int32Array.from(values, (value) => codeOf.get(value) ?? -1), dictionary: dictionary.map(String) };
}
