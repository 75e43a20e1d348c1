import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { rowLosses, taskLoss } from '../model/losses.ts';
import { binary } from './binary.ts';
import { multiclass } from './multiclass.ts';
import { regression } from './regression.ts';
import type { Task } from './tasks.ts';
import { checkTasks, logitsOf } from './check-tasks.ts';

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const losses = (task: Task, logits: number[][], labels: number[]) => [
  ...rowLosses(task, tf.tensor2d(logits), tf.tensor1d(labels)).dataSync(),
];

describe('losses', () => {
  it('binary: the negative log likelihood of a sigmoid', () => {
    const z = [-3, -0.5, 0, 2];
    const y = [0, 1, 1, 0];
    const expected = z.map((value, i) => -Math.log(y[i] ? sigmoid(value) : 1 - sigmoid(value)));
    losses(
      binary(),
      z.map((v) => [v]),
      y,
    ).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });

  it('binary: its gradient is σ(z) − y in the scores and −z in the labels, on soft labels as well', () => {
    const [z, y] = [
      [-3, -0.5, 0, 2, 200],
      [0, 1, 0.25, 0.75, 1],
    ];
    const loss = (scores: tf.Tensor, labels: tf.Tensor) => rowLosses(binary(), scores, labels);
    const [dz, dy] = tf.grads((a, b) => loss(a!, b!))([tf.tensor2d(z, [5, 1]), tf.tensor1d(y)]);
    expect(dz!.shape).toEqual([5, 1]);
    dz!.dataSync().forEach((value, i) => expect(value).toBeCloseTo(sigmoid(z[i]!) - y[i]!, 6));
    dy!.dataSync().forEach((value, i) => expect(value).toBeCloseTo(-z[i]!, 6));
  });

  it('binary: stays finite and exact for scores far out', () => {
    const [a, b] = losses(binary(), [[200], [-200]], [0, 1]);
    expect(a).toBeCloseTo(200, 3);
    expect(b).toBeCloseTo(200, 3);
  });

  it('binary: positive rows count positiveWeight times', () => {
    const plain = losses(binary(), [[0.7], [0.7]], [1, 0]);
    const weighted = losses(binary({ positiveWeight: 3 }), [[0.7], [0.7]], [1, 0]);
    expect(weighted[0]).toBeCloseTo(3 * plain[0]!, 5);
    expect(weighted[1]).toBeCloseTo(plain[1]!, 5);
  });

  it('multiclass: −log softmax of the class', () => {
    const [loss] = losses(multiclass({ classes: ['a', 'b', 'c'] }), [[1, 2, 3]], [1]);
    expect(loss).toBeCloseTo(-Math.log(Math.exp(2) / (Math.exp(1) + Math.exp(2) + Math.exp(3))), 5);
  });

  it.each([
    [undefined, [4, 0.25]],
    ['mae', [2, 0.5]],
    ['huber', [1.5, 0.125]],
  ] as const)('regression: %s', (loss, expected) => {
    const task = regression(loss ? { loss } : {});
    losses(task, [[3], [0.5]], [1, 1]).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  it('is the weighted mean over rows that have a label, whatever stands in the others', () => {
    const z = tf.tensor2d([[1], [2], [3]]);
    const rows = losses(binary(), [[1], [2], [3]], [1, 0, 0]);
    const loss = taskLoss(binary(), z, tf.tensor1d([1, 0, 1]), tf.tensor1d([2, 1, 0])).dataSync()[0]!;
    expect(loss).toBeCloseTo((2 * rows[0]! + rows[1]!) / 3, 5);
  });

  it('is 0, with a gradient of 0, where no row has a label', () => {
    const loss = (z: tf.Tensor) => taskLoss(binary(), z as tf.Tensor2D, tf.zeros([2]), tf.zeros([2]));
    expect(loss(tf.ones([2, 1])).dataSync()[0]).toBe(0);
    expect([
      ...tf
        .grad(loss)(tf.ones([2, 1]))
        .dataSync(),
    ]).toEqual([0, 0]);
  });
});

describe('tasks', () => {
  it('have a logit each, or one a class', () => {
    expect(logitsOf('a', binary())).toBe(1);
    expect(logitsOf('a', multiclass({ classes: ['x', 'y', 'z'] }))).toBe(3);
    expect(() => logitsOf('a', multiclass())).toThrow(
      `Expected the classes of task "a", two or more, received none. Pass { classes: ['a', 'b', …] }, or fit a table`,
    );
    expect(() => multiclass({ classes: ['x', 'y', 'x'] })).toThrow(
      'different classes for multiclass.classes, received "x" twice',
    );
  });

  it.each([
    [{}, 'at least one task'],
    [{ shared: binary() }, 'that is not "shared"'],
    [{ 'a.b': binary() }, 'without dots'],
    [{ a: { kind: 'focal' } as never }, /Expected a known kind of task, received "focal"\. Known: .*"binary"/], // in the order of imports
    [{ a: { kind: 'binry' } as never }, 'Did you mean "binary"?'],
    [{ a: binary as never }, 'an object for task "a", received the function binary'],
  ])('are refused when they make no model: %o', (tasks, message) => {
    expect(() => checkTasks(tasks)).toThrow(message);
  });
});
