import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import type { HostTensor, Runtime } from '../runtimes/runtime.ts';
import { structureFaults } from '../testing/onnx-schema.ts';
import { trace } from '../trace.ts';
import { writeDynamicModel } from './dynamic-batch.ts';

let runtime: Runtime;

beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await nodeRuntime();
});

type Function1 = (x: tf.Tensor2D) => tf.Tensor;

const numbers = (batch: number, width: number) =>
  Float32Array.from({ length: batch * width }, (_, i) => Math.sin(i + 1));
const written = (fn: Function1, width = 3) =>
  writeDynamicModel((batch) => trace((x) => fn(x as tf.Tensor2D), { x: { shape: [batch, width] } }));

/** Functions whose graphs hold the batch size in one way or another. */
const FUNCTIONS: Record<string, Function1> = {
  'a softmax, without any number of the batch': (x) => tf.softmax(x),
  'a reshape with one such side': (x) => tf.reshape(tf.transpose(x), [1, 3, x.shape[0]]).transpose([2, 0, 1]),
  'a reshape to a multiple of the batch': (x) =>
    tf.reshape(tf.exp(tf.reshape(x, [x.shape[0] * 3, 1])), [x.shape[0], 3]),
  'a reshape where zero sides would be ambiguous': (x) => tf.reshape(x, [x.shape[0], 1, 3]),
  'an expansion to the batch': (x) => tf.add(tf.broadcastTo(tf.mean(x, 0, true), x.shape), x),
  'a tile': (x) => tf.tile(tf.sum(x, 0, true), [x.shape[0], 2]),
  'a constant of one number all over': (x) =>
    tf.concat([tf.ones([x.shape[0], 2]), x, tf.fill([x.shape[0], 1], -2.5)], 1),
  'a slice from a place of the batch': (x) => tf.concat([tf.slice(x, [x.shape[0] - 1, 0], [1, 3]), x]).slice([1, 0]),
  'stacks and products of a bank': (x) => {
    const bank = tf.stack([x, tf.neg(x)]); // [2, batch, 3]
    const [a, b] = tf.unstack(tf.matMul(bank, tf.ones([2, 3, 4]))) as [tf.Tensor2D, tf.Tensor2D];
    return tf.concat([b, a], 1);
  },
  'row numbers from the input': (x) => {
    const rows = tf.cumsum(tf.add(tf.mul(tf.slice(x, [0, 0], [-1, 1]), 0), 1), 0, true).toInt();
    const at = tf.concat([rows, tf.onesLike(rows)], 1);
    return tf.scatterND(at, tf.sum(x, 1), [x.shape[0], 2]);
  },
  'a split along the batch': (x) => {
    const [a, b] = tf.split(tf.concat([x, tf.square(x)]), 2) as [tf.Tensor2D, tf.Tensor2D];
    return tf.sub(a, b);
  },
};

