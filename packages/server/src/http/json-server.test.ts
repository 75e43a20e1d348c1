import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { HttpError } from './http-error.ts';
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
async function echo(limits: Partial<JsonServerOptions> = {}) {
  const answers: Answer[] = [];
  const errors: unknown[] = [];
  const server = jsonServer(
    { 'POST /echo': (body) => ({ body }), 'GET /ready': () => 'ready', 'GET /health': () => 'ok' },
    {
      ...{ maxBodyBytes: 100, maxBufferedBytes: 100, maxConnections: 4, timeoutMs: 10_000, admit: () => {}, ...limits },
      onAnswer: (answer) => answers.push(answer),
      onError: (error) => errors.push(error),
    },
  );
  servers.push(server);
  const url = await listen(server, { host: '127.0.0.1', port: 0 });
  const open = () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    sockets.push(socket);
    return socket;
  };
  return { server, socket: open(), open, url, answers, errors };
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
    const id = /^X-Request-Id: ([\w-]{36})$/m.exec(head!)![1];
    expect(JSON.parse(body!)).toEqual({ error: expect.stringContaining(error) as string, requestId: id });
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
  socket.write('[1]GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await answer).toMatch(
    /^HTTP\/1\.1 200 [^]*{"body":\[1\]}HTTP\/1\.1 200 [^]*"ok"HTTP\/1\.1 503 [^]*retry-after: 1[^]*is stopping/,
  );
});

const send = async (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
  const head = { 'content-type': 'application/json', ...headers };
  const response = await fetch(`${url}/echo`, { method: 'POST', headers: head, body });
  return { status: response.status, headers: response.headers, ...((await response.json()) as { error?: string }) };
};

it('decodes the encodings that HTTP has had for long, up to the limit, and names them for others', async () => {
  const { url } = await echo();
  const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
  for (const [encoding, encode] of Object.entries(encoders)) {
    const headers = { 'content-encoding': encoding.toUpperCase() };
    expect(await send(url, Uint8Array.from(encode('[1]')), headers)).toMatchObject({ status: 200, body: [1] });
    const bomb = await send(url, Uint8Array.from(encode(Buffer.alloc(1e4, ' '))), headers);
    expect([bomb.status, bomb.error]).toEqual([413, expect.stringContaining('at most 100 bytes')]);
    const cut = await send(url, Uint8Array.from(encode('[1,2,3]').subarray(0, -3)), headers);
    expect([cut.status, cut.error]).toEqual([400, expect.stringContaining(`in the content encoding ${encoding}: `)]);
  }
  expect((await send(url, '[1]', { 'content-encoding': 'gzip' })).error).toContain('incorrect header check');
  for (const encoding of ['zstd', 'gzip, br', 'constructor']) {
    const other = await send(url, '[1]', { 'content-encoding': encoding });
    expect([other.status, other.headers.get('accept-encoding')]).toEqual([415, 'identity, gzip, deflate, br']);
    expect(other.error).toContain(`received ${encoding}`);
  }
});

it('takes UTF-8 and no other character set', async () => {
  const { url } = await echo();
  const as = (charset: string) => send(url, '["é"]', { 'content-type': `application/json; charset=${charset}` });
  for (const charset of ['utf-8', 'UTF8', '"utf-8"']) expect(await as(charset)).toMatchObject({ body: ['é'] });
  for (const charset of ['iso-8859-1', 'utf-16', '']) {
    expect(await as(charset)).toMatchObject({
      status: 415,
      error: expect.stringContaining('the charset utf-8') as string,
    });
  }
});

it('refuses large bodies while others hold too many bytes, answers small ones, and takes large ones again after that', async () => {
  const { url, socket } = await echo({ maxBodyBytes: 200_000, maxBufferedBytes: 150_000 });
  const large = JSON.stringify('x'.repeat(120_000));
  expect((await send(url, large)).status).toBe(200);
  socket.write(`${POST}Expect: 100-continue\r\nContent-Length: 200000\r\n\r\n`);
  await once(socket, 'data'); // 100 Continue
  socket.write(Buffer.alloc(190_000, ' ')); // 124,464 of them count
  const statusOf = async (body: string) => (await send(url, body)).status;
  await expect.poll(() => statusOf(large), { timeout: 20_000 }).toBe(503);
  expect(await statusOf('[1]')).toBe(200);
  expect((await send(url, Uint8Array.from(gzipSync(large)), { 'content-encoding': 'gzip' })).status).toBe(503);
  socket.destroy();
  await expect.poll(() => statusOf(large), { timeout: 20_000 }).toBe(200);
  for (let i = 0; i < 5; i++) expect(await statusOf(large)).toBe(200);
});

it('closes a connection beyond the limit', async () => {
  const { server, socket, open } = await echo({ maxConnections: 1 });
  await once(socket, 'connect');
  const dropped = once(server, 'drop');
  expect(await untilClosed(open())).toBe('');
  await dropped;
});

it('gives each request an id, or takes that of the client', async () => {
  const { url } = await echo({
    admit: () => {
      throw new HttpError(401, 'No.');
    },
  });
  for (const [given, kept] of [
    ['trace-1:a/b=', true],
    ['x'.repeat(129), false],
    ['a b', false],
  ] as const) {
    const response = await fetch(`${url}/ready`, { headers: { 'x-request-id': given } });
    const { requestId } = (await response.json()) as { requestId: string };
    expect([response.status, response.headers.get('x-request-id')]).toEqual([401, requestId]);
    expect(requestId === given).toBe(kept);
    if (!kept) expect(requestId).toMatch(/^[\da-f-]{36}$/);
  }
});

it('cuts a client that reads nothing of its answer', async () => {
  const { server, socket } = await echo({ maxBodyBytes: 2e7, maxBufferedBytes: 2e7, timeoutMs: 300 });
  const ended = once(server, 'connection').then(([each]) => once(each as Socket, 'close'));
  const body = JSON.stringify('x'.repeat(1.5e7)); // more than the buffers of a connection
  socket.pause();
  socket.write(`${POST}Content-Length: ${body.length}\r\n\r\n${body}`);
  await ended;
});
