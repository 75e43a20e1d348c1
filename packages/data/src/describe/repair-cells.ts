import { countsOf, groupBy, ranked, sum } from '@polytask/components';
import { asksForNumbers, type CellRule, cellReader, joinedRules } from '../columns/cells.ts';
import { isNumber } from '../columns/columns.ts';
import { isMarkerWord } from '../sampling/missing-markers.ts';
import { columnFinding, type TableFinding, type SampleColumn, type TableSample } from '../sampling/table-sample.ts';
import { namesAge, namesCareer, namesLatitude, namesLongitude } from '../words/name-words.ts';
import { cell, counted, listed, plainText, short } from '../words/words.ts';
import { profileOf } from './column-profile.ts';
import { listsIn } from './list-column.ts';
import { sentinelsIn } from './number-column.ts';
import { type CellReading, numberUnits } from './number-units.ts';

/**
 * Finds spellings of one value, units beside numbers, and numbers that can't be. What can be read in one way is; of the others, it asks.
 *
 * @param given the rules of the caller, by the name of the column
 * @returns the sample as it is read then, and rules by the name of the column
 */
export function repairCells(sample: TableSample, given: Readonly<Record<string, CellRule>>) {
  const cells = new Map<string, CellRule>();
  const warnings: TableFinding[] = [];
  const names = countsOf(sample.columns.map(({ name }) => name));
  const columns = sample.columns.map((column) => {
    const { name, values, written = values, further = [], stored } = column;
    if (names.get(name)! > 1 || (stored && stored !== 'texts' && stored !== 'numbers')) return column;
    const { decimal } = sample.csv ?? {};
    let rule = Object.hasOwn(given, name) ? given[name] : undefined;
    let counts: ReadonlyMap<string, number> = new Map(ranked(countsOf(values)));
    if (rule) counts = readAs(rule, counts, decimal);
    const take = (kind: string, finding: CellReading | undefined): void => {
      if (!finding) return;
      const { message, rule: found, ask } = finding;
      warnings.push(columnFinding(kind, name, { rule: found ?? ask }, message, ask && { cells: { [name]: ask } }));
      if (found) rule = joinedRules(rule ?? {}, found);
    };
    take('spellings', stored === 'numbers' ? undefined : spellings(counts, column));
    const units = stored === 'numbers' ? undefined : numberUnits(counts);
    if (units?.rule) take('units', units); // a question is one of the column's use
    counts = rule ? readAs(rule, counts, decimal) : counts;
    for (const finding of impossible(name, counts)) take('impossible-numbers', finding);
    if (!rule) return column;
    cells.set(name, rule);
    const { written: _, ...plain } = column;
    const read = cellText(rule, decimal);
    return {
      ...plain,
      values: written.map(read),
      further: further.map(read),
      isMeasured: asksForNumbers(rule),
      ...(stored && { stored: asksForNumbers(rule) ? ('numbers' as const) : stored }),
    };
  });
  return { sample: { ...sample, columns }, cells, warnings };
}

/** The text of a cell after the rule: a number as its plain text, and '' where it is missing. */
function cellText(rule: CellRule, decimal: ',' | undefined): (text: string) => string {
  const reader = cellReader(rule, { decimal });
  return (given) => {
    const text = reader.merged(given);
    if (reader.missing.has(text)) return '';
    const number = isMarkerWord(text) ? undefined : reader.number(text);
    if (number === undefined) return text;
    return Number.isNaN(number) ? '' : isNumber(text) ? text : String(number);
  };
}

function readAs(rule: CellRule, counts: ReadonlyMap<string, number>, decimal: ',' | undefined): Map<string, number> {
  const read = cellText(rule, decimal);
  const byText = groupBy(counts, ([text]) => read(text));
  return new Map([...byText].map(([text, same]) => [text, sum(same, ([, count]) => count)]));
}

/** A column with more values may hold ids, of which upper and lower case can be two. */
const MOST_VALUES = 100;
const YES = ['yes', 'y', 'true', 't', '1', '1.0'];
const NO = ['no', 'n', 'false', 'f', '0', '0.0'];

const styleOf = (text: string): number => Math.max(...[YES, NO].map((words) => words.indexOf(plainText(text))));

