import { fail, listOf, number, oneOf, optional, shown, sum } from '@polytask/components';
import { defineFeature } from '../features/feature-kind.ts';
import { wrongValue } from '../features/values.ts';

const DAY = 86_400_000; // milliseconds

/** The place of a time in its cycle, from 0 to 1 or with any whole number more. */
const CYCLES = {
  /** From January 1 to December 31. */
  year: (time: number) => {
    const year = new Date(time).getUTCFullYear();
    const [start, end] = [Date.UTC(year, 0), Date.UTC(year + 1, 0)];
    return (time - start) / (end - start);
  },
  /** From Monday to Sunday. January 5, 1970 was a Monday. */
  week: (time: number) => (time / DAY - 4) / 7,
  day: (time: number) => time / DAY,
} as const;

/** A part of a date: the trend, in standard deviations from the mean day, or a cycle as its sine and cosine. */
export type DatePart = 'trend' | keyof typeof CYCLES;

const DEFAULT: readonly DatePart[] = ['trend', 'year', 'week'];
const PARTS = listOf(oneOf<DatePart>('trend', 'year', 'week', 'day'), 1);

const options = {
  /** The parts that enter the model. Without it, `trend`, `year` and `week`, and `day` where some training row has a time of day. */
  parts: optional(PARTS),
};

const FORMAT =
  /^(\d{4})([-/]?)(\d\d)\2(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?\s*(?:Z|([-+])(\d\d):?(\d\d))?)?$/;

/**
 * Reads a date, or a date with a time of day, of ISO 8601: `2026-11-28`, `20261128`, `2026-11-28T13:05+01:00`. Without an offset it is UTC.
 *
 * @returns milliseconds since 1970; undefined for another text, and for a day that doesn't exist
 * @example timeOf('1970-01-02') // 86400000
 */
export function timeOf(text: string): number | undefined {
  const [, year, , month, day, hour = 0, minute = 0, second = 0, sign, hours = 0, minutes = 0] =
    FORMAT.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const exists = new Date(midnight).getUTCMonth() === Number(month) - 1; // no February 30, and no month 13
  if (!exists || Number(hour) > 24 || Number(minute) > 59 || Number(second) >= 61) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (60 * Number(hours) + Number(minutes));
  return midnight + 1000 * (60 * (60 * Number(hour) + Number(minute) - offset) + Number(second));
}

const WHAT = 'a date such as 2026-11-28 or 2026-11-28T13:05';

/**
 * Declares a column of dates: ISO 8601, with a time of day or without. The season, the day of the week and the hour enter as points on a
 * circle, so that December is beside January. A missing date has the mean as its trend, and zeros, which no date has.
 *
 * A model has seen no later date than the training rows': after a split by time, leave out the trend.
 *
 * @throws PolytaskError for an unknown option; when a table is fitted or encoded, for a text that is no date
 * @example date({ parts: ['year', 'week'] }) // 4 values
 */
export const date = defineFeature('date', {
  options,
  cell: 'text',
  fit({ parts }) {
    let [rows, first, sum, squares, withTime] = [0, 0, 0, 0, false];
    return {
      add(value, count) {
        const time =
          timeOf(String(value)) ??
          fail({ expected: WHAT, received: shown(value), fix: 'Correct the cell, or leave it empty.' });
        if (rows === 0) first = time / DAY;
        const moved = time / DAY - first; // a small number, so that the squares keep their digits
        withTime ||= time % DAY !== 0;
        rows += count;
        sum += count * moved;
        squares += count * moved ** 2;
      },
      finish: () => ({
        mean: rows === 0 ? 0 : first + sum / rows,
        deviation: rows === 0 ? 0 : Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2)),
        parts: parts ?? [...DEFAULT, ...(withTime ? (['day'] as const) : [])],
      }),
    };
  },
  fitted: {
    /** Of the training rows' dates, in days since 1970. */
    mean: number(),
    deviation: number(),
    parts: PARTS,
  },
  form: ({ mean, deviation, parts }) => ({
    type: 'numbers',
    width: sum(parts, (part) => (part === 'trend' ? 1 : 2)),
    write(value, to, at, name) {
      const isMissing = value === null || value === undefined || value === '';
      const text = value instanceof Date ? value.toISOString() : String(value);
      const time = isMissing ? 0 : (timeOf(text) ?? wrongValue(name, WHAT, shown(value)));
      for (const part of parts) {
        if (part === 'trend') {
          to[at++] = isMissing || deviation === 0 ? 0 : (time / DAY - mean) / deviation;
          continue;
        }
        const place = CYCLES[part](time) % 1; // below 1, so that the angle keeps its digits
        const angle = 2 * Math.PI * place;
        to[at++] = isMissing ? 0 : Math.sin(angle);
        to[at++] = isMissing ? 0 : Math.cos(angle);
      }
    },
  }),
  description: 'a date: its trend, and its place in the year, the week and the day',
  package: '@polytask/core/features',
});
