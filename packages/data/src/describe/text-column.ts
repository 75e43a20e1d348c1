import type { ColumnProfile } from './column-profile.ts';
import { categoricalChoice, hashedChoice, leftOut, tooMany, type ColumnChoice } from './column-choice.ts';
import { isNumber } from './missing-markers.ts';
import { multiValuedColumn } from './multi-valued-column.ts';
import { namesId } from './name-words.ts';
import { cell, counted, grouped, percent } from './words.ts';

const DECIMAL_COMMA = /^[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+$/;
const WHOLE = /^[-+]?\d+$/;
/** 1,234.50 or $5 or 12% or 5 kg */
const FORMATTED = /^[-+]?[$€£¥]? ?\d{1,3}(,\d{3})+(\.\d+)?$|^[-+]?[$€£¥] ?[\d.,]+$|^[-+]?[\d.,]+ ?[%€£$]$/;
/** A column with this share of numbers was meant to be one of numbers. */
const MOSTLY_NUMBERS = 0.8;
/** A column with this share of different values has hardly a value twice. */
const NEARLY_UNIQUE = 0.95;
const LEAST_IDS = 20;
const LONG_TEXT = 4;

/** What a column of texts is as a feature. */
export function textColumn(profile: ColumnProfile): ColumnChoice {
  const { name, counts, present } = profile;
  const unlike = numbersWrittenOtherwise(profile);
  if (unlike) return unlike;
  const lists = multiValuedColumn(profile);
  if (lists) return lists;
  const unique = counts.size >= NEARLY_UNIQUE * present;
  const words = wordsInCell(profile);
  if (counts.size > present / 2 && words >= LONG_TEXT && counts.size >= LEAST_IDS) {
    return leftOut('free-text', `Free text, about ${Math.round(words)} words a cell.`);
  }
  if (unique && (counts.size >= LEAST_IDS || (namesId(name) && present > 1))) {
    const what = counts.size === present ? 'A different value in each row' : 'Hardly a value occurs twice';
    return leftOut('row-id', `${what}: nothing to learn from.`);
  }
  if (tooMany(profile)) return hashedChoice(profile);
  return categoricalChoice(profile, `${counted(counts.size, 'different value')}.`);
}

/** Columns that people read as numbers and the readers don't. */
function numbersWrittenOtherwise(profile: ColumnProfile): ColumnChoice | undefined {
  const { name, counts, present } = profile;
  const texts = [...counts.keys()];
  const example = (pattern: RegExp) => cell(texts.find((text) => pattern.test(text))!);
  if (texts.some((text) => FORMATTED.test(text)) && texts.every((text) => FORMATTED.test(text) || isNumber(text))) {
    const what = `Numbers written like ${example(FORMATTED)} are text here.`;
    const message = `\`${name}\`: ${what} Write plain numbers to use the column.`;
    const warnings = [{ kind: 'formatted-number', column: name, message }] as const;
    if (counts.size > LEAST_IDS) return leftOut('formatted-number', what, warnings);
    return { ...categoricalChoice(profile, `${what} ${counted(counts.size, 'value')}.`), warnings };
  }
  if (
    texts.some((text) => DECIMAL_COMMA.test(text)) &&
    texts.every((text) => DECIMAL_COMMA.test(text) || WHOLE.test(text))
  ) {
    const what = `Numbers with decimal commas, such as ${example(DECIMAL_COMMA)}, are text here.`;
    const message = `\`${name}\`: ${what} Write them with points to use the column.`;
    return leftOut('formatted-number', what, [{ kind: 'decimal-comma', column: name, message }]);
  }
  const others = texts.filter((text) => !isNumber(text));
  const odd = others.reduce((sum, text) => sum + counts.get(text)!, 0);
  if (present - odd < MOSTLY_NUMBERS * present || counts.size <= LEAST_IDS) return undefined;
  const shown = others.slice(0, 3).map(cell).join(', ');
  const what = `${percent(present - odd, present)} are numbers, but ${grouped(odd)} cells are not (${shown}).`;
  const message = `\`${name}\`: ${what} Correct them, or add those that mean "no value" to csv.missing.`;
  return leftOut('mixed', what, [{ kind: 'mixed', column: name, message }]);
}

/** Mean over the rows. */
function wordsInCell({ counts, present }: ColumnProfile): number {
  let words = 0;
  for (const [text, count] of counts) words += count * text.split(/\s+/).length;
  return words / present;
}
