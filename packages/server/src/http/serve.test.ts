import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { save } from '@polytask/core';

import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { people, peopleModel } from '../testing/people.ts';
import type { ServeOptions } from './serve-options.ts';
import { serve, type Service } from './serve.ts';

let directory: string;
const model = peopleModel();
const sockets: Socket[] = [];
beforeAll(async () => {
  await tf.setBackend('cpu');
  directory = await mkdtemp(join(tmpdir(), 'polytask-serve-'));
  await save(model, directory);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  model.dispose();
  await rm(directory, { recursive: true });
});

const start = (options: ServeOptions = {}) => serve(directory, { port: 0, ...options });

/** A connection that has sent some text. */
async function connection({ url }: Service, text = ''): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** All that the server sends until it ends the connection. */
async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (piece) => (text += String(piece)));
  await once(socket, 'close');
  return text;
}

const post = (url: string, body: string) =>
  fetch(`${url}/predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

/** A connection on which the server has read the head of a request, and waits for its body. */
async function underWayOn(service: Service, length: number): Promise<Socket> {
  const socket = await connection(service, head(length, 'Expect: 100-continue\r\n'));
  await once(socket, 'data'); // 100 Continue
  return socket;
}

const head = (length: number, more = '') =>
  `POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${more}Content-Length: ${length}\r\n\r\n`;

it('serves a folder, answers what is under way when it closes, and ends connections without a request', async () => {
  const service = await start();
  expect(service.engine).toBe('onnxruntime-node');
  const response = await post(service.url, JSON.stringify(people));
  const { predictions } = (await response.json()) as { predictions: { rich: number }[] };
  predictions.forEach(({ rich }, i) => expect(rich).toBeCloseTo(model.predict(people).rich[i]!, 5));

  const body = JSON.stringify(people);
  const silent = answerOf(await connection(service));
  const underWay = await underWayOn(service, body.length);
  const closed = service.close();
  const answer = answerOf(underWay);
  underWay.write(body);
  expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*"predictions":\[\{"rich":/i);
  expect(await silent).toBe('');
  await closed;
  await service.close(); // a second time does nothing
  await expect(post(service.url, body)).rejects.toThrow();
});

it('cuts what is too slow when it closes', async () => {
  const service = await start({ graceMs: 50 });
  const slow = answerOf(await underWayOn(service, 100));
  await service.close();
  expect(await slow).toBe('');
});

it('answers a client that is too slow with 408, and a large body with 413 before it has come', async () => {
  const service = await start({ timeoutMs: 100, maxBodyBytes: 1000 });
  const slow = answerOf(await connection(service, head(100) + '['));
  const large = answerOf(await connection(service, head(1e8)));
  expect(await large).toMatch(/^HTTP\/1\.1 413 [^]*connection: close\r\n[^]*at most 1000 bytes/i);
  expect(await slow).toMatch(/^HTTP\/1\.1 408 /);
  await service.close();
});

it('refuses unknown options, a taken port, a folder without a model, and a file without a token', async () => {
  await expect(start({ maxRow: 3 } as ServeOptions)).rejects.toThrow('Did you mean "maxRows"?');
  await expect(start({ port: 1e6 })).rejects.toThrow('a whole number in [0, 65535] for serve.port');
  await expect(serve(join(directory, 'none'))).rejects.toThrow('There is no model.json');
  const tokenFile = join(directory, 'tokens');
  await expect(start({ tokenFile })).rejects.toThrow('a file of tokens');
  await writeFile(tokenFile, 'secret');
  const service = await serve(model, { port: 0, tokenFile });
  expect((await fetch(`${service.url}/model`)).status).toBe(401);
  await expect(start({ port: Number(new URL(service.url).port) })).rejects.toThrow('EADDRINUSE');
  await service.close();
  expect(model.predict(people).rich).toHaveLength(3); // a model of the caller's stays as it is
});

it('reads values as the files of the model are read', async () => {
  const cells = { age: { unit: 'y', valid: [0, 120] }, state: { merge: { Utah: ['utah'] } } };
  const rows = { csv: { missing: ['?', '-9'] }, cells, features: {}, tasks: {} };
  await writeFile(join(directory, 'dataset.json'), JSON.stringify(rows));
  const service = await start();
  try {
    const marked = [
      { age: '?', state: '?', street: '?', hobbies: ['?', 'golf'] },
      { age: -9, state: 'Utah', street: 'Elm', hobbies: '?' },
      { age: '41 y', state: 'utah', street: 'Elm', hobbies: null },
      { age: 199, state: 'Utah', street: 'Elm', hobbies: null },
    ];
    const plain = [
      { age: null, state: null, street: null, hobbies: [null, 'golf'] },
      { age: null, state: 'Utah', street: 'Elm', hobbies: null },
      { age: 41, state: 'Utah', street: 'Elm', hobbies: null },
      { age: null, state: 'Utah', street: 'Elm', hobbies: null },
    ];
    const [read, expected] = await Promise.all(
      [marked, plain].map(async (each) => (await post(service.url, JSON.stringify(each))).json() as Promise<object>),
    );
    expect(read).toEqual(expected);
    expect(read).toHaveProperty('predictions');
    const labeled = await fetch(`${service.url}/labels`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(marked.map((row, i) => ({ ...row, rich: i === 0 ? '?' : 1 }))),
    });
    expect(await labeled.json()).toEqual({ labels: { rich: 3, marital: 0, hours: 0 } });
  } finally {
    await service.close();
    await rm(join(directory, 'dataset.json'));
  }
});
