import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { main } from './main.ts';
import { inputFile } from './standard-streams.ts';

const TABLE = `size,sold\n${Array.from({ length: 60 }, (_, i) => `${i % 17},${i % 3 ? 'yes' : 'no'}\n`).join('')}`;

async function run(text: string, ...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(argv, { ...io, stdin: Readable.from([Buffer.from(text)]) });
  return { code, out: out(), err: err() };
}

test('describe reads stdin, whose format is that of its first bytes or the named one', async () => {
  const csv = await run(TABLE, 'describe', '-');
  expect([csv.code, csv.err]).toEqual([0, '']);
  expect(csv.out).toContain('Save the rows of stdin in a file first:\n  polytask describe stdin.csv --out stdin.json');
  const named = await run(`{${TABLE}`, 'describe', '-', '--format', 'csv', '--json');
  const { dataset } = JSON.parse(named.out) as { dataset: { features: object } };
  expect(Object.keys(dataset.features)).toEqual(['{size']);
});

test('describe proposes to write the data set file of a URL here', async () => {
  const server = createServer((_, response) => response.end(TABLE)).listen(0);
  const url = `http://localhost:${(server.address() as AddressInfo).port}/shops/rows.csv?day=2`;
  const { out } = await run('', 'describe', url).finally(() => server.close());
  expect(out).toContain(`\n  polytask describe ${url} --out rows.json\n`);
  expect(out).toContain('\n  polytask train rows.json --allow-files-outside --out rows-model\n');
});

test('describe refuses to write a data set file of stdin, and an empty stdin', async () => {
  const refused = await run(TABLE, 'describe', '-', '--out', 'stdin.json');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('received stdin. Save the rows in a file')]);
  const empty = await run('', 'describe', '-');
  expect([empty.code, empty.err]).toEqual([1, expect.stringContaining('at least one row in stdin')]);
});

test.each([
  ['PAR1\u0015', '.parquet'],
  ['ARROW1\0\0', '.arrow'],
  ['\uFEFF\n [{"a": 1}]', '.json'],
  ['{"a": 1}', '.jsonl'],
  ['a,b', '.csv'],
])('stdin of %j is copied whole to a file that ends in %s', async (text, ending) => {
  const file = await inputFile('-', { stdin: Readable.from([...Buffer.from(text)].map((byte) => Buffer.of(byte))) });
  if (typeof file === 'string') expect.unreachable('stdin has no path');
  expect(file.name).toBe(`stdin${ending}`);
  expect(Buffer.from(await file.arrayBuffer()).toString()).toBe(text);
});
