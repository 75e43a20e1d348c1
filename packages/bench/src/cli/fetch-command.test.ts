import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { main } from './main.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-fetch-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(['fetch', ...argv], io);
  return { code, out: out(), err: err() };
}

test('a server without the files is an error that says how to get them by hand, and nothing is written', async () => {
  const server = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
  const { code, out, err } = await run('census-income', '--out', directory, '--url', url);
  server.close();
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('received no file');
  expect(err).toContain('archive.ics.uci.edu');
  expect(await readdir(directory)).toEqual([]);
});

test('a machine without a network is told so', async () => {
  const { code, err } = await run('census-income', '--out', directory, '--url', 'http://127.0.0.1:9/');
  expect(code).toBe(1);
  expect(err).toContain('http://127.0.0.1:9/');
  expect(err).toContain('archive.ics.uci.edu');
});

test('an unknown data set gets a suggestion, a missing directory what was expected', async () => {
  expect(await run('census', '--out', directory)).toMatchObject({
    code: 2,
    err: expect.stringContaining('census-income') as string,
  });
  expect(await run('census-income')).toMatchObject({
    code: 2,
    err: expect.stringContaining("'-o, --out <dir>'") as string,
  });
});
