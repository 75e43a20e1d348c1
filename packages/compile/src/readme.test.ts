import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
// README
import * as tf from '@tensorflow/tfjs';
import { compile } from '@polytask/compile';
// END
import { kernels } from './kernels/index.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

beforeAll(() => tf.setBackend('cpu'));

it('the example of the README runs, and stands there as it is run here', async () => {
  const lines: (number | ArrayLike<number>)[] = [];
  const console = { log: (value: number | ArrayLike<number>) => void lines.push(value) };
  // README
  const w = tf.variable(tf.tensor2d([1, -1, 2, 0.5], [2, 2]));
  const adam = tf.train.adam(0.1);
  const loss = (x: tf.Tensor) => tf.mean(tf.square(tf.relu(tf.dot(x, w)))) as tf.Scalar;
  const step = await compile((x) => adam.minimize(() => loss(x), true, [w])!, { x: { shape: [1, 2] } });
  for (let i = 0; i < 3; i++) console.log((await step.run({ x: [1, 1] }))['output']!.data[0]!);
  console.log(w.dataSync());
  await step.dispose();
  // END

  const [first, second, third, weights] = lines as [number, number, number, Float32Array];
  expect(first).toBeCloseTo(4.5, 5);
  expect(second).toBeLessThan(first);
  expect(third).toBeLessThan(second);
  expect(weights[0]).toBeCloseTo(0.7, 1);

  const parts = [...read('./readme.test.ts').matchAll(/^ *\/\/ README\n([^]*?)^ *\/\/ END$/gm)].map(([, part]) =>
    part!.replace(/^ {2}/gm, ''),
  );
  expect(parts.length).toBe(2);
  for (const part of parts) expect(read('../README.md')).toContain(part.trimEnd());
});

it('the documentation names all kernels, and their number', () => {
  const docs = read('../../../docs/compile.md');
  const table = docs.slice(docs.indexOf('## Kernels'), docs.indexOf('### Where they differ'));
  const lists = table
    .split('\n')
    .filter((line) => /^(- | {2})/.test(line))
    .join('\n');
  const named = [...lists.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(kernels).sort());
  const count = `${named.length} TF.js kernels`;
  expect(read('../README.md').replaceAll('\n', ' ')).toContain(count);
});
