import { expect, it } from 'vitest';
import { gradientDiagnostics, gramianOf } from './gradient-diagnostics.ts';

it('counts pairs, cosines and lengths by hand', () => {
  const gramian = gramianOf([Float32Array.of(3, 0), Float32Array.of(0, 1), Float32Array.of(-2, 0)]);
  expect(gradientDiagnostics(gramian)).toEqual({ cosine: -1 / 3, magnitudeRatio: 3, conflicts: 1 / 3 });
});

it('says nothing of fewer than two gradients', () => {
  expect(
    gradientDiagnostics([
      [1, 0],
      [0, 0],
    ]),
  ).toEqual({ cosine: NaN, magnitudeRatio: NaN, conflicts: NaN });
});
