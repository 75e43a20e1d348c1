import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fit } from '../fit/fit.ts';
import { tinyExamples, tinyModel, tinyTasks } from '../testing/tiny.ts';
import { crc32c, tensorBoardTracker } from './tensor-board-tracker.ts';
import { mlflowTracker } from './mlflow-tracker.ts';
import { jsonLinesTracker, trackEpochs, type Tracker } from './tracker.ts';

// What TensorBoard and MLflow say about their formats. Fields that Polytask doesn't write are left out.

/** From tensorboard/compat/proto/event.proto and summary.proto of TensorBoard (Apache License 2.0). */
const TENSORBOARD = `
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what {
      string file_version = 3;
      Summary summary = 5;
    }
  }
  message Summary {
    message Value {
      string tag = 1;
      oneof value { float simple_value = 2; }
    }
    repeated Value value = 1;
  }`;

interface TensorBoardEvent {
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly { readonly tag: string; readonly simpleValue: number }[] };
}

/** Reads the message of a record. */
function readEvent(message: Uint8Array): TensorBoardEvent {
  const type = protobuf.parse(TENSORBOARD).root.lookupType('Event');
  return type.toObject(type.decode(message), { longs: Number }) as TensorBoardEvent;
}

/** From mlflow/protos/service.proto of MLflow (Apache License 2.0), by which its server reads the JSON of a request. */
const MLFLOW = `
  syntax = "proto2";
  enum RunStatus { RUNNING = 1; SCHEDULED = 2; FINISHED = 3; FAILED = 4; KILLED = 5; }
  message Metric {
    optional string key = 1;
    optional double value = 2;
    optional int64 timestamp = 3;
    optional int64 step = 4 [default = 0];
  }
  message Param { optional string key = 1; optional string value = 2; }
  message SearchExperiments { optional int64 max_results = 1; optional string filter = 3; }
  message CreateExperiment { optional string name = 1; }
  message CreateRun { optional string experiment_id = 1; optional string run_name = 3; optional int64 start_time = 7; }
  message LogBatch { optional string run_id = 1; repeated Metric metrics = 2; repeated Param params = 3; }
  message UpdateRun { optional string run_id = 4; optional RunStatus status = 2; optional int64 end_time = 3; }`;

/** The message of each endpoint, as the service of the same file has it. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  'experiments/search': 'SearchExperiments',
  'experiments/create': 'CreateExperiment',
  'runs/create': 'CreateRun',
  'runs/log-batch': 'LogBatch',
  'runs/update': 'UpdateRun',
};

/** What MLflow understands of a request: a field of another name, or of another type, isn't in it, or is another value. */
function readByMlflow(endpoint: string, body: Readonly<Record<string, unknown>>): unknown {
  const type = protobuf.parse(MLFLOW, { keepCase: true }).root.lookupType(ENDPOINTS[endpoint]!);
  return type.toObject(type.fromObject(body), { longs: Number, enums: String });
}

let directory: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Records a run with a number that isn't finite. */
async function record(tracker: Tracker): Promise<void> {
  const run = await tracker.start({ name: 'shop, seed 1', parameters: { learningRate: 0.5, model: 'adatt' } });
  await run.log(1, { loss: 0.75, 'validation/click/auc': NaN });
  await run.log(300, { loss: 0.5, 'validation/click/auc': 0.625 });
  await run.end('finished');
}

test('JSON lines have the start, the numbers and the end of a run', async () => {
  await record(jsonLinesTracker(path.join(directory, 'lines')));
  const lines = (await readFile(path.join(directory, 'lines', 'runs.jsonl'), 'utf8')).trimEnd().split('\n');
  const run = 'shop, seed 1';
  const time = expect.any(String) as string;
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { run, time, parameters: { learningRate: 0.5, model: 'adatt' } },
    { run, time, step: 1, values: { loss: 0.75 } },
    { run, time, step: 300, values: { loss: 0.5, 'validation/click/auc': 0.625 } },
    { run, time, status: 'finished' },
  ]);
});

const masked = (bytes: Buffer) => {
  const crc = BigInt(crc32c([...bytes]));
  return Number(((((crc >> 15n) | (crc << 17n)) & 0xffffffffn) + 0xa282ead8n) & 0xffffffffn);
};

