import { expect, test } from 'vitest';
import { driftOf } from './drift-findings.ts';

test('a number of a date is named in words, and later dates have a remedy', () => {
  const share = { then: 0, now: 1 };
  const values = {
    psi: 9,
    values: 100,
    verdict: 'large',
    missing: { then: 0, now: 0 },
    unseen: share,
    mean: undefined,
  } as const;
  const found = (number: string, at: number) =>
    driftOf({ ...values, expected: 0, limit: 0, name: `day[${at}]`, date: { feature: 'day', number } })[0]!;
  expect(found('trend', 0)).toMatchObject({
    about: { column: 'day' },
    message:
      'day: 100.0% of the dates are outside the range of the training dates, in the trend. ' +
      'If you predict later dates, train without the trend: declare the feature with "parts": ["year", "week"].',
  });
  expect(found('sine of the year', 1).message).toMatch(/^day: 100.0% .* in the sine of the year\. Train with dates/);
});
