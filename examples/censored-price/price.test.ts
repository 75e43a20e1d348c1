import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineTask, labelsOf, multiTaskModel, mse, regression } from '@polytask/core';
import { categorical, encode, fitSchema, numeric, parseCsv, split } from '@polytask/data';
import { sharedBottom } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { testLoss, testMetric, testTask } from '@polytask/testing';
import { evaluate, fit } from '@polytask/training';
import { findMetric } from '@polytask/metrics';
import * as vitest from 'vitest';
import { dealt } from '../../cases.base.ts';
import { censoredPrice, tobit } from './price.ts';

const { expect, it } = vitest;
const runner = dealt(vitest, 1); // `npm test` leaves the slow promises out
const offers = () =>
  execFileSync(process.execPath, [fileURLToPath(new URL('./make-offers.mjs', import.meta.url))], { encoding: 'utf8' });
const module = new URL('./price.ts', import.meta.url).href;

testTask(censoredPrice(), { module, runner, serving, server });
testLoss(tobit(), { module, runner });
testMetric(findMetric('censored-price/concordance'), { runner, groupWeights: false });
testMetric(findMetric('censored-price/error-ratio'), { runner });

const features = { quality: categorical(), size: numeric() };
const tasks = { price: censoredPrice(), paid: regression({ log: true }) };
const read = (csv: string) => parseCsv(csv, { features, tasks });

it('reads prices and bounds, and nothing else', () => {
  const cells = ['300', '≥ 300', '>=300', '300+', '> 12.5', ''];
  const labels = (own: readonly string[]) => {
    const csv = `quality,size,price\n${own.map((cell, i) => `a,${i},${cell}`).join('\n')}\n`;
    const table = parseCsv(csv, { features, tasks: { price: censoredPrice() } });
    const { arrays, schema } = encode(table, fitSchema(table));
    const { mean } = schema.tasks.price.fitted!;
    return Array.from(labelsOf(arrays, 'price').labels, (label) => Math.round(label * mean! * 100) / 100);
  };
  expect(labels(cells)).toEqual([300, -300, -300, -300, -12.5, 0]);
  for (const cell of ['about 300', '-300', '0']) expect(() => labels(['3', cell])).toThrow('such as "≥ 300"');
});

it('learns the price above the bounds', async () => {
  const { train, test } = split(read(offers()), { test: 0.25, seed: 7 });
  const model = multiTaskModel({
    schema: train.schema,
    network: sharedBottom({ levels: [{ experts: mlp([32]) }] }),
    tower: mlp([16]),
    seed: 7,
  });
  await fit(model, train, { epochs: 20 });
  const scores = await evaluate(model, test);
  expect(scores.price['censored-price/concordance']).toBeGreaterThan(0.8);
  expect(scores.price.normalizedLoss).toBeLessThan(0.6);
  // the middle of what such offers are worth, e^(4.2 + 0.9 + 95 / 60), is twice the largest bound
  const predicted = model.predict([{ quality: 'fine', size: 95 }]).price[0]!;
  expect(predicted / Math.exp(4.2 + 0.9 + 95 / 60)).toBeGreaterThan(0.7);
  expect(predicted / Math.exp(4.2 + 0.9 + 95 / 60)).toBeLessThan(1.4);

  await expect(evaluate(model, test, { metrics: { price: ['rmse'] } })).rejects.toThrow(
    'received "rmse", which is for regression',
  );
});

it('a number is no prediction of a price that may be a bound, and trees do not learn it', () => {
  const label = { type: 'censored-price/at-least' } as const;
  const define = (name: string, more: object = {}) =>
    defineTask(
      name,
      () => ({ label, prediction: { type: 'number' }, loss: () => mse(), metrics: ['rmse'], ...more }),
      {},
    );
  expect(() => define('censored-price/number')).toThrow(
    'Expected a prediction that can be measured by labels of the type "censored-price/at-least" for censored-price/number, ' +
      'received "number", which is measured by number. Predict censored-price/price.',
  );
  const time = { type: 'time', event: 'sold', cuts: 3 } as const;
  expect(() => define('censored-price/time', { label: time })).toThrow('Predict survival.');
  const boosting = { objective: 'regression' } as const;
  expect(() => define('censored-price/trees', { prediction: { type: 'censored-price/price' }, boosting })).toThrow(
    'Leave `boosting` out',
  );
});
