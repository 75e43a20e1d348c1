import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
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

async function run(command: string[], interrupts = keyboard().interrupts) {
  const { io, out, err } = capturedIo();
  const code = await main(command, { ...io, interrupts });
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
