import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPredictor, type Predictor } from '@polytask/serving';
import { Validator } from '@seriousme/openapi-schema-validator';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { people, peopleModel, peopleSchema } from '../testing/people.ts';
import { ModelSlot } from './model-slot.ts';
import { listen } from './serve.ts';
import { serviceLimits, type ServeOptions } from './serve-options.ts';
import { serviceApp } from './service-app.ts';
import { openTokens, type Tokens } from './tokens.ts';

const model = peopleModel();
const errors: unknown[] = [];
const limits = serviceLimits({ maxRows: 50, maxBodyBytes: 5000, onError: (error) => errors.push(error) });
let predictor: Predictor;
let app: Server;
let url: string;

beforeAll(async () => {
  await tf.setBackend('cpu');
  predictor = await openPredictor(model, { batchSizes: [1, 16] });
  app = await serviceApp(new ModelSlot(limits, predictor), limits);
  url = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  app.close();
  await predictor.dispose();
  model.dispose();
});

interface Answer {
  predictions?: { rich: number; marital: { class: string; probabilities: Record<string, number> }; hours: number }[];
  error?: string;
  faults?: { row: number; column: string | null; message: string }[];
}

const POST = { method: 'POST', headers: { 'content-type': 'application/json' } };

async function predict(payload: unknown, headers = { 'content-type': 'application/json' }) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const response = await fetch(`${url}/predict`, { method: 'POST', headers, body });
  return { status: response.status, ...((await response.json()) as Answer) };
}

/** Another service of the same model, with other limits. */
async function withApp<R>(options: ServeOptions, action: (url: string) => Promise<R>, tokens?: Tokens): Promise<R> {
  const own = serviceLimits({ onError: limits.onError, ...options });
  const other = await serviceApp(new ModelSlot(own, predictor), own, undefined, tokens);
  try {
    return await action(await listen(other, { host: '127.0.0.1', port: 0 }));
  } finally {
    other.close();
  }
}

const jsonOf = async (path: string): Promise<unknown> => (await fetch(url + path)).json();

it('predicts rows as the model does: probabilities, the likeliest class, numbers in their unit', async () => {
  const { rich, marital, hours } = model.predict(people);
  for (const body of [people, { rows: people }]) {
    const { status, predictions } = await predict(body);
    expect([status, predictions!.length]).toEqual([200, 3]);
    predictions!.forEach((row, i) => {
      expect(row.rich).toBeCloseTo(rich[i]!, 5);
      expect(row.hours).toBeCloseTo(hours[i]!, 3);
      const shares = [...marital.subarray(3 * i, 3 * i + 3)];
      expect(Object.keys(row.marital.probabilities)).toEqual(['never', 'now', 'before']);
      Object.values(row.marital.probabilities).forEach((share, c) => expect(share).toBeCloseTo(shares[c]!, 5));
      expect(row.marital.class).toBe(['never', 'now', 'before'][shares.indexOf(Math.max(...shares))]);
    });
  }
  expect(await predict([])).toEqual({ status: 200, predictions: [] });
});

