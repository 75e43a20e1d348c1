import type { ColumnDrift } from '@polytask/data';
import { expect, test } from 'vitest';
import { driftFindings, driftReasons, largeDrifts } from './drift-findings.ts';

const rows = { model: 'my models/people', file: 'march.csv' };
const none = { then: 0, now: 0 };
const column = (of: string, its: Partial<ColumnDrift> = {}): ColumnDrift => ({
  ...{ name: of, of, type: 'numbers', date: undefined, psi: 9, expected: 0, limit: 0, values: 100, verdict: 'large' },
  ...{ missing: none, unseen: none, mean: undefined },
  ...its,
});
const unseen = { then: 0, now: 1 };
const number = (part: string, parts: string[], its: Partial<ColumnDrift> = { unseen }) =>
  column('day', { date: { part, parts }, ...its });

test('a date has one finding with the parts that are out of range, and the other parts as the remedy', () => {
  const parts = ['trend', 'year', 'week'];
  const columns = [
    number('trend', parts),
    number('year', parts, { unseen: { then: 0, now: 0.5 } }),
    number('year', parts),
    number('week', parts, {}),
  ];
  const [found, ...others] = driftReasons(columns, rows);
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    ...{ kind: 'out-of-range', about: { column: 'day' }, evidence: { parts: ['trend', 'year'], others: ['week'] } },
    message:
      'day: 100.0% of the dates are outside the range of the training dates, in the trend and year. Train with dates like these, ' +
      'or without this part of the date: `{ "features": { "day": { "kind": "date", "parts": [ "week" ] } } }`.',
    remedy: { dataset: { features: { day: { kind: 'date', parts: ['week'] } } } },
  });
  const [trend] = driftReasons([number('trend', ['trend'])], rows);
  expect(trend).not.toHaveProperty('remedy');
  expect(trend!.message).toMatch(/or leave the feature out\.$/);
});

test('commands name the folder and the file, and a feature of several columns has one finding', () => {
  const command = "polytask train march.csv --from 'my models/people' --out 'my models/people-2'";
  const vector = [column('x', { name: 'x[0]' }), column('x', { name: 'x[1]', psi: 10 })];
  expect(largeDrifts(vector, rows)).toMatchObject([
    {
      ...{ kind: 'shifted-values', about: { column: 'x' }, remedy: { command } },
      message: `Feature "x" has drifted since the training. Train on rows like these: \`${command}\`.`,
    },
  ]);
  expect(largeDrifts([column('state', { type: 'ids', unseen })], rows)).toMatchObject([
    {
      ...{ kind: 'unseen-values', remedy: { command } },
      message: expect.stringMatching(
        /^state: 100\.0% of the values are unknown to the model\. Are they spelled as .* labels: `polytask/,
      ) as string,
    },
  ]);
  expect(driftReasons([column('hours', { unseen })], rows)).toMatchObject([{ kind: 'out-of-range' }]);
  const range = /outside the range of the training\. Train on rows like these, with labels: `polytask/;
  expect(driftReasons([column('hours', { unseen })], rows)[0]!.message).toMatch(range);
});

test('predictions that have drifted are a finding, and those of the same distribution are none', () => {
  const predictions = [column('kind', { name: 'kind_a', psi: 0.3 }), column('kind', { name: 'kind_b', psi: 0.2 })];
  expect(driftFindings({ features: [], predictions }, rows)).toMatchObject([
    {
      ...{ kind: 'shifted-predictions', about: {}, evidence: { tasks: { kind: 0.3 } } },
      remedy: { command: "polytask evaluate 'my models/people' march.csv" },
      message: expect.stringMatching(/^Predictions drifted: kind\. Measure/) as string,
    },
  ]);
  for (const its of [
    { psi: 0.05, verdict: 'stable' },
    { psi: 3, verdict: 'noise' },
  ] as const)
    expect(driftFindings({ features: [], predictions: [column('kind', its)] }, rows)).toEqual([]);
});
