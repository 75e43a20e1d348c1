import { groupBy, sum } from '@polytask/components';
import { isNumber } from '../columns/columns.ts';
import type { CellRule } from '../columns/cells.ts';
import { isMarkerWord } from '../sampling/missing-markers.ts';
import { cell, grouped, listed } from '../words/words.ts';

/** What is read from the cells of a column: a rule, or a question where they can be read in several ways. */
export interface CellReading {
  readonly rule?: CellRule;
  /** The rule, if the answer to the question is yes. */
  readonly ask?: CellRule;
  readonly message: string;
}

const MULTIPLES: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, B: 1e9, bn: 1e9 };
const NUMBER = String.raw`(?<digits>[-+]?(?:\d[\d.,'’\s]*)?\d(?:\.\d*)?|[-+]?\.\d+)`;
const CURRENCY = String.raw`\p{Sc}|USD|EUR|GBP|CHF|JPY`;
const CELL = new RegExp(
  String.raw`^(?<sign>[-+]?)(?<before>${CURRENCY})?\s*${NUMBER}\s*(?<multiple>(?:${Object.keys(MULTIPLES).join('|')})(?!\p{L}))?\s*(?<after>[\p{L}\p{Sc}%°/²³]+\.?)?$`,
  'u',
);
const THOUSANDS = /^[-+]?[1-9]\d{0,2}(?<between>[.,'’\s])\d{3}(?:\k<between>\d{3})*(?<fraction>\.\d+)?$/u;

/** Fewer different numbers are categories, unless most of them are plain. */
const LEAST_NUMBERS = 20;
/** Of more different units, or of fewer rows for one, the letters are codes. */
const [MOST_UNITS, LEAST_ROWS] = [4, 2];
/** At most this share of the rows may have words without a digit. */
const WORDS = 0.1;

/**
 * Finds the unit of a column of numbers that all or some cells have beside them, and the text between thousands. Undefined for columns of
 * plain numbers, and for others.
 */
export function numberUnits(counts: ReadonlyMap<string, number>): CellReading | undefined {
  const present = [...counts].filter(([text]) => text !== '' && !isMarkerWord(text));
  const rows = sum(present, ([, count]) => count);
  const written = present.filter(([text]) => /\d/.test(text));
  if (written.every(([text]) => isNumber(text)) || sum(written, ([, count]) => count) < (1 - WORDS) * rows)
    return undefined;
  const cells = written.flatMap(([text, count]) => cellOf(text, count) ?? []);
  const plain = cells.filter(({ text }) => isNumber(text));
  const isMostlyPlain = sum(plain, ({ count }) => count) >= rows / 2;
  if (cells.length < written.length || (cells.length < LEAST_NUMBERS && !isMostlyPlain)) return undefined;
  const between = thousandsIn(cells);
  const units = unitsIn(cells, plain);
  if (between === undefined || units === undefined) return undefined;
  if ('message' in units) return units;
  if ('message' in between) return between;
  const all = { ...units, ...between };
  if (Object.keys(all).length === 0) return undefined;
  const odd = cells.filter(({ text }) => !isNumber(text));
  const examples = odd.slice(0, 3).map(({ text }) => cell(text));
  const which = listed(Object.keys(all).map((option) => `\`${option}\``));
  return {
    rule: all,
    message: `${grouped(sum(odd, ({ count }) => count))} cells such as ${listed(examples)} are read as numbers (${which} in \`cells\`).`,
  };
}

type NumberCell = NonNullable<ReturnType<typeof cellOf>>;

function cellOf(text: string, count: number) {
  const { sign, before, digits, multiple, after } = CELL.exec(text)?.groups ?? {};
  if (digits === undefined) return undefined;
  return {
    text,
    count,
    digits: `${sign}${digits}`,
    multiple,
    units: [before, after].filter((unit) => unit !== undefined),
  };
}

/** The same for `hr`, `Hr` and `hrs`. */
const unitKey = (unit: string): string => unit.toLowerCase().replace(/(?<=..)s$/, '');

type Found<O extends keyof CellRule> = Pick<CellRule, O> | CellReading | undefined;

function unitsIn(cells: readonly NumberCell[], plain: readonly NumberCell[]): Found<'unit'> {
  const multiples = new Set(cells.flatMap(({ multiple }) => multiple ?? []));
  const byKey = groupBy(
    cells.flatMap(({ count, units }) => units.map((unit) => ({ unit, count }))),
    ({ unit }) => unitKey(unit),
  );
  const names = (key: string) => [...new Set(byKey.get(key)!.map(({ unit }) => unit))];
  if (byKey.size > 1 || (multiples.size > 0 && byKey.has('m'))) {
    const isCode = [...byKey.values()].some((same) => sum(same, ({ count }) => count) < LEAST_ROWS);
    if (byKey.size > MOST_UNITS || isCode) return undefined;
    const shown = [...byKey.keys()].flatMap(names);
    const example = JSON.stringify(Object.fromEntries(shown.map((unit) => [unit, 1])));
    return {
      message: `numbers have several units, ${listed(shown.map(cell))}. Write what each multiplies by in \`cells\`, as "unit": ${example}.`,
    };
  }
  const [key] = byKey.keys();
  const units = key === undefined ? [] : names(key);
  const factor = key === '%' ? percentFactor(cells, plain) : 1;
  if (factor === undefined)
    return { message: 'is 5% the same as 5, or as .05? Write "unit": "%" or "unit": { "%": 0.01 } in `cells`.' };
  const factors = { ...Object.fromEntries(units.map((unit) => [unit, factor])), ...Object.fromEntries([...multiples].map((each) => [each, MULTIPLES[each]!])) }; // prettier-ignore
  const [first, ...others] = Object.entries(factors);
  if (!first) return {};
  return { unit: others.length === 0 && first[1] === 1 ? first[0] : factors };
}

/** Beside plain numbers up to 1 and percentages above it, 5% is .05; beside other plain numbers it is 5. Undefined where it could be both. */
function percentFactor(cells: readonly NumberCell[], plain: readonly NumberCell[]): number | undefined {
  if (plain.length === 0) return 1;
  const isAboveOne = ({ digits }: NumberCell) => Math.abs(Number(digits)) > 1;
  const percents = cells.filter(({ units }) => units.includes('%'));
  if (plain.some(isAboveOne)) return 1;
  return percents.some(isAboveOne) ? 0.01 : undefined;
}

/**
 * Commas are between thousands if one number has several, or a point too, or if other numbers have none: with three decimals, all would have
 * a comma. Points are if one number has several, and all others with a point have three digits behind it.
 */
function thousandsIn(cells: readonly NumberCell[]): Found<'thousands'> {
  const found = cells.flatMap(({ digits }) => (isNumber(digits) ? [] : [THOUSANDS.exec(digits)]));
  const [between, ...others] = new Set(found.map((match) => match?.groups!['between']));
  if (found.length === 0) return {};
  if (between === undefined || others.length > 0) return undefined;
  const pointed = cells.filter(({ digits }) => digits.includes('.'));
  if (between === '.') return pointed.every(({ digits }) => THOUSANDS.test(digits)) ? { thousands: '.' } : undefined;
  const isSure = found.some((match) => match!.groups!['fraction'] || match![0].split(between).length > 2);
  const hasOthers = cells.some(({ digits }) => isNumber(digits));
  if (between !== ',' || isSure || hasOthers) return { thousands: between };
  const example = found[0]![0];
  return {
    message: `is ${cell(example)} ${example.replace(',', '')} or ${example.replace(',', '.')}? For the first, write "thousands": "," for the column in \`cells\`; for the other, correct the cells.`,
  };
}
