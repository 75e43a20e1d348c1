import { binary, type Feature } from '@polytask/core';
import { expect, it } from 'vitest';
import { onnxNames } from './onnx-names.ts';

const number: Feature = { kind: 'numeric', mean: 0, deviation: 1 };
const namesOf = (features: readonly string[], tasks: readonly string[]) =>
  onnxNames({
    features: Object.fromEntries(features.map((name) => [name, number])),
    tasks: Object.fromEntries(tasks.map((name) => [name, binary()])),
  });

it.each<[string[], string[], Record<string, string>]>([
  [['age'], ['click', 'like'], { click: 'click', like: 'like' }],
  [['age', 'income'], ['income', 'click'], { income: 'income_prediction', click: 'click' }],
  [['a', 'a_prediction'], ['a'], { a: 'a_prediction_prediction' }],
  [['a'], ['a', 'a_prediction'], { a: 'a_prediction_prediction', a_prediction: 'a_prediction' }],
  [
    ['a', 'a_prediction'],
    ['a', 'a_prediction'],
    { a: 'a_prediction_prediction', a_prediction: 'a_prediction_prediction_prediction' },
  ],
])('features %j and tasks %j', (features, tasks, outputs) => {
  const names = namesOf(features, tasks);
  expect(names).toEqual({ inputs: features, outputs });
  const all = [...names.inputs, ...Object.values(names.outputs)];
  expect(new Set(all).size).toBe(all.length);
});

it.each([
  [['i:1'], ['a']],
  [['a'], ['t:x']],
  [[''], ['a']],
])('refuses %j and %j', (features, tasks) => {
  expect(() => namesOf(features, tasks)).toThrow('Rename it in the schema.');
});
