import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../random/random.ts';
import { linear } from './dense.ts';
import { takeMembers, timesInARow } from './operations.ts';

const random = randomStream(5, 'linear');
const tensor = (shape: number[]) => tf.tensor(random.normal(tf.util.sizeFromShape(shape)), shape);

/** x W + b by the definition, in double precision, with the leading axis of either spread over the bank. */
function oracle(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): number[] {
  const bank = Math.max(x.rank === 3 ? x.shape[0]! : 1, kernel.rank === 3 ? kernel.shape[0]! : 1);
  const [batch, inner] = x.shape.slice(-2) as [number, number];
  const out = kernel.shape.at(-1)!;
  const [xs, ks, bs] = [x.dataSync(), kernel.dataSync(), bias?.dataSync()];
  const result: number[] = [];
  for (let m = 0; m < bank; m++)
    for (let r = 0; r < batch; r++)
      for (let o = 0; o < out; o++) {
        let sum = bs ? bs[(bias!.rank === 3 ? m * out : 0) + o]! : 0;
        const xAt = (x.rank === 3 ? m * batch * inner : 0) + r * inner;
        const kAt = (kernel.rank === 3 ? m * inner * out : 0) + o;
        for (let i = 0; i < inner; i++) sum += xs[xAt + i]! * ks[kAt + i * out]!;
        result.push(sum);
      }
  return result;
}

const CASES: [string, number[], number[], number[] | undefined][] = [
  ['one module', [5, 4], [4, 3], [3]],
  ['a bank on a shared input', [5, 4], [6, 4, 3], [6, 1, 3]],
  ['a bank on its own inputs', [6, 5, 4], [6, 4, 3], [6, 1, 3]],
  ['a shared kernel', [6, 5, 4], [4, 3], [3]],
  ['a bank of one', [5, 4], [1, 4, 3], undefined],
  ['a batch of one', [1, 4], [2, 4, 3], [2, 1, 3]],
];

describe.each(['cpu', 'wasm'])('linear on %s', (backend) => {
  beforeAll(async () => void (await tf.setBackend(backend)));
  afterAll(async () => void (await tf.setBackend('cpu')));

  it.each(CASES)('is x W + b: %s', (_, xs, ks, bs) => {
    const [x, kernel, bias] = [tensor(xs), tensor(ks), bs && tensor(bs)];
    const expected = oracle(x, kernel, bias);
    linear(x, kernel, bias)
      .dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });

  it.each<[string, number[]]>([
    ['lane by lane', [0, 0, 1, 1, 2, 2]],
    ['in turn', [0, 1, 2, 0, 1, 2]],
  ])('is x W + b, with its gradients, where members share lanes %s', (_, places) => {
    const [lanes, kernel, bias] = [tensor([3, 5, 4]), tensor([6, 4, 2]), tensor([6, 1, 2])];
    const gathered = tf.gather(lanes, places);
    const times = timesInARow(places, 3);
    const shared = (x: tf.Tensor, k: tf.Tensor, b: tf.Tensor) => {
      const [lanes, inputs] = [x as tf.Tensor3D, takeMembers(x as tf.Tensor3D, places)];
      return linear(inputs, k, b, times === undefined ? undefined : { x: inputs, lanes, times });
    };
    const expected = oracle(gathered, kernel, bias);
    shared(lanes, kernel, bias)
      .dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));

    const dy = tensor([6, 5, 2]);
    const ofShared = tf.grads((x, k, b) => shared(x!, k!, b!))([lanes, kernel, bias], dy);
    const [dx, dk, db] = tf.grads((x, k, b) => linear(x!, k!, b!))([gathered, kernel, bias], dy);
    const ofEach = dx!.arraySync() as number[][][];
    const ofLanes = [0, 1, 2].map((lane) =>
      ofEach[0]!.map((row, r) =>
        row.map((__, i) => places.reduce((sum, place, m) => sum + (place === lane ? ofEach[m]![r]![i]! : 0), 0)),
      ),
    );
    for (const [gradient, target] of [
      [ofShared[0]!, tf.tensor(ofLanes)],
      [ofShared[1]!, dk!],
      [ofShared[2]!, db!],
    ] as const) {
      expect(gradient.shape).toEqual(target.shape);
      const numbers = target.dataSync();
      gradient.dataSync().forEach((value, i) => expect(value).toBeCloseTo(numbers[i]!, 4));
    }
  });

  it.each(CASES)('has the gradient of its definition: %s', (_, xs, ks, bs) => {
    const [x, kernel, bias] = [tensor(xs), tensor(ks), tensor(bs ?? [ks.at(-1)!])];
    const dy = tensor(linear(x, kernel, bias).shape);
    const [dx, dk, db] = tf.grads((a, k, b) => linear(a!, k!, b))([x, kernel, bias], dy);
    // the result is linear in each argument: f(a + d) − f(a) along any direction d is exact
    for (const [gradient, shape, at] of [
      [dx, xs, 0],
      [dk, ks, 1],
      [db, bias.shape, 2],
    ] as const) {
      const direction = tensor([...shape]);
      const shifted = [x, kernel, bias].map((each, i) => (i === at ? tf.add(each, direction) : each));
      const moved = tf.sub(linear(shifted[0]!, shifted[1]!, shifted[2]), linear(x, kernel, bias));
      const expected = tf.sum(tf.mul(moved, dy)).dataSync()[0]!;
      expect(tf.sum(tf.mul(gradient!, direction)).dataSync()[0]!).toBeCloseTo(expected, 3);
    }
  });
});

describe('linear', () => {
  it('says which widths differ', () => {
    expect(() => linear(tf.zeros([2, 3]), tf.zeros([4, 5]))).toThrow(
      'Expected an input of 4 features for the kernel [4,5], received [2,3]',
    );
    expect(() => linear(tf.zeros([2, 2, 2, 4]), tf.zeros([4, 5]))).toThrow('an input [batch, in] or [bank, batch, in]');
  });
});
