#!/usr/bin/env node
/**
 * Requests a second and latencies of `polytask serve` beside onnxruntime in Python, with one model:
 *
 *     npm run compare-serving [-- --rounds 3] [--seconds 5] [--rows 1,64] [--connections 1,32] [--python FILE]
 *
 * Needs Python with onnxruntime, and FastAPI and uvicorn (Debian: python3-onnxruntime python3-fastapi python3-uvicorn). All servers run
 * at once, and the load goes to one after the other, `rounds` times, so that what else the machine does meets all of them. Ratios
 * are of neighboring runs; least and most are in brackets.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngine } from '@polytask/bench';
import { save } from '@polytask/core';
import { exportOnnx } from '@polytask/serving';
import autocannon from 'autocannon';
import { numberOption, numbersOption } from '../speed/number-option.js';
import { ROOT } from '../workspace.js';
import { requestFor, servingModel } from './serving-model.js';
import { startProcess } from './started-process.js';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: '/usr/bin/python3' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '1,64' },
    connections: { type: 'string', default: '1,32' },
  },
});
const rounds = numberOption('rounds', values.rounds);
const seconds = numberOption('seconds', values.seconds);

/** @typedef {{ name: string, server: import('./started-process.js').StartedProcess }} Contender */
/** @typedef {{ perSecond: number, p99: number }} Result */

await startEngine('cpu'); // a model is only made here
const directory = mkdtempSync(join(tmpdir(), 'compare-serving-'));
/** @type {Contender[]} */
const contenders = [];
try {
  const model = servingModel();
  const file = join(directory, 'model.onnx');
  await save(model, join(directory, 'model'));
  writeFileSync(file, await exportOnnx(model));
  const script = join(import.meta.dirname, 'serve_onnx.py');
  const command = join(ROOT, 'packages/bench/dist/cli.js');
  const serve = [command, 'serve', join(directory, 'model'), '--port', '0'];
  contenders.push({ name: 'polytask serve', server: await startProcess(process.execPath, serve) });
  for (const kind of ['fastapi', 'http']) {
    contenders.push({ name: `Python, ${kind}`, server: await startProcess(values.python, [script, file, kind]) });
  }
  await agree();
  for (const rows of numbersOption('rows', values.rows)) {
    for (const connections of numbersOption('connections', values.connections)) await compare(rows, connections);
  }
} finally {
  for (const { server } of contenders) server.child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
}

/** All servers predict the same numbers. */
async function agree() {
  const answers = await Promise.all(
    contenders.map(async ({ server: { url } }) => {
      const { url: place, ...request } = requestFor(url, 20);
      const response = await fetch(place, request);
      const { predictions } = /** @type {{ predictions: { click: number, minutes: number }[] }} */ (
        await response.json()
      );
      return predictions.flatMap(({ click, minutes }) => [click, minutes]);
    }),
  );
  for (const answer of answers) {
    if (answer.every((value, i) => Math.abs(value - answers[0][i]) < 1e-4)) continue;
    throw new Error(`The servers don't predict the same: ${JSON.stringify(answers.map((each) => each.slice(0, 4)))}`);
  }
}

/** @param {number} rows @param {number} connections */
async function compare(rows, connections) {
  /** @type {Result[][]} */
  const results = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [c, { server }] of contenders.entries()) results[c].push(await measure(server.url, rows, connections));
  }
  console.log(`\n${rows} ${rows === 1 ? 'row' : 'rows'} a request, ${connections} at a time`);
  for (const [c, { name }] of contenders.entries()) {
    const perSecond = results[c].map((result) => result.perSecond);
    const p99 = results[c].map((result) => result.p99);
    const ratios = perSecond.map((value, round) => results[0][round].perSecond / value);
    const beside = c === 0 ? '' : `, polytask ${spread(ratios, 1)} times as many`;
    console.log(`${name.padEnd(16)} ${spread(perSecond, 0)} requests a second, p99 ${spread(p99, 0)} ms${beside}`);
  }
}

/** @param {string} url @param {number} rows @param {number} connections @returns {Promise<Result>} */
async function measure(url, rows, connections) {
  const request = requestFor(url, rows);
  const { requests, latency, non2xx, errors } = await autocannon({ ...request, connections, duration: seconds });
  if (non2xx + errors > 0) throw new Error(`${url} failed ${non2xx + errors} of ${requests.total} requests.`);
  return { perSecond: requests.average, p99: latency.p99 };
}

/** The median, with least and most in brackets. @param {number[]} numbers @param {number} digits */
function spread(numbers, digits) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]];
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}
