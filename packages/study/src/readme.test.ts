import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
// README
import {
  comparisonDocument,
  createSuite,
  inProcess,
  memoryStore,
  openData,
  renderText,
  runStudy,
} from '@polytask/study';
// END

beforeAll(() => tf.setBackend('cpu'));

it('the example of the README runs, and stands there as it is run here', async () => {
  const lines: string[] = [];
  const console = { log: (line: string) => void lines.push(line) };
  // README
  const suite = await createSuite({
    suite: 'synthetic',
    models: ['single-task', 'adatt'],
    seeds: [1, 2, 3],
    epochs: 2,
    limitRows: 100,
  });
  const data = openData(() => Promise.resolve(suite.entry));
  const outcome = await runStudy(suite, {
    data,
    engine: { name: 'cpu', mode: 'eager' }, // on the current backend of TensorFlow.js
    executor: inProcess(data), // or your own: a pool, a queue, the workers of a page
    store: memoryStore(), // or your own: a file, a database
  });
  console.log(renderText(comparisonDocument(outcome)));
  // END
  expect(lines[0]).toContain('2 models, 3 seeds, on cpu.');
  expect(lines[0]).toContain('Differences from single-task');

  const read = (file: string) => readFileSync(path.join(import.meta.dirname, file), 'utf8');
  const parts = [...read('readme.test.ts').matchAll(/^ *\/\/ README\n([^]*?)^ *\/\/ END$/gm)].map(([, part]) =>
    part!.startsWith(' ') ? part!.replace(/^ {2}/gm, '') : part!,
  );
  expect(parts).toHaveLength(2);
  for (const part of parts) expect(read('../README.md')).toContain(part.trimEnd());
});
