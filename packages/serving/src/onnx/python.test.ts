import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mixedModel, MODELS, trained } from '../testing/models.ts';
import { hasPython, python } from '../testing/python.ts';
import { largestDifference, mixedRows, mixedSchema } from '../testing/rows.ts';
import { exportOnnx } from './export-onnx.ts';
import { encodeForOnnx } from './feature-inputs.ts';

const SIZES = [1, 2, 37, 1000];
const expected = new Map<string, Readonly<Record<string, Float32Array>>[]>();
let folder: string;

beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'polytask-serving-'));
  for (const [name, parts] of Object.entries(MODELS)) {
    const model = trained(mixedModel(parts()));
    await writeFile(join(folder, `${name}.onnx`), await exportOnnx(model));
    expected.set(
      name,
      SIZES.map((size) => model.predict(mixedRows(size))),
    );
    model.dispose();
  }
});

afterAll(() => rm(folder, { recursive: true }));

it.runIf(hasPython('onnx'))(
  'onnx.checker accepts the file of every architecture, with full checks',
  { timeout: 60_000 },
  () => {
    expect(python(['check-model.py', folder])).toBe('');
  },
);

it.runIf(hasPython('onnxruntime'))("Python's onnxruntime gives the same numbers", { timeout: 60_000 }, async () => {
  const inputs = SIZES.map((size) =>
    Object.fromEntries(
      Object.entries(encodeForOnnx(mixedSchema, mixedRows(size))).map(([name, { type, shape, data }]) => [
        name,
        { type, shape, data: [...data] },
      ]),
    ),
  );
  await writeFile(join(folder, 'inputs.json'), JSON.stringify(inputs)); // NaN is null there, and NaN again in NumPy
  python(['run-model.py', folder]);
  const results = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Record<
    string,
    Record<string, number[]>[]
  >;
  for (const [name, predictions] of expected) {
    predictions.forEach((each, i) =>
      expect(largestDifference(results[name]![i]!, each), `${name}, batch ${SIZES[i]}`).toBeLessThan(1e-5),
    );
  }
});
