import { readFile, writeFile } from 'node:fs/promises';
import { load } from '@polytask/core';
import { serve } from '@polytask/server';
import { encodeForOnnx } from '@polytask/serving';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import '@polytask/experts'; // the tower's expert
import 'outside-package'; // all other components of the saved model
import { DIRECTORY, rows } from './rows.ts';

/** The largest difference of two float32 results, relative to the largest number of the first. */
const TOLERANCE = 1e-5;

/** Predictions by task. */
type Predictions = Readonly<Record<string, ArrayLike<number>>>;

const wanted = JSON.parse(await readFile(`${DIRECTORY}/predictions.json`, 'utf8')) as Record<string, number[]>;
const model = await load(`${DIRECTORY}/model`);
const inputs = Object.entries(encodeForOnnx(model.schema, rows));
const byName = Object.fromEntries(inputs.map(([name, { data, ...rest }]) => [name, { ...rest, data: [...data] }]));
await writeFile(`${DIRECTORY}/inputs.json`, JSON.stringify(byName)); // for compare.py: NaN is null there

async function exported(): Promise<Predictions> {
  const session = await InferenceSession.create(`${DIRECTORY}/model.onnx`);
  const feeds = inputs.map(([name, { type, data, shape }]) => [
    name,
    new Tensor(type as 'float32', data as Float32Array, shape),
  ]);
  const outputs = await session.run(Object.fromEntries(feeds) as Record<string, Tensor>);
  return Object.fromEntries(Object.entries(outputs).map(([task, { data }]) => [task, data as Float32Array]));
}

async function served(): Promise<Predictions> {
  const { url, close } = await serve(model, { port: 0 });
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify(rows) });
    const { predictions } = (await response.json()) as { predictions: Record<string, number>[] };
    return Object.fromEntries(Object.keys(wanted).map((task) => [task, predictions.map((row) => row[task]!)]));
  } finally {
    await close();
  }
}

const ways: Record<string, Predictions> = {
  loaded: model.predict(rows) as Predictions,
  onnx: await exported(),
  http: await served(),
};
for (const [task, values] of Object.entries(wanted)) {
  const largest = Math.max(...values.map(Math.abs));
  const difference = (others: ArrayLike<number>) =>
    Math.max(...values.map((value, i) => Math.abs(value - others[i]!))) / largest;
  const differences = Object.entries(ways).map(([way, predictions]) => [way, difference(predictions[task]!)] as const);
  console.log(
    `${task}: ${values.length} rows; largest relative difference ${JSON.stringify(Object.fromEntries(differences))}`,
  );
  if (!differences.every(([, each]) => each <= TOLERANCE)) process.exitCode = 1;
}
