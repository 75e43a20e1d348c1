#!/usr/bin/env node
/**
 * Trains AdaTT-sp (320 inputs, 3 tasks × 2 experts of 64 and 32) for many steps, and shows what memory is held.
 *
 *     npm run memory -- [--steps 10000] [--batch 64] [--engine compiled|wasm|cpu] [--limit 8]
 *
 * The numbers are in MB, after a garbage collection, ten times. Exit code 1 when the second half adds more than --limit MB
 * to the resident set or to heap and buffers together, or a tensor to TF.js.
 */
import { parseArgs } from 'node:util';
import { adattSp } from '@polytask/adatt';
import { startEngine } from '@polytask/bench';
import { binary, denseSchema, emptyBatch, multiTaskModel, randomStream } from '@polytask/core';
import { encodedTable } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, fit } from '@polytask/training';
import * as tf from '@tensorflow/tfjs';
import { numberOption } from './number-option.js';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    batch: { type: 'string', default: '64' },
    engine: { type: 'string', default: 'compiled' },
    limit: { type: 'string', default: '8' },
  },
});
const [steps, batchSize, limit] = [
  numberOption('steps', values.steps),
  numberOption('batch', values.batch),
  numberOption('limit', values.limit),
];
const STEPS_PER_EPOCH = 20;

/** @typedef {{ step: number, rss: number, heap: number, buffers: number, tensors: number }} Sample */

const name = await startEngine(values.engine);
const schema = denseSchema(320, { first: binary(), second: binary(), third: binary() });
const model = multiTaskModel({
  schema,
  network: adattSp({ levels: [64, 32].map((width) => ({ experts: mlp([width]), perTask: 2 })) }),
  tower: mlp([16]),
  seed: 1,
});
const rows = table(STEPS_PER_EPOCH * batchSize);
/** @type {Sample[]} */
const samples = [];
console.log(
  `${name}, batches of ${batchSize}\n${'step'.padStart(8)} ${'RSS'.padStart(9)} ${'heap'.padStart(9)} ${'buffers'.padStart(9)} ${'tensors'.padStart(9)}`,
);
const started = performance.now();
await fit(model, rows, {
  engine: name === 'compiled' ? 'compiled' : 'eager',
  optimizer: adam(1e-3),
  batchSize,
  epochs: Math.ceil(steps / STEPS_PER_EPOCH),
  progress: false,
  callbacks: {
    onStep: ({ step }) => {
      if (step % Math.ceil(steps / 10) === 0) take(step);
      return step >= steps ? 'stop' : undefined;
    },
  },
});
const [middle, last] = [samples[Math.floor(samples.length / 2) - 1], samples[samples.length - 1]];
const grown = {
  resident: last.rss - middle.rss,
  held: last.heap + last.buffers - middle.heap - middle.buffers,
  tensors: last.tensors - middle.tensors,
};
console.log(
  `the second half: RSS ${signed(grown.resident)} MB, heap and buffers ${signed(grown.held)} MB, tensors ${grown.tensors}; ${((performance.now() - started) / 1000).toFixed(0)} s`,
);
if (grown.resident > limit || grown.held > limit || grown.tensors > 0) {
  console.error(`More than ${limit} MB, or tensors, were added.`);
  process.exitCode = 1;
}

/** @param {number} step */
function take(step) {
  if (!globalThis.gc) throw new Error('Run it with node --expose-gc.');
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  const sample = {
    step,
    rss: rss / 2 ** 20,
    heap: heapUsed / 2 ** 20,
    buffers: external / 2 ** 20,
    tensors: tf.memory().numTensors,
  };
  samples.push(sample);
  /** @param {number} number */
  const cell = (number) => number.toFixed(1).padStart(9);
  console.log(
    `${String(step).padStart(8)} ${cell(sample.rss)} ${cell(sample.heap)} ${cell(sample.buffers)} ${String(sample.tensors).padStart(9)}`,
  );
}

/** @param {number} number */
function signed(number) {
  return `${number >= 0 ? '+' : '−'}${Math.abs(number).toFixed(2)}`;
}

/** @param {number} size */
function table(size) {
  const random = randomStream(1, 'rows');
  const batch = emptyBatch(size, model.layout, model.taskNames);
  return encodedTable(schema, {
    ...batch,
    numeric: random.normal(size * 320),
    labels: random.uniform(batch.labels.length).map((u) => Number(u < 0.3)),
    weights: batch.weights.fill(1),
  });
}
