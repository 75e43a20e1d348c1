import { adatt } from '@polytask/adatt';
import { binary, load, multiTaskModel, openFolder, save, toBytes } from '@polytask/core';
import { categorical, csvStream, encodeStream, fitStreamSchema, numeric } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, evaluate, fit } from '@polytask/training';
import * as tf from '@tensorflow/tfjs';
import { modelOf, ROWS, rows } from './small-model.js';

// What the tests of real browsers do. It is the same in a page, in a worker and in Node.

/** Bytes by file name, as what crosses from Node to a page and back: plain JSON. @typedef {Record<string, number[]>} Files */

/** @param {string} backend */
async function useBackend(backend) {
  if (!(await tf.setBackend(backend))) throw new Error(`The backend "${backend}" of TensorFlow.js doesn't start here.`);
}

/**
 * Trains a model on a backend of TensorFlow.js with an engine.
 *
 * @param {{ backend: string, engine: 'auto' | 'compiled' | 'compiled-wasm' | 'eager', epochs?: number }} options
 */
export async function train({ backend, engine, epochs = 3 }) {
  await useBackend(backend);
  const examples = rows();
  const model = modelOf(examples);
  const result = await fit(model, examples, { engine, epochs, batchSize: 50, optimizer: adam(0.01), progress: false });
  const files = await filesOf(model);
  const predictions = await predictionsOf(model);
  model.dispose();
  return { engine: result.engine, losses: result.history.map(({ loss }) => loss), files, predictions };
}

/** The scores of an untrained model. @param {{ backend: string, engine: 'auto' | 'eager' }} options */
export async function score({ backend, engine }) {
  await useBackend(backend);
  const examples = rows();
  const model = modelOf(examples);
  const scores = await evaluate(model, examples, { engine });
  model.dispose();
  return scores;
}

/** The predictions of a model that was saved elsewhere. @param {{ backend: string, files: Files }} options */
export async function predict({ backend, files }) {
  await useBackend(backend);
  const model = await load(bytesOf(files));
  const predictions = await predictionsOf(model);
  model.dispose();
  return predictions;
}

/** Reads a CSV file as a stream, in pieces, and trains on it. @param {{ count: number }} options */
export async function trainOnFile({ count }) {
  await useBackend('cpu');
  const lines = Array.from({ length: count }, (_, r) => `${Math.sin(r)},${r % 5},${Number(Math.sin(r) > 0)}`);
  const file = new File([['age,place,click', ...lines].join('\n')], 'people.csv');
  const stream = csvStream(() => file, {
    features: { age: numeric(), place: categorical() },
    tasks: { click: binary() },
  });
  const schema = await fitStreamSchema(stream);
  const examples = encodeStream(stream, schema);
  const model = multiTaskModel({
    schema,
    network: adatt({ levels: [{ experts: mlp([4]), perTask: 1 }] }),
    seed: 7,
  });
  const { history, steps } = await fit(model, examples, {
    epochs: 2,
    batchSize: 100,
    engine: 'eager',
    progress: false,
  });
  model.dispose();
  return { losses: history.map(({ loss }) => loss), steps };
}

/**
 * Trains with checkpoints in the storage of the browser, and saves the model there.
 *
 * @param {{ directory: string, resume: boolean, stopAfter?: number }} options `stopAfter`: a step after which nothing more happens
 */
export async function trainInStorage({ directory, resume, stopAfter }) {
  await useBackend('cpu');
  const examples = rows();
  const model = modelOf(examples);
  let first = 0;
  await fit(model, examples, {
    engine: 'eager',
    epochs: 3,
    batchSize: 50,
    optimizer: adam(0.01),
    checkpoint: { directory: `${directory}/run`, everySteps: 3 },
    resume,
    callbacks: {
      onStep: async ({ step }) => {
        first ||= step;
        if (step === stopAfter) await new Promise(() => {}); // until the tab is closed
      },
    },
  });
  await save(model, `${directory}/model`);
  const loaded = await load(`${directory}/model`);
  return { first, files: await filesOf(loaded) };
}

/** What a folder does with files, one call after another. @param {{ directory: string }} options */
export async function useFolder({ directory }) {
  const folder = openFolder(directory);
  const text = async (/** @type {string} */ name) => {
    const bytes = await folder.read(name);
    return bytes && new TextDecoder().decode(bytes);
  };
  const turns = [1, 2, 3].map((n) =>
    folder.write(async (writer) => {
      await writer.appendLine('log', `begin ${n}`);
      await writer.appendLine('log', `end ${n}`);
    }),
  );
  await Promise.all(turns);
  return folder.write(async (writer) => {
    await writer.replace('a', 'one\ncut');
    await writer.appendLine('a', 'two');
    await writer.replace('b', 'old');
    await writer.move('a', 'b');
    await writer.remove('none');
    return {
      a: await text('a'),
      b: await text('b'),
      log: await text('log'),
      size: await writer.size('b'),
      none: await writer.size('none'),
    };
  });
}

/** @param {import('@polytask/core').MultiTaskModel<any>} model @returns {Promise<Record<string, number[]>>} */
async function predictionsOf(model) {
  const predictions = await model.predictAsync(ROWS.slice(0, 20));
  return Object.fromEntries(Object.entries(predictions).map(([task, values]) => [task, [...values]]));
}

/** @param {import('@polytask/core').MultiTaskModel<any>} model @returns {Promise<Files>} */
const filesOf = async (model) =>
  Object.fromEntries(Object.entries(await toBytes(model)).map(([name, bytes]) => [name, [...bytes]]));

/** @param {Files} files */
const bytesOf = (files) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
