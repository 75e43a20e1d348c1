import { binary, regression } from '@polytask/core';
import { count, multiLabel, ordinal, quantiles, survival } from '@polytask/core/tasks';
import type { Table } from '@polytask/data';
import { expect, it } from 'vitest';
import { outputColumns } from './files/output-columns.ts';
import { openApi } from './http/open-api.ts';
import { predictionRows } from './row-predictions.ts';
import { predictionSchema } from './http/row-schema.ts';

const tasks = {
  click: binary(),
  visits: count(),
  grade: ordinal({ classes: ['low', 'high'] }),
  days: quantiles({ levels: [0.1, 0.9] }),
  genres: multiLabel({ labels: ['drama', 'war'] }),
  stays: survival({ cuts: [30, 90] }),
};
const predictions = {
  click: Float32Array.of(0.25, 0.5),
  visits: Float32Array.of(2, 0.5),
  grade: Float32Array.of(0.75, 0.25, 0.125, 0.875),
  days: Float32Array.of(1, 4, 2, 6),
  genres: Float32Array.of(0.75, 0.5, 0.125, 0.25),
  stays: Float32Array.of(0.75, 0.5, 0.25, 0.125),
};

const threshold = { at: 0.4, rule: { kind: 'threshold', name: 'f1', config: {} } } as const;
const calibrated = {
  click: { ...tasks.click, calibrated: { interval: { level: 0.9, margin: 0.6 }, threshold } },
  visits: { ...tasks.visits, calibrated: { interval: { level: 0.9, margin: 1 } } },
};

it('in JSON and files, what follows from a prediction has the name of the task, a dot and its own', () => {
  const rows = predictionRows(calibrated, predictions, 2);
  expect(rows).toEqual([
    { click: 0.25, 'click.set': ['no'], 'click.decision': 'no', visits: 2, 'visits.low': 1, 'visits.high': 3 },
    {
      click: 0.5,
      'click.set': ['no', 'yes'],
      'click.decision': 'yes',
      visits: 0.5,
      'visits.low': 0,
      'visits.high': 1.5,
    },
  ]);
  const columns = outputColumns(calibrated, []);
  const table = { size: 2 } as unknown as Table;
  expect(columns.map(({ name, kind, values }) => [name, kind, ...values({ table, predictions })])).toEqual([
    ['click', 'float', 0.25, 0.5],
    ['click.set', 'text', 'no', 'no|yes'],
    ['click.decision', 'text', 'no', 'yes'],
    ['visits', 'float', 2, 0.5],
    ['visits.low', 'float', 1, 0],
    ['visits.high', 'float', 3, 1.5],
  ]);
  const { components } = openApi({ features: {}, tasks: calibrated }, { maxRows: 10 }) as {
    components: { schemas: { Prediction: { required: string[]; properties: object } } };
  };
  expect(components.schemas.Prediction.required.sort()).toEqual(Object.keys(rows[0]!).sort());
  expect(components.schemas.Prediction.properties).toMatchObject({ 'click.set': { items: { enum: ['no', 'yes'] } } });
});

it('in JSON and files, the ends of an interval have the same nine digits', () => {
  const price = regression();
  const tasks = { price: { ...price, calibrated: { interval: { level: 0.9, margin: 1.0806287 } } } };
  const rows = { price: Float32Array.from({ length: 50 }, (_, row) => Math.exp(row / 5) / 3) };
  const [, ...ends] = outputColumns(tasks, []).map(({ values }) =>
    values({ table: { size: 50 } as Table, predictions: rows }),
  );
  const written = Array.from({ length: 50 }, (_, row) =>
    ends.map((each) => Number((each[row] as number).toPrecision(9))),
  );
  expect(predictionRows(tasks, rows, 50).map((row) => [row['price.low'], row['price.high']])).toEqual(written);
});

it('in JSON a prediction is a number, classes, or numbers by quantile, label or time', () => {
  expect(predictionRows(tasks, predictions, 2)).toEqual([
    {
      click: 0.25,
      visits: 2,
      grade: { class: 'low', probabilities: { low: 0.75, high: 0.25 } },
      days: { 0.1: 1, 0.9: 4 },
      genres: { drama: 0.75, war: 0.5 },
      stays: { 30: 0.75, 90: 0.5 },
    },
    {
      click: 0.5,
      visits: 0.5,
      grade: { class: 'high', probabilities: { low: 0.125, high: 0.875 } },
      days: { 0.1: 2, 0.9: 6 },
      genres: { drama: 0.125, war: 0.25 },
      stays: { 30: 0.25, 90: 0.125 },
    },
  ]);
});

it('each prediction has its columns in a file', () => {
  const columns = outputColumns(tasks, []).map(({ name, values }) => [
    name,
    [...values({ predictions, table: { size: 2 } } as never)],
  ]);
  expect(Object.fromEntries(columns)).toEqual({
    click: [0.25, 0.5],
    visits: [2, 0.5],
    grade: ['low', 'high'],
    grade_low: [0.75, 0.125],
    grade_high: [0.25, 0.875],
    'days_0.1': [1, 2],
    'days_0.9': [4, 6],
    genres_drama: [0.75, 0.125],
    genres_war: [0.5, 0.25],
    stays_30: [0.75, 0.25],
    stays_90: [0.5, 0.125],
  });
});

it('a schema says so', () => {
  expect(predictionSchema(tasks.visits)).toMatchObject({ type: 'number', minimum: 0 });
  expect(predictionSchema(tasks.days)).toMatchObject({
    properties: { 0.1: { type: 'number' }, 0.9: { type: 'number' } },
  });
  expect(predictionSchema(tasks.genres)).toMatchObject({
    properties: { drama: { type: 'number', minimum: 0, maximum: 1 }, war: { type: 'number' } },
    required: ['drama', 'war'],
  });
  expect(predictionSchema(tasks.stays)).toMatchObject({ required: ['30', '90'] });
});
