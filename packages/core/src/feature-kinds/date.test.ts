import { describe, expect, it } from 'vitest';
import { declaringOf } from '../features/feature-kind.ts';
import { rowEncoder } from '../features/rows.ts';
import { date } from './date.ts';
import { timeOf } from './date-text.ts';

interface Fitted {
  readonly kind: string;
  readonly mean: number;
  readonly deviation: number;
  readonly parts: readonly string[];
}

const fitted = (texts: readonly string[], declared = date()): Fitted => {
  const fit = declaringOf('date')!.fit(declared);
  for (const text of texts) fit.add!(text, 1);
  return fit.finish() as Fitted;
};

const encoded = (feature: Fitted, values: readonly unknown[]): number[][] => {
  const { numeric } = rowEncoder({ features: { day: feature } })(values.map((day) => ({ day })));
  const width = numeric.length / values.length;
  return values.map((_, row) => [...numeric.subarray(row * width, (row + 1) * width)]);
};

describe('a date', () => {
  it.each([
    ['1970-01-02', 86_400_000],
    ['19700102', 86_400_000],
    ['1970/01/02', 86_400_000],
    ['1970-01-02T00:00:01.5Z', 86_401_500],
    ['1970-01-02 06:30', 86_400_000 + 6.5 * 3_600_000],
    ['1970-01-02T06:30+05:30', 86_400_000 + 3_600_000],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['Jun 12 1998', Date.UTC(1998, 5, 12)],
    ['Sept. 1st, 2020', Date.UTC(2020, 8, 1)],
    ['20-Jun-1997', Date.UTC(1997, 5, 20)],
    ['3 december 2001 4:05 PM', Date.UTC(2001, 11, 3, 16, 5)],
    ['31.12.2020', Date.UTC(2020, 11, 31)],
    ['1.2.2020 14:00', Date.UTC(2020, 1, 1, 14)],
    ['2020-W01', Date.UTC(2019, 11, 30)],
    ['2020-W53-7', Date.UTC(2021, 0, 3)],
    ['2026-11-28T12:00 AM', Date.UTC(2026, 10, 28)],
  ])('%s is read as UTC', (text, time) => expect(timeOf(text)).toBe(time));

  it.each([
    '2023-02-29',
    '2023-13-01',
    '2023-00-10',
    '2023-1-2',
    '01-02-2023',
    'soon',
    '',
    '2023-01-01T25:00',
    '2023-01/02',
    '31/12/2020',
    '05/04/2020',
    'Jun 31 1998',
    'Juno 12 1998',
    '12.13.2020',
    '12.06.98',
    '2021-W53',
    '2021-W00',
    '821110208',
  ])('%j is none', (text) => expect(timeOf(text)).toBeUndefined());

  it.each([
    ['05/04/2020', 'day-first', Date.UTC(2020, 3, 5)],
    ['05/04/2020', 'month-first', Date.UTC(2020, 4, 4)],
    ['5-4-2020 23:59', 'month-first', Date.UTC(2020, 4, 4, 23, 59)],
    ['12/31/98', 'month-first', Date.UTC(1998, 11, 31)],
    ['31.12.68', 'day-first', Date.UTC(2068, 11, 31)],
    ['1/2/69', 'day-first', Date.UTC(1969, 1, 1)],
    ['2020-04-05', 'month-first', Date.UTC(2020, 3, 5)],
    ['86400.5', 'seconds', 86_400_500],
    ['-86400000', 'milliseconds', -86_400_000],
    ['13/13/2020', 'day-first', undefined],
    ['2020-04-05', 'seconds', undefined],
  ] as const)('%s is read as %s', (text, format, time) => expect(timeOf(text, format)).toBe(time));

  it('keeps the format of the declaration, and says it where a text is written otherwise', () => {
    const feature = fitted(['03/04/2020', '05/04/2020'], date({ format: 'day-first', parts: ['trend'] }));
    expect(feature).toMatchObject({ format: 'day-first', mean: Date.UTC(2020, 3, 4) / 86_400_000 });
    expect(encoded(feature, ['05/04/2020', new Date(Date.UTC(2020, 3, 3))])).toEqual([[1], [-1]]);
    expect(() => encoded(feature, ['04/13/2020'])).toThrow('a date such as 28/11/2026');
    expect(() => fitted(['05/04/2020'])).toThrow('say how dates are written: "format": "day-first"');
  });

  it('has a trend in standard deviations from the mean day', () => {
    const feature = fitted(['2020-01-01', '2020-01-03', '2020-01-05'], date({ parts: ['trend'] }));
    expect(feature.mean).toBe(Date.UTC(2020, 0, 3) / 86_400_000);
    expect(feature.deviation).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect(encoded(feature, ['2020-01-03', '2020-01-05'])[1]![0]).toBeCloseTo(2 / Math.sqrt(8 / 3), 6);
  });

  it('is a point on a circle for each cycle: a week later the week is the same, and December is beside January', () => {
    const feature = fitted(['2020-01-01'], date({ parts: ['year', 'week', 'day'] }));
    const [monday, nextMonday, newYear, newYearsEve, noon] = encoded(feature, [
      '2024-01-01',
      '2024-01-08',
      '2023-01-01',
      '2023-12-31',
      '2024-01-01T12:00',
    ]);
    expect(monday!.slice(2, 4)).toEqual([0, 1]); // a week begins
    nextMonday!.slice(2, 4).forEach((x, i) => expect(x).toBeCloseTo([0, 1][i]!, 6));
    expect(newYear!.slice(0, 2)).toEqual([0, 1]);
    expect(Math.hypot(newYear![0]! - newYearsEve![0]!, newYear![1]! - newYearsEve![1]!)).toBeCloseTo(
      2 * Math.sin(Math.PI / 365),
      6,
    );
    expect(noon![4]).toBeCloseTo(0, 6);
    expect(noon![5]).toBeCloseTo(-1, 6);
  });

  it('has the cycle of a day where a training row has a time of day', () => {
    expect(fitted(['2020-01-01', '2020-01-02']).parts).toEqual(['trend', 'year', 'week']);
    expect(fitted(['2020-01-01', '2020-01-02 10:00']).parts).toEqual(['trend', 'year', 'week', 'day']);
  });

  it('is zeros where it is missing, which no date is', () => {
    const feature = fitted(['2020-01-01', '2021-01-01']);
    expect(encoded(feature, [null, '', undefined])).toEqual(Array(3).fill([0, 0, 0, 0, 0]));
  });

  it('takes a Date, and refuses other texts by name', () => {
    const feature = fitted(['2020-01-01', '2021-01-01']);
    expect(encoded(feature, [new Date(Date.UTC(2020, 5, 1))])).toEqual(encoded(feature, ['2020-06-01']));
    expect(() => encoded(feature, ['June'])).toThrow(
      'Row 0: Expected a date such as 2026-11-28 or 2026-11-28T13:05 for feature "day", received "June"',
    );
    expect(() => fitted(['June'])).toThrow('Expected a date such as 2026-11-28 or 2026-11-28T13:05, received "June".');
    expect(() => date({ parts: ['month'] as never })).toThrow('date.parts[0], received "month"');
  });
});
