import { isMarkerWord, isNumber } from './missing-markers.ts';

const ROWS = 1000;

/**
 * Whether the first line holds names: it has no numbers, and its cells differ from the cells below. 0, 1, 2, … are names, too: data
 * frames without names write them.
 */
export function guessHeader(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  if (first.every((name) => name === '')) return false;
  if (counts(first) && others.length > 0 && !counts(others[0]!)) return true;
  if (namesYears(first, others)) return true;
  if (first.some(isNumber)) return false;
  const below = others.slice(0, ROWS);
  let [names, values] = [0, 0];
  first.forEach((name, c) => {
    const cells = below.map((cells) => cells[c]!).filter((cell) => cell !== '' && !isMarkerWord(cell));
    if (isMarkerWord(name)) values++;
    else if (cells.length > 0 && cells.every(isNumber)) names++;
    else if (cells.includes(name)) values++;
    else if (new Set(cells).size <= cells.length / 2) names++;
  });
  return names >= values;
}

/** Whether the first line has words and years (2019, 2020, …), and the numbers below are no years. */
function namesYears(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const isYear = (cell: string) => /^(19|20)\d\d$/.test(cell);
  const years = first.flatMap((cell, c) => (isYear(cell) ? [c] : []));
  return (
    years.length >= 2 &&
    first.every((cell) => isYear(cell) || !isNumber(cell)) &&
    first.some((cell) => !isNumber(cell)) &&
    new Set(first).size === first.length &&
    others.slice(0, ROWS).every((cells) => years.every((c) => !isYear(cells[c] ?? '')))
  );
}

/** Whether cells are 0, 1, 2, … or 1, 2, 3, …, at least three. The first cell may be empty. */
function counts(cells: readonly string[]): boolean {
  const numbers = (cells[0] === '' ? cells.slice(1) : cells).map((cell) => (/^\d+$/.test(cell) ? Number(cell) : NaN));
  return numbers.length >= 3 && numbers[0]! <= 1 && numbers.every((number, i) => number === numbers[0]! + i);
}
