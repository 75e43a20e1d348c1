import { fail, listOf, number, oneOf, optional, shown, sum } from '@polytask/components';
import { defineFeature } from '../features/feature-kind.ts';
import { wrongValue } from '../features/values.ts';
import { DATE_FORMATS, type DateFormat, timeOf } from './date-text.ts';

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

const FORMAT = optional(oneOf(...DATE_FORMATS));

const options = {
  /** The parts that enter the model. Without it, `trend`, `year` and `week`, and `day` where some training row has a time of day. */
  parts: optional(PARTS),
  /** How dates are written that could be read in several ways: `day-first` is 28/11/2026. `seconds` and `milliseconds` are since 1970. */
  format: FORMAT,
};

const EXAMPLES = {
  ...{ 'day-first': '28/11/2026', 'month-first': '11/28/2026' },
  ...{ seconds: '1795867500', milliseconds: '1795867500000' },
};
const what = (format?: DateFormat) =>
  `a date such as ${format === undefined ? '2026-11-28 or 2026-11-28T13:05' : EXAMPLES[format]}`;

/**
 * Declares a column of dates, with a time of day or without: ISO 8601 (`2026-11-28`, `2026-W48`), with the name of a month (`28 Nov 2026`,
 * `Nov 28, 2026`), with dots (`28.11.2026`), or in a `format` that you declare. The season, the day of the week and the hour enter as points on a
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
  fit({ parts, format }) {
    let [rows, first, sum, squares, withTime] = [0, 0, 0, 0, false];
    return {
      add(value, count) {
        const time =
          timeOf(String(value), format) ??
          fail({
            expected: what(format),
            received: shown(value),
            fix: 'Correct the cell, leave it empty, or say how dates are written: "format": "day-first", for example.',
          });
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
        ...(format && { format }),
      }),
    };
  },
  fitted: {
    /** Of the training rows' dates, in days since 1970. */
    mean: number(),
    deviation: number(),
    parts: PARTS,
    format: FORMAT,
  },
  form: ({ mean, deviation, parts, format }) => ({
    type: 'numbers',
    width: sum(parts, (part) => (part === 'trend' ? 1 : 2)),
    write(value, to, at, name) {
      const isMissing = value === null || value === undefined || value === '';
      const known = value instanceof Date ? timeOf(value.toISOString()) : timeOf(String(value), format);
      const time = isMissing ? 0 : (known ?? wrongValue(name, what(format), shown(value)));
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
