import { definePrediction } from '@polytask/core';
import { defineLabel } from '@polytask/data';
import { defineSchedule } from '@polytask/training';
import { expect, test } from 'vitest';
import * as mixed from './fixtures/mixed-package.ts';
import { testComponents } from './test-components.ts';
import { failing } from './testing/failing.ts';

const cases = testComponents.cases(mixed, { compiled: false });

test('each component that a package defines is tested, with each of its examples', () => {
  expect([...new Set(cases.map(({ subject }) => subject))].map((each) => each.replace(/\(.*/, ''))).toEqual([
    ...['calibration mixed/shift', 'threshold mixed/jaccard', 'schedule mixed/half', 'metric mixed/distance'],
    ...['reader mixed/pairs', 'reader mixed/pairs', 'tracker mixed/names', 'threshold mixed/share'],
  ]);
});

const FAILING = /^(tracker mixed\/names|threshold mixed\/share)/;

test('a flawed one fails by its name, and the others hold', async () => {
  const [flawed, others] = [true, false].map((is) => cases.filter(({ subject }) => FAILING.test(subject) === is));
  const found = await failing(flawed!);
  expect(Object.keys(found)).toEqual([
    'each step is there once it was logged',
    'two runs leave one another as they are',
    'it is built from an example',
  ]);
  expect(Object.values(found)[0]).toMatch(/^tracker mixed\/names.*"loss" in the place once step 1 was logged/);
  expect(found['it is built from an example']).toMatch(/^threshold mixed\/share.*received nothing.*Add `examples/);
  expect(await failing(others!)).toEqual({});
});

test('a module without a component is an error', () => {
  expect(() => testComponents.cases({ mixed })).toThrow('a module that exports components, received mixed');
});

test('two definitions of one name in a package are an error, one under two names is none', () => {
  const first = defineSchedule('mixed/double', (_, { step }) => 0.1 / step, { package: 'mixed-double' });
  expect(testComponents.cases({ first, alias: first })).not.toEqual([]);
  const second = defineSchedule('mixed/double', (_, { step }) => 0.2 / step, { package: 'mixed-double' });
  expect(() => testComponents.cases({ first, second })).toThrow(
    'received first and second, which both define the schedule "mixed/double"',
  );
});

test('types of label and of prediction are components, too', () => {
  const percent = defineLabel('mixed/percent', {
    columns: (column) => ({ [column]: 'number' }),
    read: ([cell]) => (cell === null ? NaN : Number(cell) / 100),
    words: 'a share in percent',
    fitted: {},
    fit: () => ({ add: () => {}, finish: () => ({}) }),
    cells: (column) => ({ [column]: [0, 20, 100] }),
  });
  const angle = definePrediction('mixed/angle', {
    ...{ description: 'an angle', number: 'In degrees.', labels: ['number'], namesKey: 'parts' },
    perfect: (label) => [label],
    normalizedLoss: () => 'mixed/angle-ratio',
    constant: { name: 'the mean angle', error: (value) => `${value} times its error` },
  });
  expect(new Set(testComponents.cases({ percent, angle }).map(({ subject }) => subject))).toEqual(
    new Set(['label mixed/percent', 'prediction mixed/angle']),
  );
});
