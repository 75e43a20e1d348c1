import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookup } from './embedding.ts';

describe.each(['cpu', 'wasm'])('lookup on %s', (backend) => {
  beforeAll(async () => void (await tf.setBackend(backend)));
  afterAll(async () => void (await tf.setBackend('cpu')));

  it('gives the rows of the table', () => {
    const table = tf.tensor2d([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    const rows = lookup(
      table,
      tf.tensor2d(
        [
          [2, 0],
          [1, 2],
        ],
        [2, 2],
        'int32',
      ),
    );
    expect(rows.arraySync()).toEqual([
      [
        [4, 5],
        [0, 1],
      ],
      [
        [2, 3],
        [4, 5],
      ],
    ]);
  });

  it('adds the gradients of a row that was read several times, and leaves others at zero', () => {
    const ids = tf.tensor2d(
      [
        [2, 0],
        [2, 2],
      ],
      [2, 2],
      'int32',
    );
    const dy = tf.tensor3d([
      [
        [1, 10],
        [2, 20],
      ],
      [
        [3, 30],
        [4, 40],
      ],
    ]);
    const gradient = tf.grad((table) => tf.mul(lookup(table, ids), dy))(tf.zeros([4, 2]));
    expect(gradient.arraySync()).toEqual([
      [2, 20],
      [0, 0],
      [8, 80],
      [0, 0],
    ]);
  });
});
