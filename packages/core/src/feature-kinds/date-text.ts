/** How texts are read that could mean several dates, or none: `05/04/2026`, and times since 1970. */
export const DATE_FORMATS = ['day-first', 'month-first', 'seconds', 'milliseconds'] as const;

export type DateFormat = (typeof DATE_FORMATS)[number];

const CLOCK =
  String.raw`(?:(?:T|,? +)(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d(?:\.\d+)?))?(?: ?(?<half>[AP])M)?` +
  String.raw`\s*(?:Z|UTC|(?<sign>[-+])(?<hours>\d\d):?(?<minutes>\d\d))?)?$`;
const [LONG, YEAR] = [String.raw`(?<year>\d{4})`, String.raw`(?<year>\d{4}|\d\d)`];
const [DAY, NAME] = [String.raw`(?<day>\d{1,2})`, '(?<name>[A-Z]{3,9})'];
const MONTH = String.raw`(?<month>\d{1,2})`;
const pattern = (day: string): RegExp => new RegExp(`^${day}${CLOCK}`, 'i');

/** `28/11/2026`, with one separator of a set. */
const numbers = (first: string, second: string, separators: string, year = YEAR) =>
  pattern(String.raw`${first}(?<between>[${separators}])${second}\k<between>${year}`);

const CLEAR = [
  pattern(String.raw`${LONG}(?<between>[-/]?)(?<month>\d\d)\k<between>(?<day>\d\d)`), // ISO 8601
  pattern(String.raw`${DAY}[-./ ]${NAME}[-., ]+${YEAR}`), // 20-Jun-1997
  pattern(String.raw`${NAME}\.? ${DAY}(?:st|nd|rd|th)?,? ${LONG}`), // Jun 12, 1998
  numbers(DAY, MONTH, '.', LONG), // 28.11.2026
];
const WEEK = /^(?<year>\d{4})-?W(?<week>\d\d)(?:-?(?<weekday>[1-7]))?$/;
const OF_FORMAT: Readonly<Record<string, RegExp>> = {
  'day-first': numbers(DAY, MONTH, '-./'),
  'month-first': numbers(MONTH, DAY, '-./'),
};
const UNITS: Readonly<Record<string, number>> = { seconds: 1000, milliseconds: 1 };

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];
const MS_OF_DAY = 86_400_000;

/**
 * Reads a date, or a date with a time of day, that has one meaning: ISO 8601 (`2026-11-28`, `20261128`, `2026-11-28T13:05+01:00`,
 * `2026-W48`), with the name of a month (`28 Nov 2026`, `November 28, 2026`), or with dots (`28.11.2026`). Without an offset it is UTC.
 * Years of two digits are 1969 to 2068, as in POSIX: `28 Nov 26`, and in a format `28/11/26`.
 *
 * @param format how other texts are read
 * @returns milliseconds since 1970; undefined for another text, and for a day that doesn't exist
 * @example timeOf('1970-01-02') // 86400000
 * @example timeOf('02/01/1970', 'day-first') // 86400000
 */
export function timeOf(text: string, format?: DateFormat): number | undefined {
  const trimmed = text.trim();
  const unit = UNITS[format!];
  if (unit !== undefined) return /^-?\d+(\.\d+)?$/.test(trimmed) ? unit * Number(trimmed) : undefined;
  const week = WEEK.exec(trimmed)?.groups;
  if (week) return timeOfWeek(week);
  const own = OF_FORMAT[format!];
  for (const each of own ? [own, ...CLEAR] : CLEAR) {
    const parts = each.exec(trimmed)?.groups;
    if (parts) return timeOfParts(parts);
  }
  return undefined;
}

type Parts = Readonly<Record<string, string | undefined>>;

function timeOfParts({ year, month, name = '', day, half, sign, ...clock }: Parts): number | undefined {
  const named = MONTHS.findIndex((each) => each.startsWith(name.toLowerCase()));
  const index = month === undefined ? named : Number(month) - 1;
  const midnight = Date.UTC(fullYear(year!), index, Number(day));
  const exists = new Date(midnight).getUTCMonth() === index; // no February 30, and no month 13
  const { hour = 0, minute = 0, second = 0, hours = 0, minutes = 0 } = clock;
  if (!exists || Number(hour) > 24 || Number(minute) > 59 || Number(second) >= 61) return undefined;
  const hourOfDay = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const offset = (sign === '-' ? -1 : 1) * (60 * Number(hours) + Number(minutes));
  return midnight + 1000 * (60 * (60 * hourOfDay + Number(minute) - offset) + Number(second));
}

const fullYear = (year: string): number =>
  year.length > 2 ? Number(year) : Number(year) + (Number(year) < 69 ? 2000 : 1900);

/** The Monday of a week, or another of its days. The first week has January 4. */
function timeOfWeek({ year, week, weekday = '1' }: Parts): number | undefined {
  const fourth = Date.UTC(Number(year), 0, 4);
  const monday = fourth - MS_OF_DAY * ((new Date(fourth).getUTCDay() + 6) % 7);
  const time = monday + MS_OF_DAY * (7 * (Number(week) - 1) + Number(weekday) - 1);
  const thursday = new Date(time + MS_OF_DAY * (4 - Number(weekday)));
  return Number(week) > 0 && thursday.getUTCFullYear() === Number(year) ? time : undefined;
}
