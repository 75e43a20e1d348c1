import { memoized, sum } from '@polytask/components';
import { hasDecimalComma } from '../columns/decimal.ts';
import { timeOf } from '@polytask/core/features';
import { asFeature, categoricalChoice, hashedChoice, leftOut, tooMany, type ColumnChoice } from './column-choice.ts';
import {
  dateFormats,
  isNearlyUnique,
  isTime,
  isWhole,
  rowWord,
  tooLong,
  type ColumnProfile,
} from './column-profile.ts';
import { listChoice, listsIn } from './list-column.ts';
import { isNumber } from '../columns/columns.ts';
import { columnFinding } from '../sampling/table-sample.ts';
import { namesCode, namesId } from '../words/name-words.ts';
import { numberColumn } from './number-column.ts';
import { numberUnits } from './number-units.ts';
import { cell, counted, grouped, percent } from '../words/words.ts';
import type { LeftOut } from './description.ts';

export const chooseColumn = memoized((profile: ColumnProfile): ColumnChoice => {
  const { counts, numbers, stored } = profile;
  if (stored === 'others') return leftOut('nested', 'Structures, bytes, or lists that no feature reads.');
  if (counts.size === 0) return leftOut('empty', `No ${rowWord(profile)} has a value.`);
  const isOneNumber = numbers?.every((each) => each === numbers[0]); // such as 0 and 0.0
  if (counts.size === 1 || isOneNumber) return oneValue(profile);
  if (typeof stored === 'object') {
    return asFeature({ kind: 'vector', width: stored.width }, `Lists of ${stored.width} numbers.`);
  }
  if (stored === 'lists') return listChoice(profile.name, listsIn(profile)!);
  if (isTime(profile)) return timeColumn(profile);
  return numbers ? numberColumn(profile) : textColumn(profile);
});

/** A column that is left out, and what would make it readable. */
const unread = (kind: LeftOut, name: string, what: string, fix: string, evidence: object, finding: string = kind) =>
  leftOut(kind, what, [columnFinding(finding, name, { ...evidence }, `${what} ${fix}`)]);

/** A date whose year has two digits, with a time of day or without. */
const SHORT_YEAR = /^\d{1,2}([-./ ])(\d{1,2}|[a-z]{3,9})[-./, ]+\d\d(?!\d)/i;

/** A time of day, or a duration. */
const CLOCK = /^\d+:\d\d/;

/** Dates that can be read in one way. Others are left out, with the question how they are meant. */
function timeColumn(profile: ColumnProfile): ColumnChoice {
  const { name, counts, missing, values, texts } = profile;
  const formats = dateFormats(profile);
  const [format] = formats;
  if (formats.length !== 1) {
    const what = `${grouped(counts.size)} dates or times, such as ${cell(texts[0]!)}`;
    const fix = texts.every((text) => CLOCK.test(text)) ? 'as numbers, such as minutes' : 'like 2026-11-28';
    if (formats.length === 0) return leftOut('time', `${what}: they can't be read. Write them ${fix}.`);
    const ask = `Is the day first, or the month? Write "format": ${formats.map((each) => `"${each}"`).join(' or ')} in a feature of the kind "date".`;
    return unread('time', name, `${what}, can be read in two ways.`, ask, { formats }, 'ambiguous-date');
  }
  const times = texts.map((text) => timeOf(text, format)!);
  const gaps = missing === 0 ? '' : ` Missing in ${percent(missing, values.length)}.`;
  const [first, last] = [Math.min(...times), Math.max(...times)].map((time) =>
    new Date(time).toISOString().slice(0, 10),
  );
  const ways = format === undefined ? '' : ` (${format})`;
  const later = sum(texts, (text, i) => (times[i]! > Date.now() ? counts.get(text)! : 0));
  const future = `${counted(later, 'date')} after today, up to ${last}. If they are wrong, empty the cells.`;
  const short = texts.find((text) => SHORT_YEAR.test(text));
  const century =
    short &&
    `years have two digits: ${cell(short)} is read as ${new Date(timeOf(short, format)!).getUTCFullYear()}, and all of them are 1969 to 2068. Write four digits if that is wrong.`;
  return asFeature(
    format === undefined ? 'date' : { kind: 'date', format },
    `Dates${ways}: ${first} to ${last}. Their trend, season and day of the week are inputs.${gaps}`,
    {
      warnings: [
        ...(later > 0 ? [columnFinding('future-date', name, { rows: later, last }, future)] : []),
        ...(century ? [columnFinding('short-years', name, { example: short }, century)] : []),
      ],
    },
  );
}

function oneValue(profile: ColumnProfile): ColumnChoice {
  const { missing, share, texts, values } = profile;
  const [value] = texts;
  if (missing === 0) {
    const each = share < 1 ? `Each of the ${grouped(values.length)} sampled rows` : 'Each row';
    return leftOut('constant', `${each} has ${cell(value!)}.`);
  }
  return asFeature('categorical', `${cell(value!)}, or missing (${percent(missing, values.length)}).`);
}

