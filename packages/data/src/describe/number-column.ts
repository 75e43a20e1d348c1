import { countsOf, mean, memoized } from '@polytask/components';
import { columnFinding, type TableFinding } from '../sampling/table-sample.ts';
import { asFeature, categoricalChoice, hashedChoice, leftOut, tooMany, type ColumnChoice } from './column-choice.ts';
import { dateFormats, isWhole, rowWord, type ColumnProfile } from './column-profile.ts';
import type { DescribedKind } from './description.ts';
import { repeatedNumbers } from '../statistics/counts.ts';
import { valuesTell } from '../statistics/repeated-values.ts';
import { namesCode, namesCount, namesId } from '../words/name-words.ts';
import { cell, counted, listed, percent, short } from '../words/words.ts';

/** Up to this number of different integers, each repeated, are codes, unless the column's name is that of a count. */
const FEW = 10;
/** From this share of missing values on, a feature gets an `indicator`. */
const MANY_MISSING = 0.05;
/** With fewer values, different numbers may be chance. */
const LEAST_IDS = 20;
/** Numbers of the rows are at most so many times the rows. Of 20 numbers up to 40, all are different by chance in less than 1% of columns. */
const MOST_GAPS = 2;
/** Integers from this one on are amounts more often than codes. */
const LEAST_AMOUNT = 1000;

export function numberColumn(profile: ColumnProfile): ColumnChoice {
  const { name, counts, present, share, texts } = profile;
  if (profile.isMeasured) return numericChoice(profile);
  const whole = texts.every((text) => Number.isInteger(Number(text)));
  const zeros = texts.some((text) => /^0\d/.test(text));
  if (whole && counts.size === present && present > 1) {
    if (namesId(name)) return leftOut('row-id', `A different value in each ${rowWord(profile)}: it names the row.`);
    const numbers = presentNumbers(profile);
    const rows = Math.round(present / share);
    const isInRange = numbers.at(-1)! - numbers[0]! < MOST_GAPS * rows; // some rows may have been removed
    if (counts.size >= LEAST_IDS && isInRange) return leftOut('row-id', 'It numbers the rows.');
  }
  if (whole && counts.size > 2) {
    if (zeros || namesId(name) || namesCode(name)) {
      const what = zeros ? 'Numbers with leading zeros' : namesId(name) ? 'Ids' : 'Codes by its name';
      return tooMany(profile)
        ? hashedChoice(profile)
        : categoricalChoice(profile, `${what}: ${counted(counts.size, 'value')}.`);
    }
    const codes = counts.size <= FEW && texts.every((text) => Math.abs(Number(text)) < LEAST_AMOUNT);
    if (codes && present >= 10 * counts.size && !namesCount(name)) {
      const why = `${counts.size} different whole numbers, each repeated: read as codes. Write "numeric" if their order matters.`;
      return categoricalChoice(profile, why);
    }
  }
  return numericChoice(profile);
}

function numericChoice(profile: ColumnProfile): ColumnChoice {
  const { name, counts, missing, values } = profile;
  const numbers = presentNumbers(profile);
  const [min, max] = [numbers[0]!, numbers.at(-1)!];
  const codes = sentinels(name, counts);
  const asked = codes.length > 0 ? codes : outliersIn(name, numbers);
  const log = asked.length === 0 && isSkewed(numbers);
  const indicator = missing >= MANY_MISSING * values.length;
  const feature: DescribedKind =
    log || indicator ? { kind: 'numeric', ...(log && { log }), ...(indicator && { indicator }) } : 'numeric';
  const range = counts.size === 2 ? listed([short(min), short(max)]) : `${short(min)} to ${short(max)}`;
  const why = [
    `Numbers: ${range}.`,
    ...(log ? ['Many small and a few very large: their logarithm is used.'] : []),
    ...(missing === 0
      ? []
      : [
          `Missing in ${percent(missing, values.length)}: ${indicator ? 'a second input says so' : 'read as the mean'}.`,
        ]),
  ];
  return asFeature(feature, why.join(' '), {
    further: (labels) => repeatedSentence(profile, labels),
    warnings: [...asked, ...thousands(profile), ...sinceEpoch(profile)],
  });
}