/** Spellings that differ in case, blanks and signs at the end; and all words for yes and no, if a column has both and no others. */
function spellings(counts: ReadonlyMap<string, number>, column: SampleColumn): CellReading | undefined {
  const texts = [...new Set([...counts.keys(), ...(column.further ?? [])])].filter(
    (text) => text !== '' && !isMarkerWord(text) && plainText(text) !== '',
  );
  if (texts.length > MOST_VALUES || texts.every(isNumber)) return undefined;
  const isYes = texts.map((text) => YES.includes(plainText(text)));
  const isYesOrNo = new Set(isYes).size === 2 && texts.every((text, i) => isYes[i] !== NO.includes(plainText(text)));
  const meaning = (text: string) => (isYesOrNo ? String(YES.includes(plainText(text))) : plainText(text));
  const same = [...groupBy(texts, meaning).values()].filter(({ length }) => length > 1);
  if (same.length === 0) return undefined;
  const profile = profileOf(column, counts, new Set(), 1);
  if (listsIn(profile)) return undefined;
  const style = styleOf(texts[0]!); // the most frequent text is one of `yes`, `y`, `true`, …: and so is its opposite
  const merge = Object.fromEntries(
    same.map((each): [string, string[]] => {
      const kept = (isYesOrNo && each.find((text) => styleOf(text) === style)) || each[0]!;
      return [kept, each.filter((text) => text !== kept)];
    }),
  );
  const isSure = isYesOrNo || Object.keys(merge).every((text) => plainText(text).length > 1);
  const shown = Object.entries(merge).slice(0, 3).map(([most, others]) => `${cell(most)} (also written ${listed(others.slice(0, 5).map(cell))})`); // prettier-ignore
  if (!isSure)
    return {
      ask: { merge },
      message: `${listed(shown)} may be one value. If so, write "merge": ${JSON.stringify(merge)} in \`cells\`.`,
    };
  const more = Object.keys(merge).length > shown.length ? ', and others' : '';
  return {
    rule: { merge },
    message: `spellings of one value are merged: ${shown.join('; ')}${more} (\`merge\` in \`cells\`).`,
  };
}

const RANGES: readonly (readonly [names: (name: string) => boolean, range: readonly [number, number]])[] = [
  [namesAge, [0, 120]],
  [namesCareer, [0, 80]],
  [namesLatitude, [-90, 90]],
  [namesLongitude, [-180, 180]],
];
/** With a larger share outside, the column measures something else, such as an age in days. */
const FEW = 0.05;
/** With a smaller share of numbers, a column is none of numbers. */
const MOSTLY = 0.9;

/** Numbers outside the range that a column's name says, and a sentinel such as -999 where all other numbers are 0 or more. */
function impossible(name: string, counts: ReadonlyMap<string, number>): CellReading[] {
  const present = [...counts].filter(([text]) => text !== '' && !isMarkerWord(text));
  const numbers = present.filter(([text]) => isNumber(text));
  const rowsOf = (some: typeof present) => sum(some, ([, count]) => count);
  if (numbers.length === 0 || rowsOf(numbers) < MOSTLY * rowsOf(present)) return [];
  const range = RANGES.find(([names]) => names(name))?.[1];
  if (range) {
    const [low, high] = range;
    const outside = numbers.filter(([text]) => Number(text) < low || Number(text) > high);
    if (outside.length > 0 && rowsOf(outside) <= FEW * rowsOf(numbers)) {
      const shown = listed(outside.slice(0, 3).map(([text]) => text));
      const what = `${counted(rowsOf(outside), 'number is', 'numbers are')} below ${low} or above ${high} (${shown})`;
      return [{ rule: { valid: range }, message: `${what}, and read as missing (\`valid\` in \`cells\`).` }];
    }
  }
  const found = sentinelsIn(new Map(numbers)).map(({ text }) => text);
  const others = numbers.filter(([text]) => !found.includes(text));
  const missing = found.filter((text) => Number(text) < 0);
  if (missing.length === 0 || others.some(([text]) => Number(text) < 0)) return [];
  const times = rowsOf(numbers.filter(([text]) => missing.includes(text)));
  const least = short(Math.min(...others.map(([text]) => Number(text))));
  const what = `${listed(missing)} (${counted(times, 'row')}) is far below all other numbers, which are ${least} or more`;
  return [{ rule: { missing }, message: `${what}. It is read as missing (\`missing\` in \`cells\`).` }];
}
