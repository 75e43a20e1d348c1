import {
  fail,
  findEntry,
  listOf,
  type Option,
  PolytaskError,
  positive as aboveZero,
  splitList,
  wholeNumber,
} from '@polytask/components';
import { type Command, InvalidArgumentError } from 'commander';

/** Makes a parser for commander. It turns a PolytaskError into a usage error with the same message. */
export const argument =
  <V>(parse: (text: string, before?: V) => V) =>
  (text: string, before?: V): V => {
    try {
      return parse(text, before);
    } catch (error) {
      if (error instanceof PolytaskError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };

/** A whole number of `least` or more: `12`. */
export const count =
  (option: string, least = 1) =>
  (text: string): number =>
    checked(wholeNumber(least), numberOf(text), option);

/** A positive number: `0.001` or `1e-3`. */
export const positive =
  (option: string) =>
  (text: string): number =>
    checked(aboveZero, numberOf(text), option);

/** Bytes as a decimal size: `500MB` or `2GB`. */
export function bytes(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([MG])B$/.exec(text) ?? [];
  if (number === undefined || Number(number) === 0)
    fail({ expected: 'a size in MB or GB', received: `"${text}"`, fix: 'Pass 500MB or 2GB, for example.' });
  return Number(number) * (unit === 'M' ? 1e6 : 1e9);
}

/** Seeds: `5` means 1 to 5, `3,7` is a list, `6-10` a range. */
export function seeds(text: string): readonly number[] {
  const [, first, last] = /^\s*(?:(\d+)-)?(\d+)\s*$/.exec(text) ?? [];
  const list = /^\s*\d+(\s*,\s*\d+)+\s*$/.test(text)
    ? text.split(',').map(Number)
    : span(Number(first ?? 1), Number(last ?? 0));
  if (list.length > 0 && new Set(list).size === list.length) return list;
  return fail({
    expected: 'how many seeds (5), a list of them (1,2,3), or a range (6-10)',
    received: `"${text}"`,
    fix: 'Pass --seeds 5, for example.',
  });
}

/**
 * A list of values, with commas between: `a,b`. Commas within brackets belong to a value. An option with a list can't be there twice:
 * nobody knows whether both lists are meant.
 *
 * @param valueOf the value of one text
 */
export const list = <V>(valueOf: (text: string) => V): ((text: string) => V[]) =>
  Object.assign(
    argument((text: string) => splitList(text).map(valueOf)),
    { isList: true },
  );

/** The text between two cells: `;`, or `tab`. */
export const delimiter = (text: string): string => (text === 'tab' || text === '\\t' ? '\t' : text);

/** A list of names: `a,b`. */
export const names = list((name) => name);

/** The row of a table by its name. @param noun the kind of row, for errors */
export const row = <R extends { readonly name: string }>(rows: readonly R[], noun: string) =>
  argument((name) => findEntry(rows, name, noun));

/** Several rows of a table by their names: `a,b`. @param noun the kind of row, for errors */
export const rowList = <R extends { readonly name: string }>(rows: readonly R[], noun: string) =>
  list((name) => findEntry(rows, name, noun));

/** Numbers with commas between, which a check takes as a list: `0.1,0.5`. */
export const numbers =
  (check: Option, option: string) =>
  (text: string): readonly number[] =>
    checked(check, text.split(',').map(numberOf), option);

/** Widths, such as those of the levels: `128,64`. */
export const widths = (option: string) => numbers(listOf(wholeNumber(1), 1), option);

/** The number of a text, or the text itself if it isn't a number. */
const numberOf = (text: string): number | string =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

/** Checks a number, or a text that stands for one: `find`. */
export const numberChecked = (check: Option, text: string, option: string): unknown =>
  checked(check, numberOf(text), option);

/** Checks a value. @returns the value, with the type that the check stands for */
const checked = <V>(check: Option, value: unknown, option: string): V => check.read(value, option) as V;

const span = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Reads options. @throws a usage error in place of a PolytaskError */
export async function usage<T>(command: Command, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PolytaskError) command.error(`error: ${error.message}`);
    throw error;
  }
}

/**
 * Refuses a CSV file, which doesn't describe its columns.
 *
 * @param next the command to run with the JSON file
 * @throws a usage error that names `polytask describe`
 */
export function refuseCsv(data: string, command: Command, next: (json: string) => string): void {
  const csv = /\.(csv|tsv)(\.(gz|br))?$/i.exec(data);
  if (!csv) return;
  const json = `${data.slice(0, csv.index)}.json`;
  command.error(
    `error: Expected a JSON file that describes the data set, received "${data}". ` +
      `Run polytask describe ${data} --out ${json} first, then ${next(json)}.`,
  );
}
