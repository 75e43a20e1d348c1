import { adattSp } from '@polytask/adatt';
import { webRuntime } from '@polytask/compile';
import { binary, denseSchema, emptyBatch, multiTaskModel, randomStream } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { adam, eagerEngine } from '@polytask/training';
import { compiledEngine } from '@polytask/training/compiled';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { takeCalls } from './calls.js';

// Times whole training steps of AdaTT-sp with Adam: the compiled engine and TF.js's wasm backend, in turns.

/**
 * @typedef {{ inputDim: number, tasks: number, dims: number[], perTask: number, tower: number[], batch: number }} Sizes
 * @param {{ sizes: Sizes, threads: number, rounds: number, milliseconds: number }} options
 * @returns {Promise<{ compiled: number, wasm: number }[]>} the median of a step in ms, by round
 */
async function time({ sizes, threads, rounds, milliseconds }) {
  setWasmPaths('/');
  await tf.setBackend('wasm');
  const batch = batchOf(sizes);
  const recipe = { optimizer: adam(1e-3), clip: {} };
  const engines = { compiled: compiledEngine({ runtime: await webRuntime({ threads }) }), wasm: eagerEngine };
  const [compiled, wasm] = await Promise.all(
    [engines.compiled, engines.wasm].map(async (engine) => {
      const step = await engine.train(modelOf(sizes), recipe);
      for (let i = 0; i < 3; i++) await step.run(batch, 1e-3);
      return step;
    }),
  );
  const found = [];
  for (let round = 0; round < rounds; round++) {
    /** @type {Record<string, number>} */
    const medians = {};
    const turns = /** @type {const} */ ([
      ['compiled', compiled],
      ['wasm', wasm],
    ]);
    for (const [name, step] of round % 2 === 0 ? turns : [...turns].reverse()) {
      medians[name] = await medianOf(() => step.run(batch, 1e-3), milliseconds);
    }
    found.push({ compiled: medians['compiled'], wasm: medians['wasm'] });
  }
  return found;
}

/** @param {Sizes} sizes */
function schemaOf({ inputDim, tasks }) {
  const named = Object.fromEntries(Array.from({ length: tasks }, (_, t) => [`task${t}`, binary()]));
  return denseSchema(inputDim, named);
}

/** @param {Sizes} sizes */
const modelOf = (sizes) =>
  multiTaskModel({
    schema: schemaOf(sizes),
    network: adattSp({ levels: sizes.dims.map((width) => ({ experts: mlp([width]), perTask: sizes.perTask })) }),
    tower: mlp(sizes.tower),
    seed: 1,
  });

/** @param {Sizes} sizes */
function batchOf(sizes) {
  const model = modelOf(sizes);
  const batch = emptyBatch(sizes.batch, model.layout, model.taskNames);
  batch.numeric.set(randomStream(1, 'rows').normal(batch.numeric.length));
  batch.weights.fill(1);
  batch.labels.forEach((_, i) => (batch.labels[i] = i % 2));
  model.dispose();
  return batch;
}

/** @param {() => Promise<unknown>} run @param {number} milliseconds */
async function medianOf(run, milliseconds) {
  const times = [];
  for (const end = performance.now() + milliseconds; performance.now() < end || times.length < 3;) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

takeCalls({ time });
