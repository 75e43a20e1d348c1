import { readFile } from 'node:fs/promises';
import { load } from '@polytask/core';
import { encodeForOnnx } from '@polytask/serving';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import '@polytask/experts'; // the tower's expert
import 'outside-package'; // all other components of the saved model
import { DIRECTORY, rows } from './rows.ts';

/** The largest difference of two float32 results, relative to the largest number of the first. */
const TOLERANCE = 1e-5;

const wanted = JSON.parse(await readFile(`${DIRECTORY}/predictions.json`, 'utf8')) as Record<string, number[]>;
const model = await load(`${DIRECTORY}/model`);
const loaded = model.predict(rows) as Record<string, ArrayLike<number>>;

const session = await InferenceSession.create(`${DIRECTORY}/model.onnx`);
const feeds = Object.entries(encodeForOnnx(model.schema, rows)).map(([name, { type, data, shape }]) => [
  name,
  new Tensor(type as 'float32', data as Float32Array, shape),
]);
const exported = await session.run(Object.fromEntries(feeds) as Record<string, Tensor>);

for (const [task, values] of Object.entries(wanted)) {
  const largest = Math.max(...values.map(Math.abs));
  const difference = (others: ArrayLike<number>) =>
    Math.max(...values.map((value, i) => Math.abs(value - others[i]!))) / largest;
  const results = { loaded: difference(loaded[task]!), onnx: difference(exported[task]!.data as Float32Array) };
  console.log(`${task}: ${values.length} rows; largest relative difference ${JSON.stringify(results)}`);
  if (!(Math.max(results.loaded, results.onnx) <= TOLERANCE)) process.exitCode = 1;
}
