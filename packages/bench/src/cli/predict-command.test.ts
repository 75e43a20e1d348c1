import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { save } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { keyboard } from '../testing/keyboard.ts';
import { smallModel, smallRows } from '../testing/small-model.ts';
import { main } from './main.ts';

let directory: string;
const model = smallModel();
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-predict-'));
  await save(model, at('model'));
  await writeFile(at('rows.csv'), 'id;age;job\na;31;cook\nb;55;pilot\nc;;\n');
});
afterAll(async () => {
  model.dispose();
  await tf.setBackend('cpu');
  await rm(directory, { recursive: true });
});

const at = (name: string) => path.join(directory, name);

async function run(command: string[], interrupts = keyboard().interrupts, stdin?: AsyncIterable<Uint8Array>) {
  const { io, out, err } = capturedIo();
  const code = await main(command, { ...io, interrupts, stdin });
  return { code, out: out(), err: err() };
}

test('predict writes the predictions, and says where they are and what predicted', async () => {
  const argv = ['predict', at('model'), at('rows.csv'), '--out', at('out.csv'), '--keep', 'id', '--delimiter', ';'];
  expect(await run(argv)).toEqual({
    code: 0,
    out: `Written: ${at('out.csv')}, 3 rows of id, income, age\n`,
    err: 'Predicting with onnxruntime-node\n',
  });
  const { income } = model.predict(smallRows);
  const lines = (await readFile(at('out.csv'), 'utf8')).trimEnd().split('\n').slice(1);
  expect(lines.map((line) => line[0])).toEqual(['a', 'b', 'c']);
  lines.forEach((line, row) => expect(Number(line.split(',')[1])).toBeCloseTo(income[row]!, 6));
});

const ROWS = [{ id: 'a', age: 31, job: 'cook' }, { id: 'b\u0007', age: 55, job: 'pilot' }]; // prettier-ignore

test.each([
  ['id,age,job\na,old,cook\n', 'stdin.csv, line 2'],
  ['{"id": "a", "age": "old", "job": "cook"}\n', 'stdin.jsonl, row 0'],
])('a message on a row of stdin names it: %j', async (rows, place) => {
  const argv = ['predict', at('model'), '-', '--out', at('x.csv'), '--force'];
  const { code, err } = await run(argv, undefined, Readable.from([Buffer.from(rows)]));
  expect([code, err]).toEqual([1, expect.stringContaining(`in ${place}, column "age", received "old"`)]);
});

test.each([
  [
    'CSV',
    'id,age,job\na,31,cook\nb\u0007,55,pilot\n',
    (out: string) =>
      out
        .split('\n')
        .slice(1, 3)
        .map((line) => line.split(',')),
  ],
  ['JSON', `\uFEFF ${JSON.stringify(ROWS)}`, jsonRows],
  ['JSON lines, gzip', gzipSync(ROWS.map((row) => JSON.stringify(row)).join('\n')), jsonRows],
] as const)('predict reads %s from stdin, and writes only predictions to stdout', async (_, rows, read) => {
  const argv = ['predict', at('model'), '-', '--out', '-', '--keep', 'id'];
  const bytes = Buffer.from(rows);
  const { code, out, err } = await run(argv, undefined, Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]));
  expect([code, err]).toEqual([0, expect.stringMatching(/\nWritten: stdout, 2 rows of id, income, age\n$/)]);
  const { income } = model.predict(ROWS);
  const found = read(out);
  expect(found.map(([id]) => id)).toEqual(['a', 'b\u0007']);
  found.forEach((row, i) => expect(Number(row[1])).toBeCloseTo(income[i]!, 6));
});

function jsonRows(out: string): unknown[][] {
  return out.trimEnd().split('\n').map((line) => Object.values(JSON.parse(line) as object)); // prettier-ignore
}

test('predict says what is wrong, and after Ctrl-C that nothing was written', async () => {
  const argv = ['predict', at('model'), at('rows.csv'), '--out', at('none.parquet')];
  const wrong = await run(argv);
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('pass delimiter')]);
  const { interrupts, press } = keyboard();
  const stopped = run([...argv, '--delimiter', ';'], {
    ...interrupts,
    on: (signal, listener) => (interrupts.on(signal, listener), press()), // as soon as it listens
  });
  expect(await stopped).toMatchObject({
    code: 130,
    err: expect.stringMatching(/Stopped\. .* was not written\.\n$/) as string,
  });
  expect((await readdir(directory)).filter((name) => name.startsWith('none'))).toEqual([]);
});
