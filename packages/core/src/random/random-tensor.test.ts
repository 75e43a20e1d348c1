import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { randomStream } from './random-stream.ts';
import { randomTensor, withRandomTensors, type Draw } from './random-tensor.ts';

describe('randomTensor', () => {
  it('takes new numbers from the stream at each call', () => {
    const stream = randomStream(7, 'noise');
    const first = randomTensor(stream, [2, 3], (random, size) => random.normal(size));
    const second = randomTensor(stream, [2, 3], (random, size) => random.normal(size));
    expect(first.shape).toEqual([2, 3]);
    expect(first.dataSync()).toEqual(randomStream(7, 'noise').normal(6));
    expect(second.dataSync()).not.toEqual(first.dataSync());
  });

  it('lets an engine bring the tensor, and take the numbers when it needs them', () => {
    const stream = randomStream(7, 'noise');
    const draws: Draw[] = [];
    const zeros = tf.zeros([4]);
    const got = withRandomTensors(
      (draw) => {
        draws.push(draw);
        return zeros;
      },
      () => randomTensor(stream, [4], (random, size) => random.uniform(size)),
    );
    expect(got).toBe(zeros);
    expect(stream.counter).toBe(0);
    expect(draws[0]!.sample()).toEqual(randomStream(7, 'noise').uniform(4));
    expect(stream.counter).toBe(1);
  });

  it("draws from the streams again when the engine's function throws", () => {
    expect(() =>
      withRandomTensors(
        () => tf.zeros([1]),
        () => {
          throw new Error('stop');
        },
      ),
    ).toThrow('stop');
    expect(randomTensor(randomStream(7, 'a'), [1], (random) => random.uniform(1)).dataSync()[0]).not.toBe(0);
  });
});
