import { sum } from '@polytask/components';
import { columnFinding } from './table-sample.ts';
import { isNumber } from '../columns/columns.ts';
import { cell, counted, listed } from '../words/words.ts';

/** Words that mean "no value" in any column. */
const ANYWHERE = new Set(['?', 'NA', 'N/A', 'n/a', '#N/A', '<NA>', 'NaN', 'nan', 'null', 'NULL', 'Null', '\\N']);
/** Words that mean "no value" among numbers, in lower case. Among texts they may be values. */
const AMONG_NUMBERS = new Set(
  '- -- . * na none nil missing unknown undefined empty #value! #n/a n/a nan null ?'.split(' '),
);
/** From this share of numbers on, the few other words of a column are taken for markers. */
const NEARLY_ALL = 0.9;
const FEW_WORDS = 2;

export const isMarkerWord = (text: string): boolean => ANYWHERE.has(text) || AMONG_NUMBERS.has(text.toLowerCase());

/** The words that mean "no value" in a file's columns: common ones (`?`, `NA`, …), and those among numbers. */
export function missingMarkers(
  columns: readonly { readonly name: string; readonly raw: ReadonlyMap<string, number> }[],
) {
  const markers = new Set<string>();
  const unsure: { column: string; words: string[]; count: number }[] = [];
  const textWords = new Set<string>();
  for (const { name: column, raw: counts } of columns) {
    let numbers = 0;
    const others: string[] = [];
    for (const [text, count] of counts) {
      if (isNumber(text)) numbers += count;
      else if (text !== '') others.push(text);
    }
    for (const word of others) if (ANYWHERE.has(word)) markers.add(word);
    const words = others.filter((word) => !isMarkerWord(word));
    if (numbers > 0 && words.length === 0) for (const word of others) markers.add(word);
    const count = sum(words, (word) => counts.get(word)!);
    if (words.length > 0 && words.length <= FEW_WORDS && numbers >= NEARLY_ALL * (numbers + count) && numbers >= 20) {
      unsure.push({ column, words, count });
      for (const word of others) if (isMarkerWord(word)) markers.add(word);
    } else if (words.length > 0) for (const word of words) textWords.add(word);
  }
  const warnings = unsure
    .filter(({ words }) => words.every((word) => !textWords.has(word)))
    .map(({ column, words, count }) => {
      for (const word of words) markers.add(word);
      const what = `all values are numbers but ${listed(words.map(cell))} (${counted(count, 'row')})`;
      const fix = 'They are read as missing; correct the cells if they are not.';
      return columnFinding('odd-missing', column, { words, count }, `${what}. ${fix}`);
    });
  return { markers: [...markers].sort(), warnings };
}