test('event files are TFRecords of tensorflow.Event with checksums', async () => {
  expect(crc32c([...Buffer.from('123456789')])).toBe(0xe3069283); // the check value of CRC-32C
  expect(crc32c(new Array<number>(32).fill(0))).toBe(0x8a9136aa); // RFC 3720, appendix B.4
  const before = Date.now() / 1000;
  await record(tensorBoardTracker(path.join(directory, 'logs')));
  const folder = path.join(directory, 'logs', 'shop-seed-1');
  const [name] = (await readdir(folder)).filter((each) => each.startsWith('events.out.tfevents.'));
  const file = await readFile(path.join(folder, name!));
  const events: TensorBoardEvent[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(masked(file.subarray(at, at + 8)));
    const message = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(masked(message));
    events.push(readEvent(message));
    at += length + 16;
  }
  const [{ wallTime, ...first }, ...others] = events as [TensorBoardEvent, ...TensorBoardEvent[]];
  expect(first).toMatchObject({ fileVersion: 'brain.Event:2' });
  expect(others.map(({ step, summary }) => [step, summary!.value])).toEqual([
    [1, [{ tag: 'loss', simpleValue: 0.75 }]],
    [
      300,
      [
        { tag: 'loss', simpleValue: 0.5 },
        { tag: 'validation/click/auc', simpleValue: 0.625 },
      ],
    ],
  ]);
  expect(wallTime).toBeGreaterThanOrEqual(before);
  expect(wallTime).toBeLessThanOrEqual(Date.now() / 1000);
});

test('an MLflow server gets the experiment, the parameters, the numbers and the end of a run', async () => {
  const calls: [path: string, body: Record<string, unknown>, authorization: string | undefined][] = [];
  const answers: Record<string, object> = {
    'experiments/search': {},
    'experiments/create': { experiment_id: '7' },
    'runs/create': { run: { info: { run_id: 'r1' } } },
  };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += String(chunk)));
    request.on('end', () => {
      const called = request.url!.replace('/api/2.0/mlflow/', '');
      calls.push([called, JSON.parse(text) as Record<string, unknown>, request.headers.authorization]);
      response.end(JSON.stringify(answers[called] ?? {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await record(mlflowTracker(url, { experiment: 'shop', headers: { authorization: 'Bearer x' } }));
  server.close();
  expect(calls.map(([called]) => called)).toEqual([
    'experiments/search',
    'experiments/create',
    'runs/create',
    ...Array<string>(3).fill('runs/log-batch'),
    'runs/update',
  ]);
  for (const [called, body] of calls) expect(readByMlflow(called, body)).toEqual(body);
  expect(calls.every(([, , authorization]) => authorization === 'Bearer x')).toBe(true);
  expect(calls[2]![1]).toMatchObject({ experiment_id: '7', run_name: 'shop, seed 1' });
  expect(calls[3]![1]['params']).toEqual([
    { key: 'learningRate', value: '0.5' },
    { key: 'model', value: 'adatt' },
  ]);
  expect(calls[5]![1]).toMatchObject({
    run_id: 'r1',
    metrics: [
      { key: 'loss', value: 0.5, step: 300 },
      { key: 'validation/click/auc', value: 0.625, step: 300 },
    ],
  });
  expect(calls[6]![1]).toMatchObject({ run_id: 'r1', status: 'FINISHED' });
  await expect(record(mlflowTracker(url))).rejects.toThrow('Expected an MLflow tracking server to accept');
});

test('fit records the losses and scores of each epoch', async () => {
  const logged: [number, string[]][] = [];
  const run = {
    log: async (step: number, values: object) => void logged.push([step, Object.keys(values)]),
    end: async () => {},
  };
  const model = tinyModel();
  const [train, validation] = [tinyExamples(tinyTasks, 40, 1), tinyExamples(tinyTasks, 40, 2)];
  await fit(model, train, { validation, epochs: 2, engine: 'eager', callbacks: trackEpochs(run), progress: false });
  model.dispose();
  expect(logged.map(([step]) => step)).toEqual([1, 2]);
  expect(logged[0]![1]).toEqual(
    expect.arrayContaining([
      'loss',
      'loss/click',
      'validation/click/auc',
      'validation/minutes/rmse',
      'learningRate',
      'seconds',
    ]),
  );
});
