import { categoricalChoice, hashedChoice, leftOut, MANY, tooMany, type ColumnChoice } from './column-choice.ts';
import { isNearlyUnique, isTime, rowWord, type ColumnProfile } from './column-profile.ts';
import { isNumber } from './missing-markers.ts';
import { namesCode, namesHistory, namesId } from './name-words.ts';
import { numberColumn } from './number-column.ts';
import { BETWEEN } from './sample-parquet.ts';
import { cell, counted, grouped, percent } from './words.ts';

/** Chooses the use of a column that is no label. */
export function chooseColumn(profile: ColumnProfile): ColumnChoice {
  const { counts, stored } = profile;
  if (stored === 'others') return leftOut('nested', 'Structures, bytes, or lists that no feature reads.');
  if (counts.size === 0) return leftOut('empty', `No ${rowWord(profile)} has a value.`);
  if (counts.size === 1) return oneValue(profile);
  if (typeof stored === 'object') return vectorChoice(stored.width);
  if (stored === 'lists') return listChoice(profile.name, partsOf(profile, BETWEEN), undefined);
  if (isTime(profile)) return leftOut('time', `${grouped(counts.size)} dates or times: no feature by themselves.`);
  return profile.numbers ? numberColumn(profile) : textColumn(profile);
}

function oneValue(profile: ColumnProfile): ColumnChoice {
  const { counts, missing, share, values } = profile;
  const [value] = counts.keys();
  if (missing === 0) {
    const each = share < 1 ? `Each of the ${grouped(values.length)} sampled rows` : 'Each row';
    return leftOut('constant', `${each} has ${cell(value!)}.`);
  }
  const why = `${cell(value!)}, or missing (${percent(missing, values.length)}).`;
  return { use: 'feature', kind: 'categorical', feature: 'categorical', why };
}

const vectorChoice = (width: number): ColumnChoice => ({
  use: 'feature',
  kind: 'vector',
  feature: { kind: 'vector', width },
  why: `Lists of ${width} numbers.`,
});

const DECIMAL_COMMA = /^[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+$/;
const WHOLE = /^[-+]?\d+$/;
/** 1,234.50 or $5 or 12% or 5 kg */
const FORMATTED = /^[-+]?[$€£¥]? ?\d{1,3}(,\d{3})+(\.\d+)?$|^[-+]?[$€£¥] ?[\d.,]+$|^[-+]?[\d.,]+ ?[%€£$]$/;
/** A column with this share of numbers is probably meant as numbers. */
const MOSTLY_NUMBERS = 0.8;
const LEAST_IDS = 20;
const LONG_TEXT = 4;

/** The use of a column of texts. */
function textColumn(profile: ColumnProfile): ColumnChoice {
  const { name, counts, present } = profile;
  const unlike = numbersWrittenOtherwise(profile);
  if (unlike) return unlike;
  const lists = multiValuedColumn(profile);
  if (lists) return lists;
  const unique = isNearlyUnique(profile);
  const words = wordsInCell(profile);
  if (counts.size > present / 2 && words >= LONG_TEXT && counts.size >= LEAST_IDS) {
    return leftOut('free-text', `Free text, about ${Math.round(words)} words a cell.`);
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

/** The reason for codes in a Parquet file that stores numbers as text; undefined for other columns. */
function numbersAsText({ name, counts }: ColumnProfile): Pick<ColumnChoice, 'why' | 'warnings'> | undefined {
  if (![...counts.keys()].every(isNumber)) return undefined;
  const what = 'The file stores these numbers as text, so they are read as codes.';
  const why = `${counted(counts.size, 'different value')}. ${what}`;
  if (counts.size <= LEAST_IDS || namesId(name) || namesCode(name)) return { why };
  const message = `\`${name}\`: ${what} Store them as numbers if their order matters.`;
  return { why, warnings: [{ kind: 'formatted-number', column: name, message }] };
}

/** The use of a column of numbers in a spelling that the readers don't read; undefined for other columns. */
function numbersWrittenOtherwise(profile: ColumnProfile): ColumnChoice | undefined {
  const { name, counts, present } = profile;
  const texts = [...counts.keys()];
  if (texts.every(isNumber)) return undefined; // of a Parquet file
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

/** The mean number of words in a cell. */
function wordsInCell({ counts, present }: ColumnProfile): number {
  let words = 0;
  for (const [text, count] of counts) words += count * text.split(/\s+/).length;
  return words / present;
}

const SEPARATORS = ['|', ';', ',', ' '];
/** In a column of lists, at least this share of the rows has several values. */
const OFTEN = 0.2;
const WORD = /^[\p{L}\p{N}_#:@-]+$/u;

/** `multi-valued` or `sequence`, for cells with several values between separators; undefined for other columns. */
function multiValuedColumn(profile: ColumnProfile): ColumnChoice | undefined {
  for (const separator of SEPARATORS) {
    const parts = partsBy(separator, profile);
    if (parts) return listChoice(profile.name, parts, separator);
  }
  return undefined;
}

/** @param separator undefined for a column of lists */
function listChoice(name: string, parts: ReadonlySet<string>, separator: string | undefined): ColumnChoice {
  const hashes = parts.size > MANY;
  const buckets = 2 ** Math.ceil(Math.log2(2 * parts.size));
  const values = hashes && { values: { kind: 'hashed', buckets } };
  const hashing = hashes ? `, hashed into ${grouped(buckets)} buckets` : '';
  const kind = namesHistory(name) ? 'id-sequence' : 'multi-valued';
  const lists = kind === 'id-sequence' ? 'By its name a history: lists' : 'Lists';
  const between = separator === undefined ? '' : ` with ${cell(separator)} between`;
  return {
    use: 'feature',
    kind,
    feature: { kind, ...(separator !== undefined && separator !== '|' && { separator }), ...values },
    why: `${lists}${between}: ${counted(parts.size, 'different value')}${hashing}.`,
  };
}

const partsOf = ({ counts }: ColumnProfile, separator: string): ReadonlySet<string> =>
  new Set([...counts.keys()].flatMap((text) => text.split(separator)).filter((part) => part !== ''));

/** The different values between the separators; undefined where the cells don't look like lists. */
function partsBy(separator: string, { counts, present }: ColumnProfile): ReadonlySet<string> | undefined {
  const values = new Set<string>();
  let [several, many] = [0, 0];
  for (const [text, count] of counts) {
    const parts = text.split(separator).map((part) => part.trim());
    if (separator !== '|' && separator !== ';' && new Set(parts).size < parts.length) return undefined;
    if (separator === ' ' && !parts.every((part) => WORD.test(part))) return undefined;
    if (parts.length > 1) several += count;
    if (parts.length > 2) many += count;
    for (const part of parts) if (part !== '') values.add(part);
  }
  if (several < OFTEN * present || counts.size < 3 || values.size < 2) return undefined;
  // values of lists repeat in other cells, so there are fewer values than cells; for words of a text, far fewer
  const fits =
    separator === ' '
      ? counts.size > 20 && values.size <= counts.size / 3 && many >= OFTEN * present
      : values.size < counts.size * (separator === ',' ? 0.5 : 1) && (separator !== ',' || many >= 0.1 * present);
  return fits ? values : undefined;
}
