import {
  binary,
  multiclass,
  multiTaskModel,
  randomStream,
  regression,
  type MultiTaskModel,
  type Schema,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { growTrees } from '../testing/grow-trees.ts';
import { gradientBoosting } from './boosted-trees.ts';
import type { BoostedTreesOptions } from './tree-arrays.ts';

beforeAll(() => tf.setBackend('cpu'));

const features = {
  age: { kind: 'numeric', mean: 40, deviation: 12, indicator: true },
  hours: { kind: 'numeric', mean: 3, deviation: 2, log: true },
  pay: { kind: 'numeric', mean: 0, deviation: 1, repeated: [1, 2] },
  city: { kind: 'categorical', vocabulary: ['Rome', 'Oslo', 'Lima'] },
} as const satisfies Schema['features'];
const TASKS = { rich: binary(), days: regression(), kind: multiclass({ classes: ['a', 'b'] }) };
const OPTIONS = { numIterations: 10, numLeaves: 8, minDataInLeaf: 3, maxCatToOnehot: 8 } as const;

const [a, b] = ['age', 'hours'].map((name) => randomStream(1, name).uniform(200)) as [Float32Array, Float32Array];
const rows = Array.from({ length: 200 }, (_, i) => ({
  ...{ age: i % 11 === 0 ? null : Math.round(20 + 50 * a[i]!), hours: 40 * b[i]!, pay: i % 3 },
  city: features.city.vocabulary[i % 3]!,
}));
const days = rows.map(({ age, hours, city }, i) => Math.sin((age ?? 30) / 6) * (hours / 10) + city.length + (i % 7));
const labels = { rich: days.map((each) => Number(each > 7)), days, kind: days.map((each) => Number(each > 6)) };

async function trained(options: BoostedTreesOptions, tasks: readonly (keyof typeof TASKS)[] = ['rich', 'days']) {
  const schema = { features, tasks: Object.fromEntries(tasks.map((name) => [name, TASKS[name]])) };
  const model = multiTaskModel({ schema, ...gradientBoosting({ ...OPTIONS, ...options }), seed: 1 }) as MultiTaskModel;
  const batch = {
    ...{ ...model.encode(rows), tasks },
    labels: Float32Array.from(tasks.flatMap((name) => labels[name])),
    weights: new Float32Array(tasks.length * rows.length).fill(1),
  };
  await growTrees(model, batch);
  return model;
}

/** How far the predictions of a task fall, at most, when a feature rises. */
function greatestFall(model: MultiTaskModel, task: string, name: 'age' | 'hours', sign = 1): number {
  const values = Array.from({ length: 24 }, (_, i) => (sign > 0 ? 3 * i : 72 - 3 * i));
  const some = rows.slice(0, 20).flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  const predictions = Array.from(model.predict(some)[task]!, Number);
  return Math.max(...predictions.map((each, i) => (i % 24 === 0 ? 0 : predictions[i - 1]! - each)));
}

test('a direction holds for all tasks, or for those that it names', async () => {
  const free = await trained({});
  const all = await trained({ monotoneConstraints: { age: 1, hours: -1 } });
  const one = await trained({ monotoneConstraints: { age: { days: -1 } } });
  for (const task of ['rich', 'days']) {
    expect(greatestFall(free, task, 'age')).toBeGreaterThan(0.01);
    expect(greatestFall(all, task, 'age')).toBe(0);
    expect(greatestFall(all, task, 'hours', -1)).toBe(0);
  }
  expect(greatestFall(one, 'days', 'age', -1)).toBe(0);
  expect(one.predict(rows)['rich']).toEqual(free.predict(rows)['rich']);
  for (const model of [free, all, one]) model.dispose();
});

test('features of different groups only add up, with all of their columns', async () => {
  const interaction = async (options: BoostedTreesOptions) => {
    const model = await trained(options, ['days']);
    const of = (change: object) => model.predict(rows.map((row) => ({ ...row, ...change })))['days'] as Float32Array;
    const values = [null, 25, 60].flatMap((age) =>
      [2, 30].map((hours) => [of({ age, hours }), of({ age: 40, hours }), of({ age, hours: 10 })] as const),
    );
    const base = of({ age: 40, hours: 10 });
    model.dispose();
    return Math.max(
      ...values.flatMap(([both, first, second]) =>
        [...both].map((each, row) => Math.abs(each - first[row]! - second[row]! + base[row]!)),
      ),
    );
  };
  expect(await interaction({})).toBeGreaterThan(0.1);
  expect(await interaction({ interactionConstraints: [['age', 'city'], ['hours']] })).toBeLessThan(1e-4);
});

test('a feature or task without a direction is refused, and so is a refit', async () => {
  const refused: readonly [BoostedTreesOptions, string][] = [
    [{ monotoneConstraints: { ages: 1 } }, 'received "ages". Did you mean "age"?'],
    [{ monotoneConstraints: { age: { riches: 1 } } }, 'a task in monotoneConstraints.age, received "riches"'],
    [{ monotoneConstraints: { city: 1 } }, 'received "city" of kind categorical'],
    [{ monotoneConstraints: { pay: 1 } }, 'received "pay" of kind numeric with "values"'],
    [{ interactionConstraints: [['age', 'town']] }, 'a feature in interactionConstraints, received "town"'],
    [{ monotoneConstraints: { age: 1 }, refitDecayRate: 0.9 }, 'moved leaves would break them'],
  ];
  for (const [options, message] of refused) await expect(trained(options)).rejects.toThrow(message);
  await expect(trained({ monotoneConstraints: { age: 1 } }, ['kind'])).rejects.toThrow('task "kind" has several');
});
