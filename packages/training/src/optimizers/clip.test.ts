import { checks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { clipOptions, clipped, type ClipOptions } from './optimizer.ts';

beforeAll(() => tf.setBackend('cpu'));

const run = (clip: ClipOptions, ...gradients: number[][]) =>
  tf.tidy(() =>
    clipped(
      gradients.map((each) => tf.tensor1d(each)),
      clip,
    ).map((each) => [...each.dataSync()]),
  );

test('a norm over all gradients together', () => {
  const [a, b] = run({ norm: 1 }, [3, 0], [0, 4]); // ‖g‖ = 5
  expect(a![0]).toBeCloseTo(3 / (5 + 1e-6), 6);
  expect(b![1]).toBeCloseTo(4 / (5 + 1e-6), 6);
});

test('a smaller norm stays, bit for bit', () => {
  expect(run({ norm: 5.1 }, [3, 0], [0, 4])).toEqual([
    [3, 0],
    [0, 4],
  ]);
});

test('a value bounds each number, before the norm is taken', () => {
  expect(run({ value: 2 }, [3, -7, 1])).toEqual([[2, -2, 1]]);
  const [both] = run({ value: 3, norm: 1 }, [3, 9]); // [3, 3], of norm √18
  expect(both![0]).toBeCloseTo(3 / Math.sqrt(18), 5);
  expect(both![1]).toBe(both![0]);
});

test('a gradient that is not finite stays visible', () => {
  expect(run({ norm: 1 }, [NaN, 1])[0]!.every(Number.isNaN)).toBe(true);
});

test('nonsense is refused', () => {
  const check = (clip: unknown) => checks.shaped(clipOptions).read(clip, 'fit.clip');
  expect(() => check({ norm: 0 })).toThrow('Expected a number above 0 for fit.clip.norm, received 0.');
  expect(() => check({ value: Infinity })).toThrow('received Infinity');
  expect(() => check({ max: 1 })).toThrow('received "max"');
});