/** The most rows that are looked at, as in a training. */
const ROWS = 20_000;
/** A value with a larger share of the rows is named. */
const FREQUENT = 0.5;

/** A sentence about repeated values that get vectors, which a training decides by the same rule; undefined for other columns. */
function repeatedSentence(
  { numbers, present, texts }: ColumnProfile,
  labels: readonly Float64Array[],
): string | undefined {
  if (!numbers) return undefined;
  const step = Math.ceil(numbers.length / ROWS);
  const some = (values: Float64Array) => values.filter((_, row) => row % step === 0); // of all parts of a sorted file
  if (!valuesTell(some(numbers), labels.map(some))) return undefined;
  const counts = countsOf(numbers); // 0 and 0.0 are one number, as in a training
  const [value] = repeatedNumbers(counts, { most: 1 });
  const count = counts.get(value!)!;
  const spelled = texts.find((text) => Number(text) === value)!;
  const most = count > FREQUENT * present ? `${percent(count, present)} are ${spelled}. ` : '';
  return `${most}${counted(repeatedNumbers(counts).length, 'repeated value')} say more than the number: each has a vector of its own.`;
}

export const presentNumbers = memoized(({ numbers = new Float64Array() }: ColumnProfile) =>
  numbers.filter((value) => !Number.isNaN(value)).sort(),
);

const NINES = /^-?(99+|9{2,}\.0+)$|^-9(\.0+)?$|^-?(8888+|7777+)$/;

/** Numbers such as -999 or 99999, farther from the other values (`least` to `greatest`) than those are from each other. */
export const sentinelsIn = (counts: ReadonlyMap<string, number>) =>
  [...counts.keys()].flatMap((text) => {
    if (!NINES.test(text)) return [];
    const value = Number(text);
    const others = Array.from(counts.keys(), Number).filter((number) => number !== value);
    const least = others.reduce((a, b) => Math.min(a, b), Infinity);
    const greatest = others.reduce((a, b) => Math.max(a, b), -Infinity);
    const isFar = Math.max(least - value, value - greatest) > greatest - least;
    return others.length >= 2 && isFar ? [{ text, least, greatest }] : [];
  });

/** Asks about a sentinel above the other values, or below some that are negative, too: it may be a number. */
const sentinels = (name: string, counts: ReadonlyMap<string, number>): TableFinding[] =>
  sentinelsIn(counts).map(({ text, least, greatest }) => {
    const count = counts.get(text)!;
    const what = `${text} occurs ${count === 1 ? 'once' : counted(count, 'time')}`;
    const place = `far from the other values (${short(least)} to ${short(greatest)})`;
    const fix = `If it means "no value", write "missing": ["${text}"] for the column in \`cells\`.`;
    return columnFinding('sentinel', name, { text, count }, `${what}, ${place}. ${fix}`, {
      cells: { [name]: { missing: [text] } },
    });
  });

/** The share of the numbers, at each end, that may be errors. */
const OUTLYING = 0.002;
/** The numbers between have no long tail, which would explain those far away. */
const SHORT_TAIL = 1;

const fewOf = (numbers: Float64Array): number => Math.max(1, Math.floor(OUTLYING * numbers.length));

