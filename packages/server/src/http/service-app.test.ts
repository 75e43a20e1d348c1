import { openPredictor, type Predictor } from '@polytask/serving';
import { Validator } from '@seriousme/openapi-schema-validator';
import * as tf from '@tensorflow/tfjs';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { people, peopleModel, peopleSchema } from '../testing/people.ts';
import { serviceLimits } from './serve-options.ts';
import { serviceApp } from './service-app.ts';

const model = peopleModel();
const errors: unknown[] = [];
const limits = serviceLimits({ maxRows: 50, maxBodyBytes: 5000, onError: (error) => errors.push(error) });
let predictor: Predictor;
let app: FastifyInstance;

beforeAll(async () => {
  await tf.setBackend('cpu');
  predictor = await openPredictor(model, { batchSizes: [1, 16] });
  app = await serviceApp(predictor, limits);
});
afterAll(async () => {
  await app.close();
  await predictor.dispose();
  model.dispose();
});

interface Answer {
  predictions?: { rich: number; marital: { class: string; probabilities: Record<string, number> }; hours: number }[];
  error?: string;
  faults?: { row: number; column: string | null; message: string }[];
}

async function predict(payload: unknown, headers = { 'content-type': 'application/json' }) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const { statusCode, json } = await app.inject({ method: 'POST', url: '/predict', headers, payload: body });
  return { status: statusCode, ...(json() as Answer) };
}

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
    { row: 1, column: 'age', message: expect.stringMatching(/Expected a number.*received "old"/) as string },
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
    ['[{"__proto__": {"age": 3}}]', 400, /JSON/],
    [JSON.stringify(new Array(51).fill(null)), 413, /at most 50 rows, received 51/],
    [`["${'x'.repeat(5000)}"]`, 413, /at most 5000 bytes/],
  ];
  for (const [body, status, message] of bodies) {
    const answer = await predict(body);
    expect([answer.status, answer.error]).toEqual([status, expect.stringMatching(message)]);
  }
});

it('refuses other types of content, and names what there is', async () => {
  expect((await predict('age=3', { 'content-type': 'text/plain' })).status).toBe(415);
  const { statusCode, json } = await app.inject('/predictions');
  expect([statusCode, (json() as Answer).error]).toEqual([404, expect.stringContaining('GET /openapi.json')]);
});

it('says that it is there and ready', async () => {
  expect((await app.inject('/health')).json()).toEqual({ status: 'ok' });
  expect((await app.inject('/ready')).json()).toEqual({ status: 'ready', engine: 'onnxruntime-node' });
});

it('counts requests, their time, and rows by run', async () => {
  await Promise.all([predict(people), predict(people), predict([])]);
  const text = (await app.inject('/metrics')).body;
  expect(text).toMatch(/^polytask_requests_total\{method="POST",route="\/predict",status="200"\} [1-9]/m);
  expect(text).toMatch(/^polytask_requests_total\{method="GET",route="none",status="404"\} 1$/m);
  expect(text).toMatch(/^polytask_request_seconds_count\{route="\/predict"\} [1-9]/m);
  expect(text).toMatch(/^polytask_queue_rows 0$/m);
  expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
  const batches = /^polytask_batch_rows_bucket\{le="4"\} (\d+)[^]*^polytask_batch_rows_count (\d+)$/m.exec(text)!;
  expect(Number(batches[1])).toBeLessThan(Number(batches[2])); // two requests of three rows were one run
});

it('describes itself in valid OpenAPI, with each feature and each task', async () => {
  const document = (await app.inject('/openapi.json')).json<Record<string, unknown>>();
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
  const other = await serviceApp(broken, limits);
  const { statusCode, body } = await other.inject({ method: 'POST', url: '/predict', payload: [...people] });
  await other.close();
  expect([statusCode, body.includes('secret')]).toEqual([500, false]);
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
  const [nan, infinite] = [await serviceApp(first, limits), await serviceApp(overflow, limits)];
  const ask = (to: FastifyInstance, rows: object[]) => to.inject({ method: 'POST', url: '/predict', payload: rows });
  try {
    const all = await ask(nan, [...people]);
    expect([all.statusCode, all.json<Answer>().error]).toEqual([
      500,
      'The prediction of task "rich" for row 0 of the request is NaN. The model has parameters that are not finite or far too ' +
        'large, or the row has numbers far from those of the training. Train the model again, or look at the row.',
    ]);
    const together = await Promise.all([ask(infinite, [...people]), ask(infinite, [...people])]); // one run of six rows
    expect(together.map(({ statusCode }) => statusCode)).toEqual([200, 500]);
    expect(together[1]!.json<Answer>().error).toMatch(
      /^The prediction of task "hours" for row 1 of the request is Infinity/,
    );
    expect(errors.map(String)).toEqual([
      expect.stringContaining('"rich" for row 0'),
      expect.stringContaining('"hours" for row 1'),
    ]);
  } finally {
    await nan.close();
    await infinite.close();
    await first.dispose();
    diverged.dispose();
  }
});
