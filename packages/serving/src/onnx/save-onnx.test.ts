import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, embed, multiTaskModel } from '@polytask/core';
import { mmoe } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { hasPython, python } from '../testing/python.ts';
import { largestDifference } from '../testing/rows.ts';
import { encodeForOnnx } from './feature-inputs.ts';
import { exportOnnx, saveOnnx } from './export-onnx.ts';

let directory: string;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-serving-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

const schema = {
  features: {
    user: { kind: 'hashed', buckets: 5000 },
    tags: {
      kind: 'multi-valued',
      values: { kind: 'hashed', buckets: 20 },
      separator: ',',
      maxLength: 3,
      pooling: 'mean',
    },
  },
  tasks: { click: binary(), like: binary() },
} as const;

const rows = Array.from({ length: 9 }, (_, i) => ({ user: `u${i}`, tags: i % 3 === 0 ? '' : `t${i},t1` }));

const modelOf = (seed: number) =>
  multiTaskModel({
    schema,
    input: embed({ dimension: 4, start: 'pytorch', update: 'sparse' }),
    network: mmoe({ levels: [{ experts: mlp([4]), pool: 2 }] }),
    seed,
  });

const inputs = () => encodeForOnnx(schema, rows);

/** The predictions of the file, by onnxruntime-node. */
async function predicted(file: string) {
  const session = await InferenceSession.create(file);
  const feeds = Object.entries(inputs()).map(([name, { type, data, shape }]) => [name, new Tensor(type, data, shape)]);
  const results = await session.run(Object.fromEntries(feeds) as Record<string, Tensor>);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}

it('keeps tables in a second file, which onnxruntime-node reads, and replaces both', async () => {
  const [first, second] = [modelOf(1), modelOf(2)];
  const file = join(directory, 'ids.onnx');
  await writeFile(join(directory, 'ids.onnx.mine.data'), 'not of an export');
  const before = await saveOnnx(first, file, { tables: 'beside' });
  expect(before[1]).toMatch(/^ids\.onnx\.[0-9a-f]{16}\.data$/);
  expect(largestDifference(await predicted(file), first.predict(rows))).toBeLessThan(1e-6);
  const table = first.store.tables()[0]!.values;
  const data = await readFile(join(directory, before[1]!));
  expect(new Float32Array(data.buffer, data.byteOffset, table.length)).toEqual(table);
  expect((await stat(file)).size).toBeLessThan(table.byteLength);

  const after = await saveOnnx(second, file, { tables: 'beside' });
  expect(largestDifference(await predicted(file), second.predict(rows))).toBeLessThan(1e-6);
  expect((await readdir(directory)).sort()).toEqual([...after, 'ids.onnx.mine.data'].sort());
  for (const model of [first, second]) model.dispose();
});

it('keeps small tables in the file', async () => {
  const model = modelOf(1);
  const file = join(directory, 'ids.onnx');
  expect(await saveOnnx(model, file)).toEqual(['ids.onnx']);
  expect((await readFile(file)).equals(await exportOnnx(model))).toBe(true);
  model.dispose();
});

it.runIf(hasPython('onnxruntime'))("Python's onnxruntime reads both files", { timeout: 60_000 }, async () => {
  const model = modelOf(3);
  await saveOnnx(model, join(directory, 'ids.onnx'), { tables: 'beside' });
  const given = Object.entries(inputs()).map(([name, each]) => [name, { ...each, data: [...each.data] }]);
  await writeFile(join(directory, 'inputs.json'), JSON.stringify([Object.fromEntries(given)]));
  python(['run-model.py', directory]);
  const results = JSON.parse(await readFile(join(directory, 'results.json'), 'utf8')) as Record<
    string,
    Record<string, number[]>[]
  >;
  expect(largestDifference(results['ids']![0]!, model.predict(rows))).toBeLessThan(1e-6);
  model.dispose();
});
