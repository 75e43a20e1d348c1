import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { mmoe, singleTask } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { beforeAll, expect, it } from 'vitest';
import { drawLevels } from './levels.ts';
import { weightPattern } from './weight-pattern.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('tells ones, gates and nothing apart', () => {
  const [single] = weightPattern({ network: singleTask({ levels: [{ experts: mlp([2]) }] }) });
  expect(single).toMatchObject({
    outputs: ['click', 'like', 'watch'],
    cells: [
      ['one', 'none', 'none'],
      ['none', 'one', 'none'],
      ['none', 'none', 'one'],
    ],
  });
  const [pool] = weightPattern({ network: mmoe({ levels: [{ experts: mlp([2]), pool: 2 }] }) });
  expect(pool!.cells).toEqual(Array.from({ length: 3 }, () => ['gated', 'gated']));
});

it('draws a square for each cell of each level', () => {
  const levels = weightPattern({ network: mmoe({ levels: [{ experts: mlp([2]), pool: 2 }] }) });
  const squares = (drawLevels('mmoe', levels).match(/<rect class="gated"/g) ?? []).length;
  expect(squares).toBe(3 * 2 + 2); // and two in the legend
});
