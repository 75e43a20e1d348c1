import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, type Batch } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fit } from '../fit/fit.ts';
import type { FitOptions } from '../fit/options.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import { earlyStopping } from '../stopping/early-stopping.ts';
import { tinyExamples, tinyModel, weightsOf, withBatches } from '../testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));

const tasks = { click: binary() };
const train = tinyExamples(tasks, 60, 1);
const NEWEST = 'step-00000004';

type Options = FitOptions<typeof tasks>;

async function run(options: Options = {}, config: Parameters<typeof tinyModel>[0] = {}, rows = train) {
  const model = tinyModel({ ...config, tasks });
  try {
    return await fit(model, rows, { engine: 'eager', epochs: 2, batchSize: 30, checkpoint: { directory }, ...options });
  } finally {
    model.dispose();
  }
}

describe('a checkpoint of another run is refused, with what is different', () => {
  const resume = true as const;
  const validation = tinyExamples(tasks, 20, 5);

  test.each<[string, () => Promise<unknown>, string]>([
    ['model', () => run({ resume }, { units: 6 }), 'model.network.config.units: 4 there, 6 here'],
    ['seed', () => run({ resume }, { seed: 8 }), 'model.seed: 7 there, 8 here'],
    ['rows', () => run({ resume }, {}, tinyExamples(tasks, 60, 2)), 'training rows.sample: "'],
    ['number of rows', () => run({ resume }, {}, tinyExamples(tasks, 61, 1)), 'training rows.rows: 60 there, 61 here'],
    ['validation rows', () => run({ resume, validation }), 'validation rows: null there'],
    ['optimizer', () => run({ resume, optimizer: sgd(0.1) }), 'options.optimizer.name: "adam" there, "sgd" here'],
    [
      'learning rate',
      () => run({ resume, optimizer: adam(0.1) }),
      'options.optimizer.config.learningRate: 0.001 there, 0.1 here',
    ],
    ['batch size', () => run({ resume, batchSize: 20 }), 'options.batchSize: 30 there, 20 here'],
    ['clipping', () => run({ resume, clip: { norm: 1 } }), 'options.clip.norm: nothing there, 1 here'],
    ['code', () => run({ resume, checkpoint: { directory, code: 'b' } }), 'code: nothing there, "b" here'],
    ['early stopping', () => run({ resume, validation, stopping: earlyStopping() }), 'options.stopping: nothing there'],
  ])('%s', async (_what, other, message) => {
    await run();
    const before = tf.memory().numTensors;
    const failing = other();
    await expect(failing).rejects.toThrow(`The checkpoint "${join(directory, NEWEST)}" is of another run: `);
    await expect(failing).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a damaged checkpoint is refused, and the model stays as it was', () => {
  const change = (name: string, edit: (bytes: Buffer) => Buffer | string) => async () => {
    const path = join(directory, NEWEST, name);
    await writeFile(path, edit(await readFile(path)));
  };
  const json = (edit: (document: Record<string, Record<string, unknown>>) => void) =>
    change('checkpoint.json', (bytes) => {
      const document = JSON.parse(bytes.toString()) as Record<string, Record<string, unknown>>;
      delete document['weights']!['document']; // as in version 0.1.0, which had no checksum of the JSON
      edit(document);
      return JSON.stringify(document);
    });

  test.each<[string, () => Promise<void>, string]>([
    ['truncated weights', change('weights.safetensors', (bytes) => bytes.subarray(0, -100)), 'is truncated'],
    [
      'a flipped bit',
      change('weights.safetensors', (bytes) => (bytes.writeUInt8(bytes.at(-1)! ^ 1, bytes.length - 1), bytes)),
      'was changed after it was written',
    ],
    ['no weights', () => rm(join(directory, NEWEST, 'weights.safetensors')), 'There is no weights.safetensors'],
    ['cut JSON', change('checkpoint.json', (bytes) => bytes.subarray(0, 200)), 'Expected JSON in checkpoint.json'],
    [
      'a flipped bit in the JSON',
      change('checkpoint.json', (bytes) => (bytes.writeUInt8(bytes.at(90)! ^ 1, 90), bytes)),
      'checkpoint.json in',
    ],
    [
      'another format',
      json((document) => void Object.assign(document, { format: 'polytask-model' })),
      'is not a checkpoint: its format is "polytask-model"',
    ],
    [
      'a newer format',
      json((document) => void Object.assign(document, { version: 2 })),
      'has format version 2, this version of Polytask reads up to 1',
    ],
  ])('%s', async (_what, damage, message) => {
    await run();
    await damage();
    const model = tinyModel({ tasks });
    const [start, tensors] = [weightsOf(model), tf.memory().numTensors];
    await expect(
      fit(model, train, { engine: 'eager', epochs: 2, batchSize: 30, checkpoint: { directory }, resume: true }),
    ).rejects.toThrow(message);
    expect(weightsOf(model)).toEqual(start);
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });
});

test('a damaged checkpoint gives way to the newest whole one, with a notice, and to the same bits', async () => {
  const keep = { checkpoint: { directory, everySteps: 1, keep: 2 } };
  const straight = tinyModel({ tasks });
  await fit(straight, train, { engine: 'eager', epochs: 2, batchSize: 30 });
  await run(keep);
  await writeFile(join(directory, NEWEST, 'weights.safetensors'), 'cut');
  const notices: string[] = [];
  const listen = (warning: Error) => void notices.push(warning.message);
  process.on('warning', listen);
  const resumed = tinyModel({ tasks });
  await fit(resumed, train, { engine: 'eager', epochs: 2, batchSize: 30, ...keep, resume: true });
  await new Promise(setImmediate);
  process.off('warning', listen);
  expect(weightsOf(resumed)).toEqual(weightsOf(straight));
  expect(notices.filter((text) => text.includes('is taken instead'))).toEqual([
    expect.stringContaining(`The checkpoint "${join(directory, 'step-00000003')}" is taken instead.`),
  ]);
  expect((await readdir(directory)).sort()).toEqual(['step-00000003', NEWEST, `${NEWEST}.damaged`]);
  for (const model of [straight, resumed]) model.dispose();
});

test('a folder whose writing was interrupted does not count', async () => {
  const straight = await run();
  await mkdir(join(directory, 'step-00000099'));
  await writeFile(join(directory, 'step-00000099', 'weights.safetensors.pending'), 'half');
  const resumed = await run({ resume: true });
  expect(resumed.steps).toBe(straight.steps);
});

describe('a run is not mixed up with another', () => {
  test('a new one needs a directory without checkpoints', async () => {
    await run();
    await expect(run()).rejects.toThrow(`before this run, received ${NEWEST}. Pass resume: true to go on from it`);
  });

  test('from an older checkpoint it needs a directory without later ones', async () => {
    await run({ checkpoint: { directory, everySteps: 1, keep: 9 } });
    const older = { resume: join(directory, 'step-00000002') };
    await expect(run(older)).rejects.toThrow(
      `Expected no checkpoints after step 2 in "${directory}" before this run, received ${NEWEST}.`,
    );
  });
});

describe('a run that diverges', () => {
  test('says which checkpoint is the last good one', async () => {
    let batches = 0;
    const poisoned = withBatches(
      train,
      (batch): Batch => (++batches < 4 ? batch : { ...batch, numeric: batch.numeric.map(() => NaN) }), // the second is the fingerprint's
    );
    const failing = run({ checkpoint: { directory, everySteps: 1 } }, {}, poisoned);
    await expect(failing).rejects.toThrow(
      `The loss of task "click" (NaN), auxiliary loss "entropy" (NaN) is not finite at step 3 (epoch 2, batch 1).`,
    );
    await expect(failing).rejects.toThrow(`The last good checkpoint is "${join(directory, 'step-00000002')}".`);
  });

  test('writes no checkpoint of weights that are not finite', async () => {
    const failing = run({ optimizer: sgd(1e300), epochs: 1, batchSize: 60 });
    await expect(failing).rejects.toThrow(
      /^"[\w.]+" has a number that is not finite at step 1 .* No checkpoint was written before\. The model has its weights from before this training again\.$/,
    );
  });
});
