import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { save } from '@polytask/core';
import { encodeForOnnx } from '@polytask/serving';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { smallModel, smallRows, smallSchema } from '../testing/small-model.ts';
import { main } from './main.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-export-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

const at = (name: string) => path.join(directory, name);

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(['export', ...argv], io);
  return { code, out: out(), err: err() };
}

test('a saved model becomes one file that predicts the same, and takes the place of the last', async () => {
  const model = smallModel();
  await save(model, at('model'));
  await writeFile(at('people.onnx'), 'an older one');
  expect(await run(at('model'), '--out', at('people.onnx'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('received one. Pass --force to replace it') as string,
  });
  const { code, out, err } = await run(at('model'), '--out', at('people.onnx'), '--force');
  expect([code, err]).toEqual([0, '']);
  const bytes = await readFile(at('people.onnx'));
  expect(out).toBe(
    `Written: ${at('people.onnx')}, ${bytes.length.toLocaleString('en')} bytes\n` +
      'input   age             float32 [batch]\n' +
      'input   job             int32 [batch]\n' +
      'output  income          float32 [batch]\n' +
      'output  age_prediction  float32 [batch]\n',
  );

  const session = await ort.InferenceSession.create(bytes);
  const inputs = Object.entries(encodeForOnnx(smallSchema, smallRows));
  const feeds = inputs.map(([name, { type, data, shape }]) => [name, new ort.Tensor(type, data, shape)] as const);
  const results = await session.run(Object.fromEntries(feeds));
  const expected = model.predict(smallRows);
  for (const [task, output] of [
    ['income', 'income'],
    ['age', 'age_prediction'],
  ] as const) {
    const found = [...(results[output]!.data as Float32Array)];
    found.forEach((p, i) => expect(Math.abs(p - expected[task][i]!)).toBeLessThan(1e-6));
  }
  await session.release();
  model.dispose();
});

test('a directory without a model, and a place that can not be written to, are said; nothing is left behind', async () => {
  expect(await run(directory, '--out', at('a.onnx'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no model.json in') as string,
  });
  const model = smallModel();
  await save(model, at('model'));
  model.dispose();
  expect(await run(at('model'), '--out', at('model/model.json/a.onnx'))).toMatchObject({
    code: 1,
    err: expect.stringContaining("Can't write") as string,
  });
  expect(await readdir(directory)).toEqual(['model']);
});

test("a component of one's own is named, with the option that brings it", async () => {
  const model = smallModel();
  await save(model, at('model'));
  model.dispose();
  const document = await readFile(at('model/model.json'), 'utf8');
  const edited = document.replaceAll('"mlp"', '"my-expert"').replace(/,\s*"document": "\w+"/, ''); // the checksum
  await writeFile(at('model/model.json'), edited);
  const { code, err } = await run(at('model'), '--out', at('a.onnx'));
  expect(code).toBe(1);
  expect(err).toContain('"my-expert"');
  expect(err).toContain('--import');
  await writeFile(at('broken.mjs'), 'throw new Error("no such luck");');
  expect((await run(at('model'), '--out', at('a.onnx'), '--import', at('broken.mjs'))).err).toContain('no such luck');
});

test('a file of another kind is not replaced', async () => {
  expect(await run(directory, '--out', at('model.json'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('ends in .onnx') as string,
  });
});
