#!/usr/bin/env node
/**
 * One epoch of AdaTT-sp over the 199,523 training rows of census-income, and where its time goes.
 *
 *     npm run census-epoch -- --data DIR [--threads 1] [--batch 1024]
 *
 * The size is that of the bench's suite: 6 experts a level, of 128 and 64, towers of 32, embeddings of 8. Exit code 1 when
 * encoding all rows, assembling the batches and feeding them take a tenth of the epoch or more.
 */
import { parseArgs } from 'node:util';
import { adattSp } from '@polytask/adatt';
import { nodeRuntime } from '@polytask/compile';
import { embed, multiTaskModel } from '@polytask/core';
import { encode, fitSchema, readCensusIncome } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, fit } from '@polytask/training';
import * as tf from '@tensorflow/tfjs';
import { numberOption } from './number-option.js';
import { PhaseClock } from './phase-clock.js';
import { timedEngine } from './timed-engine.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    threads: { type: 'string', default: '1' },
    batch: { type: 'string', default: '1024' },
  },
});
if (values.data === undefined) throw new Error('Pass --data DIR, where the census-income files are.');
const [threads, batchSize] = [numberOption('threads', values.threads), numberOption('batch', values.batch)];
tf.enableProdMode();
await tf.setBackend('cpu');

const now = () => performance.now();
const began = now();
const { train: table } = await readCensusIncome(values.data);
const read = now();
const schema = fitSchema(table);
const fitted = now();
const rows = encode(table, schema);
const encoded = now();

const model = multiTaskModel({
  schema,
  network: adattSp({ levels: [128, 64].map((width) => ({ experts: mlp([width]), perTask: 2 })) }),
  input: embed({ dimension: 8 }),
  tower: mlp([32]),
  seed: 1,
});
const runtime = await nodeRuntime({ threads });
const clock = new PhaseClock(/** @type {import('./timed-engine.js').Phase} */ ('rest'));
const started = now();
const { steps, history } = await fit(
  model,
  { ...rows, batch: (at) => clock.during('assemble', () => rows.batch(at)) },
  {
    engine: timedEngine(runtime, clock),
    optimizer: adam(1e-3),
    batchSize,
    epochs: 1,
    progress: false,
  },
);
const epoch = now() - started;
const { maxRSS } = process.resourceUsage();

/** @param {string} what @param {number} milliseconds */
const line = (what, milliseconds) =>
  console.log(
    `${what.padEnd(34)} ${milliseconds.toFixed(0).padStart(7)} ms ${((100 * milliseconds) / epoch).toFixed(1).padStart(6)}%`,
  );
console.log(
  `census-income, ${rows.size.toLocaleString('en')} rows, ${steps} steps of ${batchSize}, ${model.parameterCount.toLocaleString('en')} parameters, ${threads} ${threads === 1 ? 'thread' : 'threads'}; mean loss ${history[0].loss.toFixed(4)}`,
);
line('the epoch', epoch);
line('  in session.run', clock.spent('session'));
line("  the optimizer's pass", clock.spent('update'));
line('  feeding', clock.spent('feed'));
line('  assembling batches', clock.spent('assemble'));
line('  tracing, writing, loading', clock.spent('start'));
line('  all else', clock.spent('rest'));
console.log('before it');
line('  reading the files', read - began);
line('  fitting the schema', fitted - read);
line('  encoding all rows, once', encoded - fitted);
console.log(`peak memory ${(maxRSS / 1024).toFixed(0)} MB`);
const share = (encoded - fitted + clock.spent('assemble') + clock.spent('feed')) / epoch;
console.log(`encoding, assembling and feeding: ${(100 * share).toFixed(1)}% of the epoch`);
if (share >= 0.1) process.exitCode = 1;