it('answers bad rows with the row, the column and the remedy of every fault, up to twenty', async () => {
  const { state: _, ...without } = people[0]!;
  const { status, error, faults } = await predict([
    people[0],
    { ...people[1], age: 'old' },
    { ...without, stat: 1 },
    7,
  ]);
  expect(status).toBe(400);
  expect(error).toMatch(/^3 of the rows can't be predicted/);
  expect(faults).toEqual([
    { row: 1, column: 'age', message: expect.stringMatching(/Expected a finite number.*received "old"/) as string },
    { row: 2, column: 'state', message: expect.stringMatching(/Did you mean "stat"\?/) as string },
    { row: 3, column: null, message: expect.stringMatching(/Expected an object/) as string },
  ]);
  const many = await predict(Array.from({ length: 50 }, () => ({ ...people[0], age: [] })));
  expect([many.status, many.faults!.length]).toEqual([400, 20]);
  expect(many.error).toMatch(/^At least 20/);
});

it('refuses other bodies, and says what to send', async () => {
  const bodies: [string, number, RegExp][] = [
    ['[{"age": 3', 400, /JSON/],
    ['{"age": 3}', 400, /received the key "age"/],
    ['{}', 400, /array of rows/],
    ['"rows"', 400, /array of rows/],
    ['', 400, /JSON/],
    [`[{"__proto__": ${JSON.stringify(people[0])}}]`, 400, /^1 of the rows can't be predicted/],
    [JSON.stringify(new Array(51).fill(null)), 413, /at most 50 rows, received 51/],
    [`["${'x'.repeat(5000)}"]`, 413, /at most 5000 bytes/],
  ];
  for (const [body, status, message] of bodies) {
    const answer = await predict(body);
    expect([answer.status, answer.error]).toEqual([status, expect.stringMatching(message)]);
  }
});

it('answers a cell of 300,000 nested objects, and a row of 300,000 keys, with 400', async () => {
  await withApp({ maxBodyBytes: 2 ** 23 }, async (root) => {
    const nested = `[{"age":${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}}]`;
    const wide = JSON.stringify([Object.fromEntries(Array.from({ length: 300_000 }, (_, i) => [`k${i}`, 1]))]);
    for (const path of ['/predict', '/labels']) {
      for (const [body, message] of [
        [nested, /at most 32 levels, received 300002 levels/],
        [wide, /^1 of the rows can't be predicted|at least one label of rich/],
      ] as const) {
        const response = await fetch(root + path, { ...POST, body });
        const { error } = (await response.json()) as Answer;
        expect([response.status, error]).toEqual([400, expect.stringMatching(message)]);
      }
    }
  });
  expect(errors).toEqual([]);
});

it('refuses true and false for a number, and takes them for a category', async () => {
  const { status, faults } = await predict([
    people[0],
    { ...people[1], age: true, state: false },
    { ...people[2], age: 'x' },
  ]);
  expect([status, faults!.map(({ row, column }) => [row, column])]).toEqual([
    400,
    [
      [1, 'age'],
      [2, 'age'],
    ],
  ]);
  expect(faults![0]!.message).toMatch(/^Expected a number for "age", received true\. Send 1 for true and 0 for false/);
  expect((await predict([{ ...people[0], state: true }])).predictions).toEqual(
    (await predict([{ ...people[0], state: 'true' }])).predictions,
  );
  const label = async (row: object) => {
    const response = await fetch(`${url}/labels`, { ...POST, body: JSON.stringify([row]) });
    return [response.status, ((await response.json()) as Answer).faults?.map(({ column }) => column)];
  };
  expect(await label({ ...people[0], rich: true })).toEqual([200, undefined]);
  expect(await label({ ...people[0], rich: true, hours: true })).toEqual([400, ['hours']]);
  expect(await label({ ...people[0], rich: true, age: false })).toEqual([400, ['age']]);
});

it('works on large requests in slices: each row has its prediction, and each fault its row', async () => {
  await withApp({ maxRows: 1000, maxBodyBytes: 2 ** 20 }, async (root) => {
    const rows = Array.from({ length: 600 }, (_, i) => ({ ...people[i % 3]!, age: i }));
    const ask = async (body: unknown) => {
      const response = await fetch(`${root}/predict`, { ...POST, body: JSON.stringify(body) });
      return (await response.json()) as Answer;
    };
    const { predictions } = await ask(rows);
    const { hours } = model.predict(rows);
    expect(predictions).toHaveLength(600);
    predictions!.forEach((row, i) => expect(row.hours).toBeCloseTo(hours[i]!, 3));
    const wrong = rows.map((row, i) =>
      [0, 255, 256, 599].includes(i) ? { ...row, age: i % 2 === 0 ? 'x' : true } : row,
    );
    const { faults } = await ask(wrong);
    expect(faults!.map(({ row }) => row)).toEqual([0, 255, 256, 599]);
  });
});

it('asks for a token, except for health and readiness, and says so in OpenAPI', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'polytask-app-'));
  const tokenFile = join(directory, 'tokens');
  await writeFile(tokenFile, 'secret');
  const tokens = await openTokens(tokenFile, 1000, () => {});
  const test = async (root: string) => {
    for (const [path, status] of [
      ['/health', 200],
      ['/ready', 200],
      ['/metrics', 401],
      ['/none', 401],
    ] as const) {
      expect((await fetch(root + path)).status).toBe(status);
    }
    const refused = await fetch(`${root}/predict`, { ...POST, body: '[]' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const headers = { ...POST.headers, authorization: 'Bearer secret' };
    expect((await fetch(`${root}/predict`, { ...POST, headers, body: '[]' })).status).toBe(200);
    const document = (await (await fetch(`${root}/openapi.json`, { headers })).json()) as Record<string, unknown>;
    expect(document['security']).toEqual([{ token: [] }]);
    expect((await new Validator().validate(document)).valid).toBe(true);
  };
  await withApp({ tokenFile }, test, tokens);
  tokens.close();
  await rm(directory, { recursive: true });
});

it('refuses other types of content, and names what there is', async () => {
  expect((await predict('age=3', { 'content-type': 'text/plain' })).status).toBe(415);
  const head = { method: 'POST', headers: { 'content-type': '' }, body: new Uint8Array([0x5b, 0x5d]) };
  expect((await fetch(`${url}/predict`, head)).status).toBe(415);
  for (const [method, path] of [
    ['GET', '/predictions'],
    ['PUT', '/predict'],
    ['GET', '/predict?a=1'],
    ['GET', '/constructor'],
  ]) {
    const response = await fetch(url + path!, { method: method! });
    const { error } = (await response.json()) as Answer;
    expect([response.status, error]).toEqual([
      404,
      `There is no ${method} ${path}. GET /openapi.json lists what there is.`,
    ]);
  }
});

it('says that it is there and ready', async () => {
  expect(await jsonOf('/health?from=probe')).toEqual({ status: 'ok' });
  expect(await jsonOf('/ready')).toEqual({ status: 'ready', engine: 'onnxruntime-node' });
  const head = await fetch(`${url}/health`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
    200,
    'application/json; charset=utf-8',
    '',
  ]);
});

it('counts requests and their time', async () => {
  await predict(people);
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(text).toMatch(/^polytask_requests_total\{method="POST",route="\/predict",status="200"\} [1-9]/m);
  expect(text).toMatch(/^polytask_requests_total\{method="GET",route="none",status="404"\} 3$/m);
  expect(text).toMatch(/^polytask_request_seconds_count\{route="\/predict",status="200"\} [1-9]/m);
  expect(text).toMatch(/^polytask_queue_rows 0$/m);
  expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
});

it('predicts concurrent requests in one run', async () => {
  const six = { ...limits, maxBatchRows: 6, maxWaitMs: 1e6 }; // waits for six rows
  const together = await serviceApp(new ModelSlot(six, predictor), six);
  const root = await listen(together, { host: '127.0.0.1', port: 0 });
  const headers = { 'content-type': 'application/json' };
  const post = () => fetch(`${root}/predict`, { method: 'POST', headers, body: JSON.stringify(people) });
  const answers = await Promise.all([post(), post()]);
  const text = await (await fetch(`${root}/metrics`)).text();
  together.close();
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(text).toMatch(/^polytask_batch_rows_sum 6\npolytask_batch_rows_count 1$/m);
});

it('describes itself in valid OpenAPI, with each feature and each task', async () => {
  const document = (await jsonOf('/openapi.json')) as Record<string, unknown>;
  const { valid, errors: faults } = await new Validator().validate(structuredClone(document));
  expect([valid, faults]).toEqual([true, undefined]);
  const { schemas } = document['components'] as {
    schemas: Record<string, { properties: Record<string, unknown>; required: string[] }>;
  };
  expect(schemas['Row']!.required).toEqual(Object.keys(peopleSchema.features));
  expect(schemas['Row']!.properties['state']).toMatchObject({ anyOf: [{ enum: ['Utah', 'Ohio'] }, {}] });
  expect(schemas['Prediction']!.required).toEqual(['rich', 'marital', 'hours']);
});

it('keeps an error of its own from the client, and gives it to onError', async () => {
  const broken = { ...predictor, predict: () => Promise.reject(new Error('secret')) };
  const other = await serviceApp(new ModelSlot(limits, broken), limits);
  const otherUrl = await listen(other, { host: '127.0.0.1', port: 0 });
  const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
  const response = await fetch(`${otherUrl}/predict`, { method: 'POST', headers, body: JSON.stringify(people) });
  const body = await response.text();
  other.close();
  expect([response.status, body.includes('secret')]).toEqual([500, false]);
  expect(errors).toEqual([new Error('secret')]);
});

it('answers 500 with the task and the row of a prediction that is not finite, and answers others', async () => {
  errors.length = 0;
  const diverged = peopleModel();
  const { variable } = diverged.store.trainable().find(({ name }) => name.endsWith('kernel'))!;
  variable.assign(tf.fill(variable.shape, NaN));
  const first = await openPredictor(diverged, { batchSizes: [1, 16] });
  const overflow: Predictor = {
    ...predictor,
    predict: async (rows) => {
      const predictions = await predictor.predict(rows);
      const hours = predictions['hours']!.map((value, row) => (row === 4 ? Infinity : value));
      return { ...predictions, hours };
    },
  };
  const together = { ...limits, maxBatchRows: 6, maxWaitMs: 1e6 }; // waits for six rows
  const apps = [
    await serviceApp(new ModelSlot(limits, first), limits),
    await serviceApp(new ModelSlot(together, overflow), together),
  ];
  const [nan, infinite] = await Promise.all(apps.map((each) => listen(each, { host: '127.0.0.1', port: 0 })));
  const headers = { 'content-type': 'application/json' };
  const ask = async (to: string) => {
    const response = await fetch(`${to}/predict`, { method: 'POST', headers, body: JSON.stringify(people) });
    return [response.status, ((await response.json()) as Answer).error] as const;
  };
  try {
    expect(await ask(nan!)).toEqual([
      500,
      'The prediction of task "rich" for row 0 of the request is NaN. The model has parameters that are not finite or far too ' +
        'large. Train the model again, or look at the row.',
    ]);
    const answers = await Promise.all([ask(infinite!), ask(infinite!)]);
    expect(answers.map(([status]) => status).sort()).toEqual([200, 500]);
    expect(answers.find(([status]) => status === 500)![1]).toMatch(
      /^The prediction of task "hours" for row 1 of the request is Infinity/,
    );
    expect(errors.map(String)).toEqual([
      expect.stringContaining('"rich" for row 0'),
      expect.stringContaining('"hours" for row 1'),
    ]);
  } finally {
    for (const each of apps) each.close();
    await first.dispose();
    diverged.dispose();
  }
});
