import { sum, ranked } from '@polytask/components';
import { withDecimalPoint } from '../columns/decimal.ts';
import { type DateFormat, timeOf } from '@polytask/core/features';
import { isNumber, timesOf } from '../columns/columns.ts';
import { namesTime } from '../words/name-words.ts';
import type { SampleColumn, Stored } from '../sampling/table-sample.ts';

export interface ColumnProfile extends Required<Pick<SampleColumn, 'name' | 'values' | 'further'>> {
  /** The different values, most frequent first, without missing ones. */
  readonly texts: readonly string[];
  /** The count of each value, in the order of `texts`. */
  readonly counts: ReadonlyMap<string, number>;
  readonly present: number;
  readonly missing: number;
  /** The share of the table's rows that is in the sample, 1 for all. */
  readonly share: number;
  /** How the file stores the values. Undefined for a CSV. */
  readonly stored: Stored | undefined;
  readonly isMeasured: boolean;
  /** How the file writes a value of a column of numbers, if it has a decimal comma. */
  readonly written?: ReadonlyMap<string, string> | undefined;
  /** [rows], NaN where the value is missing; only for columns of numbers of which a double loses no digit. */
  readonly numbers?: Float64Array | undefined;
}

export const isWhole = (text: string): boolean => /^[-+]?\d+$/.test(text);

/** One of the texts, if all are whole numbers, that a double rounds to another number. */
export const tooLong = (texts: readonly string[]): string | undefined =>
  texts.every(isWhole) ? texts.find((text) => BigInt(text) !== BigInt(Number(text))) : undefined;

/** @param raw the count of each text, with the empty text and the missing markers */
export function profileOf(
  { name, values, written, stored, isMeasured = false, further = [] }: SampleColumn,
  raw: ReadonlyMap<string, number>,
  markers: ReadonlySet<string>,
  share: number,
): ColumnProfile {
  const counts = new Map(ranked([...raw].filter(([text]) => text !== '' && !markers.has(text))));
  const texts = [...counts.keys()];
  const present = sum([...counts.values()]);
  const cleaned =
    present + (raw.get('') ?? 0) === values.length ? values : values.map((v) => (markers.has(v) ? '' : v));
  const spell = (text: string) => [(written && withDecimalPoint(text)) ?? text, text] as const;
  const numeric =
    texts.length > 0 && (stored ? stored === 'numbers' : texts.every(isNumber) && tooLong(texts) === undefined);
  return {
    name,
    values: cleaned,
    ...{ texts, counts },
    present,
    missing: values.length - present,
    share,
    stored,
    isMeasured,
    written:
      written && new Map([...further.map(spell), ...values.map((value, row) => [value, written[row]!] as const)]),
    numbers: numeric ? Float64Array.from(cleaned, (text) => (text === '' ? NaN : Number(text))) : undefined,
    further: further.map((text) => spell(text)[0]).filter((text) => !raw.has(text) && !markers.has(text)),
  };
}

/** The mean number of rows of a row's value in the table; in a sample by the pairs of rows with one value, as in the birthday problem. */
export function rowsPerValue({ counts, present, share }: ColumnProfile): number {
  const pairs = sum([...counts.values()], (count) => count * (count - 1));
  return 1 + pairs / present / share;
}

/** With this share of different values, hardly a value occurs twice. */
const NEARLY_UNIQUE = 0.95;

export const isNearlyUnique = (profile: ColumnProfile): boolean =>
  profile.counts.size >= NEARLY_UNIQUE * profile.present &&
  (profile.share === 1 || rowsPerValue(profile) <= 1 + 2 * (1 - NEARLY_UNIQUE));

/** "row" for a whole table, or "sampled row". */
export const rowWord = ({ share }: ColumnProfile): string => (share < 1 ? 'sampled row' : 'row');

export const rarerThan = ({ counts }: ColumnProfile, times: number): number =>
  [...counts.values()].filter((count) => count < times).length;

const CLOCK = String.raw`\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?`;
const DAY = [
  String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}`,
  String.raw`\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})`,
  String.raw`\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}`,
  String.raw`[A-Za-z]{3,9}\.? \d{1,2}(st|nd|rd|th)?,? \d{4}`,
  String.raw`\d{4}-?W\d{2}(-?\d)?`,
].join('|');
const TIME = new RegExp(`^(${DAY})([T ]+${CLOCK} ?(Z|UTC|[+-]\\d{2}:?\\d{2})?)?$|^${CLOCK}$`);

const SECONDS = [3e8, 2.2e9] as const; // 1979 to 2039
const UNITS = [1, 1e3, 1e6, 1e9]; // s, ms, µs, ns
const COMPACT = /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;

const isWithin = (text: string, unit: number): boolean =>
  Number(text) >= SECONDS[0] * unit && Number(text) <= SECONDS[1] * unit;

/** Whether a column holds dates or times: texts such as 2022-05-01, numbers such as 20220501 or seconds since 1970. */
export function isTime({ name, texts, numbers }: ColumnProfile): boolean {
  if (texts.length === 0) return false;
  if (namesTime(name) && UNITS.some((unit) => texts.every((text) => isWithin(text, unit)))) return true;
  if (!numbers) return texts.every((text) => TIME.test(text));
  return texts.every((text) => COMPACT.test(text)) && (texts.length > 1 || namesTime(name));
}

const YEAR = /^(19|20)\d{2}$/;

/** Whether a column has the year of each row, by its name. */
export const isYear = ({ name, texts }: ColumnProfile): boolean =>
  /^(year|yr)$/i.test(name) && texts.every((text) => YEAR.test(text));

/** The formats in which all texts of a column are dates: undefined for dates that need none. */
export function dateFormats({ texts, numbers }: ColumnProfile): readonly (DateFormat | undefined)[] {
  const reads = (format?: DateFormat) => texts.every((text) => timeOf(text, format) !== undefined);
  if (reads()) return [undefined];
  const inUnit = (unit: number) => texts.every((text) => isWithin(text, unit));
  if (numbers) return [...(inUnit(1) ? ['seconds' as const] : []), ...(inUnit(1e3) ? ['milliseconds' as const] : [])];
  return (['day-first', 'month-first'] as const).filter(reads);
}

/** The format of texts for a split by time; undefined if they need none, or could have several. */
export const sortFormat = (profile: ColumnProfile): DateFormat | undefined => {
  const formats = profile.numbers ? [] : dateFormats(profile);
  return formats.length === 1 ? formats[0] : undefined;
};

/** Whether a split by time can read every row: numbers, or dates in one format. */
export const sortsByTime = (profile: ColumnProfile): boolean =>
  profile.missing === 0 &&
  profile.texts.length > 2 &&
  (profile.numbers !== undefined || !timesOf(profile.texts, sortFormat(profile)).some(Number.isNaN));
