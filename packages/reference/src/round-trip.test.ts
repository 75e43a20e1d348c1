import { load, randomStream, toBytes, allParts, type NamedTensor } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { pairingsOf } from './architectures/architectures.ts';
import { fromReference } from './from-reference.ts';
import { planOf } from './plan.ts';
import { configurationOf, toReference } from './to-reference.ts';
import { bitsOf, CASES, readCase } from './testing/cases.ts';

beforeAll(() => tf.setBackend('cpu'));

describe.each(CASES)('%s', (name) => {
  const { configuration, stateDict, input, logits } = readCase(name);

  test('a state dict comes back bit for bit, in its order', () => {
    const model = fromReference(configuration, stateDict);
    expect(bitsOf(toReference(model))).toEqual(bitsOf(stateDict));
    model.dispose();
  });

  test('so do numbers that arithmetic would change', () => {
    const odd = [-0, 1e-45, -1e-40, 3.4e38, 1 + 2 ** -23];
    const strange = Object.fromEntries(
      Object.entries(stateDict).map(([tensor, { shape, data }]): [string, NamedTensor] => {
        const draws = randomStream(1, tensor).uniform(data.length, 0, odd.length);
        return [tensor, { dtype: 'float32', shape, data: Float32Array.from(draws, (draw) => odd[Math.floor(draw)]!) }];
      }),
    );
    const model = fromReference(configuration, strange);
    expect(bitsOf(toReference(model))).toEqual(bitsOf(strange));
    model.dispose();
  });

  test('each number of the model has one place in the state dict', () => {
    const model = fromReference(configuration, stateDict);
    const places = pairingsOf(planOf(configuration)).flatMap(({ runs }) =>
      runs.flatMap(({ parameter, start, step, length }) =>
        Array.from({ length }, (_, i) => `${parameter} ${start + i * step}`),
      ),
    );
    expect(new Set(places).size).toBe(places.length);
    expect(places.length).toBe(model.parameterCount);
    expect(places.length).toBe(Object.values(stateDict).reduce((sum, { data }) => sum + data.length, 0));
    model.dispose();
  });

  test('the logits are those of PyTorch', () => {
    const model = fromReference(configuration, stateDict);
    const [rows, width] = input.shape as [number, number];
    const computed = tf.tidy(() => {
      const features = allParts({ numeric: tf.tensor2d(input.data as Float32Array, [rows, width]) }, rows);
      const { logits: each } = model.forward(features);
      return [
        ...tf
          .concat(
            model.taskNames.map((task) => each[task]!),
            1,
          )
          .dataSync(),
      ];
    });
    const largest = Math.max(...logits.data.map(Math.abs));
    const error = Math.max(...computed.map((value, i) => Math.abs(value - logits.data[i]!)));
    expect(computed.length).toBe(logits.data.length);
    expect(error / largest).toBeLessThan(1e-6);
    model.dispose();
  });

  test('the configuration can be read off the model, saved and loaded too', async () => {
    const model = fromReference(configuration, stateDict);
    const loaded = await load(await toBytes(model));
    expect(configurationOf(loaded)).toEqual(configurationOf(model));
    expect(bitsOf(toReference(loaded))).toEqual(bitsOf(stateDict));
    const again = fromReference(configurationOf(loaded), stateDict);
    expect(again.config.network).toEqual(model.config.network);
    for (const each of [model, loaded, again]) each.dispose();
  });
});

test('every architecture has a case', () => {
  const models = new Set(CASES.map((name) => readCase(name).configuration.model));
  expect([...models].sort()).toEqual(['att_g', 'att_sp', 'cross_st', 'mmoe', 'ple', 'share_bottom']);
});
