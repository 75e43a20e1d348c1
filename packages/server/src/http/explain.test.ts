import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainRows, type TaskExplanation } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { people, peopleModel } from '../testing/people.ts';
import { serve } from './serve.ts';

const model = peopleModel();
let directory: string;
let background: string;

beforeAll(async () => {
  await tf.setBackend('cpu');
  directory = await mkdtemp(join(tmpdir(), 'polytask-explain-'));
  background = join(directory, 'people.csv');
  const names = ['age', 'state', 'street', 'hobbies'];
  await writeFile(
    background,
    [names, ...people.map((row) => names.map((name) => row[name]))].map((row) => `${row.join()}\n`),
  );
});
afterAll(() => {
  model.dispose();
  return rm(directory, { recursive: true, force: true });
});

async function ask(url: string, body: unknown) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as {
    predictions?: object[];
    explanations?: Record<string, TaskExplanation>[];
    error?: string;
  };
  return { status: response.status, ...answer };
}

it('explains rows that ask for it, as explainRows does', async () => {
  const { url, close } = await serve(model, { port: 0, background });
  const rows = people.slice(0, 2);
  const { predictions, explanations } = await ask(url, { rows, explain: true });
  expect(predictions).toHaveLength(2);
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    components: { schemas: { Explanation: { properties: { outputs: { items: { properties: object } } } } } };
  };
  const described = Object.keys(document.components.schemas.Explanation.properties.outputs.items.properties);
  const wanted = await explainRows(model, rows, { background: people });
  explanations!.forEach((row, r) => {
    expect(Object.keys(row)).toEqual(['rich', 'marital', 'hours']);
    for (const [task, { scale, outputs }] of Object.entries(row)) {
      const own = wanted.rows[r]![task as keyof (typeof wanted.rows)[number]];
      expect(scale).toBe(own.scale);
      outputs.forEach((output, i) => {
        const { contributions, base, value } = output;
        expect(described).toEqual(expect.arrayContaining(Object.keys(output)));
        expect(Object.values(contributions).reduce((a, b) => a + b, base)).toBeCloseTo(value, 6);
        for (const [name, each] of Object.entries(contributions))
          expect(each).toBeCloseTo(own.outputs[i]!.contributions[name]!, 4); // the background has another order
      });
    }
  });
  expect(await ask(url, { rows, explain: false })).not.toHaveProperty('explanations');
  expect((await ask(url, { rows: [], explain: true })).explanations).toEqual([]);
  const many = await ask(url, { rows: Array.from({ length: 101 }, () => people[0]), explain: true });
  expect([many.status, many.error]).toEqual([413, expect.stringContaining('at most 100 rows, received 101')]);
  const wrong = await ask(url, { rows, explain: 'yes' });
  expect([wrong.status, wrong.error]).toEqual([400, 'Expected true or false for "explain", received "yes".']);
  await close();
});

it('says what a network needs to be explained, and refuses a file that it cannot read', async () => {
  const { url, close } = await serve(model, { port: 0 });
  const { status, error } = await ask(url, { rows: people, explain: true });
  expect([status, error]).toEqual([400, expect.stringContaining('Start it with --background FILE')]);
  await close();
  await expect(serve(model, { port: 0, background: join(directory, 'none.csv') })).rejects.toThrow('none.csv');
});
