import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { type HostTensor, tensorDifference } from '../runtimes/runtime.ts';
import { trace, type TensorSpec } from '../trace.ts';
import { Emitter } from './emit.ts';
import { Graph, liveNodes, operandsOf } from './graph.ts';

beforeAll(() => tf.setBackend('cpu'));

type Fn = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

const SPECS: Record<string, TensorSpec> = {
  x: { shape: [4, 3] },
  y: { shape: [4, 3] },
  i: { shape: [4, 3], dtype: 'int32' },
};

/** The operations that a function's results need, in their order. */
function operations(fn: Fn): string {
  return liveNodes(trace(fn, SPECS))
    .map(({ op }) => op)
    .join(' ');
}

const NODES: [what: string, fn: Fn, expected: string][] = [
  ['the same thing twice is one node', (x, y) => tf.add(tf.mul(tf.exp(x!), y!), tf.exp(tf.clone(x!))), 'Exp Mul Add'],
  ['what nobody needs is dropped', (x, y) => (tf.exp(y!), tf.sin(tf.mul(x!, 0)), tf.neg(x!)), 'Neg'],
  ['constants are computed at once', (x) => tf.add(x!, tf.exp(tf.sum(tf.linspace(0, 1, 5)))), 'Add'],
  ['so are chains of them', (x) => tf.mul(x!, tf.softmax(tf.reshape(tf.range(0, 3), [1, 3]))), 'Mul'],
  ['x · 1 is x', (x) => tf.neg(tf.mul(tf.mul(x!, 1), tf.ones([4, 3]))), 'Neg'],
  ['1 · x is x', (x) => tf.neg(tf.mul(tf.onesLike(x!), x!)), 'Neg'],
  ['x + 0, x − 0 and x / 1 are x', (x) => tf.neg(tf.div(tf.sub(tf.add(tf.add(0, x!), tf.zeros([4, 3])), 0), 1)), 'Neg'],
  ['also of whole numbers', (_x, _y, i) => tf.neg(tf.mul(i!, tf.onesLike(i!))), 'Neg'],
  ['but a sum that broadcasts is not', (x) => tf.mul(tf.sum(x!), tf.ones([4, 3])), 'ReduceSum Mul'],
  ['transposes around an operation cancel', (x) => tf.transpose(tf.exp(tf.transpose(x!))), 'Exp'],
  [
    'around several',
    (x, y) => tf.transpose(tf.relu(tf.add(tf.mul(tf.transpose(x!), 2), tf.transpose(y!)))),
    'Mul Add Relu',
  ],
  [
    'with a bias along the moved side',
    (x) => tf.transpose(tf.add(tf.transpose(x!), tf.tensor2d([1, 2, 3], [3, 1]))),
    'Reshape Add',
  ],
  [
    'with a choice',
    (x, y) => tf.transpose(tf.where(tf.greater(tf.transpose(x!), 0), tf.transpose(y!), tf.transpose(x!))),
    'Greater Where',
  ],
  ['a transpose that is summed away is none', (x) => tf.sum(tf.transpose(x!)), 'ReduceSum'],
  [
    'different transposes stay',
    (x, y) =>
      tf.add(tf.transpose(tf.reshape(x!, [2, 2, 3]), [2, 0, 1]), tf.transpose(tf.reshape(y!, [2, 2, 3]), [2, 1, 0])),
    'Reshape Transpose Reshape Transpose Add',
  ],
  [
    'two transposes are one',
    (x) => tf.transpose(tf.transpose(tf.reshape(x!, [2, 2, 3]), [2, 0, 1]), [1, 0, 2]),
    'Reshape Transpose',
  ],
  ['moving sides of one is reshaping', (x) => tf.transpose(tf.reshape(x!, [4, 1, 3]), [1, 0, 2]), 'Reshape'],
  ['reshapes of reshapes are one', (x) => tf.reshape(tf.reshape(tf.reshape(x!, [12]), [2, 6]), [3, 4]), 'Reshape'],
  ['and none, when they lead back', (x) => tf.neg(tf.reshape(tf.reshape(x!, [12]), [4, 3])), 'Neg'],
  ['a whole slice is none', (x) => tf.neg(tf.slice(x!, [0, 0], [4, 3])), 'Neg'],
  ['a sum over nothing is none', (x) => tf.neg(tf.sum(x!, [])), 'Neg'],
  ['a cast to its own type is none', (x) => tf.neg(tf.cast(tf.cast(x!, 'float32'), 'float32')), 'Neg'],
  [
    'a product of a batch of one is a plain one',
    (x, y) => tf.matMul(tf.reshape(x!, [1, 4, 3]), tf.reshape(y!, [1, 4, 3]), false, true),
    'Transpose MatMul Reshape',
  ],
];

describe('operations', () => {
  it.each(NODES)('%s', async (_what, fn, expected) => {
    expect(operations(fn)).toBe(expected);
    const x = [1, 2, 3, -4, 5, 6, 7, -8, 9, 10, 11, 12];
    const feeds = { x, y: x.map((each) => each / 2 - 1), i: x };
    const compiled = await compile(fn, SPECS);
    const results = await compiled.run(feeds);
    await compiled.dispose();
    const eager = tf.tidy(() =>
      fn(tf.tensor2d(feeds.x, [4, 3]), tf.tensor2d(feeds.y, [4, 3]), tf.tensor2d(feeds.i, [4, 3], 'int32')),
    );
    const wanted = [eager].flat().map((each): HostTensor => ({
      type: each.dtype as 'float32',
      shape: each.shape,
      data: each.dataSync() as Float32Array,
    }));
    expect(tensorDifference(Object.values(results), wanted, { dtypes: true, tolerance: 1e-5 })).toBeUndefined();
  });

  it('the gradient of a mean of a square has no more than it needs', () => {
    expect(operations((x) => tf.grad((y) => tf.mean(tf.square(y)))(x!)).split(' ').length).toBeLessThanOrEqual(3);
  });

  it('of two constants that repeat a number, one keeps the shape', () => {
    const graph = new Graph();
    const emit = new Emitter(graph);
    const [zeros, ones] = [0, 1].map((number) => graph.filled(number, { type: 'float32', shape: [4, 3] }));
    expect(emit.binary('Add', zeros!, zeros!)).toBe(zeros);
    const sum = graph.producer(emit.binary('Add', ones!, ones!), 'Add')!;
    expect(operandsOf(sum).map(({ shape }) => shape)).toEqual([[4, 3], []]);
  });

  it('a large constant of one number is written small', async () => {
    const compiled = await compile((x) => tf.concat([x, tf.fill([1000, 1000], 0.5)]), { x: { shape: [1, 1000] } });
    expect(compiled.model.length).toBeLessThan(1000);
    const { output } = await compiled.run({ x: new Float32Array(1000) });
    expect([output!.data[999], output!.data[1000], output!.data.at(-1)]).toEqual([0, 0.5, 0.5]);
    await compiled.dispose();
  });

  it('a small constant that is made large stays small', () => {
    const { graph } = trace((x) => tf.add(x, tf.tile(tf.range(0, 10), [10_000])), { x: { shape: [100_000] } });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Tile', 'Add']);
  });
});
