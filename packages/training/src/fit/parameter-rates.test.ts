import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pcGrad } from '@polytask/balancing';
import { load, lossGradients, toBytes, type MultiTaskModel } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { adam, adamW } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import { idModel, idRows } from '../testing/id-rows.ts';
import { tinyExamples, tinyModel, tinyTasks, weightsOf } from '../testing/tiny.ts';
import { fit } from './fit.ts';
import type { FitOptions } from './options.ts';
import { parameterRates } from './parameter-rates.ts';

beforeAll(() => tf.setBackend('cpu'));

const rows = tinyExamples(tinyTasks, 96, 1);
const tiny = () => tinyModel({ units: 3, norm: true }); // ranges that are no multiples of four numbers
const isHead = (name: string) => name.startsWith('heads.');
const engines = ['eager', 'compiled'] as const;

async function trained(options: FitOptions<typeof tinyTasks>, model = tiny()) {
  const before = weightsOf(model);
  await fit(model, rows, { engine: 'eager', epochs: 2, batchSize: 32, seed: 3, ...options });
  const after = weightsOf(model);
  model.dispose();
  return { before, after };
}

describe.each(engines)('%s', (engine) => {
  test.each([
    ['adamW, which decays weights', { optimizer: adamW(0.05, { weightDecay: 0.5 }) }],
    [
      'momentum, an average and a clipped norm',
      { optimizer: sgd(0.1, { momentum: 0.9, ema: 0.5 }), clip: { norm: 1 } },
    ],
    ['a balancer', { balancing: pcGrad() }],
  ])('frozen parts stay to the bit, running statistics too: %s', async (_, options) => {
    const { before, after } = await trained({ ...options, engine, trainable: ['heads.*'] });
    for (const [name, values] of Object.entries(after)) {
      if (isHead(name)) expect(values, name).not.toEqual(before[name]);
      else expect(values, name).toEqual(before[name]);
    }
  });

  test('the other parameters move as they would', async () => {
    // of one step, whose gradients don't depend on what is frozen
    const one = { engine, optimizer: adam(0.05), epochs: 1, batchSize: 96 };
    const model = () => tinyModel({ units: 3 });
    const [all, some] = [await trained(one, model()), await trained({ ...one, trainable: ['heads.*'] }, model())];
    for (const [name, values] of Object.entries(some.after))
      expect(values, name).toEqual(isHead(name) ? all.after[name] : all.before[name]);
  });

  test('a step of SGD is rate × learning rate × gradient', async () => {
    const model = tiny();
    const batch = rows.batch(Uint32Array.from({ length: 96 }, (_, i) => i));
    const gradients = tf.tidy(() =>
      lossGradients(model, model.toTensors(batch)).gradients.map((each) => [...each.dataSync()]),
    );
    const names = model.store.trainable().map(({ name }) => name);
    model.dispose();
    const rates = { '*': 0.5, 'levels.0.*': 0.25, 'levels.0.gate*.bias': 2 };
    const rateOf = (name: string) =>
      !name.startsWith('levels.0.') ? 0.5 : name.startsWith('levels.0.gate') && name.endsWith('.bias') ? 2 : 0.25;
    expect(new Set(names.map(rateOf)).size).toBe(3);
    const { before, after } = await trained({ engine, optimizer: sgd(0.1), epochs: 1, batchSize: 96, rates });
    names.forEach((name, p) =>
      after[name]!.forEach((value, i) =>
        expect(value, name).toBeCloseTo(before[name]![i]! - rateOf(name) * 0.1 * gradients[p]![i]!, 6),
      ),
    );
  });

  test('tables with sparse updates have rates, and freeze', async () => {
    const tableAfter = async (
      options: FitOptions<ReturnType<typeof idModel>['schema']['tasks']>,
      learningRate = 0.1,
    ) => {
      const model = idModel('sparse');
      const before = [...model.store.tables()[0]!.values];
      await fit(model, idRows(60), {
        ...{ engine, epochs: 2, batchSize: 20, tableOptimizer: sgd(learningRate), optimizer: sgd(0.1), ...options },
      });
      const { values } = model.store.tables()[0]!;
      const moved = Array.from(values, (value, i) => value - before[i]!);
      model.dispose();
      return moved;
    };
    const frozen = await tableAfter({ trainable: ['levels.*', 'heads.*'] });
    expect(frozen.every((move) => move === 0)).toBe(true);
    expect(await tableAfter({ rates: { 'input.table': 0.25 } })).toEqual(await tableAfter({}, 0.025));
    expect(await tableAfter({ tableOptimizer: adam(0.1), trainable: ['heads.*'] })).toEqual(frozen);
  });
});

test('a stopped run continues with its rates to the same bits, and with no others', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'polytask-rates-'));
  const options = {
    optimizer: adam(0.05),
    epochs: 3,
    trainable: ['heads.*', 'levels.0.gate*'],
    rates: { 'heads.*': 0.5 },
  };
  try {
    const straight = await trained(options);
    const stop = { onStep: ({ step }: { step: number }) => step === 4 && Promise.reject(new Error('killed')) };
    const checkpoint = { directory, everySteps: 2 };
    await expect(trained({ ...options, checkpoint, callbacks: stop as never })).rejects.toThrow('killed');
    const resume = { ...options, checkpoint, resume: true };
    await expect(trained({ ...resume, rates: { 'heads.*': 0.25 } })).rejects.toThrow(
      'options.rates.heads.1.kernel: 0.5 there, 0.25 here',
    );
    await expect(trained({ ...resume, trainable: ['*'] })).rejects.toThrow('options.rates.levels');
    expect((await trained(resume)).after).toEqual(straight.after);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('a loaded model is trained on as the model itself: weights, statistics, random streams', async () => {
  const model = tinyModel({ norm: true, dropout: 0.3 });
  const options = { engine: 'eager', epochs: 2, batchSize: 32 } as const;
  await fit(model, rows, options);
  const loaded = (await load(await toBytes(model))) as MultiTaskModel<typeof tinyTasks>;
  for (const each of [model, loaded]) await fit(each, rows, { ...options, seed: 4 });
  expect(weightsOf(loaded)).toEqual(weightsOf(model));
  expect(loaded.store.trainable()).toHaveLength(loaded.store.all().length - 2); // all trained again, but running statistics
  for (const each of [model, loaded]) each.dispose();
});

test('a pattern without a parameter is refused, with near ones', async () => {
  const model = tiny();
  const of = (patterns: Parameters<typeof parameterRates>[1]) => () => parameterRates(model, patterns);
  expect(of({ trainable: ['head.*'] })).toThrow(
    'Expected a parameter, or a pattern of parameters, in fit.trainable, received "head.*". Did you mean "heads.*"?',
  );
  expect(of({ rates: { 'level.0.*': 0.1 } })).toThrow('in fit.rates, received "level.0.*". Did you mean "levels.0.*"?');
  expect(of({ trainable: ['heads.(*'] })).toThrow('received "heads.(*"');
  expect(of({ trainable: ['heads.*'], rates: { 'heads.*': 0.1, '*': 1 } })()).not.toHaveProperty(['heads.1.bias']);
  await expect(fit(model, rows, { rates: { 'heads.*': 0 } })).rejects.toThrow(
    'To freeze parameters, leave them out of trainable.',
  );
  await expect(fit(model, rows, { trainable: [] })).rejects.toThrow('fit.trainable');
  model.dispose();
  const ids = idModel('sparse');
  expect(() => parameterRates(ids, { trainable: ['input.*'] })).toThrow("Add 'heads.*', for instance.");
  ids.dispose();
});