/** Asks about a few ascending numbers that are farther from the others than those are from each other. */
function outliersIn(name: string, sorted: Float64Array): TableFinding[] {
  if (sorted.length < LEAST_VALUES) return [];
  const few = fewOf(sorted);
  const between = sorted.subarray(few, -few);
  const [least, greatest] = [between[0]!, between.at(-1)!];
  const range = greatest - least;
  if (range === 0 || Math.abs(standardMoment(between, SKEWNESS)) >= SHORT_TAIL) return [];
  const isFar = (number: number) => number < least - range || number > greatest + range;
  const far = sorted.filter(isFar);
  if (far.length === 0) return [];
  const others = sorted.filter((number) => !isFar(number));
  const valid = [others[0]!, others.at(-1)!] as const;
  const shown = listed([...new Set([far[0]!, far.at(-1)!])].map(short));
  const [what, are] =
    far.length === 1
      ? [`${shown} is far from the other numbers`, 'it is an error']
      : [`${far.length} numbers, such as ${shown}, are far from the others`, 'they are errors'];
  const fix = `If ${are}, write "valid": ${JSON.stringify(valid)} for the column in \`cells\`.`;
  const message = `${what} (${short(valid[0])} to ${short(valid[1])}). ${fix}`;
  return [columnFinding('outliers', name, { count: far.length, valid }, message, { cells: { [name]: { valid } } })];
}

/** Warns of 1.234 among 999: decimals of three digits would also have 999.000, and dots between thousands wouldn't. */
function thousands({ name, texts, written }: ColumnProfile): TableFinding[] {
  const dotted = texts.filter((text) => text.includes('.'));
  const isGrouped = (text: string) => (text.includes('.') ? /^[-+]?[1-9]\d{0,2}\.\d{3}$/ : /^[-+]?\d{1,3}$/).test(text);
  if (written || dotted.length < LEAST_IDS || texts.length - dotted.length < 2 || !texts.every(isGrouped)) return [];
  const [example] = dotted as [string];
  const what = `${cell(example)} is read as ${short(Number(example))}, and all other numbers with a dot have three digits after it`;
  const fix = 'If the dots separate thousands, remove them.';
  return [columnFinding('formatted-number', name, { example }, `${what}. ${fix}`)];
}

/** Asks about whole numbers that would be dates of 1979 to 2039. A column whose name says that it is a time doesn't come here. */
function sinceEpoch(profile: ColumnProfile): TableFinding[] {
  const { name, counts, texts } = profile;
  const [format] = dateFormats(profile);
  if (format === undefined || counts.size < LEAST_IDS || !texts.every(isWhole)) return [];
  const numbers = presentNumbers(profile);
  const [first, last] = [numbers[0]!, numbers.at(-1)!].map((number) =>
    new Date(number * (format === 'seconds' ? 1000 : 1)).toISOString().slice(0, 10),
  );
  const what = `as ${format} since 1970, the numbers are dates from ${first} to ${last}`;
  const fix = `If they are, write ${JSON.stringify(name)}: { "kind": "date", "format": "${format}" }.`;
  return [columnFinding('unnamed-time', name, { format, first, last }, `${what}. ${fix}`)];
}

/** A larger skewness is a long tail. An exponential distribution has a skewness of 2. */
const LONG_TAIL = 2;
const LEAST_MAXIMUM = 20;
const LEFT = 0.75;
const LEAST_VALUES = 20;

const SKEWNESS = 3;

/**
 * Whether ascending numbers have a long tail: none is negative, the skewness of all but the largest 0.2%, which may be errors, is above 2,
 * and log(1 + x) lowers it by a quarter or more.
 */
export function isSkewed(sorted: Float64Array): boolean {
  if (sorted.length < LEAST_VALUES || sorted[0]! < 0 || sorted.at(-1)! < LEAST_MAXIMUM) return false;
  const most = sorted.subarray(0, -fewOf(sorted));
  const skewness = standardMoment(most, SKEWNESS);
  return skewness > LONG_TAIL && Math.abs(standardMoment(most.map(Math.log1p), SKEWNESS)) < LEFT * skewness;
}

/** A central moment over that power of the standard deviation: the skewness for 3, the kurtosis for 4; 0 for a constant. */
export function standardMoment(values: Float64Array, power: number): number {
  const center = mean(values);
  const moment = (of: number) => mean(values.map((value) => (value - center) ** of));
  const variance = moment(2);
  return variance > 0 ? moment(power) / variance ** (power / 2) : 0;
}
