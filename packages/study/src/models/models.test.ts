import { binary, denseSchema, multiTaskModel, type Schema } from '@polytask/core';
import { expect, test } from 'vitest';
import { BASELINE, models } from './models.ts';

const tasks = ['a', 'b', 'c'];
const size = { levels: [8, 4], experts: 6, tower: [3], embedding: 2 };
const schema: Schema = denseSchema(5, { a: binary(), b: binary(), c: binary() });
const scenarios: Schema = {
  ...schema,
  features: { ...schema.features, tab: { kind: 'categorical', vocabulary: ['home', 'search'] } },
  context: ['tab'],
};
const built = models().map(({ name, build, needsContext }) => ({
  name,
  model: multiTaskModel({ schema: needsContext ? scenarios : schema, ...build(size, tasks), seed: 1 }),
}));
const expertsOf = (name: string) =>
  built.find((each) => each.name === name)!.model.network.levels.map(({ experts }) => experts.length);

test('names are unique, and the baseline is a row', () => {
  const names = models().flatMap(({ name, also = [] }) => [name, ...also]);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain(BASELINE);
});

const WITHOUT_MEMBERS = ['logistic-regression', 'gradient-boosting'];

test('a size with members gives them to every model but the logistic regression and boosted trees', () => {
  for (const { name, build } of models())
    expect(build({ ...size, members: 4 }, tasks).members, name).toBe(WITHOUT_MEMBERS.includes(name) ? undefined : 4);
  expect(models().flatMap(({ build }) => build(size, tasks).members ?? [])).toEqual([]);
});

test('each model says when to use it', () => {
  expect(models().filter(({ useWhen }) => !useWhen)).toEqual([]);
});

test('models with a choice have the same number of experts per level', () => {
  for (const name of ['ml-mmoe', 'ple', 'adatt-sp', 'adatt']) expect(expertsOf(name), name).toEqual([6, 6]);
  for (const name of ['mmoe', 'cgc']) expect(expertsOf(name), name).toEqual([6]);
  for (const name of ['single-task', 'cross-stitch']) expect(expertsOf(name), name).toEqual([3, 3]);
  expect(expertsOf('shared-bottom')).toEqual([1, 1]);
  expect(expertsOf('logistic-regression')).toEqual([]);
});

test('one-level models have experts as deep as the others are in levels', () => {
  // In both an input passes 5 → 8 → 4, in six experts; mmoe adds a gate of 6 weights a task on the input.
  const expert = 5 * 8 + 8 + 8 * 4 + 4;
  const towersAndHeads = 3 * (4 * 3 + 3 + 3 + 1);
  const mmoe = built.find(({ name }) => name === 'mmoe')!.model;
  expect(mmoe.parameterCount).toBe(6 * expert + 3 * (5 * 6 + 6) + towersAndHeads);
});

test('a logistic regression has a weight for each input and a bias, for each task', () => {
  expect(built[0]!.model.parameterCount).toBe(3 * (5 + 1));
});
