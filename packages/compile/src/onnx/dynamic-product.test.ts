import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { forInference } from '../rules/order.ts';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import { structureFaults } from '../testing/onnx-schema.ts';
import { trace } from '../trace.ts';
import { narrowed } from './narrow-numbers.ts';
import { writeModel } from './write-model.ts';

const [INNER, COLUMNS] = [40, 32];
const wave = (length: number, step: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(step * i + 1) * (1 + (i % 5)));
const kernel = wave(INNER * COLUMNS, 7);

beforeAll(() => tf.setBackend('cpu'));

/** Runs x · W in int8, and other functions of the kernel W. */
async function run(
  x: Float32Array,
  fn: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor = (a, w) => tf.matMul(a as tf.Tensor2D, w as tf.Tensor2D),
  w = { shape: [INNER, COLUMNS], values: kernel },
) {
  const specs = { x: { shape: [x.length / INNER, INNER] }, w: { shape: w.shape } };
  const recorded = forInference(
    trace((a, b) => ({ y: fn(a!, b!) }), specs),
    { w: w.values },
  );
  const file = writeModel(recorded.graph, recorded.outputs, { precisionOf: () => 'dynamic-int8' });
  expect(structureFaults(file)).toEqual([]);
  const session = await (await nodeRuntime()).load(file);
  const { y } = await session.run({ x: { type: 'float32', shape: specs.x.shape, data: x } });
  await session.release();
  return { y: y!.data as Float32Array, text: Buffer.from(file).toString('latin1') };
}

/** The product as its equation has it: rows and columns on 255 levels, with exact sums. */
function expected(x: Float32Array, w = kernel): number[] {
  const { values, scale } = narrowed('int8', w, [INNER, COLUMNS])!;
  return Array.from({ length: (x.length / INNER) * COLUMNS }, (_, at) => {
    const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS];
    const own = x.subarray(row * INNER, (row + 1) * INNER);
    const range = Math.max(1e-30, ...own.map(Math.abs));
    const sum = own.reduce(
      (all, each, i) => all + evenly(Math.fround(each * Math.fround(127 / range))) * values[i * COLUMNS + column]!,
      0,
    );
    return sum * scale!.values[column]! * (range / 127);
  });
}

const evenly = (x: number) => {
  const below = Math.floor(x);
  return x - below < 0.5 || (x - below === 0.5 && below % 2 === 0) ? below : below + 1;
};

it('is the product of rows and columns on 255 levels each', async () => {
  const x = wave(6 * INNER, 3);
  x.fill(0, INNER, 2 * INNER); // a row of zeros
  const { y, text } = await run(x);
  expect(text).toContain('MatMulInteger');
  const wanted = expected(x);
  wanted.forEach((value, i) => expect(y[i]).toBeCloseTo(value, 3));
  expect([...y.subarray(COLUMNS, 2 * COLUMNS)]).toEqual(new Array(COLUMNS).fill(0));
  const exact = await tf.matMul(tf.tensor2d(x, [6, INNER]), tf.tensor2d(kernel, [INNER, COLUMNS])).data();
  const { scale } = narrowed('int8', kernel, [INNER, COLUMNS])!;
  exact.forEach((value, at) => {
    const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS];
    const own = [...x.subarray(row * INNER, (row + 1) * INNER)];
    const [r, c] = [Math.max(...own.map(Math.abs)) / 254, scale!.values[column]! / 2]; // half a level
    const most = own.reduce(
      (sum, each, i) => sum + r * Math.abs(kernel[i * COLUMNS + column]!) + c * (Math.abs(each) + r),
      0,
    );
    expect(Math.abs(y[at]! - value)).toBeLessThanOrEqual(most);
  });
});

it('gives a row the same product beside any other rows', async () => {
  const row = wave(INNER, 3);
  const alone = await run(row);
  const beside = await run(Float32Array.of(...row, ...wave(INNER, 11).map((each) => each * 1e6)));
  expect([...beside.y.subarray(0, COLUMNS)]).toEqual([...alone.y]);
});

it.each([NaN, Infinity, -Infinity])('does not make a finite number of %s', async (number) => {
  const x = wave(3 * INNER, 3);
  x[INNER + 17] = number;
  const { y } = await run(x);
  expect(y.subarray(COLUMNS, 2 * COLUMNS).some(Number.isFinite)).toBe(false);
  expect(y.subarray(0, COLUMNS).every(Number.isFinite)).toBe(true);
});

it('quantizes rows and matrices once, in banks too, and leaves narrow matrices and other operations as they are', async () => {
  const x = wave(4 * INNER, 3);
  const twice = await run(x, (a, w) =>
    tf.add(
      tf.matMul(a as tf.Tensor2D, w as tf.Tensor2D),
      tf.exp(tf.matMul(tf.neg(a) as tf.Tensor2D, w as tf.Tensor2D)),
    ),
  );
  expect(twice.text.match(/:matrix/g)).toHaveLength(3); // the initializer, and its two readers
  const bank = wave(3 * INNER * COLUMNS, 5);
  const tiled = (a: tf.Tensor, w: tf.Tensor) => tf.matMul(tf.tile(tf.expandDims(a), [3, 1, 1]), w);
  const { y } = await run(x, tiled, { shape: [3, INNER, COLUMNS], values: bank });
  [0, 1, 2].forEach((of) => {
    const wanted = expected(x, bank.slice(of * INNER * COLUMNS, (of + 1) * INNER * COLUMNS));
    wanted.forEach((value, i) => expect(y[of * 4 * COLUMNS + i]).toBeCloseTo(value, 3));
  });
  const narrow = await run(x, undefined, { shape: [INNER, 8], values: wave(INNER * 8, 5) });
  expect(narrow.text).not.toContain('MatMulInteger');
  const sum = await run(x, (a, w) => tf.add(tf.sum(a), tf.sum(w)));
  expect(sum.text).not.toMatch(/MatMulInteger|:matrix/);
});
