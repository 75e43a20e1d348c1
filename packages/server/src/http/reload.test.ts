import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { multiTaskModel, save, type MultiTaskModel } from '@polytask/core';
import { fromRows, profileRows, writeProfile, modelId, schemaRowFormat } from '@polytask/data';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { people, peopleModel } from '../testing/people.ts';
import { serve, type Service } from './serve.ts';
import type { ServeOptions } from './serve-options.ts';

let directory: string;
let folder: string;
const models = [peopleModel(5), peopleModel(6)] as const;
const [first, second] = models;
const errors: unknown[] = [];
let count = 0;
beforeAll(async () => {
  await tf.setBackend('cpu');
  directory = await mkdtemp(join(tmpdir(), 'polytask-reload-'));
});
beforeEach(async () => {
  errors.length = 0;
  folder = join(directory, String(count++));
  await save(first, folder);
});
afterAll(async () => {
  for (const model of models) model.dispose();
  await rm(directory, { recursive: true });
});

const start = (options: ServeOptions = {}) =>
  serve(folder, { port: 0, reloadMs: 20, onError: (error) => errors.push(error), ...options });

async function post({ url }: Service, rows: readonly object[] = people) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify(rows) });
  const { predictions } = (await response.json()) as { predictions?: { rich: number }[] };
  return {
    status: response.status,
    id: response.headers.get('polytask-model'),
    rich: predictions?.map(({ rich }) => rich),
  };
}

const metricsOf = async ({ url }: Service) => (await fetch(`${url}/metrics`)).text();
const richOf = (model: typeof first) => [...model.predict(people).rich];

function expectNear(values: readonly number[] | undefined, expected: readonly number[]): void {
  values!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
}

it('answers every request while the folder is replaced, each by the model that its header names', async () => {
  const service = await start();
  const ids = [await modelId(folder)];
  const requests = Array.from({ length: 100 }, () => post(service));
  await save(second, folder);
  ids.push(await modelId(folder));
  const expected = models.map(richOf);
  while ((await post(service)).id === ids[0]) requests.push(...Array.from({ length: 20 }, () => post(service)));
  requests.push(...Array.from({ length: 100 }, () => post(service)));
  const answers = await Promise.all(requests);
  expect(answers.length).toBeGreaterThanOrEqual(200);
  for (const { status, id, rich } of answers) {
    expect(status).toBe(200);
    expectNear(rich, expected[ids.indexOf(id!)]!);
  }
  expect(answers.slice(-100).every(({ id }) => id === ids[1])).toBe(true);
  expect(new Set(answers.map(({ id }) => id))).toEqual(new Set(ids));
  expect(await (await fetch(`${service.url}/model`)).json()).toMatchObject({
    ...{ model: ids[1], tasks: ['rich', 'marital', 'hours'] },
    engine: service.engine,
  });
  expect(await metricsOf(service)).toMatch(/^polytask_reloads\{result="done"\} [1-9]/m);
  expect(errors).toEqual([]);
  await service.close();
});

it('keeps its model while the folder is broken or gone, and says so', async () => {
  const service = await start();
  await writeFile(join(folder, 'model.json'), '{');
  await expect.poll(() => errors.length, { timeout: 10_000 }).toBe(1);
  expect(String(errors[0])).toMatch(/the earlier model goes on answering, because .*model\.json/);
  expectNear((await post(service)).rich, richOf(first));
  expect(await metricsOf(service)).toMatch(/^polytask_reloads\{result="failed"\} 1$/m);
  await expect(service.reload()).rejects.toThrow('model.json');
  await rm(folder, { recursive: true });
  await expect.poll(() => errors.length, { timeout: 10_000 }).toBe(2);
  expectNear((await post(service)).rich, richOf(first));
  await save(second, `${folder}-new`);
  await rename(`${folder}-new`, folder); // another folder takes its place
  const id = await modelId(folder);
  await expect.poll(async () => (await post(service)).id, { timeout: 10_000 }).toBe(id);
  expectNear((await post(service)).rich, richOf(second));
  await service.close();
});

