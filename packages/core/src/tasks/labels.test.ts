import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { labelDecoder, labelEncoder, taskScores } from './labels.ts';
import { count } from '../kinds/count.ts';
import { binary } from './binary.ts';
import { decodedLabels } from './decoded-labels.ts';
import { multiclass } from './multiclass.ts';
import { regression, type RegressionTask } from './regression.ts';
import type { Task } from './tasks.ts';

const fitted = (options: Parameters<typeof regression>[0], mean: number, deviation: number): RegressionTask => ({
  ...regression(options),
  fitted: { mean, deviation },
});

const encodeLabel = (task: Task, label: number) => labelEncoder(task)(label);
const decodeLabel = (task: Task, label: number) => labelDecoder(task)(label);

beforeAll(async () => void (await tf.setBackend('cpu')));

describe('the scale of a label', () => {
  it('is (y − mean) / deviation, of the logarithm where that is asked for', () => {
    expect(encodeLabel(fitted({}, 40, 12), 64)).toBe(2);
    expect(encodeLabel(fitted({ log: true }, 1, 2), Math.expm1(5))).toBeCloseTo(2, 12);
    expect(encodeLabel(fitted({ log: true }, 0, 1), -Math.expm1(3))).toBeCloseTo(-3, 12);
  });

  it('is none without a fit, as of models that were saved before, and for other kinds', () => {
    expect(encodeLabel(regression(), 64)).toBe(64);
    expect(decodeLabel(regression({ scale: 'none' }), 64)).toBe(64);
    expect(encodeLabel({ kind: 'binary', fitted: { rate: 0.1 } }, 1)).toBe(1);
    expect(decodeLabel(multiclass({ classes: ['a', 'b', 'c'] }), 2)).toBe(2);
  });

  it.each([fitted({}, -3, 1e-6), fitted({}, 2e9, 7e8), fitted({ log: true }, 4, 2), regression({ log: true })])(
    'goes there and back: %o',
    (task) => {
      for (const label of [0, -1, 17.5, 3e4]) {
        expect(decodeLabel(task, encodeLabel(task, label))).toBeCloseTo(label, 4);
      }
    },
  );

  it.each([
    ...[fitted({}, 141.2998, 132.7957), fitted({}, -3, 0.5), fitted({ log: true }, 4, 2), regression()],
    { ...count(), fitted: { mean: 20.839, deviation: 37.5 } },
    { ...binary(), fitted: { rate: 0.2 } },
  ])('is taken off labels of 32 bits, which have their digits again: %o', (task) => {
    const labels = [0, 1, 7, 0.3, 27.66, 697, 1234.5];
    const encoded = Float32Array.from(labels, labelEncoder(task));
    expect([...decodedLabels(task, encoded)]).toEqual(labels);
    expect(Float32Array.from(decodedLabels(task, encoded), labelEncoder(task))).toEqual(encoded);
  });

  it('leaves bits of several labels and missing labels as they are', () => {
    expect([...decodedLabels(multiclass({ classes: ['a', 'b'] }), Float32Array.of(2 ** 24 - 1, 5, NaN))]).toEqual([
      2 ** 24 - 1,
      5,
      NaN,
    ]);
  });

  it('is taken off a tensor as off a number', () => {
    for (const task of [fitted({}, 40, 12), fitted({ log: true }, 1.5, 0.5), regression({ log: true }), regression()]) {
      const outputs = [-2, -0.5, 0, 0.25, 3];
      const scores = taskScores(task, tf.tensor2d(outputs, [5, 1]));
      expect(scores.shape).toEqual([5, 1]);
      scores.dataSync().forEach((score, i) => expect(score).toBeCloseTo(decodeLabel(task, outputs[i]!), 3));
    }
  });
});
