import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { jsonServer, type JsonServerOptions } from './json-server.ts';
import { listen } from './serve.ts';

type Answer = Parameters<JsonServerOptions['onAnswer']>[0];

const sockets: Socket[] = [];
const servers: { close(): void }[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A server that echoes bodies, a connection to it, and what it reports. */
async function echo() {
  const answers: Answer[] = [];
  const errors: unknown[] = [];
  const server = jsonServer(
    { 'POST /echo': (body) => ({ body }), 'GET /ready': () => 'ready' },
    {
      ...{ maxBodyBytes: 100, timeoutMs: 10_000 },
      onAnswer: (answer) => answers.push(answer),
      onError: (error) => errors.push(error),
    },
  );
  servers.push(server);
  const { port } = new URL(await listen(server, { host: '127.0.0.1', port: 0 }));
  const socket = connect(Number(port), '127.0.0.1');
  sockets.push(socket);
  return { server, socket, answers, errors };
}

async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (piece) => (text += String(piece)));
  await once(socket, 'close');
  return text;
}

const POST = 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

it('answers what is no HTTP, and a head that is too large, with JSON', async () => {
  for (const [text, status, error] of [
    ['NONSENSE\r\n\r\n', 400, 'Expected a request'],
    [`GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431, 'too large'],
  ] as const) {
    const { socket, answers } = await echo();
    socket.write(text);
    const [head, body] = (await untilClosed(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*Connection: close`));
    expect((JSON.parse(body!) as { error: string }).error).toContain(error);
    expect(answers).toEqual([]);
  }
});

it('counts the bytes of a body that does not say its length', async () => {
  const { socket, answers } = await echo();
  const chunk = `40\r\n${'1'.repeat(64)}\r\n`;
  socket.write(`${POST}Transfer-Encoding: chunked\r\n\r\n${chunk}`);
  socket.write(chunk);
  expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 413 [^]*connection: close[^]*at most 100 bytes/);
  expect(answers).toMatchObject([{ method: 'POST', route: '/echo', status: 413 }]);
});

it('refuses bytes that are no UTF-8', async () => {
  const { socket } = await echo();
  socket.write(`${POST}Content-Length: 3\r\nConnection: close\r\n\r\n`);
  socket.write(Buffer.from('"é"', 'latin1'));
  expect(await untilClosed(socket)).toMatch(/^HTTP\/1\.1 400 [^]*JSON in UTF-8/);
});

it('takes a client that leaves for no error', async () => {
  const { server, socket, answers, errors } = await echo();
  const response = once(server, 'request').then(([, each]) => once(each as NodeJS.EventEmitter, 'close'));
  socket.write(`${POST}Content-Length: 50\r\n\r\n[`);
  await once(server, 'request');
  socket.destroy();
  await response;
  expect([answers, errors]).toEqual([[], []]);
});

it('answers what is under way when it closes, and refuses what comes after it', async () => {
  const { server, socket } = await echo();
  socket.write(`${POST}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`);
  await once(socket, 'data'); // 100 Continue
  server.close();
  const answer = untilClosed(socket);
  socket.write('[1]GET /ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*{"body":\[1\]}HTTP\/1\.1 503 [^]*retry-after: 1[^]*is stopping/);
});