it('takes a model with other features, and loads at once when told to', async () => {
  const service = await start({ reloadMs: 0 });
  const { age, state } = first.schema.features as Required<typeof first.schema.features>;
  const schema = { ...first.schema, features: { age: age!, state: state!, city: { kind: 'hashed', buckets: 3 } } };
  const grown = multiTaskModel({
    ...first.config,
    schema,
    seed: 7,
  } as typeof first.config) as unknown as MultiTaskModel;
  await save(grown, folder);
  grown.dispose();
  expect((await post(service)).status).toBe(200);
  await service.reload();
  expect((await post(service)).status).toBe(400); // city is missing
  expect((await post(service, [{ age: 3, state: null, city: 'Ulm' }])).status).toBe(200);
  expect(await (await fetch(`${service.url}/openapi.json`)).text()).toContain('"city"');
  await service.close();
});

it('compares the rows of requests with those of the training, and without a profile counts unseen ids', async () => {
  const like = Array.from({ length: 300 }, (_, i) => ({ ...people[i % 3]!, age: i % 4 ? 20 + (i % 50) : null }));
  const table = fromRows(like, { features: schemaRowFormat(first.schema).features, tasks: {} });
  const service = await start();
  await post(service, like);
  const unknown = await metricsOf(service);
  expect(unknown).toMatch(/^polytask_feature_missing_share\{feature="age"\} 0\.25$/m);
  expect(unknown).toMatch(/^polytask_feature_unseen_share\{feature="state"\} 0\.33/m);
  expect(unknown).not.toContain('polytask_feature_psi{');
  await writeProfile(folder, await profileRows(first, table));
  await expect.poll(() => metricsOf(service), { timeout: 10_000 }).toMatch(/^polytask_watched_rows 0$/m);
  await post(service, like);
  const same = await metricsOf(service);
  expect(same).toMatch(/^polytask_watched_rows 300$/m);
  for (const name of ['age', 'state', 'street', 'hobbies'])
    expect(same).toContain(`polytask_feature_psi{feature="${name}"} 0\n`);
  expect(same).toContain('polytask_prediction_psi{prediction="rich"} 0\n');
  const mean = Number(/^polytask_prediction_mean\{prediction="rich"\} (\S+)$/m.exec(same)![1]);
  expect(mean).toBeCloseTo(
    [...first.predict(like).rich].reduce((sum, value) => sum + value / 300, 0),
    5,
  );
  await post(
    service,
    like.map((row) => ({ ...row, age: 900 })),
  );
  const drifted = await metricsOf(service);
  expect(Number(/^polytask_feature_psi\{feature="age"\} (\S+)$/m.exec(drifted)![1])).toBeGreaterThan(0.25);
  expect(drifted).toMatch(/^polytask_feature_unseen_share\{feature="age"\} 0\.5$/m);
  await service.close();
});

it('compares a shadow with the model, and answers the same when the shadow fails', async () => {
  const shadow = `${folder}-shadow`;
  await save(second, shadow);
  const service = await start({ shadow });
  const answers = [await post(service), await post(service)];
  await expect.poll(() => metricsOf(service)).toMatch(/^polytask_shadow_rows\{result="rows"\} 6$/m);
  const text = await metricsOf(service);
  const read = (name: string) => Number(new RegExp(`^polytask_shadow_${name} (\\S+)$`, 'm').exec(text)![1]);
  const [own, other] = [first.predict(people), second.predict(people)];
  const difference = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!) / a.length, 0);
  expect(read('mean_difference\\{task="hours"\\}')).toBeCloseTo(difference(own.hours, other.hours), 3);
  expect(read('mean_difference\\{task="marital"\\}')).toBeCloseTo(difference(own.marital, other.marital), 5);
  const changed = own.rich.filter((value, i) => value >= 0.5 !== other.rich[i]! >= 0.5).length / 3;
  expect(read('changed_share\\{task="rich"\\}')).toBeCloseTo(changed, 9);
  expect(text).not.toContain('polytask_shadow_changed_share{task="hours"}');

  const { age, ...features } = first.schema.features as Record<string, { kind: string }>;
  const schema = { ...first.schema, features: { ...features, height: age! } };
  const needsMore = multiTaskModel({ ...first.config, schema } as typeof first.config);
  await save(needsMore as unknown as MultiTaskModel, shadow);
  needsMore.dispose();
  await service.reload();
  answers.push(await post(service), await post(service));
  await expect.poll(() => metricsOf(service)).toMatch(/^polytask_shadow_rows\{result="failed"\} 6$/m);
  for (const { status, rich } of answers) {
    expect(status).toBe(200);
    expectNear(rich, richOf(first));
  }
  expect(errors.map(String)).toEqual([expect.stringMatching(/The shadow model fails: .*feature "height"/)]); // once
  await service.close();
});
