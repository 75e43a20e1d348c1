#!/usr/bin/env node
/**
 * Does to `polytask serve` what the world does to a server, with a real process:
 *
 *     npm run check-server [-- --requests 100000 --connections 200 --minutes 10]
 *
 * A body of 100 MB, 200 unfinished bodies of 4 MiB, 1,000 idle connections, clients that send a byte now and then, many requests whose
 * memory and latency are printed, and SIGTERM under load. With `--minutes`, the requests are spread over that time, and the model is
 * replaced every minute. Prints a line a check; exits with 1 if one fails.
 */
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngine } from '@polytask/bench';
import { save } from '@polytask/core';
import autocannon from 'autocannon';
import { numberOption } from '../speed/number-option.js';
import { ROOT } from '../workspace.js';
import { requestFor, servingModel, servingRows } from './serving-model.js';
import { startProcess } from './started-process.js';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '240000' },
    connections: { type: 'string', default: '32' },
    minutes: { type: 'string' },
  },
});
const requests = numberOption('requests', values.requests);
const clients = numberOption('connections', values.connections);
const minutes = values.minutes === undefined ? 0 : numberOption('minutes', values.minutes);

const IDLE = 1000;
const SLOW = 50;
const UNFINISHED = 200;
const BODY_BYTES = 4 * 2 ** 20;
const TIMEOUT_SECONDS = 3;
/** The requests may add this much to the resident set. V8's heap fills up by 60 to 80 MB, within the first 60,000 to 200,000. */
const MOST_GROWTH_MB = 120;
/** Unfinished bodies may add this much: the 64 MiB that are counted, the 64 KiB of each that are not, and the parts that are read. */
const MOST_BODIES_MB = 160;

/** @param {boolean} passed @param {string} what */
function report(passed, what) {
  if (!passed) process.exitCode = 1;
  console.log(`${passed ? '✓' : '✗'} ${what}`);
}

await startEngine('cpu'); // a model is only made here
const directory = mkdtempSync(join(tmpdir(), 'check-server-'));
try {
  await save(servingModel(), directory);
  const command = join(ROOT, 'packages/bench/dist/cli.js');
  const argv = [command, 'serve', directory, '--port', '0', '--timeout', String(TIMEOUT_SECONDS)];
  const server = await startProcess(process.execPath, argv);
  try {
    await check(server);
  } finally {
    server.child.kill('SIGKILL');
  }
} finally {
  rmSync(directory, { recursive: true });
}

/** @param {import('./started-process.js').StartedProcess} server */
async function check(server) {
  const { url } = server;
  report(await predicts(url), `it predicts at ${url}`);
  report((await largeBody(url)) === 413, 'a body of 100 MB gets status 413');
  report(await predicts(url), 'it predicts after that');
  await unfinishedBodies(server);

  const idle = await connections(url, IDLE, '');
  report(await predicts(url), `it predicts beside ${idle.length} idle connections`);
  const slow = await connections(url, SLOW, 'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n');
  const drip = setInterval(() => slow.forEach((socket) => socket.write('X-A: b\r\n')), 200);
  const started = performance.now();
  report(await predicts(url), `it predicts beside ${SLOW} slow clients`);
  await Promise.all(slow.map((socket) => socket.destroyed || first(socket, 'close')));
  clearInterval(drip);
  const seconds = (performance.now() - started) / 1000;
  report(
    seconds < 3 * TIMEOUT_SECONDS,
    `slow clients are cut after ${seconds.toFixed(1)} s, of ${TIMEOUT_SECONDS} allowed`,
  );
  for (const socket of idle) socket.destroy();

  await flatMemory(server);
  await stopUnderLoad(server);
}

/** @param {string} url */
async function predicts(url) {
  const { url: place, ...request } = requestFor(url, 3);
  const response = await fetch(place, request);
  const { predictions } = /** @type {{ predictions: unknown[] }} */ (await response.json());
  return response.status === 200 && predictions.length === 3;
}

/**
 * The status of the answer to a head that announces 100 MB. The body is sent whatever the server answers, until it cuts the connection.
 * Not before: TCP drops an answer that a client has not read when it writes to a closed connection.
 *
 * @param {string} url
 */
