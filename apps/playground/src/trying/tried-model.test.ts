import { binary, multiTaskModel, regression, type Schema } from '@polytask/core';
import { mmoe, sharedBottom } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { Control } from './example-rows.ts';
import { triedModel } from './tried-model.ts';

beforeAll(() => tf.setBackend('cpu'));

const schema: Schema = {
  features: { x: { kind: 'vector', width: 2 } },
  tasks: { bought: binary(), cost: regression() },
};
const controls: readonly Control[] = [0, 1].map((i) => ({
  kind: 'number',
  name: `x[${i}]`,
  least: -3,
  most: 3,
  step: 0.1,
}));
const rows = [
  [0.5, -1],
  [2, 1],
  [-1, 0.3],
];

it('says what the model predicts, and how each task weighs the experts for this row', () => {
  const network = mmoe({ levels: [{ experts: mlp([4]), pool: 3 }] });
  const model = multiTaskModel({ schema, network, seed: 1 });
  const tried = triedModel(model, controls, rows);
  expect(tried.outputs.map(({ task, isProbability }) => [task, isProbability])).toEqual([
    ['bought', true],
    ['cost', false],
  ]);
  const { scores, fusion } = tried.answer([0.5, -1]);
  const expected = model.predict([{ x: [0.5, -1] }]);
  expect(scores).toEqual([expected['bought']![0], expected['cost']![0]]);
  for (const lane of fusion[0]!.gated) expect(lane.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
  expect(tried.answer([2, 1]).fusion).not.toEqual(fusion);
  tried.dispose();
});

it('puts features that move the predictions first', () => {
  const model = multiTaskModel({ schema, network: sharedBottom({ levels: [{ experts: mlp([4]) }] }), seed: 3 });
  const constant = [0, 1, 2, 3].map((i) => [1, i / 2]); // x[0] is the same in all rows
  expect(triedModel(model, controls, constant).order).toEqual([1, 0]);
  expect(
    triedModel(
      model,
      controls,
      constant.map((row) => [...row].reverse()),
    ).order,
  ).toEqual([0, 1]);
  model.dispose();
});

it('starts with the median of the predictions as the threshold of a number, and its changes come true', () => {
  const network = sharedBottom({ levels: [{ experts: mlp([4]) }] });
  const model = multiTaskModel({ schema, network, seed: 2 });
  const tried = triedModel(model, controls, rows);
  const costs = rows.map((x) => model.predict([{ x }])['cost']![0]!).sort((a, b) => a - b);
  const { threshold } = tried.outputs[1]!;
  expect(threshold).toBeCloseTo(costs[1]!, 2);
  const { now, over } = tried.changes({ values: rows[0]!, output: 1, threshold: (costs[0]! + costs[2]!) / 2 });
  expect(now).toBeCloseTo(tried.answer(rows[0]!).scores[1]!, 6);
  expect(over.length).toBeGreaterThan(0);
  for (const { feature, to, score } of over) {
    const at = controls.findIndex(({ name }) => name === feature);
    expect(tried.answer(rows[0]!.with(at, Number(to))).scores[1]).toBeCloseTo(score, 5);
  }
  tried.dispose();
});

it('explains each output, compared with the kept rows, and a later row stops an earlier one', async () => {
  const network = sharedBottom({ levels: [{ experts: mlp([4]) }] });
  const tried = triedModel(multiTaskModel({ schema, network, seed: 2 }), controls, rows);
  const stopped = expect(tried.explain([0, 0])).rejects.toThrow('aborted');
  const explained = await tried.explain([2, 1]);
  await stopped;
  expect(explained.map(({ scale }) => scale)).toEqual(['log-odds', 'label']);
  const { scores } = tried.answer([2, 1]);
  explained.forEach(({ prediction, value, base, contributions }, i) => {
    expect(prediction).toBeCloseTo(scores[i]!, 6);
    expect(base + contributions['x']!).toBeCloseTo(value, 9); // one feature of two controls
  });
  tried.dispose();
});