describe('one model for every batch size', () => {
  it.each(Object.entries(FUNCTIONS))('%s', async (_, fn) => {
    const model = written(fn);
    expect(structureFaults(model)).toEqual([]);
    const session = await runtime.load(model);
    for (const batch of [1, 2, 3, 5, 37, 300]) {
      const data = numbers(batch, 3);
      const { output } = await session.run({ x: { type: 'float32', shape: [batch, 3], data } });
      const expected = tf.tidy(() => {
        const result = fn(tf.tensor2d(data, [batch, 3]));
        return { shape: result.shape, values: [...result.dataSync()] };
      });
      expect(output!.shape).toEqual(expected.shape);
      expected.values.forEach((value, i) => expect(output!.data[i]).toBeCloseTo(value, 5));
    }
    await session.release();
  });

  it('follows the batch in all its inputs and results', async () => {
    const model = writeDynamicModel(
      (batch) =>
        trace(
          (a, b, scale) => ({ sum: tf.mul(tf.add(a!, tf.cast(b!, 'float32')), scale!), same: a!, one: tf.scalar(7) }),
          {
            a: { shape: [batch] },
            b: { shape: [batch], dtype: 'int32' },
            scale: { shape: [1] },
          },
        ),
      { dimension: 'rows' },
    );
    const text = Buffer.from(model).toString('latin1');
    expect(text.split('rows').length - 1).toBe(4); // a, b, sum, same: not scale, and not one
    const session = await runtime.load(model);
    const feeds: Record<string, HostTensor> = {
      a: { type: 'float32', shape: [2], data: Float32Array.of(1, 2) },
      b: { type: 'int32', shape: [2], data: Int32Array.of(10, 20) },
      scale: { type: 'float32', shape: [1], data: Float32Array.of(2) },
    };
    const { sum, same, one } = await session.run(feeds);
    expect([[...sum!.data], [...same!.data], [...one!.data]]).toEqual([[22, 44], [1, 2], [7]]);
    await session.release();
  });

  it.each([5, 7, 211, 223, 227, 1009])('is right where a side of the function is %i, too', async (width) => {
    const session = await runtime.load(
      written((x) => tf.concat([tf.reshape(x, [-1, 1, width]), tf.ones([x.shape[0], 1, width])], 1), width),
    );
    for (const batch of [1, 5, width]) {
      const { output } = await session.run({
        x: { type: 'float32', shape: [batch, width], data: numbers(batch, width) },
      });
      expect(output!.shape).toEqual([batch, 2, width]);
    }
    await session.release();
  });
});

describe('what has no graph for all sizes', () => {
  const wrong: Record<string, { fn: Function1; message: RegExp }> = {
    'a constant that differs from row to row': {
      fn: (x) => tf.add(x, tf.reshape(tf.range(0, x.shape[0]), [-1, 1])),
      message: /A constant \[batch, 1\] of Add has other numbers in other rows.*tf\.cumsum/,
    },
    'a number computed from the batch size': {
      fn: (x) => tf.mul(x, 1 / x.shape[0]),
      message: /The numbers of a constant \[\] of Mul depend on the batch size/,
    },
    'a side that grows with the square of the batch': {
      fn: (x) =>
        tf
          .matMul(tf.reshape(x, [-1, 1]), tf.reshape(x, [1, -1]))
          .reshape([-1])
          .reshape([x.shape[0] ** 2, 9]),
      message: /to be a \+ k · batch, received 44521, 49729, 51529 at the batch sizes 211, 223, 227/,
    },
    'other operations at other sizes': {
      fn: (x) => (x.shape[0] % 2 === 0 || [211, 67, 1009].includes(x.shape[0]) ? tf.exp(x) : tf.sin(x)),
      message: /does other things at other batch sizes \(Exp here and Sin there\)/,
    },
    'a result that has the batch elsewhere': {
      fn: (x) => tf.add(tf.transpose(x), 1),
      message: /the batch as the first side of "output" alone, received shapes \[3,211\]/,
    },
  };

  it.each(Object.entries(wrong))('%s', (_, { fn, message }) => {
    expect(() => written(fn)).toThrow(message);
  });

  it('an attribute that follows the batch', () => {
    const attribute = (batch: number) => trace((x) => tf.leakyRelu(x!, batch), { x: { shape: [batch] } });
    expect(() => writeDynamicModel(attribute)).toThrow('An attribute of LeakyRelu depends on the batch size');
  });

  it('a function without an input of the batch that needs its size', () => {
    expect(() => writeDynamicModel((batch) => trace((x) => tf.tile(x!, [batch]), { x: { shape: [2] } }))).toThrow(
      'No input has the batch as its first side',
    );
  });

  it('inputs of other names', () => {
    expect(() => writeDynamicModel((batch) => trace((x) => x!, { [`x${batch}`]: { shape: [batch] } }))).toThrow(
      'other inputs',
    );
  });
});