async function largeBody(url) {
  const [socket] = await connections(
    url,
    1,
    `POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${1e8}\r\n\r\n`,
  );
  let answer = '';
  socket.on('data', (piece) => (answer += String(piece)));
  await first(socket, 'data', 'close');
  const piece = Buffer.alloc(1e6, ' ');
  for (let sent = 0; sent < 1e8 && !socket.destroyed; sent += piece.length) {
    if (!socket.write(piece)) await first(socket, 'drain', 'close');
  }
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

/**
 * Waits for the first of some events. An error is none: the server may cut a connection.
 *
 * @param {import('node:net').Socket} socket @param {string[]} events @returns {Promise<void>}
 */
function first(socket, ...events) {
  return new Promise((resolve) => events.forEach((event) => socket.once(event, () => resolve())));
}

/** Open connections that have sent some text. @param {string} url @param {number} count @param {string} text */
async function connections(url, count, text) {
  const { hostname, port } = new URL(url);
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {}); // the server may cut it at any time
      await first(socket, 'connect', 'close');
      socket.write(text);
      return socket;
    }),
  );
}

/** The resident set of a process, in MB. @param {import('./started-process.js').StartedProcess} server */
function residentOf({ child }) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1e3;
}

/** @param {import('./started-process.js').StartedProcess} server */
async function unfinishedBodies(server) {
  const { url } = server;
  const before = residentOf(server);
  const head = `POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`;
  const sockets = await connections(url, UNFINISHED, head + ' '.repeat(BODY_BYTES - 1));
  const closed = Promise.all(sockets.map((socket) => socket.resume().destroyed || first(socket, 'close')));
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, residentOf(server))), 50);
  report(await predicts(url), `it predicts beside ${UNFINISHED} unfinished bodies of 4 MiB`);
  await closed;
  clearInterval(timer);
  report(most - before < MOST_BODIES_MB, `they add at most ${(most - before).toFixed(0)} MB, and are cut`);
}

/** @param {import('./started-process.js').StartedProcess} server */
async function flatMemory(server) {
  const { url } = server;
  let swaps = 0;
  const swap = setInterval(() => void save(servingModel(++swaps + 1), directory), 60_000);
  if (minutes === 0) clearInterval(swap);
  const samples = [residentOf(server)];
  const [quarters, latencies] = [minutes === 0 ? 4 : 4 * Math.ceil(minutes / 4), /** @type {number[]} */ ([])];
  let good = 0;
  for (let i = 0; i < quarters; i++) {
    const amount = requests / quarters;
    const rate = minutes === 0 ? {} : { overallRate: Math.ceil(requests / (60 * minutes)) };
    const done = await autocannon({ ...requestFor(url, 1), connections: clients, amount, ...rate });
    good += done['2xx'];
    latencies.push(done.latency.p99);
    samples.push(residentOf(server));
  }
  clearInterval(swap);
  const growth = Math.max(...samples) - samples[0];
  report(good === requests, `${good} of ${requests} requests on ${clients} connections are answered with 200`);
  report(true, `p99 of their latency: ${latencies.join(', ')} ms`);
  report(growth < MOST_GROWTH_MB, `they add little memory: ${samples.map((mb) => mb.toFixed(0)).join(', ')} MB`);
  if (minutes === 0) return;
  const done = /^polytask_reloads\{result="done"\} (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  report(Number(done) === swaps && swaps > 0, `${done} of ${swaps} replaced models were loaded meanwhile`);
}

/**
 * SIGTERM comes when the server has the heads of requests. Their bodies follow.
 *
 * @param {import('./started-process.js').StartedProcess} server
 */
async function stopUnderLoad({ child, url, ended }) {
  const body = JSON.stringify(servingRows(2000));
  const head = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nExpect: 100-continue\r\n\r\n`;
  const sockets = await connections(url, 20, `POST /predict HTTP/1.1\r\nHost: a\r\n${head}`);
  await Promise.all(sockets.map((socket) => first(socket, 'data', 'close')));
  const started = performance.now();
  child.kill('SIGTERM');
  const answers = sockets.map(async (socket) => {
    let text = '';
    socket.on('data', (piece) => (text += String(piece)));
    socket.write(body);
    await first(socket, 'close');
    return text.startsWith('HTTP/1.1 200') && text.endsWith('}]}');
  });
  const whole = (await Promise.all(answers)).filter(Boolean).length;
  const code = await ended;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  report(
    whole === sockets.length && code === 0,
    `SIGTERM: ${whole} of ${sockets.length} requests of 2,000 rows under way are answered; exit code ${code} after ${seconds} s`,
  );
}
