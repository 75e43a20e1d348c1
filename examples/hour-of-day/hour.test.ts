import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { labelsOf, multiTaskModel } from '@polytask/core';
import { categorical, encode, fitSchema, numeric, parseCsv, split } from '@polytask/data';
import { sharedBottom } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { testLoss, testMetric, testTask } from '@polytask/testing';
import { calibrate, evaluate, fit } from '@polytask/training';
import { findMetric } from '@polytask/metrics';
import * as vitest from 'vitest';
import { dealt } from '../../cases.base.ts';
import { hour, vonMises } from './hour.ts';

const { expect, it } = vitest;
const runner = dealt(vitest, 1); // `npm test` leaves the slow promises out
const orders = () =>
  execFileSync(process.execPath, [fileURLToPath(new URL('./make-orders.mjs', import.meta.url))], { encoding: 'utf8' });
const module = new URL('./hour.ts', import.meta.url).href;

testTask(hour(), { module, runner, serving, server });
testLoss(vonMises(), { module, runner });
testMetric(findMetric('hour-of-day/circular-error'), { runner });
testMetric(findMetric('hour-of-day/error-ratio'), { runner });

const features = { group: categorical(), age: numeric() };
const read = (csv: string) => parseCsv(csv, { features, tasks: { ordered: hour() } });
const labels = (...cells: string[]) => {
  const table = read(`group,age,ordered\n${cells.map((cell, i) => `a,${i},${cell}`).join('\n')}\n`);
  return [...labelsOf(encode(table, fitSchema(table)).arrays, 'ordered').labels];
};

it('reads hours and times, and nothing else', () => {
  expect(labels('17.75', '17:45', '0', '24', '7:30', '')).toEqual([17.75, 17.75, 0, 0, 7.5, 0]);
  for (const cell of ['25', '12:60', 'noon', '-1'])
    expect(() => labels('3', cell)).toThrow('Expected an hour from 0 to 24, or a time such as 17:45 as the label');
});

it('learns hours on both sides of midnight, better than the mean direction', async () => {
  const table = read(orders());
  const { train, test } = split(table, { test: 0.25, seed: 7 });
  const model = multiTaskModel({
    schema: train.schema,
    network: sharedBottom({ levels: [{ experts: mlp([32]) }] }),
    tower: mlp([16]),
    seed: 7,
  });
  await fit(model, train, { epochs: 15 });
  const { ordered } = await evaluate(model, test);
  expect(ordered['hour-of-day/circular-error']).toBeLessThan(1.2); // the deviation of orders is about an hour
  expect(ordered.normalizedLoss).toBeLessThan(0.25);
  const predicted = model.predict([{ group: 'gamer', age: 40 }]).ordered;
  expect(Math.abs(predicted[0]! - 23.75)).toBeLessThan(0.75);
  expect(predicted[1]!).toBeGreaterThan(2);

  await expect(calibrate(model, test, { intervals: 0.9 })).rejects.toThrow('Leave this task out');
  await expect(calibrate(model, test, { threshold: 'f1' })).rejects.toThrow('Expected a yes/no task');
  await expect(evaluate(model, test, { metrics: { ordered: ['rmse'] } })).rejects.toThrow(
    'received "rmse", which is for regression. By default it is measured by hour-of-day/circular-error.',
  );
});
