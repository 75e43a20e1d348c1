import type { ColumnProfile } from './column-profile.ts';
import { namesTime } from './name-words.ts';

const CLOCK = String.raw`\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?`;
const DAY = String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4}`;
const TIME = new RegExp(`^(${DAY})([T ]+${CLOCK} ?(Z|UTC|[+-]\\d{2}:?\\d{2})?)?$|^${CLOCK}$`);

const SECONDS = [1e9, 2.2e9] as const; // 2001 to 2039
const COMPACT = /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;

/** Whether a column holds dates or times: texts such as 2022-05-01, numbers such as 20220501 or seconds since 1970. */
export function isTime({ name, counts, numbers }: ColumnProfile): boolean {
  const texts = [...counts.keys()];
  if (texts.length === 0) return false;
  if (!numbers) return texts.every((text) => TIME.test(text));
  if (texts.every((text) => COMPACT.test(text))) return texts.length > 1 || namesTime(name);
  if (!namesTime(name)) return false;
  const within = (unit: number) =>
    texts.every((text) => Number(text) >= SECONDS[0] * unit && Number(text) <= SECONDS[1] * unit);
  return within(1) || within(1000);
}

/** Whether the split by time reads every row: numbers, or what `Date.parse` reads in one order of day and month. */
export const sortsByTime = ({ counts, missing, numbers }: ColumnProfile): boolean =>
  missing === 0 &&
  counts.size > 2 &&
  (numbers !== undefined ||
    [...counts.keys()].every((text) => /^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text))));
