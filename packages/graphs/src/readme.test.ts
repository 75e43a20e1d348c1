import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
// README
import { nodeRuntime } from '@polytask/compile';
import { lossesOf } from '@polytask/core';
import { ForwardGraphs, traceModel } from '@polytask/graphs';
// END
import * as graphs from './index.ts';
import { tinyBatch, tinyModel } from './testing/tiny.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

beforeAll(() => tf.setBackend('cpu'));

it('the example of the README runs, and stands there as it is run here', async () => {
  const lines: unknown[][] = [];
  const console = { log: (...line: unknown[]) => void lines.push(line) };
  const model = tinyModel();
  const batch = tinyBatch(model, 3);
  // README
  // one graph per batch size, with the parameters that the model has at each run
  const logits = new ForwardGraphs(model, await nodeRuntime(), (rows) => model.forward(rows).logits);
  const { results } = await logits.run(batch);
  console.log(results['click']!.data);
  await logits.close();

  // any function of a batch as an ONNX file: here the total loss of 32 rows
  const { file, inputs } = traceModel(model, (call) => ({ loss: lossesOf(model, call.batch).total }), { rows: 32 });
  console.log(file.length, [...inputs.keys()]);
  // END
  const expected = tf.tidy(() => [...model.forward(model.toTensors(batch)).logits.click.dataSync()]);
  expected.forEach((logit, row) => expect((lines[0]![0] as Float32Array)[row]).toBeCloseTo(logit, 5));
  expect(lines[1]![1]).toEqual(expect.arrayContaining(['numeric', 'ids', 'labels', 'weights']));
  model.dispose();

  const parts = [...read('./readme.test.ts').matchAll(/^ *\/\/ README\n([^]*?)^ *\/\/ END$/gm)].map(([, part]) =>
    part!.replace(/^ {2}/gm, ''),
  );
  expect(parts.length).toBe(2);
  for (const part of parts) expect(read('../README.md')).toContain(part.trimEnd());
});

it('the table of the README names every function', () => {
  const functions = Object.entries(graphs).filter(([, each]) => typeof each === 'function');
  for (const [name] of functions) expect(read('../README.md')).toContain(`\`${name}`);
});
