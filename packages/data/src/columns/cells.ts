import {
  custom,
  either,
  fail,
  groupBy,
  listOf,
  number,
  optional,
  record,
  shaped,
  shown,
  string,
  text,
  type FromDescription,
  type Written,
} from '@polytask/components';
import { parseNumber } from '@polytask/core';
import { withDecimalPoint } from './decimal.ts';

const bounds = listOf(number());
const range = custom<readonly [low: number, high: number]>(
  (value, where) => {
    const [low, high, ...others] = bounds.read(value, where);
    if (high !== undefined && low! <= high && others.length === 0) return;
    fail({
      expected: `the lowest and the highest number for ${where}`,
      received: shown(value),
      fix: 'Write [0, 120].',
    });
  },
  { words: 'the lowest and the highest number, such as [0, 120]' },
);

const cellOptions = {
  /** The spellings of a value, by the value: `{ yes: ['Yes', 'Y', '1'] }`. */
  merge: optional(record(listOf(string, 1))),
  /** Cells of this column that mean "no value": `['-999']`. `csv.missing` is for all columns. */
  missing: optional(listOf(string)),
  /** A text before or after numbers, such as `'€'`, or several with their factors: `{ k: 1000, M: 1e6 }`. A cell may lack it. */
  unit: optional(either(text, record(number()))),
  /** The text between thousands: `','` reads `1,234.5` as 1234.5. */
  thousands: optional(text),
  /** The lowest and the highest number that can be: `[0, 120]`. Others are read as missing. */
  valid: optional(range),
};

/** How the cells of a column become values. Spellings are merged first, then missing values are found, then numbers are read. */
export interface CellRule extends Written<typeof cellOptions>, FromDescription {}

/** By the name of the column, which may be that of a feature, of a label, or of both. */
export const cellsOption = optional(record(shaped(cellOptions)));

/**
 * One rule for cells that are read by the first, and their values then by the second.
 *
 * @example joinedRules({ merge: { bonn: ['BN'] } }, { merge: { Bonn: ['bonn'] } }) // { merge: { Bonn: ['BN', 'bonn'] } }
 */
export function joinedRules(first: CellRule, second: CellRule): CellRule {
  const into = pairsOf(second.merge);
  const before = pairsOf(first.merge).map(([text, value]) => [text, new Map(into).get(value) ?? value] as const);
  const byValue = groupBy([...before, ...into], ([, value]) => value);
  const missing = [...(first.missing ?? []), ...(second.missing ?? [])];
  return {
    ...first,
    ...second,
    ...(byValue.size > 0 && {
      merge: Object.fromEntries(Array.from(byValue, ([value, own]) => [value, own.map(([text]) => text)])),
    }),
    ...(missing.length > 0 && { missing }),
  };
}

/** Each spelling with its value. */
const pairsOf = (merge: CellRule['merge'] = {}): (readonly [text: string, value: string])[] =>
  Object.entries(merge).flatMap(([value, texts]) => texts.map((text) => [text, value] as const));

export const asksForNumbers = ({ unit, thousands, valid }: CellRule): boolean =>
  unit !== undefined || thousands !== undefined || valid !== undefined;

/** How the values of a column are read from its cells. */
export interface CellReader {
  /** Whether a plain number in a cell is its value, so that its bytes are enough. */
  readonly isPlain: boolean;
  /** Whether values that a file stores, such as numbers of JSON, are read as their texts are. */
  readonly hasRule: boolean;
  /** The cells that mean "no value". The empty one does. */
  readonly missing: ReadonlySet<string>;
  /** The value of which a text is another spelling, else the text. */
  merged(text: string): string;
  /** A number, NaN where it is missing or can't be; undefined for a text that is none. */
  number(text: string): number | undefined;
}

/** What is said for all columns of a file. */
interface FileCells {
  readonly missing?: readonly string[] | undefined;
  readonly decimal?: '.' | ',' | undefined;
}

export function cellReader(rule: CellRule | undefined, { missing = [], decimal = '.' }: FileCells = {}): CellReader {
  const { merge, missing: own = [], unit = {}, thousands, valid } = rule ?? {};
  const spellings = new Map(pairsOf(merge));
  const markers = new Set(['', ...missing, ...own]);
  const parts = numberParts(typeof unit === 'string' ? { [unit]: 1 } : unit, thousands);
  const [low, high] = valid ?? [-Infinity, Infinity];
  const merged = spellings.size > 0 ? (cell: string) => spellings.get(cell) ?? cell : (cell: string) => cell;
  return {
    isPlain: !rule && decimal === '.' && [...markers].every((marker) => Number.isNaN(parseNumber(marker))),
    hasRule: rule !== undefined,
    missing: markers,
    merged,
    number(cell) {
      const text = merged(cell);
      if (markers.has(text)) return NaN;
      const { digits, factor } = parts(text);
      const point = decimal === ',' ? withDecimalPoint(digits) : digits;
      const found = point === undefined ? NaN : times(point, factor);
      if (Number.isNaN(found)) return undefined;
      return found < low || found > high ? NaN : found;
    },
  };
}

/** A number times a factor: by a power of ten as the digits say, so that 2.3 M is 2300000 and no float beside it. */
function times(digits: string, factor: number): number {
  const exponent = Math.round(Math.log10(factor));
  return factor !== 1 && Number(`1e${exponent}`) === factor && /^[-+\d.]+$/.test(digits)
    ? parseNumber(`${digits}e${exponent}`)
    : parseNumber(digits) * factor;
}

/**
 * Reads the units around a number, each at most once, and removes the text between its thousands.
 *
 * @returns the digits, which may be no number, and the product of the units' factors
 * @example numberParts({ $: 1, k: 1000 }, ',')('-$1,234k') // { digits: '-1234', factor: 1000 }
 */
export function numberParts(units: Readonly<Record<string, number>>, thousands?: string) {
  const longestFirst = Object.entries(units).sort(([a], [b]) => b.length - a.length);
  return (text: string): { readonly digits: string; readonly factor: number } => {
    if (longestFirst.length === 0) return { digits: ungrouped(text, thousands), factor: 1 };
    const sign = /^[-+](?=\D)/.exec(text)?.[0] ?? '';
    let rest = text.slice(sign.length).trim();
    let factor = 1;
    let open = longestFirst;
    for (let found; (found = open.find(([unit]) => rest.startsWith(unit) || rest.endsWith(unit)));) {
      const [unit, own] = found;
      rest = (rest.endsWith(unit) ? rest.slice(0, -unit.length) : rest.slice(unit.length)).trim();
      factor *= own;
      open = open.filter(([other]) => other !== unit);
    }
    return { digits: sign + ungrouped(rest, thousands), factor };
  };
}

/** Groups have three digits, or two as in 12,34,567; commas at other places are none between thousands. */
function ungrouped(text: string, thousands: string | undefined): string {
  if (thousands === undefined || !text.includes(thousands)) return text;
  const [first, ...groups] = text.split(thousands) as [string, ...string[]];
  const isGrouped =
    /^[-+]?\d{1,3}$/.test(first) &&
    groups.every((group, i) => (i < groups.length - 1 ? /^\d{2,3}$/ : /^\d{3}(\D.*)?$/).test(group));
  return isGrouped ? first + groups.join('') : text;
}