const FORMATS = [
  /^[-+]?[$€£¥]? ?[1-9]\d{0,2}([, '’\u00a0\u202f]\d{3})+([.,]\d+)?$/, // 1,234.50 or 1 234,50
  /^[-+]?[1-9]\d{0,2}(\.\d{3}){2,}(,\d+)?$/, // 1.234.567
  /^[-+]?[$€£¥] ?[\d.,]+$/, // $5
  /^[-+]?[\d.,]+ ?[%€£$]$/, // 12%
  /^\([\d.,]+\)$/, // (5)
];
const isFormatted = (text: string): boolean => FORMATS.some((format) => format.test(text));
/** A column with this share of numbers is probably meant as numbers. */
const MOSTLY_NUMBERS = 0.8;
const LEAST_IDS = 20;
const LONG_TEXT = 4;

function textColumn(profile: ColumnProfile): ColumnChoice {
  const { name, counts, present } = profile;
  const unlike = numbersWrittenOtherwise(profile);
  if (unlike) return unlike;
  const lists = listsIn(profile);
  if (lists) return listChoice(name, lists);
  const unique = isNearlyUnique(profile);
  const words = sum([...counts], ([text, count]) => count * text.split(/\s+/).length) / present;
  if (counts.size > present / 2 && words >= LONG_TEXT && counts.size >= LEAST_IDS) {
    return asFeature('text', `Free text, about ${Math.round(words)} words a cell: they are hashed.`);
  }
  if (unique && (counts.size >= LEAST_IDS || (namesId(name) && present > 1))) {
    const what = counts.size === present ? 'A different value in each row' : 'Hardly a value occurs twice';
    return leftOut('row-id', `${what}: nothing to learn from.`);
  }
  const asText = numbersAsText(profile);
  const choice = tooMany(profile)
    ? hashedChoice(profile)
    : categoricalChoice(profile, `${counted(counts.size, 'different value')}.`);
  return asText ? { ...choice, ...asText } : choice;
}

/** The reason for codes in place of numbers that a Parquet file stores as text, or that are too long; undefined for other columns. */
function numbersAsText({ name, counts, texts }: ColumnProfile): Pick<ColumnChoice, 'why' | 'warnings'> | undefined {
  if (!texts.every(isNumber)) return undefined;
  const long = tooLong(texts);
  if (long !== undefined) {
    return {
      why: `${counted(counts.size, 'different value')}. Numbers as long as ${cell(long)} lose digits as numbers: read as ids.`,
    };
  }
  const what = 'The file stores these numbers as text, so they are read as codes.';
  const why = `${counted(counts.size, 'different value')}. ${what}`;
  if (counts.size <= LEAST_IDS || namesId(name) || namesCode(name)) return { why };
  const fix = 'Store them as numbers if their order matters.';
  return { why, warnings: [columnFinding('formatted-number', name, { example: texts[0] }, `${what} ${fix}`)] };
}

/** The use of a column of numbers in a spelling that the readers don't read; undefined for other columns. */
function numbersWrittenOtherwise(profile: ColumnProfile): ColumnChoice | undefined {
  const { name, counts, present, texts } = profile;
  if (texts.every(isNumber)) return undefined; // long ids, or texts of a Parquet file
  const found = numberUnits(counts);
  if (found && !found.rule) {
    const warnings = [columnFinding('formatted-number', name, {}, found.message)];
    return leftOut('formatted-number', 'Numbers that can be read in several ways.', warnings);
  }
  const example = (fits: (text: string) => boolean) => cell(texts.find(fits)!);
  if (texts.some(isFormatted) && texts.every((text) => isFormatted(text) || isNumber(text))) {
    const what = `Numbers written like ${example(isFormatted)} are text here.`;
    const fix = 'Write plain numbers to use the column.';
    const choice = unread('formatted-number', name, what, fix, { example: texts.find(isFormatted) });
    if (counts.size > LEAST_IDS) return choice;
    const { warnings = [] } = choice;
    return { ...categoricalChoice(profile, `${what} ${counted(counts.size, 'value')}.`), warnings };
  }
  if (texts.some(hasDecimalComma) && texts.every((text) => hasDecimalComma(text) || isWhole(text))) {
    const what = `Numbers with decimal commas, such as ${example(hasDecimalComma)}, are text here.`;
    const fix = 'Write them with points to use the column.';
    return unread('formatted-number', name, what, fix, { example: texts.find(hasDecimalComma) }, 'decimal-comma');
  }
  const others = texts.filter((text) => !isNumber(text));
  const odd = sum(others, (text) => counts.get(text)!);
  if (present - odd < MOSTLY_NUMBERS * present || counts.size <= LEAST_IDS) return undefined;
  const shown = others.slice(0, 3).map(cell).join(', ');
  const what = `${percent(present - odd, present)} are numbers, but ${grouped(odd)} cells are not (${shown}).`;
  const fix = 'Correct them, or add those that mean "no value" to csv.missing.';
  return unread('mixed', name, what, fix, { rows: odd, examples: others.slice(0, 3) });
}
